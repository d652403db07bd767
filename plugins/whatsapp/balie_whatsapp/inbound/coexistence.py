"""A number that is also used in the WhatsApp Business app: what was said there, and before."""

from collections.abc import Mapping
from typing import Any

from balie.api import (
    Context,
    Event,
    MessageReceived,
    MessageSent,
    Part,
    RawEvent,
    Refused,
    Unknown,
)
from balie_whatsapp.inbound.circumstances import quoted
from balie_whatsapp.inbound.parts import parts_of
from balie_whatsapp.inbound.sender import known_as
from balie_whatsapp.untrusted import fingerprint, identifier, mappings, moment
from balie_whatsapp.words import labelled


def read_echo(ctx: Context, raw: RawEvent, echo: Mapping[str, Any]) -> list[Event]:
    """Return what a colleague wrote in the app."""
    to = known_as(identifier(echo.get("to_user_id")), identifier(echo.get("to")))
    if not to:
        return [Refused(reason="The message sent from the app names no recipient.")]
    parts = _own_parts(echo, ctx.tenant.locale)
    return [MessageSent(id=raw.id, to=to, at=raw.at, parts=parts, quotes=quoted(echo))]


def read_thread(ctx: Context, raw: RawEvent, thread: Mapping[str, Any]) -> list[Event]:
    """Return a customer's messages of before the number came to Balie, oldest first.

    A file of the last days comes later than its place in the thread, under the same id; it is
    told as a message of its own, about the one that it belongs to.
    """
    customer = identifier(thread.get("id"))
    found = [
        _past(ctx, message, customer, is_file=raw.body.get("follows") is True)
        for message in mappings(thread.get("messages"))
    ]
    told = sorted((event for event in found if event is not None), key=lambda event: event.at)
    return list(told) or [Refused(reason="The history holds no message that names its people.")]


def _past(
    ctx: Context, message: Mapping[str, Any], customer: str, *, is_file: bool
) -> MessageSent | MessageReceived | None:
    locale, at = ctx.tenant.locale, moment(message.get("timestamp"), ctx.clock.now())
    message_id = identifier(message.get("id")) or f"history:{fingerprint(message)}"
    quotes = message_id if is_file else quoted(message)
    if is_file:
        message_id = f"{message_id}:file"
    sender = identifier(message.get("from"))
    user = identifier(message.get("to_user_id")) or identifier(message.get("from_user_id"))
    recipient = identifier(message.get("to"))
    is_ours = bool(recipient) and sender != customer
    people = known_as(user, customer or (recipient if is_ours else sender))
    if not people:
        return None
    if is_ours:
        parts = _own_parts(message, locale)
        return MessageSent(id=message_id, to=people, at=at, parts=parts, quotes=quotes)
    return MessageReceived(
        id=message_id,
        sender=people,
        at=at,
        parts=parts_of(message, locale),
        quotes=quotes,
        opens_window=False,
    )


def _own_parts(message: Mapping[str, Any], locale: str) -> tuple[Part, ...]:
    if message.get("type") == "revoke":
        return (Unknown(type="revoke", text=labelled(locale, "revoke_own")),)
    return parts_of(message, locale)
