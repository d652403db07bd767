"""The full reading of one stored event, in its turn."""

from collections.abc import Iterator, Mapping
from typing import Any

from balie.api import (
    Context,
    Event,
    EventKind,
    MessageReceived,
    Part,
    PayloadInvalid,
    RawEvent,
    Refused,
    Text,
    Unknown,
)
from balie_whatsapp.inbound.lines import anything, kind_of, line_of
from balie_whatsapp.inbound.sender import addresses, name_of
from balie_whatsapp.inbound.statuses import read_status
from balie_whatsapp.untrusted import identifier, mapping, mappings, one_line, written
from balie_whatsapp.words import labelled

_LONGEST = 300
_QUOTING = (  # where each type says which message it is about
    ("reaction", "message_id"),
    ("edit", "original_message_id"),
    ("revoke", "original_message_id"),
    ("context", "id"),
)


def parse(ctx: Context, raw: RawEvent) -> Event:
    """Return what the event says. Raises PayloadInvalid where its body is not ours."""
    if raw.kind is EventKind.MESSAGE:
        return _read_message(ctx, raw)
    if raw.kind is EventKind.STATUS:
        return read_status(ctx, raw)
    return Refused(reason=raw.refused or f"Balie does nothing with a {raw.kind} of WhatsApp.")


def _read_message(ctx: Context, raw: RawEvent) -> MessageReceived | Refused:
    message = raw.body.get("message")
    if not isinstance(message, Mapping):
        raise PayloadInvalid(f"the stored event {raw.id} holds no message")
    contact = mapping(raw.body.get("contact"))
    sender = addresses(message, contact)
    if not sender:
        return Refused(reason="The message names no sender: neither a number nor a user id.")
    return MessageReceived(
        id=raw.id,
        sender=sender,
        at=raw.at,
        parts=tuple(_parts(message, ctx.tenant.locale)),
        name=name_of(contact),
        quotes=_quoted(message),
    )


def _parts(message: Mapping[str, Any], locale: str) -> Iterator[Part]:
    yield from _circumstances(message, locale)
    if message.get("type") == "text":
        yield _text(message, locale)
    else:
        yield Unknown(type=kind_of(message), text=line_of(message, locale))
    for error in mappings(message.get("errors")):
        details = mapping(error.get("error_data")).get("details") or error.get("title")
        told = one_line(f"{written(error.get('code'))} {written(details)}", _LONGEST)
        yield Unknown(type="error", text=labelled(locale, "error", told))


def _text(message: Mapping[str, Any], locale: str) -> Part:
    body = mapping(message.get("text")).get("body")
    if not isinstance(body, str):
        return Unknown(type="text", text=anything(message, locale))
    if not (text := written(body)).strip():
        return Unknown(type="text", text=labelled(locale, "empty"))
    return Text(text=text)


def _circumstances(message: Mapping[str, Any], locale: str) -> Iterator[Unknown]:
    """Yield a line for all that the agent must know before reading what was said."""
    if identifier(message.get("group_id")):
        yield Unknown(type="group", text=labelled(locale, "group"))
    context = mapping(message.get("context"))
    for mark in ("frequently_forwarded", "forwarded"):
        if context.get(mark) is True:
            yield Unknown(type="forwarded", text=labelled(locale, mark))
            break
    if referral := mapping(message.get("referral")):
        yield Unknown(type="referral", text=_referral(referral, locale))
    if product := mapping(context.get("referred_product")):
        told = one_line(product.get("product_retailer_id"), _LONGEST)
        yield Unknown(type="referred_product", text=labelled(locale, "product", told))


def _referral(referral: Mapping[str, Any], locale: str) -> str:
    kind = "post" if referral.get("source_type") == "post" else "ad"
    values = (one_line(referral.get(key), _LONGEST) for key in ("headline", "body", "source_url"))
    return labelled(locale, kind, ", ".join(value for value in values if value))


def _quoted(message: Mapping[str, Any]) -> str | None:
    for part, key in _QUOTING:
        if part in ("context", message.get("type")):
            known = identifier(mapping(message.get(part)).get(key))
            if known:
                return known
    return None
