"""Sending ``messages`` webhooks to every app that is subscribed."""

from collections.abc import Callable
from typing import Any

from balie_sandbox.delivery import WebhookRequest

from .account import GraphAccount
from .model import App, Message, Number, Persona, Phone, Waba
from .webhooks import ONCE, RETRYING, body_of, callback_of, envelope, messages_value, signed


def notify(
    account: GraphAccount, message: Message, *, then: Callable[[], None] | None = None, **parts: Any
) -> None:
    """Send one change about a message to each subscribed app, in the background.

    ``parts`` are what ``value`` holds beside its metadata. ``then`` is called when an app
    has accepted it.
    """
    number = account.numbers[message.number_id]
    waba = account.wabas[number.waba_id]
    payload = envelope(waba.id, "messages", messages_value(number, **parts))
    body = body_of(payload, escape=account.settings.escape_unicode)
    for app_id in tuple(waba.subscribed):
        app = account.apps[app_id]
        if callback_of(app, waba, number) is None:
            continue
        account.delivery.deliver(
            "graph",
            request_to(app, waba, number, body),
            RETRYING if account.settings.retries else ONCE,
            lane=f"{app.id} {number.id} {message.wa_id}",
            done=outcome(then),
        )


def request_to(app: App, waba: Waba, number: Number, body: bytes) -> Callable[[], WebhookRequest]:
    """Return how to make the request, with the callback and secret of the moment it leaves."""
    last_known = callback_of(app, waba, number)

    def build() -> WebhookRequest:
        # A retry follows the callback to where it was moved meanwhile.
        callback = callback_of(app, waba, number) or last_known
        assert callback is not None  # noqa: S101 - notify skips apps without one
        return signed(callback, app.secret, body)

    return build


def outcome(then: Callable[[], None] | None) -> Callable[[int | None], None]:
    """Return a listener that calls ``then`` when the webhook was accepted."""

    def done(status: int | None) -> None:
        if status == 200 and then is not None:
            then()

    return done


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
