"""Meta's error codes: what each means for a message, and what the agent reads.

After Meta's page "Error codes" (developers.facebook.com, WhatsApp Business Platform, Cloud API,
support) with its retry advice. Templates, groups, calls and media have codes of their own that
a text message cannot meet; those are told in the vendor's words until their types are built.
"""

from dataclasses import dataclass
from enum import Enum


class Handling(Enum):
    """What is to be done about an error that answers a request."""

    RETRY = "retry"  # may work later as it is
    SLOW_DOWN = "slow_down"  # too much in too short a time
    SIGN_OUT = "sign_out"  # our credentials are refused
    REJECT = "reject"  # no for this message


@dataclass(frozen=True, slots=True)
class Known:
    """One code's meaning, in Dutch and English. ``wait_seconds`` is Meta's advice."""

    handling: Handling
    nl: str
    en: str
    wait_seconds: float | None = None
    show_details: bool = False


def _retry(nl: str, en: str, wait_seconds: float | None = None) -> Known:
    return Known(Handling.RETRY, nl, en, wait_seconds)


def _slow_down(nl: str, en: str, wait_seconds: float | None = None) -> Known:
    return Known(Handling.SLOW_DOWN, nl, en, wait_seconds)


def _sign_out(nl: str, en: str) -> Known:
    return Known(Handling.SIGN_OUT, nl, en)


def _reject(nl: str, en: str) -> Known:
    return Known(Handling.REJECT, nl, en)


def _our_mistake(nl: str, en: str) -> Known:
    return Known(Handling.REJECT, nl, en, show_details=True)


_TOKEN = _sign_out(
    "WhatsApp weigert het toegangstoken: het is verlopen, ingetrokken of onjuist. "
    "Een beheerder moet een nieuw token invullen.",
    "WhatsApp refuses the access token: it has expired, was withdrawn or is wrong. "
    "An admin must enter a new token.",
)
PERMISSION = _sign_out(
    "Het toegangstoken mag dit niet. Een beheerder moet de app whatsapp_business_messaging geven "
    "voor dit account.",
    "The access token may not do this. An admin must give the app whatsapp_business_messaging "
    "on this account.",
)
WRONG_NUMBER_ID = _sign_out(
    "WhatsApp kent dit phone_number_id niet, of het token mag er niet bij. "
    "Een beheerder moet beide nakijken.",
    "WhatsApp does not know this phone_number_id, or the token may not use it. "
    "An admin must check both.",
)
_DOWN = _retry(
    "WhatsApp heeft een storing; het bericht is niet verzonden.",
    "WhatsApp has trouble; the message was not sent.",
)
_TOO_FAST = _slow_down(
    "Er ging te veel tegelijk naar WhatsApp; het bericht is niet verzonden.",
    "Too much went to WhatsApp at once; the message was not sent.",
)
_RESTRICTED = _reject(
    "Meta heeft het WhatsApp-account beperkt of geblokkeerd. Een beheerder moet in "
    "WhatsApp Manager kijken; bereik de klant zolang anders.",
    "Meta has restricted or locked the WhatsApp account. An admin must look in "
    "WhatsApp Manager; reach the customer another way meanwhile.",
)
_PAYMENT = _reject(
    "WhatsApp verzendt niet omdat er iets mis is met de betaalwijze van het account. "
    "Een beheerder moet die in orde maken.",
    "WhatsApp does not send because something is wrong with the account's payment method. "
    "An admin must put it right.",
)
_NOT_REGISTERED = _reject(
    "Het bedrijfsnummer is niet (meer) aangemeld bij WhatsApp. Een beheerder moet het aanmelden.",
    "The business number is not (or no longer) registered with WhatsApp. An admin must do so.",
)
_MALFORMED = _our_mistake(
    "WhatsApp weigerde het bericht zoals het was opgesteld.",
    "WhatsApp refused the message as it was made up.",
)
_MAINTENANCE = _retry(
    "Het bedrijfsnummer is even in onderhoud bij WhatsApp; het bericht is niet verzonden.",
    "The business number is in maintenance at WhatsApp; the message was not sent.",
    60.0,
)
_MARKETING = _reject(
    "WhatsApp laat dit bericht nu niet door om de klant niet met reclame te overladen. "
    "Probeer het na 24 uur, of bereik de klant anders.",
    "WhatsApp does not let this message through now, so as not to flood the customer with "
    "marketing. Try after 24 hours, or reach the customer another way.",
)

CODES: dict[int, Known] = {
    0: _TOKEN,
    1: _DOWN,
    2: _DOWN,
    3: PERMISSION,
    4: _TOO_FAST,
    10: PERMISSION,
    33: _reject(
        "Het bedrijfsnummer bestaat niet meer bij WhatsApp. Een beheerder moet ernaar kijken.",
        "The business number no longer exists at WhatsApp. An admin must look at it.",
    ),
    100: _MALFORMED,
    104: _TOKEN,
    190: _TOKEN,
    368: _RESTRICTED,
    1026: _reject(
        "Het toestel of land van de klant kan dit soort bericht niet ontvangen.",
        "The customer's phone or country cannot receive this kind of message.",
    ),
    80007: _TOO_FAST,
    130403: _reject(
        "Dit bedrijf heeft de klant geblokkeerd. Hef eerst de blokkade op.",
        "This business has blocked the customer. Unblock the customer first.",
    ),
    130429: _TOO_FAST,
    130472: _MARKETING,
    130497: _reject(
        "Het bedrijf mag van WhatsApp geen berichten naar dit land sturen. "
        "Bereik de klant langs een andere weg.",
        "WhatsApp does not let this business send to that country. Reach the customer another way.",
    ),
    131000: _DOWN,
    131005: PERMISSION,
    131008: _MALFORMED,
    131009: _MALFORMED,
    131016: _DOWN,
    131021: _reject(
        "De ontvanger is het bedrijfsnummer zelf.", "The recipient is the business number itself."
    ),
    131026: _reject(
        "Niet te bezorgen: dit nummer heeft geen WhatsApp, een te oude versie, of wil geen "
        "berichten van u. Bereik de klant langs een andere weg.",
        "It cannot be delivered: this number is not on WhatsApp, has too old a version, or does "
        "not want your messages. Reach the customer another way.",
    ),
    131030: _reject(
        "Het testnummer mag deze klant niet schrijven. Zet het nummer in de app van Meta op de "
        "lijst van ontvangers.",
        "The test number may not write to this customer. Put the number on the list of "
        "recipients in Meta's app dashboard.",
    ),
    131031: _RESTRICTED,
    131037: _reject(
        "De weergavenaam van het bedrijfsnummer is nog niet goedgekeurd door WhatsApp.",
        "WhatsApp has not approved the business number's display name yet.",
    ),
    131042: _PAYMENT,
    131044: _PAYMENT,
    131045: _NOT_REGISTERED,
    131047: _reject(
        "Niet bezorgd: de klant schreef meer dan 24 uur geleden voor het laatst, en dan laat "
        "WhatsApp geen gewone berichten meer door. Stuur een goedgekeurd sjabloon, of bel of "
        "mail de klant; zodra de klant weer schrijft, kunt u hier antwoorden.",
        "Not delivered: the customer last wrote more than 24 hours ago, and WhatsApp then lets "
        "no ordinary message through. Send an approved template, or call or e-mail the "
        "customer; once the customer writes again, you can answer here.",
    ),
    131048: _reject(
        "WhatsApp remt dit nummer omdat klanten berichten als ongewenst meldden. "
        "Probeer het later, of bereik de klant anders.",
        "WhatsApp slows this number down because customers reported messages as unwanted. "
        "Try later, or reach the customer another way.",
    ),
    131049: _MARKETING,
    131050: _reject(
        "De klant wil geen reclame meer ontvangen van dit nummer.",
        "The customer no longer wants marketing from this number.",
    ),
    131051: _our_mistake(
        "WhatsApp kent dit soort bericht niet.", "WhatsApp does not know this kind of message."
    ),
    131052: _our_mistake(
        "WhatsApp kon het bestand niet ophalen.", "WhatsApp could not fetch the file."
    ),
    131053: _our_mistake(
        "WhatsApp kon het bestand niet verwerken.", "WhatsApp could not process the file."
    ),
    131056: _slow_down(
        "Er gingen te veel berichten kort na elkaar naar deze klant; dit is niet verzonden.",
        "Too many messages went to this customer in a short time; this one was not sent.",
        6.0,  # one message per six seconds to the same user, once the burst is used up
    ),
    131057: _MAINTENANCE,
    131062: _reject(
        "Dit soort bericht kan alleen naar een telefoonnummer, en dat is van deze klant niet "
        "bekend.",
        "This kind of message can only go to a telephone number, and this customer's is not known.",
    ),
    131064: _reject(
        "WhatsApp beperkt dit nummer tijdelijk vanwege verkeerd ingedeelde sjablonen.",
        "WhatsApp limits this number for a while because of wrongly classified templates.",
    ),
    133004: _DOWN,
    133006: _NOT_REGISTERED,
    133010: _NOT_REGISTERED,
    133015: _reject(
        "Het bedrijfsnummer is net verwijderd bij WhatsApp. Probeer het over vijf minuten.",
        "The business number was just deleted at WhatsApp. Try again in five minutes.",
    ),
    135000: _MALFORMED,
    137000: _reject(
        "De klant heeft WhatsApp opnieuw geïnstalleerd of een ander toestel. Ga eerst na of het "
        "nog dezelfde persoon is.",
        "The customer has reinstalled WhatsApp or changed phones. Make sure first that it is "
        "still the same person.",
    ),
    2494100: _MAINTENANCE,
}
