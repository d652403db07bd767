"""Answers that are refused before anything leaves, and what the agent reads."""

from balie.api import Context, Rejected
from balie_whatsapp.words import say

_TEXTS = {
    "empty": ("Het antwoord is leeg, dus er is niets verzonden.", "The answer is empty."),
    "too_long": (
        "Het antwoord heeft {length} tekens; WhatsApp neemt er {limit}. Verdeel het.",
        "The answer has {length} characters; WhatsApp takes {limit}. Split it.",
    ),
    "no_address": (
        "Van deze klant is geen WhatsApp-adres bekend, dus er is niets verzonden.",
        "No WhatsApp address of this customer is known, so nothing was sent.",
    ),
    "one_thing": (
        "WhatsApp neemt een bericht met één ding tegelijk; stuur ze apart.",
        "WhatsApp takes one thing in a message; send them apart.",
    ),
    "not_sent_here": (
        "WhatsApp kan dit niet versturen: {what}.",
        "WhatsApp cannot send this: {what}.",
    ),
    "not_in_groups": (
        "In een WhatsApp-groep kan dit niet; stuur tekst, een bestand of een sjabloon.",
        "This is not possible in a WhatsApp group; send words, a file or a template.",
    ),
    "no_file": (
        "Het bestand is er niet (meer), dus er is niets verzonden. {why}",
        "The file is not there (any more), so nothing was sent. {why}",
    ),
    "no_caption": (
        "Bij een spraakbericht, geluid of sticker kan geen tekst; stuur die apart.",
        "A voice message, audio or sticker takes no words; send those apart.",
    ),
    "no_target": (
        "Een reactie hoort bij een bericht, en dat bericht is niet bekend.",
        "A reaction belongs to a message, and that message is not known.",
    ),
    "options_count": (
        "WhatsApp neemt 1 tot 10 keuzes; dit zijn er {count}.",
        "WhatsApp takes 1 to 10 options; these are {count}.",
    ),
    "options_alike": (
        "Twee keuzes heten hetzelfde; geef elke keuze een eigen naam.",
        "Two options are called the same; give each its own name.",
    ),
    "option_too_long": (
        "De keuze '{title}' is te lang: een knop heeft {limit} tekens.",
        "The option '{title}' is too long: it may have {limit} characters.",
    ),
    "description_too_long": (
        "De uitleg bij '{title}' is te lang: er is plaats voor {limit} tekens.",
        "The description of '{title}' is too long: there is room for {limit} characters.",
    ),
    "label_too_long": (
        "De knop '{title}' is te lang of leeg: er is plaats voor {limit} tekens.",
        "The button '{title}' is too long or empty: there is room for {limit} characters.",
    ),
    "no_web_address": (
        "'{url}' is geen webadres dat een knop kan openen; het begint met https://.",
        "'{url}' is no web address that a button can open; it begins with https://.",
    ),
    "template_missing": (
        "Er is geen goedgekeurd sjabloon '{name}' in '{language}'. {known}",
        "There is no approved template '{name}' in '{language}'. {known}",
    ),
    "template_status": (
        "Sjabloon '{name}' is nu niet te gebruiken; het staat bij WhatsApp op {status}.",
        "Template '{name}' cannot be used now; at WhatsApp it is {status}.",
    ),
    "template_values": (
        "Sjabloon '{name}' mist: {missing}.",
        "Template '{name}' lacks: {missing}.",
    ),
    "template_unknown": (
        "Sjabloon '{name}' heeft geen {unknown}; in te vullen is: {known}.",
        "Template '{name}' has no {unknown}; what can be filled in is: {known}.",
    ),
    "template_kind": (
        "Sjabloon '{name}' heeft een {what}; dat kan Balie niet invullen.",
        "Template '{name}' has a {what}, which Balie cannot fill in.",
    ),
    "template_value": (
        "'{value}' past niet bij {variable} van sjabloon '{name}'.",
        "'{value}' does not fit {variable} of template '{name}'.",
    ),
}


def refusal(ctx: Context, code: str, **facts: object) -> Rejected:
    """Return the refusal of an answer, in the tenant's language."""
    return Rejected(code, say(ctx.tenant.locale, *_TEXTS[code]).format(**facts).strip())
