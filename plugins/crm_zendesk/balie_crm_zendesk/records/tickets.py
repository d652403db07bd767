"""Zendesk's tickets, and the audits of what was done to them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from marshmallow import fields

from .shapes import EPOCH, Shape, custom, load, mapping, number
from .via import Via, via

#: The tag that Zendesk puts on a ticket which was merged into another.
MERGED_TAG = "closed_by_merge"
_FOLLOW_UP = "follow_up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """A ticket. ``fields`` are its custom fields by id; ``updated_at`` is when it changed last.

    ``follows`` is the closed ticket that it continues; ``followed_by`` are those that continue it.
    """

    id: int
    status: str
    requester_id: int | None
    tags: tuple[str, ...]
    external_id: str
    subject: str
    fields: Mapping[int, Any]
    updated_at: datetime
    follows: int | None
    followed_by: tuple[int, ...]

    @property
    def is_closed(self) -> bool:
        """Whether nothing can be added any more."""
        return self.status == "closed"

    @property
    def is_merged(self) -> bool:
        """Whether it was closed because another took over what was in it."""
        return self.is_closed and MERGED_TAG in self.tags

    @property
    def is_deleted(self) -> bool:
        """Whether it is in the bin; to most calls it is not there at all."""
        return self.status == "deleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """One update of a ticket. ``comment_id`` is the comment it brought, if any.

    ``first_tags`` are those that the ticket was made with, where that is what it did.
    """

    custom: Mapping[str, Any]
    comment_id: int | None
    first_tags: tuple[str, ...] = ()


class _Ticket(Shape):
    id = fields.Integer(required=True)
    status = fields.String(load_default="", allow_none=True)
    requester_id = fields.Integer(load_default=None, allow_none=True)
    tags = fields.List(fields.String(), load_default=list, allow_none=True)
    external_id = fields.String(load_default="", allow_none=True)
    subject = fields.String(load_default="", allow_none=True)
    custom_fields = fields.List(fields.Dict(), load_default=list, allow_none=True)
    updated_at = fields.AwareDateTime(load_default=EPOCH, allow_none=True, default_timezone=UTC)
    via = fields.Raw(load_default=None)
    followup_ids = fields.List(fields.Integer(), load_default=list, allow_none=True)


class _Audit(Shape):
    metadata = fields.Raw(load_default=None)
    events = fields.List(fields.Raw(), load_default=list, allow_none=True)


_TICKET, _AUDIT = _Ticket(), _Audit()


def ticket(data: object) -> Ticket:
    """Read a ticket. Raises TransientError where it is none, as every function here."""
    found = load(_TICKET, data, "ticket")
    return Ticket(
        id=found["id"],
        status=found["status"] or "",
        requester_id=found["requester_id"],
        tags=tuple(found["tags"] or ()),
        external_id=found["external_id"] or "",
        subject=found["subject"] or "",
        fields={
            row["id"]: row.get("value")
            for row in found["custom_fields"] or ()
            if isinstance(row.get("id"), int)
        },
        updated_at=found["updated_at"] or EPOCH,
        follows=_follows(via(found["via"])),
        followed_by=tuple(found["followup_ids"] or ()),
    )


def _follows(came: Via) -> int | None:
    return next(iter(came.from_tickets), None) if came.relation == _FOLLOW_UP else None


def audit(data: object) -> Audit:
    """Read an audit. The id of its Comment event is the comment's own."""
    found = load(_AUDIT, data, "audit")
    events = [mapping(event) for event in found["events"] or ()]
    ids = (number(event.get("id")) for event in events if event.get("type") == "Comment")
    tags = (
        event.get("value")
        for event in events
        if (event.get("type"), event.get("field_name")) == ("Create", "tags")
    )
    return Audit(
        custom=custom(found["metadata"]),
        comment_id=next(ids, None),
        first_tags=_words(next(tags, None)),
    )


def _words(data: object) -> tuple[str, ...]:
    """Return tags, which may be a list or stand in one text."""
    given = data.split() if isinstance(data, str) else data
    return tuple(map(str, given)) if isinstance(given, list) else ()
