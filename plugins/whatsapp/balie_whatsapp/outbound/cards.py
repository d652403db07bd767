"""Places, people and reactions, as WhatsApp takes them."""

import re
from typing import Any

from balie.api import Contact, Context, Location, Reaction
from balie_whatsapp.outbound.refusals import refusal


def location_content(part: Location) -> dict[str, Any]:
    """Return a pin on the map."""
    content: dict[str, Any] = {"latitude": part.latitude, "longitude": part.longitude}
    if part.name:
        content["name"] = part.name
    if part.address:
        content["address"] = part.address
    return content


def contacts_content(part: Contact) -> list[dict[str, Any]]:
    """Return a card. With a wa_id it can be written to by a tap."""
    card: dict[str, Any] = {"name": {"formatted_name": part.name, "first_name": part.name}}
    if part.phones:
        card["phones"] = [_phone(phone) for phone in part.phones]
    if part.emails:
        card["emails"] = [{"email": email, "type": "WORK"} for email in part.emails]
    return [card]


def reaction_content(ctx: Context, part: Reaction, quotes: str | None) -> dict[str, Any]:
    """Return a reaction, or its removal. Raises Rejected where it is not known to what."""
    if not quotes:
        raise refusal(ctx, "no_target")
    return {"message_id": quotes, "emoji": part.emoji}


def _phone(written: str) -> dict[str, str]:
    found = {"phone": written, "type": "CELL"}
    digits = re.sub(r"[ ().-]", "", written)
    return {**found, "wa_id": digits[1:]} if re.fullmatch(r"\+[1-9]\d{6,14}", digits) else found
