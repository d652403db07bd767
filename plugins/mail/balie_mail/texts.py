"""What letters say around an answer, and what agents and admins are told. Dutch and English."""

from collections.abc import Mapping

_LETTER: dict[str, dict[str, str]] = {
    "subject": {
        "u": "Antwoord van {name}",
        "je": "Antwoord van {name}",
        "en": "An answer from {name}",
    },
    "asked": {"u": "U vroeg in onze chat:", "je": "Je vroeg in onze chat:", "en": "You asked:"},
    "back": {
        "u": "Verder praten? Open de chat met deze link; hij is enkele dagen geldig:",
        "je": "Verder praten? Open de chat met deze link; hij is enkele dagen geldig:",
        "en": "To go on, open the chat by this link; it is good for a few days:",
    },
    "why": {
        "u": "U krijgt deze e-mail omdat u onze chat had verlaten toen het antwoord kwam.",
        "je": "Je krijgt deze e-mail omdat je onze chat had verlaten toen het antwoord kwam.",
        "en": "You get this e-mail as you had left our chat when the answer came.",
    },
    "reply": {
        "u": "U kunt ook op deze e-mail antwoorden.",
        "je": "Je kunt ook op deze e-mail antwoorden.",
        "en": "You can answer this e-mail, too.",
    },
    "no_reply": {
        "u": "Antwoorden op deze e-mail worden niet gelezen.",
        "je": "Antwoorden op deze e-mail worden niet gelezen.",
        "en": "Answers to this e-mail are not read.",
    },
}
_TOLD: dict[str, dict[str, str]] = {
    "no_address": {
        "nl": "Van deze klant is geen e-mailadres bekend dat zeker van de klant is.",
        "en": "No e-mail address is known that is certain to be this customer's.",
    },
    "unknown_address": {
        "nl": "De mailserver kent dit e-mailadres niet. Vraag de klant om een ander.",
        "en": "The mail server does not know this e-mail address. Ask the customer for another.",
    },
    "full": {
        "nl": "De mailbox van de klant is vol, of het bericht is er te groot voor. Verstuur het "
        "later opnieuw, of zonder bestand.",
        "en": "The customer's mailbox is full, or the message is too large for it. Send it again "
        "later, or without the file.",
    },
    "not_trusted": {
        "nl": "De mailserver van de klant vertrouwt onze e-mail niet. Laat uw beheerder SPF, DKIM "
        "en DMARC van het afzenderadres nakijken.",
        "en": "The customer's mail server does not trust our e-mail. Let your admin check SPF, "
        "DKIM and DMARC of the sender's address.",
    },
    "refused": {
        "nl": "De mailserver neemt deze e-mail niet aan.",
        "en": "The mail server does not take this e-mail.",
    },
}


def of_letter(name: str, locale: str, tone: str, /, **values: str) -> str:
    """Return a sentence of a letter."""
    return _LETTER[name][tone if locale == "nl" else "en"].format(**values)


def told(name: str, locale: str) -> str:
    """Return a sentence for an agent. Dutch for ``nl``, English for anything else."""
    forms: Mapping[str, str] = _TOLD[name]
    return forms["nl" if locale == "nl" else "en"]
