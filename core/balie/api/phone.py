"""Telephone numbers: whatever a person typed or a vendor sent, as one E.164 string."""

import re
from dataclasses import dataclass
from functools import lru_cache

import phonenumbers

from balie.api.errors import PhoneInvalid

_TRUNK_ZERO = re.compile(r"\(0+\)")
_REMEMBERED = 2_000  # a message's number is asked for several times, and a parse takes long
_LONGEST = 40  # no written form of a number is longer; keeps the parser away from essays


@dataclass(frozen=True, slots=True)
class _Form:
    """One form of a country's mobile numbers: how it is recognised, and how it is written."""

    pattern: re.Pattern[str]
    written: str


def _form(pattern: str, written: str) -> _Form:
    return _Form(re.compile(pattern), written)


_TWO_FORMS = (
    (_form(r"55(\d{2})9([6-9]\d{7})", "55{}9{}"), _form(r"55(\d{2})([6-9]\d{7})", "55{}{}")),
    (_form(r"521(\d{10})", "521{}"), _form(r"52([2-9]\d{9})", "52{}")),
    (_form(r"549(\d{10})", "549{}"), _form(r"54([1-8]\d{9})", "54{}")),
)


@lru_cache(maxsize=_REMEMBERED)
def to_e164(written: str, region: str) -> str:
    """Return the number as E.164 (``+31612345678``).

    ``region`` is the ISO 3166 country whose national notation is meant when none is said, usually
    the tenant's. ``06-1234.5678``, ``0031 6 1234 5678``, ``+31(0)612345678`` and ``31612345678``
    are one number in region NL. Raises PhoneInvalid, saying why, for what is no number.
    """
    written = written.strip()
    if not written or len(written) > _LONGEST:
        raise PhoneInvalid(f"{written[:_LONGEST]!r} is no telephone number: give 7 to 15 digits")
    if any(character.isalpha() for character in written):
        raise PhoneInvalid(f"{written!r} is no telephone number: it holds letters")
    text = _TRUNK_ZERO.sub("", written)
    for candidate in (text, "+" + text.lstrip("+")):
        number = _parsed(candidate, region)
        if number is not None and phonenumbers.is_valid_number(number):
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    raise PhoneInvalid(f"{written!r} is no telephone number in use in {region} or abroad")


def from_international(digits: str) -> str:
    """Return E.164 for digits a vendor vouches for, such as a wa_id (``31612345678``).

    Lenient: the vendor reached this number, so numbering plans have no say. Raises PhoneInvalid
    where E.164 itself is broken (7 to 15 digits).
    """
    bare = digits.removeprefix("+")
    if not re.fullmatch(r"[1-9][0-9]{6,14}", bare):
        raise PhoneInvalid(f"{digits[:_LONGEST]!r} is no international number: give 7 to 15 digits")
    return "+" + bare


@lru_cache(maxsize=_REMEMBERED)
def national_digits(e164: str) -> str:
    """Return the national significant number: ``612345678`` for ``+31612345678``.

    Raises PhoneInvalid where the country code is one that nobody has.
    """
    number = _parsed(e164, None)
    if number is None:
        raise PhoneInvalid(f"{e164[:_LONGEST]!r} belongs to no country")
    return phonenumbers.national_significant_number(number)


@lru_cache(maxsize=_REMEMBERED)
def for_people(e164: str, region: str) -> str:
    """Return the number as people in ``region`` write it: ``06 12345678``, or ``+44 …`` abroad.

    A vendor may vouch for a number of no known country; that one is returned as it is.
    """
    number = _parsed(e164, None)
    if number is None:
        return e164
    home = phonenumbers.region_code_for_number(number) == region
    style = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(number, style.NATIONAL if home else style.INTERNATIONAL)


def country_of(e164: str) -> str:
    """Return the ISO 3166 country of a number (``NL``), '' for a number of none or of several."""
    number = _parsed(e164, None)
    region = None if number is None else phonenumbers.region_code_for_number(number)
    return region if region is not None and region.isalpha() else ""


def variants(e164: str) -> tuple[str, ...]:
    """Return all ways in which one subscriber's number is written in E.164, the given one first.

    Brazil's mobiles got a 9 after the area code, Mexico's had a 1 after the country's code, and
    Argentina's have a 9 there from abroad. WhatsApp ids keep whichever form an account was made
    with, so who looks a number up asks for all; who sends keeps to the form it was given.
    """
    digits = e164.removeprefix("+")
    for long, short in _TWO_FORMS:
        for form, made in ((long, short), (short, long)):
            match = form.pattern.fullmatch(digits)
            if match:
                return (e164, "+" + made.written.format(*match.groups()))
    return (e164,)


def _parsed(text: str, region: str | None) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
