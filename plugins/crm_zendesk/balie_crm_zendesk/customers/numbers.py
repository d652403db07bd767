"""Telephone numbers as they stand in Zendesk: in any notation, since it stores what it is sent."""

from balie.api import PhoneInvalid, national_digits, to_e164, variants


def queried(e164: str) -> list[str]:
    """Return what to search for: digits without country code, for each way to write the number."""
    return list(dict.fromkeys(map(_digits, variants(e164))))


def is_same(written: str, e164: str, region: str) -> bool:
    """Say whether ``written``, in whatever notation, is this number."""
    return any(_is(written, number, region) for number in variants(e164))


def _is(written: str, e164: str, region: str) -> bool:
    try:
        return to_e164(written, region) == e164
    except PhoneInvalid:
        digits = "".join(filter(str.isdigit, written)).removeprefix("00")
        return bool(digits) and "+" + digits == e164


def _digits(e164: str) -> str:
    try:
        return national_digits(e164)
    except PhoneInvalid:  # of a country that is newer than our numbering plans
        return e164.removeprefix("+")
