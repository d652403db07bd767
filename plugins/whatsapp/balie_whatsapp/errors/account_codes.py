"""Errors of registering and managing a number."""

from balie_whatsapp.errors.known import Known, misbuilt, reject, retry, slow_down

_REGISTER_LATER = slow_down(
    "Er is te vaak geprobeerd; WhatsApp laat het pas later weer toe.",
    "It was tried too often; WhatsApp allows it again only later.",
)
_CODE = misbuilt(
    "De controlecode van het nummer klopt niet of kan nu niet worden gevraagd.",
    "The number's verification code is wrong or cannot be asked for now.",
)
_MOVING = misbuilt(
    "Het nummer kan nu niet naar dit account verhuizen.",
    "The number cannot move to this account now.",
)
_NAME = misbuilt(
    "Deze gebruikersnaam van het bedrijf kan niet.", "This business username is not possible."
)

ACCOUNT: dict[int, Known] = {
    133000: retry(
        "Een eerdere afmelding van het nummer is niet afgemaakt.",
        "An earlier deregistration of the number was not finished.",
    ),
    133005: reject("De pincode van het nummer klopt niet.", "The number's PIN is wrong."),
    133008: _REGISTER_LATER,
    133009: _REGISTER_LATER,
    133016: _REGISTER_LATER,
    136024: _CODE,
    136025: _CODE,
    2388012: _MOVING,
    2388091: _CODE,
    2388093: _CODE,
    2388103: _MOVING,
    147001: _NAME,
    147002: _NAME,
    147003: _NAME,
    147004: _NAME,
    147005: _NAME,
    2593107: reject(
        "De gegevens van de app zijn al een keer opgehaald.",
        "The app's data have been fetched once already.",
    ),
    2593108: reject(
        "De gegevens van de app kunnen alleen de eerste dag worden opgehaald.",
        "The app's data can be fetched on the first day only.",
    ),
    2593109: reject(
        "De eigenaar van het nummer deelt de oudere berichten niet.",
        "The number's owner does not share the older messages.",
    ),
}
