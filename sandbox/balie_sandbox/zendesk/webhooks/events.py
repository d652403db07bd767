"""Ticket events for webhooks that subscribe to event types (reference 4.4)."""

import json
import re
import uuid
from datetime import datetime
from typing import Any

from balie_sandbox.zendesk import defaults
from balie_sandbox.zendesk.errors import Json
from balie_sandbox.zendesk.files.model import StoredFile
from balie_sandbox.zendesk.files.rendering import content_address
from balie_sandbox.zendesk.tickets.change import Change
from balie_sandbox.zendesk.tickets.model import VIA_IDS, Comment
from balie_sandbox.zendesk.tickets.rendering import custom_status_id
from balie_sandbox.zendesk.timestamps import nano_stamp, stamp
from balie_sandbox.zendesk.users.directory import Directory

from .model import EVENT_PREFIX

#: Fields whose change is told as current and previous.
FIELD_EVENTS = {
    "assignee_id": "agent_assignment_changed",
    "group_id": "group_assignment_changed",
    "brand_id": "brand_changed",
    "ticket_form_id": "form_changed",
    "organization_id": "organization_changed",
    "requester_id": "requester_changed",
    "priority": "priority_changed",
    "type": "type_changed",
    "subject": "subject_changed",
    "external_id": "external_id_changed",
    "custom_status_id": "custom_status_changed",
}
PEOPLE_EVENTS = {"email_cc_ids": "ccs_changed", "follower_ids": "followers_changed"}
_EMPTY_OBJECT = re.compile(r"\{\}(?=,?$)", re.MULTILINE)


def events_of(change: Change, directory: Directory, now: datetime) -> list[Json]:
    """Each event that a finished change causes, in its envelope."""
    parts: list[tuple[str, Json]] = []
    if change.is_create:
        parts.append(("ticket.created", {}))
    if change.comment:
        parts.append(("ticket.comment_added", {"comment": _comment(change.comment, directory)}))
        for file in change.comment.files:
            parts.append(("ticket.attachment_linked_to_comment", _attachment(change.comment, file)))
    if not change.is_create:
        parts += _field_events(change)
    parts += change.happened
    return [_envelope(name, event, change, now) for name, event in parts]


def pretty(event: Json) -> bytes:
    """The bytes as they are delivered: three spaces a level, "{ }" for an empty object."""
    text = json.dumps(event, indent=3, ensure_ascii=False)
    return (_EMPTY_OBJECT.sub("{ }", text) + "\n").encode()


def _field_events(change: Change) -> list[tuple[str, Json]]:
    found: list[tuple[str, Json]] = []
    ticket, before = change.ticket, change.before
    if "status" in before and before["status"] != ticket.status:
        words = {"current": ticket.status.upper(), "previous": str(before["status"]).upper()}
        found.append(("ticket.status_changed", words))
    for field, name in FIELD_EVENTS.items():
        if field in before:
            values = {"current": _id(getattr(ticket, field)), "previous": _id(before[field])}
            found.append((f"ticket.{name}", values))
    for field, name in PEOPLE_EVENTS.items():
        if field in before:
            now, old = set(getattr(ticket, field)), set(before[field])
            added, gone = sorted(map(str, now - old)), sorted(map(str, old - now))
            found.append((f"ticket.{name}", {"added_ids": added, "removed_ids": gone}))
    if "tags" in before:
        added = [tag for tag in ticket.tags if tag not in before["tags"]]
        removed = [tag for tag in before["tags"] if tag not in ticket.tags]
        found.append(("ticket.tags_changed", {"tags_added": added, "tags_removed": removed}))
    for key in (key for key in before if key.isdigit()):
        current = _id(ticket.custom_fields.get(int(key)))
        event = {"current": current, "previous": _id(before[key]), "field": {"id": key}}
        found.append(("ticket.custom_field_changed", event))
    return found


def _comment(comment: Comment, directory: Directory) -> Json:
    author = directory.find(comment.author_id)
    return {
        "id": str(comment.id),
        "body": comment.body,
        "is_public": comment.public,
        "author": {
            "id": str(comment.author_id),
            "is_staff": bool(author and author.is_staff),
            "name": author.name if author else "",
        },
    }


def _attachment(comment: Comment, file: StoredFile) -> Json:
    shown = {
        "id": str(file.id),
        "filename": file.file_name,
        "content_type": file.content_type,
        "content_url": content_address(file),
        "is_public": comment.public,
    }
    return {"attachment": shown, "comment": {"id": str(comment.id)}}


def _envelope(name: str, event: Json, change: Change, now: datetime) -> Json:
    return {
        "account_id": defaults.ACCOUNT_ID,
        "detail": _detail(change),
        "event": event,
        "id": str(uuid.uuid4()),
        "subject": f"zen:ticket:{change.ticket.id}",
        "time": nano_stamp(now),
        "type": f"{EVENT_PREFIX}{name}",
        "zendesk_event_version": "2022-11-06",
    }


def _detail(change: Change) -> Json:
    """The ticket; `via` is the ticket's channel, not the comment's."""
    ticket = change.ticket
    via = "web_service" if ticket.via.channel == "api" else ticket.via.channel
    return {
        "actor_id": str(change.actor.user.id),
        "assignee_id": _id(ticket.assignee_id),
        "brand_id": _id(ticket.brand_id),
        "created_at": stamp(ticket.created_at),
        "custom_status": str(ticket.custom_status_id or custom_status_id(ticket.status)),
        "description": ticket.description,
        "external_id": ticket.external_id,
        "form_id": _id(ticket.ticket_form_id),
        "group_id": _id(ticket.group_id),
        "id": str(ticket.id),
        "is_public": ticket.is_public,
        "organization_id": _id(ticket.organization_id),
        "priority": ticket.priority.upper() if ticket.priority else None,
        "requester_id": str(ticket.requester_id),
        "status": "DELETED" if ticket.deleted_at else ticket.status.upper(),
        "subject": ticket.subject,
        "submitter_id": str(ticket.submitter_id),
        "tags": list(ticket.tags),
        "type": ticket.type.upper() if ticket.type else None,
        "updated_at": stamp(ticket.updated_at),
        "via": {"channel": via if ticket.via.channel in VIA_IDS else "other"},
    }


def _id(value: Any) -> str | None:
    return None if value is None else str(value)
