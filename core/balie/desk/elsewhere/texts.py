"""What is told when a customer goes on elsewhere, is away, or wants to be forgotten."""

from balie.desk.texts import pick, pick_for_customer

_TEXTS = {
    "went_on": {
        "nl": "De klant gaat verder op {new}, met een code uit {old}. Antwoorden in dit ticket "
        "gaan naar waar de klant het laatst schreef.",
        "en": "The customer goes on in {new}, with a code from {old}. Answers in this ticket go "
        "to where the customer wrote last.",
    },
    "went_on_elsewhere": {
        "nl": "De klant gaat verder op {new}, met een code uit {old}. Dat kanaal staat in een "
        "andere helpdesk; het gesprek gaat daar verder.",
        "en": "The customer goes on in {new}, with a code from {old}. That channel is in another "
        "helpdesk; the talk goes on there.",
    },
    "stay_two": {
        "nl": "Beide kanalen hoorden al bij een bekende klant. Is het dezelfde persoon, voeg de "
        "klanten dan samen in de helpdesk.",
        "en": "Both channels belonged to a known customer. If it is the same person, merge the "
        "customers in the helpdesk.",
    },
    "by_other_way": {
        "nl": "De klant was niet meer in de chat. Dit antwoord gaat via {way} naar {number}, zoals "
        "de klant goedvond: “{quote}”",
        "en": "The customer had left the chat. This answer goes by {way} to {number}, as the "
        "customer agreed: “{quote}”",
    },
    "by_mail": {
        "nl": "De klant was niet meer in de chat. Dit antwoord gaat per e-mail naar {number}, een "
        "adres waarvan vaststaat dat het van de klant is: “{quote}”",
        "en": "The customer had left the chat. This answer goes by e-mail to {number}, an address "
        "that is known to be the customer's: “{quote}”",
    },
    "by_mail_untapped": {
        "nl": "De klant heeft op {untapped} niet gereageerd. Dit bewaarde antwoord gaat nu per "
        "e-mail naar {number}, een adres waarvan vaststaat dat het van de klant is; via {untapped} "
        "komt het niet meer: “{quote}”",
        "en": "The customer has not responded on {untapped}. This answer, which was kept, goes by "
        "e-mail to {number} now, an address that is known to be the customer's; by {untapped} it "
        "comes no more: “{quote}”",
    },
    "way_back": {
        "nl": "Ga verder in {name}",
        "en": "Go on in {name}",
    },
    "own_ticket": {
        "nl": "Op dat nummer loopt al een gesprek: wat daar terugkomt, staat in dat ticket.",
        "en": "There is a talk with that number already: what comes back is in that ticket.",
    },
    "no_other_way": {
        "nl": "De klant is niet meer in de chat en liet geen nummer achter. Antwoorden staan klaar "
        "voor als de klant terugkomt: “{quote}”",
        "en": "The customer has left the chat and left no number. Answers are there for when the "
        "customer comes back: “{quote}”",
    },
    "no_other_way_nor_mail": {
        "nl": "De klant is niet meer in de chat en liet geen nummer achter; een e-mailadres dat "
        "zeker van de klant is, is er ook niet. Antwoorden staan klaar voor als de klant "
        "terugkomt: “{quote}”",
        "en": "The customer has left the chat and left no number; nor is there an e-mail address "
        "that is known to be theirs. Answers are there for when the customer comes back: "
        "“{quote}”",
    },
    "goes_on_here": {
        "nl": "U vroeg in de chat van {name} om hier verder te gaan. Schrijf gerust, we lezen mee.",
        "nl-je": "Je vroeg in de chat van {name} om hier verder te gaan. Schrijf gerust, we lezen "
        "mee.",
        "en": "You asked in the chat of {name} to go on here. Do write, we are reading along.",
    },
    "wants_to_go_on": {
        "nl": "De klant wil verder op {way}, op {number}. Er is daar een bericht klaargezet; wat "
        "de klant terugschrijft, staat hier.",
        "en": "The customer wants to go on by {way}, at {number}. A message was prepared there; "
        "what the customer writes back is here.",
    },
    "erased": {"nl": "[gewist]", "en": "[erased]"},
    "wants_erasure": {
        "nl": "De klant heeft zijn gegevens in de chat gewist. Balie heeft de berichten "
        "verwijderd; wis ze ook in dit ticket en bij deze klant.",
        "en": "The customer erased their data in the chat. Balie has removed the messages; "
        "erase them in this ticket and with this customer too.",
    },
}


def say(name: str, locale: str, /, **values: str) -> str:
    """Return a text, filled in. Dutch for ``nl``, English for anything else."""
    return pick(_TEXTS[name], locale, **values)


def say_to_customer(name: str, locale: str, tone: str, /, **values: str) -> str:
    """Return a text for a customer, filled in."""
    return pick_for_customer(_TEXTS[name], locale, tone, **values)
