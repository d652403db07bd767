"""Who wrote a message: since 2026 a user id always, a telephone number perhaps.

A number that may not be shown is left out, or is empty in some payloads: both count as missing.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from balie.api import Address, AddressKind, PhoneInvalid, from_international
from balie_whatsapp.untrusted import identifier, mapping, one_line

Contacts = dict[str, Mapping[str, Any]]
_LONGEST_NAME = 100


def by_id(contacts: Sequence[Mapping[str, Any]]) -> Contacts:
    """Index a payload's contacts by both their ids."""
    found: Contacts = {}
    for contact in contacts:
        for key in ("wa_id", "user_id"):
            if known := identifier(contact.get(key)):
                found[known] = contact
    return found


def contact_of(message: Mapping[str, Any], contacts: Contacts) -> Mapping[str, Any] | None:
    """Return the contact that the message is from, by user id first."""
    for key in ("from_user_id", "from"):
        if contact := contacts.get(identifier(message.get(key))):
            return contact
    return None


def user_id(message: Mapping[str, Any], contact: Mapping[str, Any]) -> str:
    """Return the sender's user id, or ''."""
    return identifier(message.get("from_user_id")) or identifier(contact.get("user_id"))


def digits(message: Mapping[str, Any], contact: Mapping[str, Any]) -> str:
    """Return the sender's wa_id, or ''."""
    return identifier(message.get("from")) or identifier(contact.get("wa_id"))


def moved_ids(message: Mapping[str, Any]) -> list[str]:
    """Return the old and the new user id in WhatsApp's word that somebody got a new one."""
    system = mapping(message.get("system"))
    ids = (identifier(system.get(key)) for key in ("previous_user_id", "user_id"))
    return [known for known in ids if known]


def lane_of(message: Mapping[str, Any], contact: Mapping[str, Any]) -> str:
    """Return what keeps one customer's messages in one row."""
    moved = moved_ids(message)[:1]
    return user_id(message, contact) or digits(message, contact) or "".join(moved) or "unknown"


def addresses(message: Mapping[str, Any], contact: Mapping[str, Any]) -> tuple[Address, ...]:
    """Return every address of the sender, the user id first: a number may change hands."""
    bsuids = [known] if (known := user_id(message, contact)) else []
    found = [Address(kind=AddressKind.BSUID, value=value) for value in bsuids]
    try:
        number = from_international(digits(message, contact))
        found.append(Address(kind=AddressKind.PHONE, value=number))
    except PhoneInvalid:
        if not found:
            found = [Address(kind=AddressKind.BSUID, value=known) for known in moved_ids(message)]
    return tuple(found)


def name_of(contact: Mapping[str, Any]) -> str:
    """Return what the sender calls itself, on one line of at most 100 characters."""
    return one_line(mapping(contact.get("profile")).get("name"), _LONGEST_NAME)
