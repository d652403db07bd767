"""Errors of templates, flows, and the pages they are managed on."""

from balie_whatsapp.errors.known import Known, misbuilt, reject, retry

_MISFIT = misbuilt(
    "Wat er is ingevuld past niet bij het sjabloon.",
    "What was filled in does not fit it.",
)
_BLOCKED_FLOW = reject(
    "Dit formulier is door WhatsApp geblokkeerd of afgeremd.",
    "WhatsApp has blocked this form, or slows it down.",
)

TEMPLATE: dict[int, Known] = {
    132000: misbuilt(
        "Er is te veel of te weinig ingevuld voor dit sjabloon.",
        "Too much or too little was filled in for this template.",
    ),
    132001: reject(
        "Dit sjabloon bestaat niet in deze taal, of is nog niet goedgekeurd.",
        "This template does not exist in this language, or is not approved yet.",
    ),
    132005: reject(
        "Met wat er is ingevuld wordt het sjabloon te lang.",
        "With what was filled in the template becomes too long.",
    ),
    132007: misbuilt(
        "WhatsApp laat de inhoud van dit sjabloon niet toe.",
        "WhatsApp does not allow the content of this template.",
    ),
    132012: _MISFIT,
    132015: reject(
        "WhatsApp heeft dit sjabloon gepauzeerd omdat klanten het niet waardeerden. "
        "Neem een ander sjabloon; een beheerder kan dit aanpassen.",
        "WhatsApp has paused this template because customers did not like it. "
        "Take another template; an admin can change this one.",
    ),
    132016: reject(
        "WhatsApp heeft dit sjabloon uitgeschakeld. Neem een ander sjabloon.",
        "WhatsApp has disabled this template. Take another template.",
    ),
    132018: _MISFIT,
    132068: _BLOCKED_FLOW,
    132069: _BLOCKED_FLOW,
    134011: reject(
        "De voorwaarden voor betalen via WhatsApp zijn nog niet aanvaard. Een beheerder moet dat "
        "doen.",
        "The terms of paying on WhatsApp have not been accepted yet. An admin must do so.",
    ),
    134100: reject(
        "Langs deze weg gaan alleen sjablonen voor reclame.",
        "Only templates for marketing go this way.",
    ),
    134101: retry(
        "WhatsApp is nog bezig met dit nieuwe sjabloon; het gaat vanzelf verder.",
        "WhatsApp is still working on this new template; it goes on by itself.",
        600.0,
    ),
    134102: reject(
        "Dit sjabloon is niet te gebruiken. Neem een ander sjabloon.",
        "This template cannot be used. Take another template.",
    ),
    141002: reject("Dit sjabloon is niet goedgekeurd.", "This template is not approved."),
    200005: misbuilt(
        "WhatsApp geeft over dit sjabloon geen cijfers.",
        "WhatsApp gives no figures of it.",
    ),
    200006: misbuilt(
        "Cijfers over sjablonen staan nog uit.", "Figures about templates are still switched off."
    ),
    200007: misbuilt(
        "Cijfers over sjablonen kunnen niet meer uit.",
        "Figures about templates can no longer be switched off.",
    ),
    2388019: reject(
        "Het account heeft het grootste aantal sjablonen bereikt.",
        "The account has reached the greatest number of templates.",
    ),
    2388023: reject(
        "Een sjabloon met deze naam wordt net verwijderd; kies een andere naam.",
        "A template of this name is being deleted; choose another name.",
    ),
    2388024: reject(
        "Er is al een sjabloon met deze naam in deze taal.",
        "There is a template of this name in this language already.",
    ),
    2388039: misbuilt(
        "Dit sjabloon is nu niet te wijzigen.", "This template cannot be changed now."
    ),
    2388040: misbuilt(
        "Een veld van het sjabloon is te lang.", "A field of the template is too long."
    ),
    2388047: misbuilt("De kop van het sjabloon klopt niet.", "The template's header is wrong."),
    2388072: misbuilt("De tekst van het sjabloon klopt niet.", "The template's body is wrong."),
    2388073: misbuilt("De voet van het sjabloon klopt niet.", "The template's footer is wrong."),
    2388293: reject(
        "Het sjabloon heeft te veel in te vullen voor zo weinig tekst.",
        "The template has too many variables for so little text.",
    ),
    2388299: reject(
        "Een sjabloon mag niet met iets in te vullen beginnen of eindigen.",
        "A template must not begin or end with a variable.",
    ),
}
