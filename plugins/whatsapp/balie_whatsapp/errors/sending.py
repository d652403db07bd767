"""Errors of sending, and of the number and account that send.

After Meta's page "Error codes" (developers.facebook.com, WhatsApp Business Platform, Cloud API,
support) with its retry advice.
"""

from balie_whatsapp.errors.known import Known, misbuilt, reject, retry, sign_out, slow_down
from balie_whatsapp.errors.sentences import (
    DOWN,
    MAINTENANCE,
    MALFORMED,
    MARKETING,
    NOT_REGISTERED,
    PAYMENT,
    PERMISSION,
    RESTRICTED,
    TOKEN,
    TOO_FAST,
)

SENDING: dict[int, Known] = {
    0: TOKEN,
    1: DOWN,
    2: DOWN,
    3: PERMISSION,
    4: TOO_FAST,
    10: PERMISSION,
    33: sign_out(
        "Het bedrijfsnummer bestaat niet meer bij WhatsApp. Een beheerder moet ernaar kijken.",
        "The business number no longer exists at WhatsApp. An admin must look at it.",
    ),
    100: MALFORMED,
    104: TOKEN,
    190: TOKEN,
    368: RESTRICTED,
    1026: reject(
        "Het toestel of land van de klant kan dit soort bericht niet ontvangen.",
        "The customer's phone or country cannot receive this kind of message.",
    ),
    80007: TOO_FAST,
    130403: reject(
        "Dit bedrijf heeft de klant geblokkeerd. Hef eerst de blokkade op.",
        "This business has blocked the customer. Unblock the customer first.",
    ),
    130429: TOO_FAST,
    130472: MARKETING,
    130497: reject(
        "Het bedrijf mag van WhatsApp geen berichten naar dit land sturen. "
        "Bereik de klant langs een andere weg.",
        "WhatsApp does not let this business send to that country. Reach the customer another way.",
        alarm="country",
    ),
    131000: DOWN,
    131005: PERMISSION,
    131008: MALFORMED,
    131009: MALFORMED,
    131016: DOWN,
    131021: reject(
        "De ontvanger is het bedrijfsnummer zelf.", "The recipient is the business number itself."
    ),
    131026: reject(
        "Niet te bezorgen: dit nummer heeft geen WhatsApp, een te oude versie, of wil geen "
        "berichten van u. Bereik de klant langs een andere weg.",
        "It cannot be delivered: this number is not on WhatsApp, has too old a version, or does "
        "not want your messages. Reach the customer another way.",
    ),
    131030: reject(
        "Het testnummer mag deze klant niet schrijven. Zet het nummer in de app van Meta op de "
        "lijst van ontvangers.",
        "The test number may not write to this customer. Put the number on the list of "
        "recipients in Meta's app dashboard.",
    ),
    131031: RESTRICTED,
    131037: reject(
        "De weergavenaam van het bedrijfsnummer is nog niet goedgekeurd door WhatsApp.",
        "WhatsApp has not approved the business number's display name yet.",
    ),
    131042: PAYMENT,
    131045: NOT_REGISTERED,
    131047: reject(
        "Niet bezorgd: de klant schreef meer dan 24 uur geleden voor het laatst, en dan laat "
        "WhatsApp geen gewone berichten meer door. Stuur een goedgekeurd sjabloon, of bel of "
        "mail de klant; zodra de klant weer schrijft, kunt u hier antwoorden.",
        "Not delivered: the customer last wrote more than 24 hours ago, and WhatsApp then lets "
        "no ordinary message through. Send an approved template, or call or e-mail the "
        "customer; once the customer writes again, you can answer here.",
    ),
    131048: reject(
        "WhatsApp remt dit nummer omdat klanten berichten als ongewenst meldden. "
        "Probeer het later, of bereik de klant anders.",
        "WhatsApp slows this number down because customers reported messages as unwanted. "
        "Try later, or reach the customer another way.",
        alarm="spam",
    ),
    131049: MARKETING,
    131050: reject(
        "De klant wil geen reclame meer ontvangen van dit nummer.",
        "The customer no longer wants marketing from this number.",
    ),
    131055: misbuilt(
        "WhatsApp neemt dit soort bericht niet op deze manier.",
        "WhatsApp does not take this kind of message in this way.",
    ),
    131051: misbuilt(
        "WhatsApp kent dit soort bericht niet.", "WhatsApp does not know this kind of message."
    ),
    131052: misbuilt(
        "WhatsApp kon het bestand niet ophalen.", "WhatsApp could not fetch the file."
    ),
    131053: misbuilt(
        "WhatsApp kon het bestand niet verwerken.", "WhatsApp could not process the file."
    ),
    131056: slow_down(
        "Er gingen te veel berichten kort na elkaar naar deze klant; dit is niet verzonden.",
        "Too many messages went to this customer in a short time; this one was not sent.",
        4.0,  # Meta's advice: wait 4 to the power of the attempts, in seconds
    ),
    131057: MAINTENANCE,
    131059: retry(
        "WhatsApp was de draad van een lange lijst kwijt; die wordt opnieuw gelezen.",
        "WhatsApp lost its place in a long list; it is read anew.",
    ),
    131060: reject(
        "Dit bericht is bij WhatsApp niet beschikbaar; bekijk het op de telefoon.",
        "This message is not available at WhatsApp; look on the phone.",
    ),
    131062: reject(
        "Dit soort bericht kan alleen naar een telefoonnummer, en dat is van deze klant niet "
        "bekend.",
        "This kind of message can only go to a telephone number, and this customer's is not known.",
    ),
    131063: reject(
        "Reclame mag van dit account niet langs deze weg. Een beheerder moet dat in "
        "WhatsApp Manager wijzigen.",
        "This account does not let marketing go this way. An admin must change that in "
        "WhatsApp Manager.",
    ),
    131064: reject(
        "WhatsApp beperkt dit nummer tijdelijk vanwege verkeerd ingedeelde sjablonen.",
        "WhatsApp limits this number for a while because of wrongly classified templates.",
        alarm="classification",
    ),
    133004: DOWN,
    133006: NOT_REGISTERED,
    133010: NOT_REGISTERED,
    133015: retry(
        "Het bedrijfsnummer is net verwijderd bij WhatsApp. Het gaat over vijf minuten verder.",
        "The business number was just deleted at WhatsApp. It goes on in five minutes.",
        300.0,
    ),
    135000: MALFORMED,
    137000: reject(
        "De klant heeft WhatsApp opnieuw geïnstalleerd of een ander toestel. Ga eerst na of het "
        "nog dezelfde persoon is.",
        "The customer has reinstalled WhatsApp or changed phones. Make sure first that it is "
        "still the same person.",
    ),
    2494100: MAINTENANCE,
}
