"""Alerts about limits and marks, and the review of the account."""

from balie.api import Event, Severity
from balie_whatsapp.account.change import Change
from balie_whatsapp.untrusted import joined, mapping, one_line

_ALERTS = {
    "INCREASED_CAPABILITIES_ELIGIBILITY_DEFERRED": (
        "Meta stelt een hogere berichtenlimiet nog uit.",
        "Meta puts off a higher messaging limit.",
    ),
    "INCREASED_CAPABILITIES_ELIGIBILITY_FAILED": (
        "Meta geeft geen hogere berichtenlimiet.",
        "Meta does not give a higher messaging limit.",
    ),
    "INCREASED_CAPABILITIES_ELIGIBILITY_NEED_MORE_INFO": (
        "Meta wil meer weten voor een hogere berichtenlimiet; kijk in WhatsApp Manager.",
        "Meta wants to know more before a higher messaging limit; look in WhatsApp Manager.",
    ),
    "OBA_APPROVED": (
        "Het nummer is nu een officieel bedrijfsaccount.",
        "The number is now an official business account.",
    ),
    "OBA_REJECTED": (
        "Het nummer wordt geen officieel bedrijfsaccount.",
        "The number does not become an official business account.",
    ),
    "PROFILE_PICTURE_LOST": (
        "De profielfoto van het nummer is weg; zet hem opnieuw.",
        "The number's profile picture is gone; set it again.",
    ),
}
_REVIEWS = {
    "APPROVED": (
        Severity.CLEARED,
        "Meta heeft het WhatsApp-account goedgekeurd.",
        "Meta has approved the WhatsApp account.",
    ),
    "REJECTED": (
        Severity.ALARM,
        "Meta heeft het WhatsApp-account afgekeurd. Maak bezwaar in WhatsApp Manager.",
        "Meta has rejected the WhatsApp account. Appeal in WhatsApp Manager.",
    ),
    "PENDING": (
        Severity.INFO,
        "Meta beoordeelt het WhatsApp-account.",
        "Meta is reviewing the WhatsApp account.",
    ),
    "DEFERRED": (
        Severity.INFO,
        "Meta stelt de beoordeling van het WhatsApp-account uit.",
        "Meta has put off the review of the WhatsApp account.",
    ),
}


def read_alert(change: Change) -> list[Event]:
    """Return an alert. Older payloads have its keys at the top."""
    info = mapping(change.value.get("alert_info")) or change.value
    kind = one_line(info.get("alert_type"), 100)
    grave = info.get("alert_severity") in ("CRITICAL", "WARNING")
    over = info.get("alert_status") == "NONE"
    severity = Severity.WARNING if grave and not over else Severity.INFO
    told = one_line(info.get("alert_description"), 500)
    if kind in _ALERTS:
        text = change.say(*_ALERTS[kind])
    else:
        text = change.say("Meta waarschuwt over het account", "Meta alerts of the account")
        told = joined(kind, told)
    return [change.notice(f"alert:{kind}", severity, text, told)]


def read_review(change: Change) -> list[Event]:
    """Return what came of the review of the account; none for a decision that is not known."""
    known = _REVIEWS.get(change.text("decision"))
    return [change.notice("review", known[0], change.say(*known[1:]))] if known else []
