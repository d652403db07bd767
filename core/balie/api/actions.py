"""What a policy plugin asks the core to do. The core does it durably, and once.

What could not be done is refused where it is made, so that it fails its plugin and no message.
"""

from dataclasses import dataclass, fields
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Action: tell the agents something in the ticket, once per ``key`` and conversation."""

    key: str
    text: str

    def __post_init__(self) -> None:
        """Raises TypeError for what is no text."""
        _texts(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyOnce:
    """Action: answer the customer, once per ``key`` and conversation."""

    key: str
    text: str

    def __post_init__(self) -> None:
        """Raises TypeError for what is no text."""
        _texts(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Later:
    """Action: do something at a time, durably, unless it is called off under this ``key``.

    A second ``Later`` of the same key and conversation changes nothing while the first waits.
    """

    key: str
    at: datetime
    action: Note | ReplyOnce

    def __post_init__(self) -> None:
        """Raises ValueError for a time without a time zone, TypeError for what is no such thing."""
        if self.at.tzinfo is None:
            raise ValueError("Later.at has no time zone; give an aware datetime")
        if not isinstance(self.key, str) or not isinstance(self.action, Note | ReplyOnce):
            raise TypeError("a Later has a key and an action that can be done by itself")


@dataclass(frozen=True, slots=True, kw_only=True)
class CallOff:
    """Action: forget the ``Later`` of this key, if it still waits."""

    key: str

    def __post_init__(self) -> None:
        """Raises TypeError for what is no text."""
        _texts(self)


Action = Note | ReplyOnce | Later | CallOff


def _texts(action: Note | ReplyOnce | CallOff) -> None:
    for field in fields(action):
        if not isinstance(getattr(action, field.name), str):
            raise TypeError(f"{type(action).__name__}.{field.name} is no text")
