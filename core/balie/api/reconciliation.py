"""Asking a vendor what happened since, because webhooks get lost."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from balie.api.events import TicketState
from balie.api.ingress import RawEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class Since:
    """From where to look. ``cursor`` is what the plugin said last, empty at the first time."""

    cursor: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciled:
    """What happened, oldest first, and from where to look the next time.

    Events that came already fall away by their ``id``, like those of webhooks. ``comments`` says
    by an event's id which of the helpdesk's comments it tells of, ``states`` how its ticket may
    stand by it: where Balie knows all those comments, and that the ticket stands so, the event
    falls away as well. ``again_in`` is when to look again, in seconds; the plugin keeps its
    vendor's limits by it.
    """

    events: tuple[RawEvent, ...] = ()
    cursor: str
    comments: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    states: Mapping[str, tuple[TicketState, ...]] = field(default_factory=dict)
    again_in: float = 120.0
