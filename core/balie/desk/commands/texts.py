"""What Balie answers to agents' commands, and what it tells customers because of them."""

from balie.desk.texts import pick, pick_for_customer

_TEXTS = {
    "sends": {
        "nl": "Wordt verstuurd als sjabloon {name} ({language}): “{text}”",
        "en": "Will be sent as template {name} ({language}): “{text}”",
    },
    "asks": {
        "nl": "Wordt verstuurd: “{text}” met de keuzes {options}",
        "en": "Will be sent: “{text}” with the choices {options}",
    },
    "refused": {
        "nl": "Niet verstuurd. {why}",
        "en": "Not sent. {why}",
    },
    "unknown": {
        "nl": "“/{word}” is geen opdracht. {help}",
        "en": "“/{word}” is no command. {help}",
    },
    "how_template": {
        "nl": 'Noem het sjabloon: /template NAAM 1=WAARDE 2="WAARDE MET SPATIES". Een taal '
        "erbij: /template NAAM/nl. {templates}",
        "en": 'Name the template: /template NAME 1=VALUE 2="VALUE WITH SPACES". With a language: '
        "/template NAME/en. {templates}",
    },
    "how_value": {
        "nl": "“{word}” is niet te lezen. Schrijf waarden als 1=WAARDE, met spaties als "
        '1="WAARDE MET SPATIES".',
        "en": "“{word}” cannot be read. Write values as 1=VALUE, with spaces as "
        '1="VALUE WITH SPACES".',
    },
    "how_buttons": {
        "nl": "Schrijf een vraag en een tot drie verschillende knoppen: /buttons Vraag | Ja | Nee",
        "en": "Write a question and one to three different buttons: /buttons Question | Yes | No",
    },
    "how_list": {
        "nl": "Schrijf een vraag, het woord op de knop, en een tot tien verschillende keuzes: "
        "/list Vraag | Kies | Keuze: uitleg | Keuze",
        "en": "Write a question, the word on the button, and one to ten different choices: "
        "/list Question | Choose | Choice: explanation | Choice",
    },
    "how_link": {
        "nl": "Schrijf een tekst, het woord op de knop en het adres: "
        "/link Tekst | Bekijk | https://…",
        "en": "Write a text, the word on the button and the address: /link Text | View | https://…",
    },
    "how_ask": {
        "nl": "Schrijf wat de klant met één tik mag delen: /vraag locatie Waar bent u? of "
        "/vraag nummer Wat is uw nummer?",
        "en": "Write what the customer may share with one tap: /ask location Where are you? or "
        "/ask phone What is your number?",
    },
    "how_place": {
        "nl": "Schrijf naam, adres en graden: /plaats Winkel | Straat 1, Utrecht | 52.09, 5.12",
        "en": "Write name, address and degrees: /place Shop | Street 1, Utrecht | 52.09, 5.12",
    },
    "how_contact": {
        "nl": "Schrijf een naam en een nummer: /contact Monteur | +31 …",
        "en": "Write a name and a number: /contact Mechanic | +31 …",
    },
    "how_react": {
        "nl": "Schrijf één emoji, voor het laatste bericht van de klant: /reageer 👍",
        "en": "Write one emoji, for the customer's last message: /react 👍",
    },
    "sends_part": {
        "nl": "Wordt verstuurd: “{text}”",
        "en": "Will be sent: “{text}”",
    },
    "cannot_part": {
        "nl": "{channel} kan dit niet sturen; zeg het in een gewoon antwoord.",
        "en": "{channel} cannot send this; say it in an ordinary answer.",
    },
    "nothing_said": {
        "nl": "De klant heeft nog niets geschreven waarop dit een reactie kan zijn.",
        "en": "The customer has not written anything yet that this could react to.",
    },
    "cannot_template": {
        "nl": "{channel} kent geen sjablonen.",
        "en": "{channel} has no templates.",
    },
    "cannot_options": {
        "nl": "{channel} kan geen keuzes sturen; stel de vraag in een gewoon antwoord.",
        "en": "{channel} cannot send choices; ask in an ordinary answer.",
    },
    "cannot_close": {
        "nl": "Een gesprek op {channel} hoeft niet te worden gesloten: zet het ticket op opgelost.",
        "en": "A conversation on {channel} need not be closed: solve the ticket.",
    },
    "closes": {
        "nl": "Het gesprek is gesloten: dit ticket is opgelost. Schrijft de klant weer, dan "
        "gaat het weer open.",
        "en": "The conversation is closed: this ticket is solved. When the customer writes again, "
        "it opens again.",
    },
    "went_on": {
        "nl": "Niet gesloten: het gesprek is intussen verdergegaan, hier of in een nieuwer ticket.",
        "en": "Not closed: the conversation has gone on meanwhile, here or in a newer ticket.",
    },
    "cannot_move": {
        "nl": "Er is geen ander kanaal om op verder te gaan dat in deze helpdesk uitkomt.",
        "en": "There is no other channel to go on in that ends in this helpdesk.",
    },
    "moves": {
        "nl": "De klant krijgt een link om verder te gaan op {channel}. Die werkt een half uur, "
        "voor wie hem het eerst gebruikt; wat de klant daar schrijft, komt in dit ticket.",
        "en": "The customer gets a link to go on in {channel}. It works for half an hour, for who "
        "uses it first; what the customer writes there comes into this ticket.",
    },
    "move_failed": {
        "nl": "De link om verder te gaan op {channel} kon niet worden gemaakt ({why}).",
        "en": "The link to go on in {channel} could not be made ({why}).",
    },
    "move_text": {
        "nl": "U kunt dit gesprek voortzetten op {channel}:",
        "nl-je": "Je kunt dit gesprek voortzetten op {channel}:",
        "en": "You can go on with this talk in {channel}:",
    },
    "move_label": {
        "nl": "Naar {channel}",
        "en": "To {channel}",
    },
    "move_words": {
        "nl": "Hallo, ik ga hier verder: {code}",
        "en": "Hello, I go on here: {code}",
    },
    "help": {
        "nl": "Opdrachten in een interne notitie: /template NAAM 1=WAARDE · "
        "/buttons Vraag | Ja | Nee · /list Vraag | Kies | Keuze: uitleg · "
        "/link Tekst | Knop | https://… · /vraag locatie Tekst · /vraag nummer Tekst · "
        "/plaats Naam | Adres | 52.09, 5.12 · /contact Naam | Nummer · /reageer 👍 · /sluiten · "
        "/whatsapp · /help. "
        "In een waarde staat {{naam}} voor de naam van de klant en {{ticket}} voor het nummer. "
        "{templates}",
        "en": "Commands in an internal note: /template NAME 1=VALUE · "
        "/buttons Question | Yes | No · /list Question | Choose | Choice: explanation · "
        "/link Text | Button | https://… · /ask location Text · /ask phone Text · "
        "/place Name | Address | 52.09, 5.12 · /contact Name | Number · /react 👍 · "
        "/close · /whatsapp · /help. In a value, {{name}} stands for the customer's name and "
        "{{ticket}} for the number. {templates}",
    },
    "templates": {
        "nl": "Sjablonen: {names}.",
        "en": "Templates: {names}.",
    },
    "no_templates": {
        "nl": "Er zijn nog geen sjablonen.",
        "en": "There are no templates yet.",
    },
}


def say(name: str, locale: str, /, **values: str) -> str:
    """Return a text for agents, filled in."""
    return pick(_TEXTS[name], locale, **values)


def say_to_customer(name: str, locale: str, tone: str, /, **values: str) -> str:
    """Return a text for a customer, filled in."""
    return pick_for_customer(_TEXTS[name], locale, tone, **values)
