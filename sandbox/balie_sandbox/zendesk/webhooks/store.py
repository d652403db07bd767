"""The account's webhooks, and what makes a sent webhook acceptable."""

import base64
import secrets
from urllib.parse import urlsplit

from balie_sandbox.zendesk import fields
from balie_sandbox.zendesk.clock_source import ClockSource
from balie_sandbox.zendesk.errors import ApiError, Json

from .model import CONDITIONAL, EVENT_PREFIX, Invocation, Webhook, as_sent

#: Zendesk also sends GET, PUT, PATCH and DELETE, XML and forms; the sandbox refuses to promise it.
METHODS = ("POST",)
FORMATS = ("json",)
AUTHENTICATIONS = {
    "basic_auth": ("username", "password"),
    "bearer_token": ("token",),
    "api_key": ("name", "value"),
}
#: Invocations are kept for the log; a real account drops them after days.
KEPT_INVOCATIONS = 1000


class WebhookStore:
    """Webhooks by id, in the order they were made, with their invocations."""

    def __init__(self, source: ClockSource) -> None:
        self._source = source
        self._webhooks: dict[str, Webhook] = {}
        self._invocations: dict[str, list[Invocation]] = {}

    def listed(self) -> list[Webhook]:
        return list(self._webhooks.values())

    def find(self, webhook_id: str) -> Webhook | None:
        return self._webhooks.get(webhook_id)

    def get(self, webhook_id: str) -> Webhook:
        """Raises ApiError (404), in the newer APIs' envelope."""
        webhook = self._webhooks.get(webhook_id)
        if webhook is None:
            raise refusal(404, "NotFound", "Webhook not found")
        return webhook

    def create(self, data: Json, created_by: int, secret: str | None = None) -> Webhook:
        """Raises ApiError (400) naming the first field that is wrong."""
        checked = checked_webhook(data)
        now = self._source.now()
        webhook = Webhook(
            self._source.ids.ulid(),
            checked.pop("name"),
            checked.pop("endpoint"),
            secret or new_secret(),
            str(created_by),
            now,
            now,
            **checked,
        )
        self._webhooks[webhook.id] = webhook
        self._invocations[webhook.id] = []
        return webhook

    def update(self, webhook: Webhook, data: Json, updated_by: int, *, partial: bool) -> None:
        """PUT replaces, PATCH changes. Subscriptions cannot change their mode."""
        present = as_sent(webhook)
        sent = present | data if partial else {"subscriptions": webhook.subscriptions} | data
        authentication = sent.get("authentication")
        # Clients send back what they read, and the secrets are never shown.
        if not isinstance(authentication, dict) or "data" not in authentication:
            sent["authentication"] = present["authentication"]
        for name, value in checked_webhook(sent).items():
            setattr(webhook, name, value)
        webhook.updated_at, webhook.updated_by = self._source.now(), str(updated_by)

    def delete(self, webhook: Webhook) -> None:
        del self._webhooks[webhook.id]
        del self._invocations[webhook.id]

    def invocations(self, webhook: Webhook) -> list[Invocation]:
        """Newest first."""
        return list(reversed(self._invocations[webhook.id]))

    def remember(self, invocation: Invocation) -> None:
        log = self._invocations.setdefault(invocation.webhook_id, [])
        log.append(invocation)
        del log[:-KEPT_INVOCATIONS]


def new_secret() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def checked_webhook(data: Json) -> Json:
    """The webhook's fields as they are kept. Raises ApiError (400)."""
    try:
        return _checked(data)
    except ApiError as error:
        if error.status != 422:
            raise
        detail = next(iter(error.body["details"].values()))[0]["description"]
        raise refusal(400, "InvalidRequest", detail) from None


def _checked(data: Json) -> Json:
    name, endpoint = fields.text(data, "name"), fields.text(data, "endpoint") or ""
    if not name:
        raise refusal(400, "InvalidName", "name cannot be blank")
    place = urlsplit(endpoint)
    # A real account takes TLS only; a sandbox on one machine sends to plain HTTP as well.
    if place.scheme not in ("http", "https") or not place.hostname:
        raise refusal(400, "InvalidEndpoint", "endpoint must be a URL")
    subscriptions = _subscriptions(data)
    headers = fields.mapping(data, "custom_headers") or {}
    return {
        "name": name,
        "endpoint": endpoint,
        "http_method": (fields.choice(data, "http_method", _lower(METHODS)) or "post").upper(),
        "request_format": fields.choice(data, "request_format", FORMATS) or "json",
        "status": fields.choice(data, "status", ("active", "inactive")) or "active",
        "description": fields.text(data, "description") or "",
        "subscriptions": subscriptions,
        "custom_headers": {str(key): str(value) for key, value in headers.items()},
        "authentication": _authentication(data),
    }


def _lower(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word.lower() for word in words)


def _subscriptions(data: Json) -> list[str]:
    value = data.get("subscriptions") or [CONDITIONAL]
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise refusal(400, "InvalidSubscriptions", "subscriptions must be a list of strings")
    events = [name for name in names if name.startswith(EVENT_PREFIX)]
    if names != [CONDITIONAL] and len(events) != len(names):
        text = "subscriptions are either conditional_ticket_events or event types, not both"
        raise refusal(400, "InvalidSubscriptions", text)
    return names


def _authentication(data: Json) -> Json | None:
    sent = fields.mapping(data, "authentication")
    if sent is None:
        return None
    kind = fields.choice(sent, "type", tuple(AUTHENTICATIONS))
    values = fields.mapping(sent, "data") or {}
    if kind is None or any(not isinstance(values.get(key), str) for key in AUTHENTICATIONS[kind]):
        raise refusal(400, "InvalidAuthentication", "authentication is incomplete")
    return {"type": kind, "data": dict(values), "add_position": "header"}


def refusal(status: int, code: str, detail: str) -> ApiError:
    """The envelope of the newer APIs."""
    return ApiError(
        status,
        {"errors": [{"code": code, "title": detail, "detail": detail, "status": str(status)}]},
    )
