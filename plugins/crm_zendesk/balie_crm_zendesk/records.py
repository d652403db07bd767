"""Zendesk's records, read from its JSON: only what Balie uses, and never trusted to be there."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields

from balie.api import TransientError

STAFF = frozenset({"agent", "admin"})

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A user. ``direct_line``: the phone number is this user's alone, not shared."""

    id: int
    name: str
    alias: str
    role: str
    phone: str
    direct_line: bool
    usable: bool
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """A ticket."""

    id: int
    status: str
    requester_id: int | None
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """A comment. ``files`` are the names of its attachments; ``custom`` is its metadata."""

    id: int
    author_id: int
    public: bool
    created_at: datetime
    text: str
    files: tuple[str, ...]
    channel: str
    relation: str
    custom: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """One update of a ticket. ``comment_id`` is the comment it brought, if any."""

    custom: Mapping[str, Any]
    comment_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketEvent:
    """An update in the incremental stream: its comments by id, and whether each is public."""

    id: int
    ticket_id: int
    second: int
    comments: tuple[tuple[int, bool], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """A page of the incremental stream. ``end`` is the last event's second, in Unix time.

    ``odd`` events could not be read and are left out: one must not hold up all others.
    """

    events: tuple[TicketEvent, ...]
    odd: int
    end: int | None
    is_last: bool


class _Shape(Schema):
    class Meta:
        unknown = EXCLUDE


class _User(_Shape):
    id = fields.Integer(required=True)
    name = fields.String(load_default="", allow_none=True)
    alias = fields.String(load_default="", allow_none=True)
    role = fields.String(load_default="", allow_none=True)
    phone = fields.String(load_default="", allow_none=True)
    shared_phone_number = fields.Boolean(load_default=None, allow_none=True)
    active = fields.Boolean(load_default=True, allow_none=True)
    suspended = fields.Boolean(load_default=False, allow_none=True)
    updated_at = fields.AwareDateTime(load_default=_EPOCH, allow_none=True, default_timezone=UTC)


class _Ticket(_Shape):
    id = fields.Integer(required=True)
    status = fields.String(load_default="", allow_none=True)
    requester_id = fields.Integer(load_default=None, allow_none=True)
    tags = fields.List(fields.String(), load_default=list, allow_none=True)


class _Source(_Shape):
    rel = fields.String(load_default="", allow_none=True)


class _Via(_Shape):
    channel = fields.Raw(load_default="", allow_none=True)  # once in a while an id
    source = fields.Nested(_Source, load_default=dict, allow_none=True)


class _Metadata(_Shape):
    custom = fields.Dict(load_default=dict, allow_none=True)


class _File(_Shape):
    file_name = fields.String(load_default="", allow_none=True)


class _Comment(_Shape):
    id = fields.Integer(required=True)
    author_id = fields.Integer(required=True)
    public = fields.Boolean(required=True)
    created_at = fields.AwareDateTime(required=True, default_timezone=UTC)
    body = fields.String(load_default="", allow_none=True)
    plain_body = fields.String(load_default="", allow_none=True)
    attachments = fields.List(fields.Nested(_File), load_default=list, allow_none=True)
    via = fields.Nested(_Via, load_default=dict, allow_none=True)
    metadata = fields.Nested(_Metadata, load_default=dict, allow_none=True)


class _Event(_Shape):
    id = fields.Integer(load_default=None, allow_none=True)
    type = fields.String(load_default="", allow_none=True)


class _Audit(_Shape):
    metadata = fields.Nested(_Metadata, load_default=dict, allow_none=True)
    events = fields.List(fields.Nested(_Event), load_default=list, allow_none=True)


class _Child(_Shape):
    id = fields.Integer(load_default=None, allow_none=True)
    event_type = fields.String(load_default="", allow_none=True)
    public = fields.Boolean(load_default=False, allow_none=True)


class _TicketEvent(_Shape):
    id = fields.Integer(required=True)
    ticket_id = fields.Integer(required=True)
    timestamp = fields.Integer(required=True)
    child_events = fields.List(fields.Nested(_Child), load_default=list, allow_none=True)


class _Export(_Shape):
    end_time = fields.Integer(load_default=None, allow_none=True)
    end_of_stream = fields.Boolean(required=True)


_USER, _TICKET, _COMMENT, _AUDIT = _User(), _Ticket(), _Comment(), _Audit()
_TICKET_EVENT, _EXPORT = _TicketEvent(), _Export()


def user(data: object) -> User:
    """Read a user. Raises TransientError where it is none, as every function here."""
    found = _load(_USER, data, "user")
    return User(
        id=found["id"],
        name=found["name"] or "",
        alias=found["alias"] or "",
        role=found["role"] or "",
        phone=found["phone"] or "",
        direct_line=found["shared_phone_number"] is False,
        usable=found["active"] is not False and not found["suspended"],
        updated_at=found["updated_at"] or _EPOCH,
    )


def ticket(data: object) -> Ticket:
    """Read a ticket."""
    found = _load(_TICKET, data, "ticket")
    return Ticket(
        id=found["id"],
        status=found["status"] or "",
        requester_id=found["requester_id"],
        tags=tuple(found["tags"] or ()),
    )


def comment(data: object) -> Comment:
    """Read a comment, its text from ``plain_body``, which Zendesk makes from the agent's HTML."""
    found = _load(_COMMENT, data, "comment")
    via = found["via"] or {}
    return Comment(
        id=found["id"],
        author_id=found["author_id"],
        public=found["public"],
        created_at=found["created_at"],
        text=found["plain_body"] or found["body"] or "",
        files=tuple(file["file_name"] or "" for file in found["attachments"] or ()),
        channel=str(via.get("channel") or ""),
        relation=(via.get("source") or {}).get("rel") or "",
        custom=(found["metadata"] or {}).get("custom") or {},
    )


def audit(data: object) -> Audit:
    """Read an audit. The id of its Comment event is the comment's own."""
    found = _load(_AUDIT, data, "audit")
    ids = (event["id"] for event in found["events"] or () if event["type"] == "Comment")
    return Audit(custom=(found["metadata"] or {}).get("custom") or {}, comment_id=next(ids, None))


def export(page: Mapping[str, Any]) -> Export:
    """Read a page of the incremental ticket events."""
    found = _load(_EXPORT, page, "export")
    rows = listed(page, "ticket_events")
    events = [event for row in rows if (event := _ticket_event(row)) is not None]
    return Export(
        events=tuple(events),
        odd=len(rows) - len(events),
        end=found["end_time"],
        is_last=found["end_of_stream"],
    )


def _ticket_event(data: object) -> TicketEvent | None:
    try:
        found = _load(_TICKET_EVENT, data, "ticket event")
    except TransientError:
        return None
    return TicketEvent(
        id=found["id"],
        ticket_id=found["ticket_id"],
        second=found["timestamp"],
        comments=tuple(
            (child["id"], bool(child["public"]))
            for child in found["child_events"] or ()
            if child["event_type"] == "Comment" and child["id"] is not None
        ),
    )


def listed(page: Mapping[str, Any], name: str) -> list[Any]:
    """Return the list ``name`` of a page."""
    found = page.get(name)
    if not isinstance(found, list):
        raise TransientError(f"Zendesk's answer holds no {name}.")
    return found


def _load(schema: Schema, data: object, name: str) -> dict[str, Any]:
    try:
        found: dict[str, Any] = schema.load(data)  # type: ignore[arg-type]  # checked by load
    except ValidationError as problem:
        odd = ", ".join(sorted(map(str, problem.messages_dict)))
        raise TransientError(f"Zendesk's {name} cannot be read ({odd}).") from problem
    return found
