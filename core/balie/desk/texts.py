"""What Balie itself says to agents, in the tenant's language."""

_TEXTS = {
    "not_delivered": {
        "nl": "Niet bezorgd bij de klant: {why}\nHet gaat om dit antwoord: “{quote}”",
        "en": "Not delivered to the customer: {why}\nThis is about the answer: “{quote}”",
    },
    "sent_after_all": {
        "nl": "Dit antwoord is toch naar de klant verstuurd: “{quote}”",
        "en": "This answer was sent to the customer after all: “{quote}”",
    },
    "said_automatically": {
        "nl": "Automatisch gestuurd aan de klant: {text}",
        "en": "Sent to the customer automatically: {text}",
    },
    "left_out": {
        "nl": "Dit is niet naar de klant gestuurd, omdat alleen tekst mee kan: {what}",
        "en": "This was not sent to the customer, because only text can go along: {what}",
    },
    "gave_up": {
        "nl": "Balie kon dit antwoord niet versturen ({why}).",
        "en": "Balie could not send this answer ({why}).",
    },
    "unread_message": {
        "nl": "Hier ontbreekt een bericht van de klant: Balie kon het niet lezen en bewaart het "
        "(nummer {item} in het grootboek). Reden: {why}",
        "en": "A message of the customer is missing here: Balie could not read it and keeps it "
        "(number {item} in the ledger). Reason: {why}",
    },
    "unread_answer": {
        "nl": "Een antwoord in dit ticket is niet verstuurd: Balie kon het niet lezen "
        "(nummer {item} in het grootboek). Reden: {why}",
        "en": "An answer in this ticket was not sent: Balie could not read it "
        "(number {item} in the ledger). Reason: {why}",
    },
    "unfiled": {
        "nl": "Dit bericht kon niet in het ticket worden gezet: “{quote}” "
        "(nummer {item} in het grootboek). Reden: {why}",
        "en": "This message could not be put into the ticket: “{quote}” "
        "(number {item} in the ledger). Reason: {why}",
    },
    "no_reason": {
        "nl": "Het kanaal gaf geen reden.",
        "en": "The channel gave no reason.",
    },
}


def say(name: str, locale: str, **values: str) -> str:
    """Return a text, filled in. Dutch for ``nl``, English for anything else."""
    forms = _TEXTS[name]
    return forms.get(locale, forms["en"]).format(**values)
