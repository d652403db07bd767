"""Where a reader is: the last place in each thread, as one text that comes back as it was."""

import re
from collections.abc import Mapping

_ONE = re.compile(r"([A-Za-z0-9_~-]{1,64}):(\d{1,9})")
_LONGEST = 4_000


def write(places: Mapping[str, int]) -> str:
    """Return places as one text."""
    return ",".join(f"{thread}:{place}" for thread, place in sorted(places.items()))


def read(text: str) -> dict[str, int]:
    """Return the places in a text. What is none is left out: then more is read than needed."""
    if len(text) > _LONGEST:
        return {}
    found = (_ONE.fullmatch(one) for one in text.split(","))
    return {one[1]: int(one[2]) for one in found if one is not None}
