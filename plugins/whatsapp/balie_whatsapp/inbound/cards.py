"""Places and people that a customer shares."""

from collections.abc import Iterator, Mapping
from typing import Any

from balie.api import Contact, Location, Part
from balie_whatsapp.inbound.lines import line_of
from balie_whatsapp.untrusted import decimal, joined, mapping, mappings, one_line
from balie_whatsapp.words import labelled

_LONGEST = 300


def read_location(message: Mapping[str, Any], locale: str) -> list[Part]:
    """Return the place; nothing where it is none on earth."""
    content = mapping(message.get("location"))
    latitude, longitude = (decimal(content.get(key)) for key in ("latitude", "longitude"))
    if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
        return []
    return [
        Location(
            text=line_of(message, locale),
            latitude=latitude,
            longitude=longitude,
            name=one_line(content.get("name"), _LONGEST),
            address=one_line(content.get("address"), _LONGEST),
        )
    ]


def read_contacts(message: Mapping[str, Any], locale: str) -> list[Part]:
    """Return the cards. The vCard that may come along repeats what stands beside it: unread."""
    return [_contact(card, locale) for card in mappings(message.get("contacts"))]


def shared_numbers(message: Mapping[str, Any]) -> Iterator[str]:
    """Yield the wa_ids that a customer shared because we asked: its own, WhatsApp says."""
    for card in mappings(message.get("contacts")):
        if card.get("origin") == "contact_request":
            for phone in mappings(card.get("phones")):
                yield one_line(phone.get("wa_id"), 20)


def _contact(card: Mapping[str, Any], locale: str) -> Contact:
    phones = [phone.get("phone") or phone.get("wa_id") for phone in mappings(card.get("phones"))]
    emails = [email.get("email") for email in mappings(card.get("emails"))]
    return Contact(
        text=labelled(locale, "contact", _line(card, phones, emails)),
        name=_name(card),
        phones=_clean(phones),
        emails=_clean(emails),
        answers_request=card.get("origin") == "contact_request",
    )


def _clean(values: list[Any]) -> tuple[str, ...]:
    return tuple(text for value in values if (text := one_line(value, _LONGEST)))


def _name(card: Mapping[str, Any]) -> str:
    names = mapping(card.get("name"))
    return one_line(names.get("formatted_name"), _LONGEST) or joined(
        names.get("first_name"), names.get("last_name"), by=" "
    )


def _address(address: Mapping[str, Any]) -> str:
    return joined(*(address.get(key) for key in ("street", "zip", "city", "state", "country")))


def _line(card: Mapping[str, Any], phones: list[Any], emails: list[Any]) -> str:
    org = mapping(card.get("org"))
    return joined(
        _name(card),
        *phones,
        *emails,
        *(org.get(key) for key in ("company", "department", "title")),
        *(_address(address) for address in mappings(card.get("addresses"))),
        *(url.get("url") for url in mappings(card.get("urls"))),
        card.get("birthday"),
    )
