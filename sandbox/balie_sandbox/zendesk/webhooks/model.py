"""A webhook, and the record of what it sent."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from balie_sandbox.zendesk.errors import Json
from balie_sandbox.zendesk.timestamps import nano_stamp, stamp

CONDITIONAL = "conditional_ticket_events"
EVENT_PREFIX = "zen:event-type:"


@dataclass(slots=True)
class Webhook:
    """Where to send, what for, and with which secret. `authentication` is kept whole."""

    id: str
    name: str
    endpoint: str
    secret: str
    created_by: str
    created_at: datetime
    updated_at: datetime
    http_method: str = "POST"
    request_format: str = "json"
    status: str = "active"
    description: str = ""
    subscriptions: list[str] = field(default_factory=list)
    custom_headers: dict[str, str] = field(default_factory=dict)
    authentication: dict[str, Any] | None = None
    updated_by: str = ""

    @property
    def listens_to_events(self) -> bool:
        return self.subscriptions[0].startswith(EVENT_PREFIX)


@dataclass(slots=True)
class AttemptRecord:
    """One try of a delivery, with what was sent and what came back."""

    id: str
    invocation_id: str
    status: str
    status_code: int | None
    at: datetime
    request_headers: dict[str, str]
    payload: str


@dataclass(slots=True)
class Invocation:
    """One delivery over all its tries. The id is the same in each."""

    id: str
    webhook_id: str
    created_at: datetime
    status: str = "retrying"
    status_code: int | None = None
    completed_at: datetime | None = None
    attempts: list[AttemptRecord] = field(default_factory=list)


def webhook_json(webhook: Webhook, *, fresh: bool = False) -> Json:
    """A webhook just made shows nanoseconds, a later GET seconds. Secrets are never echoed."""
    shown: Json = {
        "id": webhook.id,
        "name": webhook.name,
        "status": webhook.status,
        "subscriptions": list(webhook.subscriptions),
        "created_at": (nano_stamp if fresh else stamp)(webhook.created_at),
        "created_by": webhook.created_by,
        "endpoint": webhook.endpoint,
        "http_method": webhook.http_method,
        "request_format": webhook.request_format,
    }
    if webhook.description:
        shown["description"] = webhook.description
    if webhook.custom_headers:
        shown["custom_headers"] = dict(webhook.custom_headers)
    if webhook.authentication:
        shown["authentication"] = _without_secrets(webhook.authentication)
    if webhook.updated_by:
        shown |= {"updated_at": stamp(webhook.updated_at), "updated_by": webhook.updated_by}
    return shown


def as_sent(webhook: Webhook) -> Json:
    """The webhook as the body that makes one like it."""
    return {
        "name": webhook.name,
        "endpoint": webhook.endpoint,
        "http_method": webhook.http_method,
        "request_format": webhook.request_format,
        "status": webhook.status,
        "description": webhook.description,
        "custom_headers": dict(webhook.custom_headers),
        "subscriptions": list(webhook.subscriptions),
        "authentication": webhook.authentication,
    }


def _without_secrets(authentication: dict[str, Any]) -> Json:
    shown = {"type": authentication["type"], "add_position": "header"}
    if authentication["type"] == "basic_auth":
        shown["data"] = {"username": authentication["data"].get("username")}
    return shown


def invocation_json(invocation: Invocation) -> Json:
    done = invocation.completed_at or invocation.created_at
    shown: Json = {
        "id": invocation.id,
        "status": invocation.status,
        "latest_completed_at": stamp(done),
    }
    if invocation.status_code is not None:
        shown["status_code"] = invocation.status_code
    return shown


def attempt_json(attempt: AttemptRecord) -> Json:
    headers = [{"key": key, "value": value} for key, value in attempt.request_headers.items()]
    return {
        "id": attempt.id,
        "invocation_id": attempt.invocation_id,
        "status": attempt.status,
        "status_code": attempt.status_code,
        "completed_at": stamp(attempt.at),
        "request": {"headers": headers, "payload": attempt.payload},
        "response": {"headers": [], "payload": ""},
    }
