"""Zendesk's webhook: is it Zendesk's, and which ticket is it about?

Two kinds of webhooks come in: those that a trigger of the team fires, whose body is
``{"ticket_id": "12"}``, and those subscribed to Zendesk's own ticket events.
https://developer.zendesk.com/documentation/webhooks/verifying/
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from balie.api import (
    Context,
    EventKind,
    Ingress,
    PayloadInvalid,
    RawEvent,
    SignatureInvalid,
    WebAnswer,
    WebRequest,
)

SIGNATURE = "x-zendesk-webhook-signature"
TIMESTAMP = "x-zendesk-webhook-signature-timestamp"
INVOCATION = "x-zendesk-webhook-invocation-id"

#: Zendesk documents no window. Its retries are over in minutes and are taken to be signed anew;
#: were one not, it would be refused here and its comment read at the ticket's next event.
WINDOW = timedelta(minutes=5)

_EVENT = "zen:event-type:"
_COMMENT_ADDED = _EVENT + "ticket.comment_added"
_TICKET_NUMBER = re.compile(r"[1-9][0-9]{0,18}")


def ingress(ctx: Context, request: WebRequest) -> Ingress:
    """Return the one event of a webhook request.

    Raises SignatureInvalid, or PayloadInvalid for a signed body that names no ticket.
    """
    if request.method != "POST":
        return Ingress(answer=WebAnswer(status=405, body="Zendesk's webhooks come by POST.\n"))
    received = request.received_at or ctx.clock.now()
    at = verify(ctx.config["webhook_secret"], request, received)
    body = _object(request.body)
    event_id = request.headers.get(INVOCATION) or _hash(request)
    refused = _refused(body)
    lane = "account" if refused else ticket_id(body)
    return Ingress(
        events=(
            RawEvent(
                id=event_id,
                kind=EventKind.NOTICE if refused else EventKind.TICKET,
                lane=lane,
                at=at,
                body={} if refused else body,
                refused=refused,
            ),
        )
    )


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """Return Zendesk's signature: of the timestamp, then the untouched body."""
    # The secret looks like base64 and is used as it is.
    digest = hmac.digest(secret.encode(), timestamp.encode() + body, hashlib.sha256)
    return base64.b64encode(digest).decode()


def verify(secret: str, request: WebRequest, now: datetime) -> datetime:
    """Return when the request was signed; raise SignatureInvalid unless Zendesk did, just now."""
    timestamp = request.headers.get(TIMESTAMP, "")
    given = request.headers.get(SIGNATURE, "")
    if not secret or not timestamp or not given:
        raise SignatureInvalid("The request has no signature of Zendesk's.")
    if not hmac.compare_digest(sign(secret, timestamp, request.body).encode(), given.encode()):
        raise SignatureInvalid("The signature is not Zendesk's.")
    try:
        signed = datetime.fromisoformat(timestamp)
    except ValueError:
        raise SignatureInvalid("The signature's time cannot be read.") from None
    signed = signed if signed.tzinfo else signed.replace(tzinfo=UTC)
    if abs(now - signed) > WINDOW:
        raise SignatureInvalid(
            "The signature is not of the last five minutes: a replay, or a clock that is wrong."
        )
    return signed.astimezone(UTC)


def ticket_id(body: Mapping[str, Any]) -> str:
    """Return the number of the ticket that the body names; raise PayloadInvalid for none."""
    given = body.get("ticket_id")
    if _is_event(body):
        detail = body.get("detail")
        given = detail.get("id") if isinstance(detail, Mapping) else None
    number = str(given) if isinstance(given, str | int) and not isinstance(given, bool) else ""
    if not _TICKET_NUMBER.fullmatch(number):
        raise PayloadInvalid(
            'The body names no ticket: let the trigger send {"ticket_id":"{{ticket.id}}"}.'
        )
    return number


def _refused(body: Mapping[str, Any]) -> str:
    """Return why an event of Zendesk's own is none of ours, or nothing."""
    if not _is_event(body):
        return ""
    if body["type"] != _COMMENT_ADDED:
        return f"{body['type'][:100]} is no new comment in a ticket."
    event = body.get("event")
    comment = event.get("comment") if isinstance(event, Mapping) else None
    if isinstance(comment, Mapping) and comment.get("is_public") is False:
        return "An internal note stays in Zendesk."
    return ""


def _is_event(body: Mapping[str, Any]) -> bool:
    kind = body.get("type")
    return isinstance(kind, str) and kind.startswith(_EVENT)


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError as problem:
        raise PayloadInvalid(f"The body is no JSON: {problem}.") from problem
    if not isinstance(found, dict):
        raise PayloadInvalid("The body is JSON but no object.")
    return found


def _hash(request: WebRequest) -> str:
    # With the time: a trigger's body is the same at every comment in a ticket.
    signed = request.headers[TIMESTAMP].encode() + request.body
    return "sha256:" + hashlib.sha256(signed).hexdigest()
