"""Sending webhooks to every app that is subscribed."""

from collections.abc import Callable
from typing import Any

import gevent

from balie_sandbox.delivery import WebhookRequest

from .account import GraphAccount
from .messages import Message
from .model import App, Change, Number, Waba
from .phones import WITH_USERNAME, Persona, Phone
from .visibility import hidden, shares_number
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
    announce(account, number, "messages", parts, about=message.wa_id, then=then)


def announce(
    account: GraphAccount,
    number: Number,
    field: str,
    parts: dict[str, Any],
    *,
    about: str = "",
    then: Callable[[], None] | None = None,
) -> None:
    """Send one change of a field whose value begins with the number's metadata.

    Changes ``about`` the same customer or group leave in the order they came.
    """
    waba = account.wabas[number.waba_id]
    change = Change(field, messages_value(number, **parts), then)
    for app_id in tuple(waba.subscribed):
        app = account.apps[app_id]
        if callback_of(app, waba, field, number) is None:
            continue
        if account.settings.batch_size == 1 or field != "messages":
            post(account, app, number, [change], f"{app.id} {number.id} {about}")
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
    """Hand one webhook with these changes of a number to the delivery."""
    waba = account.wabas[number.waba_id]
    payload = envelope(waba.id, [(change.field, change.value) for change in changes])
    build = request_to(account, app, waba, number, changes[0].field, payload)

    def done(status: int | None) -> None:
        for change in changes if status == 200 else []:
            if change.then is not None:
                change.then()

    policy = RETRYING if account.settings.retries else ONCE
    account.delivery.deliver("graph", build, policy, lane=lane, done=done)


def announce_account(
    account: GraphAccount,
    waba: Waba,
    field: str,
    value: dict[str, Any],
    entry_id: str | None = None,
) -> int:
    """Send one change about an account, its templates or its numbers; return to how many apps.

    These have a time and no metadata, and no override leads them elsewhere.
    """
    time = int(account.clock.now().timestamp())
    payload = envelope(entry_id or waba.id, [(field, value)], time)
    apps = [account.apps[app_id] for app_id in tuple(waba.subscribed)]
    listening = [app for app in apps if callback_of(app, waba, field, None) is not None]
    policy = RETRYING if account.settings.retries else ONCE
    for app in listening:
        build = request_to(account, app, waba, None, field, payload)
        account.delivery.deliver("graph", build, policy, lane=f"{app.id} {waba.id}")
    return len(listening)


def send_raw(account: GraphAccount, waba: Waba, asked: dict[str, Any]) -> int:
    """Send a webhook as it was asked for, to the apps of an account; return to how many.

    ``asked`` has ``body``, or ``value`` and ``field``; ``signature`` may be spoilt.
    """
    payload = asked.get("body") or envelope(waba.id, [(asked["field"], asked.get("value", {}))])
    numbers = [one for one in account.numbers.values() if one.waba_id == waba.id]
    number = numbers[0] if numbers else None
    apps = [account.apps[app_id] for app_id in tuple(waba.subscribed)]
    listening = [app for app in apps if callback_of(app, waba, asked["field"], number)]
    for app in listening:
        build = request_to(account, app, waba, number, asked["field"], payload)
        account.delivery.deliver("graph", spoilt(build, asked["signature"]), ONCE)
    return len(listening)


def spoilt(build: Callable[[], WebhookRequest], signature: str) -> Callable[[], WebhookRequest]:
    """Return how to make the request with the signature right, wrong or missing."""

    def again() -> WebhookRequest:
        made = build()
        headers = dict(made.headers)
        if signature == "missing":
            del headers["X-Hub-Signature-256"]
        elif signature == "wrong":
            headers["X-Hub-Signature-256"] = "sha256=" + "0" * 64
        return WebhookRequest(made.url, headers, made.body)

    return again


def request_to(
    account: GraphAccount,
    app: App,
    waba: Waba,
    number: Number | None,
    field: str,
    payload: dict[str, Any],
) -> Callable[[], WebhookRequest]:
    """Return how to make the request, with the callback and secret of the moment it leaves."""
    body = body_of(payload, escape=account.settings.escape_unicode)
    last_known = callback_of(app, waba, field, number)

    def build() -> WebhookRequest:
        # A retry follows the callback to where it was moved meanwhile.
        callback = callback_of(app, waba, field, number) or last_known
        assert callback is not None  # noqa: S101 - callers skip apps without one
        return signed(callback, app.secret, body)

    return build


def contact_of(
    account: GraphAccount, number: Number, phone: Phone, *, username: bool
) -> dict[str, Any]:
    """Return the ``contacts[]`` entry that this business number sees of the customer."""
    profile = {"name": phone.name}
    if username and phone.persona in WITH_USERNAME:
        profile["username"] = phone.username
    contact: dict[str, Any] = {"profile": profile}
    shown = shares_number(account, number, phone)
    contact |= {"wa_id": phone.wa_id} if shown else hidden(account, "wa_id")
    if phone.persona is not Persona.LEGACY:
        contact["user_id"] = phone.user_id
        if phone.parent_user_id is not None:
            contact["parent_user_id"] = phone.parent_user_id
    if phone.identity_hash is not None and identity_is_checked(number):
        contact["identity_key_hash"] = phone.identity_hash
    return contact


def identity_is_checked(number: Number) -> bool:
    """Say whether the business asked to hear of customers' identity keys."""
    return bool(number.settings.get("user_identity_change", {}).get("enable_identity_key_check"))
