"""Changes of the business number: quality, limits, name, PIN, settings."""

from balie.api import Event, Severity
from balie_whatsapp.account.change import Change
from balie_whatsapp.untrusted import joined, one_line, short_texts

_QUALITY = {
    "FLAGGED": (
        Severity.ALARM,
        (
            "De kwaliteit van het nummer is laag: klanten blokkeren of melden het. Stuur minder "
            "sjablonen, anders beperkt Meta het nummer."
        ),
        (
            "The number's quality is low: customers block or report it. Send fewer templates, or "
            "Meta restricts the number."
        ),
    ),
    "UNFLAGGED": (
        Severity.CLEARED,
        "De kwaliteit van het nummer is weer in orde.",
        "The number's quality is all right again.",
    ),
    "DOWNGRADE": (
        Severity.WARNING,
        "Meta heeft de berichtenlimiet verlaagd.",
        "Meta has lowered the messaging limit.",
    ),
    "UPGRADE": (
        Severity.INFO,
        "Meta heeft de berichtenlimiet verhoogd.",
        "Meta has raised the messaging limit.",
    ),
    "ONBOARDING": (
        Severity.INFO,
        "Het nummer is aangemeld; dit is de berichtenlimiet.",
        "The number is registered; this is the messaging limit.",
    ),
    "THROUGHPUT_UPGRADE": (
        Severity.INFO,
        "Het nummer mag meer berichten per seconde sturen.",
        "The number may send more messages a second.",
    ),
}
_NAMES = {
    "APPROVED": ("De weergavenaam is goedgekeurd", "The display name was approved"),
    "REJECTED": ("De weergavenaam is afgekeurd", "The display name was rejected"),
    "PENDING": ("De weergavenaam wordt beoordeeld", "The display name is under review"),
    "DEFERRED": (
        "De beoordeling van de weergavenaam is uitgesteld",
        "The display name's review was put off",
    ),
}
_SECURITY = {
    "PIN_CHANGED": (
        "De pincode van het nummer is gewijzigd. Was u dat niet, kijk dan in WhatsApp Manager.",
        "The number's PIN was changed. If it was not you, look in WhatsApp Manager.",
    ),
    "PIN_RESET_REQUEST": (
        (
            "Iemand wil de pincode van het nummer uitzetten. Was u dat niet, kijk dan in "
            "WhatsApp Manager."
        ),
        (
            "Somebody wants the number's PIN switched off. If it was not you, look in "
            "WhatsApp Manager."
        ),
    ),
    "PIN_REQUEST_SUCCESS": (
        "De pincode van het nummer is uitgezet.",
        "The number's PIN was switched off.",
    ),
}


def read_quality(change: Change) -> list[Event]:
    """Return a change of quality or limits; none for an event that is not known."""
    known = _QUALITY.get(change.text("event"))
    if known is None:
        return []
    severity, dutch, english = known
    text = change.say(dutch, english)
    if change.text("event") in ("FLAGGED", "UNFLAGGED"):
        return [change.notice("quality", severity, text)]
    limit = change.text("max_daily_conversations_per_business") or change.text("current_limit")
    return [change.notice("limit", severity, text, limit)]


def read_name(change: Change) -> list[Event]:
    """Return what came of the display name; none for a decision that is not known."""
    decision = change.text("decision")
    if decision not in _NAMES:
        return []
    severity = Severity.WARNING if decision == "REJECTED" else Severity.INFO
    told = joined(change.text("requested_verified_name"), change.text("rejection_reason"))
    return [change.notice("name", severity, change.say(*_NAMES[decision]), told)]


def read_capability(change: Change) -> list[Event]:
    """Return how many customers a day, and how many numbers, the business may have now."""
    told = "; ".join(short_texts(change.value))
    text = change.say("De limieten van het bedrijf", "The business's limits")
    return [change.notice("limit", Severity.INFO, text, one_line(told, 500))]


def read_security(change: Change) -> list[Event]:
    """Return a change of the number's PIN; none for an event that is not known."""
    known = _SECURITY.get(change.text("event"))
    return [change.notice("pin", Severity.WARNING, change.say(*known))] if known else []


def read_settings(change: Change) -> list[Event]:
    """Return that settings of the number were changed at Meta."""
    told = "; ".join(short_texts(change.value.get(change.text("type"))))
    text = change.say("Instellingen bij Meta zijn gewijzigd", "Settings at Meta were changed")
    return [change.notice("settings", Severity.INFO, text, one_line(told, 500))]


def read_username(change: Change) -> list[Event]:
    """Return what became of the business's username."""
    told = joined(change.text("username"), change.text("status"))
    text = change.say("Gebruikersnaam van het bedrijf", "The business's username")
    return [change.notice("username", Severity.INFO, text, told)]
