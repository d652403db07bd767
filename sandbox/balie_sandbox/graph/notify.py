"""Sending ``messages`` webhooks to every app that is subscribed."""

from collections.abc import Callable
from typing import Any

import gevent

from balie_sandbox.delivery import WebhookRequest

from .account import GraphAccount
from .model import App, Change, Message, Number, Persona, Phone, Waba
from .webhooks import ONCE, RETRYING, body_of, callback_of, envelope, messages_value, signed

#: How long a change waits for others to share its webhook with.
BATCH_SECONDS = 0.2


def notify(
    account: GraphAccount, message: Message, *, then: Callable[[], None] | None = None, **parts: Any
) -> None:
    """Send one change about a message to each subscribed app, in the background.

    ``parts`` are what ``value`` holds beside its metadata. ``then`` is called when an app
    has accepted it.
    """
    number = account.numbers[message.number_id]
    waba = account.wabas[number.waba_id]
    change = Change(messages_value(number, **parts), then)
    for app_id in tuple(waba.subscribed):
        app = account.apps[app_id]
        if callback_of(app, waba, number) is None:
            continue
        if account.settings.batch_size == 1:
            post(account, app, number, [change], f"{app.id} {number.id} {message.wa_id}")
        else:
            gather(account, app, number, change)


def gather(account: GraphAccount, app: App, number: Number, change: Change) -> None:
    """Keep the change until a webhook is full of them, or none came for a moment."""
    waiting = account.batches.setdefault((app.id, number.id), [])
    waiting.append(change)

    def leave(batch: list[Change]) -> None:
        # A batch that is full has left already, and a reset has thrown it away.
        if account.batches.get((app.id, number.id)) is batch:
            del account.batches[app.id, number.id]
            post(account, app, number, batch, f"{app.id} {number.id}")

    if len(waiting) >= account.settings.batch_size:
        leave(waiting)
    elif len(waiting) == 1:
        gevent.spawn_later(BATCH_SECONDS, leave, waiting)


def post(account: GraphAccount, app: App, number: Number, changes: list[Change], lane: str) -> None:
    """Hand one webhook with these changes to the delivery."""
    waba = account.wabas[number.waba_id]
    payload = envelope(waba.id, "messages", [change.value for change in changes])
    body = body_of(payload, escape=account.settings.escape_unicode)

    def done(status: int | None) -> None:
        for change in changes if status == 200 else []:
            if change.then is not None:
                change.then()

    policy = RETRYING if account.settings.retries else ONCE
    build = request_to(app, waba, number, body)
    account.delivery.deliver("graph", build, policy, lane=lane, done=done)


def request_to(app: App, waba: Waba, number: Number, body: bytes) -> Callable[[], WebhookRequest]:
    """Return how to make the request, with the callback and secret of the moment it leaves."""
    last_known = callback_of(app, waba, number)

    def build() -> WebhookRequest:
        # A retry follows the callback to where it was moved meanwhile.
        callback = callback_of(app, waba, number) or last_known
        assert callback is not None  # noqa: S101 - notify skips apps without one
        return signed(callback, app.secret, body)

    return build


def contact_of(phone: Phone, *, username: bool) -> dict[str, Any]:
    """Return the ``contacts[]`` entry a business sees of this customer."""
    profile = {"name": phone.name}
    if username and phone.persona in (Persona.USERNAME, Persona.BSUID_ONLY):
        profile["username"] = phone.username
    contact: dict[str, Any] = {"profile": profile}
    if phone.persona is not Persona.BSUID_ONLY:
        contact["wa_id"] = phone.wa_id
    if phone.persona is not Persona.LEGACY:
        contact["user_id"] = phone.user_id
    return contact
