"""Reading text, location, contacts, reaction and pin."""

from typing import Any

from balie_sandbox.graph.errors import invalid_parameter
from balie_sandbox.graph.parameters import Parameters, invalid_value

from .draft import Content, Draft, as_list, as_object, checked_count, missing, needed, text_at

#: Source: Meta's page on text messages.
TEXT_LENGTH = 4096
MAX_CONTACTS = 257
NAME_LENGTH = 1000
EMOJI_LENGTH = 40
CONTACT_LISTS = ("phones", "emails", "addresses", "urls")


def read_text(draft: Draft) -> Content:
    """Read type ``text``: a body of 1 to 4096 characters, and whether links are previewed."""
    text = draft.object("text")
    body = text.get("body")
    if body is None or body == "":
        raise missing("text.body", "text")
    if not isinstance(body, str):
        raise invalid_parameter("Param text['body'] must be a string.")
    if len(body) > TEXT_LENGTH:
        raise invalid_parameter(
            f"Param text['body'] must be at most {TEXT_LENGTH} characters long."
        )
    return {"body": body, "preview_url": text.get("preview_url") in (True, "true")}


def read_location(draft: Draft) -> Content:
    """Read type ``location``: degrees as numbers or digits, a name and an address."""
    return location_content(draft.object("location"))


def location_content(given: Parameters) -> Content:
    """Read a place, of a message or of a template's header."""
    content: Content = {
        "latitude": degrees(given, "latitude", 90),
        "longitude": degrees(given, "longitude", 180),
    }
    for key in ("name", "address"):
        text = text_at(given, key, f"location.{key}", NAME_LENGTH, required=False)
        if text:
            content[key] = text
    return content


def degrees(given: Parameters, key: str, most: int) -> float:
    """Return one coordinate. Raises 131008 and 131009."""
    value: Any = given.get(key)
    if value is None or value == "":
        raise missing(f"location.{key}", "location")
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = float("nan")
    if not -most <= number <= most:
        raise invalid_value(f"location.{key} is not between -{most} and {most}.")
    return number


def read_contacts(draft: Draft) -> list[Content]:
    """Read type ``contacts``: 1 to 257 cards, each with a formatted name."""
    if draft.found.get("contacts") is None:
        raise missing("contacts", "contacts")
    cards = as_list(draft.found["contacts"], "contacts")
    checked_count(cards, "contacts", 1, MAX_CONTACTS)
    return [contact_content(as_object(card, "contacts")) for card in cards]


def contact_content(card: Parameters) -> Content:
    """Read one card."""
    name = as_object(card.get("name") or {}, "contacts.name")
    needed(name, "formatted_name", "contacts.name.formatted_name", NAME_LENGTH)
    for key in CONTACT_LISTS:
        for entry in as_list(card.get(key) or [], f"contacts.{key}"):
            as_object(entry, f"contacts.{key}")
    as_object(card.get("org") or {}, "contacts.org")
    return card


def read_reaction(draft: Draft) -> Content:
    """Read type ``reaction``; an empty emoji takes the reaction away."""
    given = draft.object("reaction")
    message_id = needed(given, "message_id", "reaction.message_id", NAME_LENGTH)
    emoji = text_at(given, "emoji", "reaction.emoji", EMOJI_LENGTH, required=False) or ""
    return {"message_id": message_id, "emoji": emoji}


def read_pin(draft: Draft) -> Content:
    """Read type ``pin``, which only groups know."""
    given = draft.object("pin")
    if given.get("type") not in ("pin", "unpin"):
        raise invalid_value("pin.type must be pin or unpin.")
    message_id = needed(given, "message_id", "pin.message_id", NAME_LENGTH)
    days = given.get("expiration_days", 7)
    if days not in range(1, 31):
        raise invalid_value("pin.expiration_days must be between 1 and 30.")
    return {"type": given["type"], "message_id": message_id, "expiration_days": days}
