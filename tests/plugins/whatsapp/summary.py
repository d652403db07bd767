"""Events in short, so that a table can state them."""

from typing import Any

from balie.api import (
    AccountNotice,
    Context,
    CustomerNotice,
    Event,
    MessageReceived,
    MessageSent,
    RawEvent,
    Refused,
    StatusReported,
    TemplateChanged,
)
from balie_whatsapp.plugin import plugin


def told(ctx: Context, raw: RawEvent) -> list[str]:
    """Return a line for each event that a stored one is read as."""
    return [line_of(event) for event in plugin.event_parse(ctx, raw)]


def line_of(event: Event) -> str:  # noqa: PLR0911 -- one a kind of event
    """Return an event's kind and all that matters of it, on one line."""
    match event:
        case MessageReceived():
            said = " | ".join(_part(part) for part in event.parts)
            about = f" (about {event.quotes[-6:]})" if event.quotes else ""
            window = "" if event.opens_window else " (no window)"
            return f"from {_people(event.sender)}: {said}{about}{window}"
        case MessageSent():
            return f"to {_people(event.to)}: " + " | ".join(_part(part) for part in event.parts)
        case CustomerNotice():
            there = f" -> {_people(event.moves_to)}" if event.moves_to else ""
            return f"notice of {_people(event.sender)}{there}: {event.text}"
        case StatusReported():
            cost = f" {event.cost.category}/{event.cost.type}" if event.cost else ""
            paid = " paid" if event.cost and event.cost.billable else ""
            return f"{event.status} {event.code}".strip() + cost + paid
        case AccountNotice():
            return f"{event.severity} {event.topic}: {event.text}"
        case TemplateChanged():
            changes = (event.status, event.category, event.quality, event.reason)
            return f"template {event.name}/{event.language} {' '.join(filter(None, changes))}"
        case Refused():
            return f"refused: {event.reason}"
        case _:
            return type(event).__name__


def _part(part: Any) -> str:
    return f"{type(part).__name__} {part.text}"


def _people(addresses: Any) -> str:
    return " ".join(address.value for address in addresses)
