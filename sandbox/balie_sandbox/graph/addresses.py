"""Phone numbers as the Cloud API reads them, and the wa_id each one turns out to be."""

import re

import phonenumbers

#: Country code, a dot, up to 128 letters and digits; ENT marks a parent id.
#: Source: Meta's page "Business-scoped user IDs".
BSUID = re.compile(r"[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}")

SEPARATORS = re.compile(r"[\s()./-]")


def is_user_id(text: str) -> bool:
    """Say whether the text has the form of a business-scoped user id."""
    return BSUID.fullmatch(text) is not None


def digits_of(dialled: str, business_display: str) -> str | None:
    """Return the number ``dialled`` means, as digits without "+", or None when it is none.

    Spaces, dashes and brackets are taken out. Without "+", a number that does not look
    international gets the country code of the business's own number, as Meta's page on
    phone number formats says.
    """
    bare = SEPARATORS.sub("", dialled)
    if not re.fullmatch(r"\+?\d{5,20}", bare):
        return None
    international = possible(bare if bare.startswith("+") else f"+{bare}", None)
    if international is not None or bare.startswith("+"):
        return international
    country = phonenumbers.parse(f"+{business_display}", None).country_code
    return possible(bare, phonenumbers.region_code_for_country_code(country or 0))


def possible(text: str, region: str | None) -> str | None:
    """Return the E.164 digits when the text can be a number at all, fictional ones included."""
    try:
        parsed = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(parsed):
        return None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164).lstrip("+")


def wa_id_of(digits: str) -> str:
    """Return the wa_id of a dialled number, which differs in three countries.

    Mexico gains a 1, Argentina a 9, and Brazil loses its ninth digit outside the area codes
    up to 28 (reference/whatsapp.md 11.3).
    """
    if digits.startswith("52") and len(digits) == 12:
        return f"521{digits[2:]}"
    if digits.startswith("54") and len(digits) == 12:
        return f"549{digits[2:]}"
    if digits.startswith("55") and len(digits) == 13 and digits[4] == "9" and digits[2:4] > "28":
        return digits[:4] + digits[5:]
    return digits
