"""The desk's words, in English and Dutch."""

from werkzeug.datastructures import LanguageAccept

TEXTS = {
    "en": {
        "title": "Agent's desk",
        "tickets": "Tickets",
        "none": "No tickets yet. Write something on the phone.",
        "choose": "Choose a ticket on the left.",
        "thread": "Conversation",
        "write": "Your answer",
        "reply": "Public reply",
        "note": "Internal note",
        "solve": "Solve",
        "closed": "This ticket is closed and takes no more answers.",
        "requester": "Customer",
        "phone": "Phone",
        "external_id": "External id",
        "unread": "unread",
        "internal": "internal note",
        "agent": "agent",
        "customer": "customer",
        "integration": "integration",
        "back": "All tickets",
        "failed": "That did not work",
        "offline": "No connection; trying again.",
        "signed_in": "Signed in as",
        "new": "new",
        "open": "open",
        "pending": "pending",
        "hold": "on hold",
        "solved": "solved",
        "status_closed": "closed",
    },
    "nl": {
        "title": "Bureau van de medewerker",
        "tickets": "Tickets",
        "none": "Nog geen tickets. Schrijf iets op de telefoon.",
        "choose": "Kies links een ticket.",
        "thread": "Gesprek",
        "write": "Uw antwoord",
        "reply": "Openbaar antwoord",
        "note": "Interne notitie",
        "solve": "Oplossen",
        "closed": "Dit ticket is gesloten; antwoorden kan niet meer.",
        "requester": "Klant",
        "phone": "Telefoon",
        "external_id": "Extern id",
        "unread": "ongelezen",
        "internal": "interne notitie",
        "agent": "medewerker",
        "customer": "klant",
        "integration": "koppeling",
        "back": "Alle tickets",
        "failed": "Dat lukte niet",
        "offline": "Geen verbinding; nieuwe poging volgt.",
        "signed_in": "Ingelogd als",
        "new": "nieuw",
        "open": "open",
        "pending": "wacht op klant",
        "hold": "in de wacht",
        "solved": "opgelost",
        "status_closed": "gesloten",
    },
}


def language(asked: str | None, accepted: LanguageAccept) -> str:
    """What ?lang= names, else what the browser prefers, else English."""
    if asked in TEXTS:
        return asked
    return accepted.best_match(["en", "nl"], default="en") or "en"
