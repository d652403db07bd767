"""Errors of groups, calls and the block list."""

from balie_whatsapp.errors.known import Known, misbuilt, reject, retry, slow_down

_NO_GROUP = reject(
    "Deze groep bestaat niet meer, of er is niemand anders meer in.",
    "This group no longer exists, or nobody else is left in it.",
)
_GROUP_ADMIN = misbuilt(
    "WhatsApp weigerde deze wijziging van de groep.", "WhatsApp refused this change of the group."
)
_NO_CALLS = reject(
    "Bellen via WhatsApp staat uit of kan niet met dit nummer.",
    "Calling on WhatsApp is switched off or not possible with this number.",
)
_NO_LEAVE = reject(
    "De klant heeft geen toestemming gegeven om gebeld te worden, of vaker dan mag is geprobeerd.",
    "The customer has not agreed to be called, or it was tried more often than allowed.",
)
_CALL_BROKE = reject(
    "De verbinding van de oproep kwam niet tot stand.", "The call's connection was not made."
)

PEOPLE: dict[int, Known] = {
    131020: _NO_GROUP,
    131041: _NO_GROUP,
    131044: reject(
        "Bellen kan niet: het account heeft geen geldige betaalwijze.",
        "Calling is not possible: the account has no valid payment method.",
    ),
    131201: _GROUP_ADMIN,
    131202: _GROUP_ADMIN,
    131204: reject("De groep is vol.", "The group is full."),
    131207: reject(
        "WhatsApp heeft de groep geschorst; er kan niets naartoe.",
        "WhatsApp has suspended the group; nothing can be sent to it.",
    ),
    131208: slow_down(
        "Er ging te veel tegelijk naar groepen; het bericht is niet verzonden.",
        "Too much went to groups at once; the message was not sent.",
    ),
    131209: _GROUP_ADMIN,
    131210: _GROUP_ADMIN,
    131211: reject("Er zijn te veel groepen.", "There are too many groups."),
    131212: reject("Deze persoon zit niet in de groep.", "This person is not in the group."),
    131213: _GROUP_ADMIN,
    131214: reject(
        "Dit nummer mag geen groepen meer maken.", "This number may make no more groups."
    ),
    131215: reject("Dit nummer mag geen groepen hebben.", "This number may have no groups."),
    138000: _NO_CALLS,
    138001: reject(
        "De klant is via WhatsApp niet te bellen.", "The customer cannot be called on WhatsApp."
    ),
    138002: slow_down("Er lopen te veel gesprekken.", "Too many calls are going on."),
    138003: reject("Deze oproep loopt al.", "This call is going on already."),
    138004: _CALL_BROKE,
    138005: slow_down("Er is te vaak gebeld.", "It was called too often."),
    138006: _NO_LEAVE,
    138007: _CALL_BROKE,
    138009: _NO_LEAVE,
    138012: _NO_LEAVE,
    138013: _NO_CALLS,
    138014: reject(
        "WhatsApp heeft bellen met dit nummer tijdelijk uitgezet.",
        "WhatsApp has switched calling off for this number for a while.",
    ),
    138015: _NO_CALLS,
    138017: reject(
        "De klant heeft al blijvend toestemming gegeven.",
        "The customer has agreed for good already.",
    ),
    138018: _NO_CALLS,
    138019: _CALL_BROKE,
    138020: _CALL_BROKE,
    138021: _CALL_BROKE,
    138022: _CALL_BROKE,
    138023: _CALL_BROKE,
    139100: misbuilt(
        "Niet iedereen kon worden geblokkeerd of vrijgegeven.",
        "Not everybody could be blocked or unblocked.",
    ),
    139101: reject("De blokkeerlijst is vol.", "The block list is full."),
    139102: retry(
        "De blokkeerlijst wordt net gewijzigd.", "The block list is being changed just now."
    ),
    139103: reject("De blokkeerlijst is vol.", "The block list is full."),
}
