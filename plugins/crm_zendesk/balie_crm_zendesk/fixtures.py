"""Stored payloads, sent to a connection as Zendesk would send them."""

import secrets
from datetime import UTC

from balie.api import Context, Fixture, PermanentError, WebRequest

from .answers import webhook

_ULID_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def prepare(ctx: Context, fixture: Fixture) -> WebRequest:
    """Return the payload, signed now with the connection's secret, under a fresh invocation.

    Nothing in Zendesk's payloads names the connection, so ``as_is`` makes no difference.
    Raises PermanentError while there is no secret.
    """
    secret = ctx.config.get("webhook_secret")
    if not secret:
        raise PermanentError("There is no webhook_secret yet: set the connection up first.")
    timestamp = ctx.clock.now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    invocation = "".join(secrets.choice(_ULID_ALPHABET) for _ in range(26))
    return WebRequest(
        method="POST",
        headers={
            "content-type": "application/json; charset=utf-8",
            "user-agent": "Zendesk Webhook",
            webhook.INVOCATION: invocation,
            webhook.TIMESTAMP: timestamp,
            webhook.SIGNATURE: webhook.sign(secret, timestamp, fixture.payload),
        },
        query={},
        body=fixture.payload,
    )
