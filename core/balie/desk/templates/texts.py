"""What Balie says of templates, in the tenant's language."""

from balie.desk.texts import pick

_TEXTS = {
    "missing": {
        "nl": "Er is geen sjabloon “{name}”.",
        "en": "There is no template “{name}”.",
    },
    "misspelt": {
        "nl": "Er is geen sjabloon “{name}”. Bedoeld is misschien: {near}.",
        "en": "There is no template “{name}”. Perhaps this is meant: {near}.",
    },
    "language": {
        "nl": "Het sjabloon “{name}” is er niet in de taal “{language}”, wel in: {languages}.",
        "en": "The template “{name}” is not there in “{language}”, but in: {languages}.",
    },
    "unusable": {
        "nl": "Het sjabloon “{name}” ({language}) kan nu niet worden gebruikt: het kanaal noemt "
        "het {status}{reason}. Kies een ander, of laat een beheerder ernaar kijken.",
        "en": "The template “{name}” ({language}) cannot be used now: the channel calls it "
        "{status}{reason}. Choose another one, or let an admin look at it.",
    },
    "unfilled": {
        "nl": "Voor het sjabloon “{name}” ontbreekt nog: {missing}. Schrijf het zo: {example}",
        "en": "The template “{name}” still needs: {missing}. Write it like this: {example}",
    },
    "unknown_value": {
        "nl": "Het sjabloon “{name}” heeft geen variabele “{given}”. Het kent: {known}.",
        "en": "The template “{name}” has no variable “{given}”. It knows: {known}.",
    },
    "takes_none": {
        "nl": "Het sjabloon “{name}” heeft geen variabelen, dus ook geen “{given}”.",
        "en": "The template “{name}” has no variables, so no “{given}” either.",
    },
}


def say(name: str, locale: str, /, **values: str) -> str:
    """Return a text, filled in."""
    return pick(_TEXTS[name], locale, **values)
