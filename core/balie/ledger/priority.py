"""What goes first when not everything can."""

from enum import IntEnum


class Priority(IntEnum):
    """Higher goes first: what people say, then how it fared, then what has waited for years."""

    IMPORT = 0
    STATUS = 1
    MESSAGE = 2
