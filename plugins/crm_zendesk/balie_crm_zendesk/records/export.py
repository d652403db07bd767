"""A page of Zendesk's incremental stream of ticket events."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import fields

from balie.api import TransientError

from .shapes import Shape, listed, load, text
from .tickets import MERGED_TAG
from .via import via

#: A new ticket's fields are not changes: whoever files in it knows how it stands.
_CHANGE = "Change"


@dataclass(frozen=True, slots=True)
class Said:
    """A comment in the stream. ``text`` is empty where the stream does not tell it."""

    id: int
    public: bool
    text: str = ""
    channel: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketEvent:
    """An update in the incremental stream, with its comments.

    ``status`` is what it changed the status to, if it did. ``is_merge``: it may have merged the
    ticket into another.
    """

    id: int
    ticket_id: int
    second: int
    comments: tuple[Said, ...]
    status: str
    is_merge: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """A page of the incremental stream. ``end`` is the last event's second, in Unix time.

    ``odd`` events could not be read and are left out: one must not hold up all others.
    """

    events: tuple[TicketEvent, ...]
    odd: int
    end: int | None
    is_last: bool


class _Child(Shape):
    id = fields.Integer(load_default=None, allow_none=True)
    event_type = fields.String(load_default="", allow_none=True)
    public = fields.Boolean(load_default=False, allow_none=True)
    body = fields.Raw(load_default="")
    via = fields.Raw(load_default=None)
    status = fields.Raw(load_default=None)
    tags = fields.Raw(load_default=None)
    added_tags = fields.Raw(load_default=None)


class _TicketEvent(Shape):
    id = fields.Integer(required=True)
    ticket_id = fields.Integer(required=True)
    timestamp = fields.Integer(required=True)
    child_events = fields.List(fields.Nested(_Child), load_default=list, allow_none=True)


class _Export(Shape):
    end_time = fields.Integer(load_default=None, allow_none=True)
    end_of_stream = fields.Boolean(required=True)


_TICKET_EVENT, _EXPORT = _TicketEvent(), _Export()


def export(page: Mapping[str, Any]) -> Export:
    """Read a page of the incremental ticket events."""
    found = load(_EXPORT, page, "export")
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
        found = load(_TICKET_EVENT, data, "ticket event")
    except TransientError:
        return None
    children = found["child_events"] or ()
    comments = tuple(
        Said(child["id"], bool(child["public"]), text(child["body"]), via(child["via"]).channel)
        for child in children
        if child["event_type"] == "Comment" and child["id"] is not None
    )
    told = (text(child["status"]) for child in children if child["event_type"] == _CHANGE)
    status = next((one for one in told if one), "")
    return TicketEvent(
        id=found["id"],
        ticket_id=found["ticket_id"],
        second=found["timestamp"],
        comments=comments,
        status=status,
        # A merge closes with a comment, and with its tag; an automation says nothing.
        is_merge=status == "closed" and (bool(comments) or any(map(_is_tagged, children))),
    )


def _is_tagged(child: Mapping[str, Any]) -> bool:
    lists = (child["tags"], child["added_tags"])
    return any(isinstance(one, list | str) and MERGED_TAG in one for one in lists)
