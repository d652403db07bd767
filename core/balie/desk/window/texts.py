"""What Balie says of the service window, in the tenant's language."""

from balie.desk.texts import pick

_TEXTS = {
    "closed": {
        "nl": "Op {channel} mag nu geen vrij antwoord worden gestuurd: dat kon tot {time}.",
        "en": "No free answer may be sent on {channel} now: that was possible until {time}.",
    },
    "never_open": {
        "nl": "Op {channel} mag nu geen vrij antwoord worden gestuurd: deze klant heeft daar nog "
        "niet geschreven.",
        "en": "No free answer may be sent on {channel} now: this customer has not written there "
        "yet.",
    },
    "shut": {
        "nl": "{channel} meldt dat de klant te lang geleden schreef voor een vrij antwoord.",
        "en": "{channel} says that the customer wrote too long ago for a free answer.",
    },
    "typed": {
        "nl": "Het nummer is in de chat ingevuld. Pas als wie dat nummer heeft het goedvindt, gaat "
        "er via {channel} een antwoord heen.",
        "en": "The number was typed in the chat. Only if whoever has that number accepts it, an "
        "answer goes there by {channel}.",
    },
    "is_it_you": {
        "nl": "In de chat van {name} is gevraagd om op dit nummer te antwoorden. Klopt dat? Tik "
        "dan op de knop, of beantwoord dit bericht. Zo niet, dan hoeft er niets te gebeuren.",
        "en": "In the chat of {name} somebody asked to be answered at this number. Was that you? "
        "Then tap the button, or reply to this message. If not, you need not do anything.",
    },
    "it_is": {"nl": "Ja, dat was ik", "en": "Yes, that was me"},
    "held": {
        "nl": "Nog niet verstuurd: “{quote}”\n{closed} Het antwoord wordt bewaard en gaat weg "
        "zodra de klant reageert, tot {until}. De klant kreeg hiervoor dit bericht: “{asked}”",
        "en": "Not sent yet: “{quote}”\n{closed} The answer is kept and goes out as soon as the "
        "customer responds, until {until}. For this the customer got this message: “{asked}”",
    },
    "held_then_mailed": {
        "nl": "Nog niet verstuurd: “{quote}”\n{closed} Het antwoord wordt bewaard en gaat weg "
        "zodra de klant reageert, tot {until}; daarna gaat het per e-mail. De klant kreeg hiervoor "
        "dit bericht: “{asked}”",
        "en": "Not sent yet: “{quote}”\n{closed} The answer is kept and goes out as soon as the "
        "customer responds, until {until}; after that it goes by e-mail. For this the customer got "
        "this message: “{asked}”",
    },
    "untapped": {
        "nl": "{closed} De klant heeft niet op tijd gereageerd.",
        "en": "{closed} The customer has not responded in time.",
    },
    "released": {
        "nl": "De klant heeft gereageerd; dit bewaarde antwoord is nu verstuurd: “{quote}”",
        "en": "The customer has responded; this answer, which was kept, was sent now: “{quote}”",
    },
    "no_template": {
        "nl": "{closed} Er is geen sjabloon ingesteld dat de klant vraagt te reageren. Stuur er "
        "een met /template, of laat een beheerder waiting_template instellen.",
        "en": "{closed} No template is set that asks the customer to respond. Send one with "
        "/template, or let an admin set waiting_template.",
    },
    "bad_template": {
        "nl": "{closed} Het sjabloon dat de klant vraagt te reageren kan niet worden gestuurd. "
        "{why}",
        "en": "{closed} The template that asks the customer to respond cannot be sent. {why}",
    },
    "failed_template": {
        "nl": "{closed} Het bericht dat de klant vraagt te reageren is niet aangekomen ({why}).",
        "en": "{closed} The message that asks the customer to respond did not arrive ({why}).",
    },
    "expired": {
        "nl": "{closed} De klant heeft in {days} dagen niet gereageerd, dus het antwoord is niet "
        "verstuurd. Probeer het langs een andere weg.",
        "en": "{closed} The customer has not responded in {days} days, so the answer was not "
        "sent. Try another way.",
    },
    "closes": {
        "nl": "Deze klant wacht nog op antwoord. Vrij antwoorden kan tot {time}; daarna alleen met "
        "een sjabloon.",
        "en": "This customer still waits for an answer. Free answers are possible until {time}; "
        "after that, only with a template.",
    },
    "unread_template": {
        "nl": "sjabloon {name}",
        "en": "template {name}",
    },
}


def say(name: str, locale: str, /, **values: str) -> str:
    """Return a text, filled in."""
    return pick(_TEXTS[name], locale, **values)
