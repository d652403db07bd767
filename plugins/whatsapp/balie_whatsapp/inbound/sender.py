"""Who wrote a message: since 2026 a user id always, a telephone number perhaps.

A number that may not be shown is left out, or is empty in some payloads: both count as missing.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from balie.api import Address, AddressKind, PhoneInvalid, from_international
from balie_whatsapp.untrusted import identifier, mapping, one_line

Contacts = dict[str, Mapping[str, Any]]
_LONGEST_NAME = 100
UNKNOWN_LANE = "unknown"


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


def lane_of(message: Mapping[str, Any], contact: Mapping[str, Any]) -> str:
    """Return what keeps one conversation's messages in one row: a group, or one customer.

    A customer who got a new user id is still in the row of the old one when WhatsApp says so.
    """
    return (
        identifier(message.get("group_id"))
        or identifier(mapping(message.get("system")).get("previous_user_id"))
        or user_id(message, contact)
        or digits(message, contact)
        or UNKNOWN_LANE
    )


def addresses(message: Mapping[str, Any], contact: Mapping[str, Any]) -> tuple[Address, ...]:
    """Return every address of the sender, the user id first: a number may change hands."""
    return known_as(user_id(message, contact), digits(message, contact))


def known_as(user: str, number: str) -> tuple[Address, ...]:
    """Return the addresses for a user id and a wa_id, of which either may be '' or no id."""
    bsuid = (Address(kind=AddressKind.BSUID, value=user),) if user else ()
    return bsuid + phone(number)


def phone(number: str) -> tuple[Address, ...]:
    """Return the address for a wa_id; none for what is no number."""
    try:
        return (Address(kind=AddressKind.PHONE, value=from_international(number)),)
    except PhoneInvalid:
        return ()


def name_of(contact: Mapping[str, Any]) -> str:
    """Return what the sender calls itself, on one line of at most 100 characters."""
    return one_line(mapping(contact.get("profile")).get("name"), _LONGEST_NAME)
