"""One message of a customer, read whole."""

from collections.abc import Mapping
from typing import Any

from balie.api import (
    Address,
    AddressKind,
    Context,
    Event,
    MessageReceived,
    RawEvent,
    Refused,
    for_people,
)
from balie_whatsapp.inbound import groups
from balie_whatsapp.inbound.circumstances import quoted
from balie_whatsapp.inbound.identity import moved, shared
from balie_whatsapp.inbound.lines import kind_of
from balie_whatsapp.inbound.parts import parts_of
from balie_whatsapp.inbound.sender import addresses, name_of
from balie_whatsapp.untrusted import identifier, mapping
from balie_whatsapp.words import word

NO_WINDOW = frozenset(
    ("reaction", "system", "unsupported", "unknown", "edit", "revoke", "media_placeholder")
)
"""Types of which Meta does not say that they open the customer service window."""


def read_message(ctx: Context, raw: RawEvent, message: Mapping[str, Any]) -> list[Event]:
    """Return the message, and what it tells of its sender."""
    contact = mapping(raw.body.get("contact"))
    if message.get("type") == "system" and (notice := moved(ctx, raw, message, contact)):
        return [notice]
    group = identifier(message.get("group_id"))
    sender = addresses(message, contact)
    spoke: tuple[Address, ...] = ()
    name, speaker = name_of(contact), ""
    if group:
        spoke, speaker = sender, name or _shown(ctx, sender)
        sender, name = groups.address(group), groups.subject(ctx, group)
    if not sender:
        return [Refused(reason="The message names no sender: neither a number nor a user id.")]
    received = MessageReceived(
        id=raw.id,
        sender=sender,
        at=raw.at,
        parts=parts_of(message, ctx.tenant.locale, speaker),
        name=name,
        quotes=quoted(message),
        opens_window=kind_of(message) not in NO_WINDOW,
        speaker=spoke,
        speaker_name=name_of(contact) if group else "",
    )
    return [received] if group else [received, *shared(ctx, raw, message, sender)]


def _shown(ctx: Context, sender: tuple[Address, ...]) -> str:
    """Return a speaker of whom no name is known as people would call it."""
    for address in sender:
        if address.kind is AddressKind.PHONE:
            return for_people(address.value, ctx.tenant.region)
    return word(ctx.tenant.locale, "somebody")
