"""What a policy plugin asks the core to do. The core does it durably, and once."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Action: tell the agents something in the ticket, once per ``key`` and conversation."""

    key: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyOnce:
    """Action: answer the customer, once per ``key`` and conversation."""

    key: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Later:
    """Action: do something at a time, durably, unless it is called off under this ``key``.

    A second ``Later`` of the same key and conversation changes nothing while the first waits.
    """

    key: str
    at: datetime
    action: Note | ReplyOnce


@dataclass(frozen=True, slots=True, kw_only=True)
class CallOff:
    """Action: forget the ``Later`` of this key, if it still waits."""

    key: str


Action = Note | ReplyOnce | Later | CallOff
