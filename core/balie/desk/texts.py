"""What Balie itself says to agents, in the tenant's language."""

from collections.abc import Mapping

_TEXTS = {
    "answer_to_nobody": {
        "nl": "Niet verstuurd: de gegevens van deze klant zijn op verzoek gewist, en daarmee ook "
        "waar de klant te bereiken was.",
        "en": "Not sent: this customer's data were erased on request, and with them where the "
        "customer could be reached.",
    },
    "answer_to_no_talk": {
        "nl": "Niet verstuurd: dit ticket lijkt op een van Balie, maar er hoort geen gesprek bij. "
        "Antwoorden in dit ticket stuurt Balie naar niemand; antwoord in het ticket waarin de "
        "klant schreef.",
        "en": "Not sent: this ticket looks like one of Balie's, but no conversation belongs to it. "
        "Balie sends answers in this ticket to nobody; answer in the ticket in which the customer "
        "wrote.",
    },
    "merged_here": {
        "nl": "Het gesprek op {channel} gaat hier verder: openbare antwoorden in dit ticket gaan "
        "naar de klant op {channel}.",
        "en": "The conversation on {channel} goes on here: public answers in this ticket go to the "
        "customer on {channel}.",
    },
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
        "nl": "Dit is niet naar de klant gestuurd:\n{what}",
        "en": "This was not sent to the customer:\n{what}",
    },
    "no_files": {
        "nl": "{file}: dit kanaal verstuurt geen bestanden",
        "en": "{file}: this channel sends no files",
    },
    "wrong_type": {
        "nl": "{file}: dit kanaal neemt geen bestand van het type {type}",
        "en": "{file}: this channel takes no file of type {type}",
    },
    "too_large": {
        "nl": "{file}: het bestand is groter dan {most}, meer neemt het kanaal niet",
        "en": "{file}: the file is larger than {most}, the most that the channel takes",
    },
    "by_link": {
        "nl": "{file} is te groot om hier te sturen. Op te halen tot {until}: {link}",
        "en": "{file} is too large to be sent here. To be fetched until {until}: {link}",
    },
    "went_by_link": {
        "nl": "{file} is te groot voor dit kanaal en is als link naar de klant gestuurd. De link "
        "werkt tot {until}.",
        "en": "{file} is too large for this channel and was sent to the customer as a link. The "
        "link works until {until}.",
    },
    "no_file": {
        "nl": "{file}: het bestand kon niet uit de helpdesk worden gehaald ({why})",
        "en": "{file}: the file could not be fetched from the helpdesk ({why})",
    },
    "file_remark": {
        "nl": "Over het bestand {file} in een antwoord aan de klant: {remark}",
        "en": "About the file {file} in an answer to the customer: {remark}",
    },
    "file_missing": {
        "nl": "Het bestand is er nog niet: {why} Balie blijft het proberen en zet het er later "
        "bij.",
        "en": "The file is not there yet: {why} Balie keeps trying and adds it later.",
    },
    "file_too_large": {
        "nl": "Het bestand is groter dan {most}.",
        "en": "The file is larger than {most}.",
    },
    "file_damaged": {
        "nl": "Het bestand kwam beschadigd aan.",
        "en": "The file arrived damaged.",
    },
    "file_slow": {
        "nl": "Het bestand komt te langzaam binnen.",
        "en": "The file comes in too slowly.",
    },
    "file_lost": {
        "nl": "Een bestand van de klant kon niet worden opgehaald: {what}. Reden: {why} Vraag de "
        "klant het opnieuw te sturen.",
        "en": "A file of the customer could not be fetched: {what}. Reason: {why} Ask the "
        "customer to send it again.",
    },
    "file_late": {
        "nl": "[Bestand bij een eerder bericht]",
        "en": "[File of an earlier message]",
    },
    "not_yet": {
        "nl": "Nog niet verstuurd: “{quote}”\nBalie blijft het proberen. Reden: {why}",
        "en": "Not sent yet: “{quote}”\nBalie keeps trying. Reason: {why}",
    },
    "gave_up": {
        "nl": "Balie kon dit antwoord niet versturen ({why}).",
        "en": "Balie could not send this answer ({why}).",
    },
    "unclear": {
        "nl": "Onzeker of dit antwoord is aangekomen: “{quote}”\nToen het verstuurd was, brak de "
        "verbinding af, en {channel} kan niet nagaan wat ervan werd. Balie stuurt het daarom nog "
        "één keer; het kan dus twee keer aankomen.",
        "en": "It is unclear whether this answer arrived: “{quote}”\nThe connection broke once it "
        "was sent, and {channel} has no way to find out what became of it. So Balie sends it once "
        "more; it may arrive twice.",
    },
    "unclear_end": {
        "nl": "Nog steeds onzeker of dit antwoord is aangekomen: “{quote}”\nHet kan niet, één of "
        "meer keren zijn aangekomen, en Balie stuurt het niet nog eens ({why}). Vraag het de klant "
        "langs een andere weg.",
        "en": "It is still unclear whether this answer arrived: “{quote}”\nIt may have come not at "
        "all, once or more than once, and Balie does not send it again ({why}). Ask the customer "
        "another way.",
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
    "said_on_phone": {
        "nl": "[Gestuurd vanaf de telefoon, buiten de helpdesk om]",
        "en": "[Sent from the phone, past the helpdesk]",
    },
    "address_taken": {
        "nl": "{address} hoort hier al bij een andere klant en blijft daar. Is het dezelfde "
        "persoon, voeg de klanten dan samen in de helpdesk.",
        "en": "{address} belongs to another customer here already and stays there. If it is the "
        "same person, merge the customers in the helpdesk.",
    },
    "other_requester": {
        "nl": "De aanvrager van ticket {ticket} is nu iemand anders dan de klant met wie dit "
        "gesprek is. Antwoorden gaan nog steeds naar {who} via {channel}, en wat die schrijft "
        "komt in dit ticket. Is het dezelfde persoon, voeg de twee gebruikers dan samen in de "
        "helpdesk. Zo niet, zet de aanvrager terug en antwoord de ander in een eigen ticket.",
        "en": "The requester of ticket {ticket} is now somebody else than the customer in this "
        "conversation. Answers still go to {who} at {channel}, and what they write goes into "
        "this ticket. If the two are one person, merge the two users in the helpdesk. If not, "
        "set the requester back and answer the other one in a ticket of their own.",
    },
    "the_customer": {
        "nl": "de klant",
        "en": "the customer",
    },
    "no_reason": {
        "nl": "Het kanaal gaf geen reden.",
        "en": "The channel gave no reason.",
    },
}


def say(name: str, locale: str, **values: str) -> str:
    """Return a text, filled in. Dutch for ``nl``, English for anything else."""
    return pick(_TEXTS[name], locale, **values)


def pick_for_customer(forms: Mapping[str, str], locale: str, tone: str, /, **values: str) -> str:
    """Return the form for a customer, filled in. Dutch has one for each tone where they differ."""
    return pick({**forms, "nl": forms.get(f"nl-{tone}", forms["nl"])}, locale, **values)


def pick(forms: Mapping[str, str], locale: str, /, **values: str) -> str:
    """Return the form of this language, filled in; English where there is none."""
    return forms.get(locale, forms["en"]).format(**values)
