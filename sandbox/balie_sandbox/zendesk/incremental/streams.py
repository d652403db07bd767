"""What the exports go through: tickets' updates and tickets, by time, without the last minute.

https://developer.zendesk.com/documentation/ticketing/managing-tickets/using-the-incremental-export-api/
"""

import base64
import binascii
from collections.abc import Iterable
from dataclasses import dataclass

from balie_sandbox.zendesk.errors import ApiError, Json
from balie_sandbox.zendesk.tickets.model import Audit, Ticket
from balie_sandbox.zendesk.tickets.rendering import audit_json

#: How the older exports name what the API elsewhere calls a channel.
VIA_NAMES = {"web": "Web form", "api": "Web service", "rule": "Rule", "mail": "Mail"}
COMMENT = "Comment"


@dataclass(frozen=True, slots=True)
class Place:
    """Where an export by cursor has come: a second, and the last id seen in it."""

    second: int
    last_id: int = -1

    def as_cursor(self) -> str:
        return base64.b64encode(f"{self.second}.0||{self.last_id}|".encode()).decode()


def place_of(cursor: str) -> Place:
    """Raises ApiError (400) on a cursor that was never given out."""
    try:
        second, _, last_id, _ = base64.b64decode(cursor, validate=True).decode().split("|")
        return Place(int(float(second)), int(last_id))
    except (binascii.Error, UnicodeError, ValueError, OverflowError):
        raise ApiError(
            400, {"error": "InvalidValue", "description": "cursor is not valid"}
        ) from None


def audits_since(tickets: Iterable[Ticket], start: int, until: float) -> list[Audit]:
    """All updates from the second `start` on and not after `until`, the oldest first."""
    found = [
        audit
        for ticket in tickets
        for audit in ticket.audits
        if start <= int(audit.created_at.timestamp()) and audit.created_at.timestamp() <= until
    ]
    return sorted(found, key=lambda audit: (int(audit.created_at.timestamp()), audit.id))


def tickets_after(tickets: Iterable[Ticket], place: Place, until: float) -> list[Ticket]:
    """All tickets that changed behind `place` and not after `until`, as they are now."""
    found = [
        ticket
        for ticket in tickets
        if (changed_in(ticket), ticket.id) > (place.second, place.last_id)
        and ticket.updated_at.timestamp() <= until
    ]
    return sorted(found, key=lambda ticket: (changed_in(ticket), ticket.id))


def changed_in(ticket: Ticket) -> int:
    return int(ticket.updated_at.timestamp())


def event_json(audit: Audit, *, with_comments: bool) -> Json:
    """An update with its child events; of a comment only that it is there, unless asked for."""
    shown = audit_json(audit)
    via = VIA_NAMES.get(audit.via.channel, audit.via.channel)
    return {
        "id": audit.id,
        "ticket_id": audit.ticket_id,
        "timestamp": int(audit.created_at.timestamp()),
        "created_at": shown["created_at"],
        "updater_id": audit.author_id,
        "via": via,
        "system": shown["metadata"].get("system", {}),
        "metadata": {},
        "event_type": "Audit",
        "child_events": [
            _child(event, shown, via, with_comments=with_comments) for event in shown["events"]
        ],
    }


def _child(event: Json, audit: Json, via: str, *, with_comments: bool) -> Json:
    kind = event["type"]
    child: Json = {"id": event["id"], "via": via, "via_reference_id": None, "event_type": kind}
    if kind == COMMENT and with_comments:
        return event | {
            "via": audit["via"],
            "via_reference_id": None,
            "event_type": kind,
            "created_at": audit["created_at"],
        }
    if kind == COMMENT:
        return child | {"comment_present": True, "comment_public": event["public"]}
    if "field_name" in event:
        child |= {event["field_name"]: event.get("value")}
        if kind == "Change":
            child["previous_value"] = event.get("previous_value")
    return child
