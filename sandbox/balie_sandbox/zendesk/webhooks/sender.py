"""Hands deliveries to the sandbox's background sender, signed anew for each try."""

import base64
from collections.abc import Mapping
from datetime import UTC, datetime

from balie_sandbox import delivery as outgoing
from balie_sandbox.retry import RetryPolicy
from balie_sandbox.zendesk import defaults
from balie_sandbox.zendesk.clock_source import ClockSource
from balie_sandbox.zendesk.settings import AccountSettings
from balie_sandbox.zendesk.timestamps import stamp

from .breaker import Breaker
from .model import AttemptRecord, Invocation, Webhook
from .signature import sign
from .store import WebhookStore

#: 10 and 12 seconds are both reported; the shorter is the stricter.
TIMEOUT_SECONDS = 10
CONFLICT_TRIES = 3
TIMEOUT_TRIES = 5
#: A Retry-After of this or more is not honoured.
LONGEST_WAIT_SECONDS = 60
BASE_WAIT_SECONDS = 2.0


class Sender:
    """Sends a webhook's body and keeps the log of invocations."""

    def __init__(
        self,
        webhooks: WebhookStore,
        delivery: outgoing.Delivery,
        source: ClockSource,
        breaker: Breaker,
        settings: AccountSettings,
    ) -> None:
        self._webhooks = webhooks
        self._delivery = delivery
        self._source = source
        self._breaker = breaker
        self._settings = settings

    def send(self, webhook: Webhook, body: bytes) -> None:
        """Returns at once. An inactive webhook sends nothing."""
        if webhook.status != "active":
            return
        invocation = Invocation(self._source.ids.ulid(), webhook.id, self._source.now())
        self._webhooks.remember(invocation)
        blocked = self._breaker.verdict(webhook.id)
        if blocked:
            invocation.status, invocation.completed_at = blocked, self._source.now()
            return
        call = Call(webhook, invocation, body, self._source, self._breaker, self._settings)
        policy = RetryPolicy(TIMEOUT_SECONDS, call.after)
        self._delivery.deliver("zendesk", call.build, policy)

    def call(self, webhook_id: str, body: str) -> None:
        """What a trigger's notification_webhook does; an unknown webhook is passed over."""
        webhook = self._webhooks.find(webhook_id)
        if webhook is not None:
            self.send(webhook, body.encode())


class Call:
    """One invocation under way."""

    def __init__(
        self,
        webhook: Webhook,
        invocation: Invocation,
        body: bytes,
        source: ClockSource,
        breaker: Breaker,
        settings: AccountSettings,
    ) -> None:
        self._webhook = webhook
        self._invocation = invocation
        self._body = body
        self._source = source
        self._breaker = breaker
        self._settings = settings
        self._headers: dict[str, str] = {}

    def build(self) -> outgoing.WebhookRequest:
        """The request with a fresh timestamp and signature, and the same invocation id."""
        own = self._settings.signed_by_own_clock
        timestamp = stamp(self._source.now() if own else datetime.now(UTC))
        self._headers = signed_headers(self._webhook, self._invocation.id, timestamp, self._body)
        return outgoing.WebhookRequest(self._webhook.endpoint, self._headers, self._body)

    def after(self, attempt: int, status: int | None, headers: Mapping[str, str]) -> float | None:
        """Write the try down; seconds until the next, or None."""
        wait = wait_after(attempt, status, headers)
        success = status is not None and 200 <= status < 300
        self._breaker.write(self._webhook.id, success=success)
        ended = "success" if success else "terminated"
        self._invocation.status = ended if wait is None else "retrying"
        self._invocation.status_code = status
        self._invocation.completed_at = self._source.now()
        self._invocation.attempts.append(
            AttemptRecord(
                self._source.ids.ulid(),
                self._invocation.id,
                "success" if success else "failed",
                status,
                self._source.now(),
                dict(self._headers),
                self._body.decode(),
            )
        )
        return wait


def wait_after(attempt: int, status: int | None, headers: Mapping[str, str]) -> float | None:
    """Zendesk's retry table: 409 three times; 429 and 503 only with a Retry-After under a
    minute; no answer five times; everything else, 500 included, never."""
    if status is None:
        return BASE_WAIT_SECONDS * attempt if attempt <= TIMEOUT_TRIES else None
    if status == 409:
        return BASE_WAIT_SECONDS * attempt if attempt <= CONFLICT_TRIES else None
    if status in (429, 503) and attempt <= TIMEOUT_TRIES:
        named = {key.lower(): value for key, value in headers.items()}.get("retry-after", "")
        if named.isascii() and named.isdigit() and int(named) < LONGEST_WAIT_SECONDS:
            return float(named)
    return None


def signed_headers(
    webhook: Webhook, invocation_id: str, timestamp: str, body: bytes
) -> dict[str, str]:
    return {
        **webhook.custom_headers,
        **_authorization(webhook),
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Zendesk Webhook",
        "X-Zendesk-Account-Id": str(defaults.ACCOUNT_ID),
        "X-Zendesk-Webhook-Id": webhook.id,
        "X-Zendesk-Webhook-Invocation-Id": invocation_id,
        "X-Zendesk-Webhook-Signature-Timestamp": timestamp,
        "X-Zendesk-Webhook-Signature": sign(webhook.secret, timestamp, body),
    }


def _authorization(webhook: Webhook) -> dict[str, str]:
    if webhook.authentication is None:
        return {}
    data = webhook.authentication["data"]
    match webhook.authentication["type"]:
        case "bearer_token":
            return {"Authorization": f"Bearer {data['token']}"}
        case "api_key":
            return {data["name"]: data["value"]}
        case _:
            pair = f"{data['username']}:{data['password']}".encode()
            return {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}
