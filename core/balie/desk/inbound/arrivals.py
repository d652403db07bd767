"""From what ingress named to items of the ledger, and back."""

import base64
import hashlib
from datetime import datetime

from balie.api import EventKind, RawEvent, WebRequest
from balie.ledger.models import Item, State
from balie.ledger.priority import Priority
from balie.ledger.rows import NewItem
from balie.store import Unstorable, as_json

WEBHOOK = "webhook"
"""The kind of item that holds a whole request which could not be read."""

_PRIORITIES = {
    EventKind.STATUS: Priority.STATUS,
    EventKind.NOTICE: Priority.STATUS,
    EventKind.HISTORY: Priority.IMPORT,
}
_KEPT_HEADERS = ("content-type", "x-")


def event_item(tenant_id: int, connection_id: int, event: RawEvent) -> NewItem:
    """Return the item for one event. Of a refused one the body is not kept."""
    refused = event.refused or _unstorable(event)
    return NewItem(
        tenant_id=tenant_id,
        connection_id=connection_id,
        kind=event.kind,
        dedupe=f"{event.kind}:{event.id}",
        lane=f"{event.kind}:{event.lane}",
        order_at=event.at,
        body=None if refused else event.body,
        state=State.REFUSED if refused else State.PENDING,
        reason=refused,
        priority=_PRIORITIES.get(event.kind, Priority.MESSAGE),
    )


def _unstorable(event: RawEvent) -> str:
    """Say why this event alone cannot be kept; those beside it must not suffer from it."""
    try:
        as_json(event.body)
    except Unstorable as error:
        return str(error)
    return ""


def event_of(item: Item, lane: str) -> RawEvent:
    """Return the event that an item was made from."""
    return RawEvent(
        id=item.dedupe.partition(":")[2],
        kind=EventKind(item.kind),
        lane=lane.partition(":")[2],
        at=item.order_at,
        body=item.body,
    )


def unreadable_item(
    tenant_id: int, connection_id: int, request: WebRequest, reason: str, now: datetime
) -> NewItem:
    """Return the parked item that keeps a signed request which is not the vendor's shape."""
    digest = hashlib.sha256(request.body).hexdigest()
    return NewItem(
        tenant_id=tenant_id,
        connection_id=connection_id,
        kind=WEBHOOK,
        dedupe=f"{WEBHOOK}:{digest}",
        lane=f"{WEBHOOK}:unreadable",
        order_at=now,
        body={
            "method": request.method,
            "headers": {
                name: value
                for name, value in request.headers.items()
                if name.startswith(_KEPT_HEADERS)
            },
            "query": dict(request.query),
            "body": base64.b64encode(request.body).decode(),
        },
        state=State.PARKED,
        reason=reason,
    )


def request_of(item: Item) -> WebRequest:
    """Return the request that :func:`unreadable_item` kept."""
    return WebRequest(
        method=item.body["method"],
        headers=item.body["headers"],
        query=item.body["query"],
        body=base64.b64decode(item.body["body"]),
        received_at=item.accepted_at,
    )
