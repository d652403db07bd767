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
from balie_crm_zendesk.auth import consent

from .sieve import is_command

SIGNATURE = "x-zendesk-webhook-signature"
TIMESTAMP = "x-zendesk-webhook-signature-timestamp"
INVOCATION = "x-zendesk-webhook-invocation-id"

#: Zendesk documents no window. Its retries are over in minutes and are taken to be signed anew;
#: were one not, it would be refused here and its comment read at the ticket's next event.
WINDOW = timedelta(minutes=5)

_EVENT = "zen:event-type:"
_COMMENT_ADDED = _EVENT + "ticket.comment_added"
#: What happens to a ticket as a whole.
_TICKET_EVENTS = frozenset(
    _EVENT + "ticket." + name
    for name in (
        "status_changed",
        "merged",
        "soft_deleted",
        "permanently_deleted",
        "undeleted",
    )
)
#: All that a webhook of ours subscribes to, where there is no trigger.
SUBSCRIPTIONS = (_COMMENT_ADDED, *sorted(_TICKET_EVENTS))
#: What our trigger on a ticket's status says beside the ticket's number.
STATUS = "status"
#: Setting up sends this through Zendesk, to see that it arrives.
PING = b'{"balie":"ping"}'
_TICKET_NUMBER = re.compile(r"[1-9][0-9]{0,18}")


def ingress(ctx: Context, request: WebRequest) -> Ingress:
    """Return the one event of a webhook request.

    Raises SignatureInvalid, or PayloadInvalid for a signed body that names no ticket.
    """
    if consent.is_answer(request):
        return Ingress(answer=consent.answer(ctx, request))
    if request.method != "POST":
        return Ingress(answer=WebAnswer(status=405, body="Zendesk's webhooks come by POST.\n"))
    received = request.received_at or ctx.clock.now()
    at = verify(ctx.config.get("webhook_secret", ""), request, received)
    if request.body == PING:
        return Ingress()
    body = _object(request.body)
    refused = _refused(body, ctx.config["tag"])
    event = RawEvent(
        id=_id(request, body),
        kind=EventKind.NOTICE if refused else EventKind.TICKET,
        lane="account" if refused else ticket_id(body),
        at=at,
        body={} if refused else body,
        refused=refused,
    )
    return Ingress(events=(event,))


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


def is_of_the_ticket(body: Mapping[str, Any]) -> bool:
    """Say whether the event is about the ticket as a whole and not about a comment."""
    return body.get("event") == STATUS or body.get("type") in _TICKET_EVENTS


def _refused(body: Mapping[str, Any], tag: str) -> str:
    """Return why an event of Zendesk's own is none of ours, or nothing."""
    if not _is_event(body):
        return ""
    if body["type"] != _COMMENT_ADDED and body["type"] not in _TICKET_EVENTS:
        return f"{body['type'][:100]} is nothing that Balie acts on."
    detail, event = body.get("detail"), body.get("event")
    tags = detail.get("tags") if isinstance(detail, Mapping) else None
    if isinstance(tags, list) and tag not in tags:
        return "The ticket is not one of Balie's."
    comment = event.get("comment") if isinstance(event, Mapping) else None
    return _refused_comment(comment) if isinstance(comment, Mapping) else ""


def _refused_comment(comment: Mapping[str, Any]) -> str:
    author, text = comment.get("author"), comment.get("body")
    if isinstance(author, Mapping) and author.get("is_staff") is False:
        return "A customer's own comment stays in Zendesk."
    if comment.get("is_public") is False and not (isinstance(text, str) and is_command(text)):
        return "An internal note stays in Zendesk."
    return ""


def _id(request: WebRequest, body: Mapping[str, Any]) -> str:
    """Return what stays the same when the request comes again."""
    own = body.get("id") if _is_event(body) else None
    if isinstance(own, str) and own:
        return f"event:{own[:200]}"
    return request.headers.get(INVOCATION) or _hash(request)


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
