"""The field account_update: what may end the channel, and partners coming and going."""

from datetime import UTC, datetime

from balie.api import Event, Severity
from balie_whatsapp.account.change import Change
from balie_whatsapp.untrusted import decimal, joined, mapping, mappings, one_line, short_texts

_LAST_MOMENT = 253_402_300_799.0  # of the year 9999
_EVENTS = {  # by event: topic, severity, Dutch, English
    "ACCOUNT_DELETED": (
        "account",
        Severity.ALARM,
        "Het WhatsApp-account is verwijderd; er kan niets meer in of uit.",
        "The WhatsApp account was deleted; nothing can come in or go out any more.",
    ),
    "ACCOUNT_OFFBOARDED": (
        "coexistence",
        Severity.ALARM,
        "Het nummer is losgekoppeld in de WhatsApp Business-app; koppel het opnieuw.",
        "The number was disconnected in the WhatsApp Business app; connect it again.",
    ),
    "ACCOUNT_RECONNECTED": (
        "coexistence",
        Severity.CLEARED,
        "Het nummer is weer gekoppeld met de WhatsApp Business-app.",
        "The number is connected with the WhatsApp Business app again.",
    ),
    "PARTNER_REMOVED": (
        "partner",
        Severity.ALARM,
        "Een partner of app is van het WhatsApp-account gehaald; zonder app komt er niets binnen.",
        "A partner or app was removed from the WhatsApp account; without an app nothing comes in.",
    ),
    "PARTNER_APP_UNINSTALLED": (
        "partner",
        Severity.ALARM,
        "Een app is van het WhatsApp-account gehaald; zonder app komt er niets binnen.",
        "An app was removed from the WhatsApp account; without an app nothing comes in.",
    ),
    "PARTNER_ADDED": (
        "partner",
        Severity.CLEARED,
        "Een partner is bij het WhatsApp-account gekomen.",
        "A partner was added to the WhatsApp account.",
    ),
    "PARTNER_APP_INSTALLED": (
        "partner",
        Severity.CLEARED,
        "Een app is bij het WhatsApp-account gekomen.",
        "An app was added to the WhatsApp account.",
    ),
    "VERIFIED_ACCOUNT": (
        "account",
        Severity.INFO,
        "Het WhatsApp-account is geverifieerd.",
        "The WhatsApp account is verified.",
    ),
}
_BANS = {
    "DISABLE": (
        Severity.ALARM,
        "Meta heeft het WhatsApp-account uitgeschakeld. Maak bezwaar in WhatsApp Manager.",
        "Meta has disabled the WhatsApp account. Appeal in WhatsApp Manager.",
    ),
    "SCHEDULE_FOR_DISABLE": (
        Severity.ALARM,
        "Meta gaat het WhatsApp-account uitschakelen. Maak bezwaar in WhatsApp Manager.",
        "Meta is going to disable the WhatsApp account. Appeal in WhatsApp Manager.",
    ),
    "REINSTATE": (
        Severity.CLEARED,
        "Meta heeft het WhatsApp-account hersteld.",
        "Meta has reinstated the WhatsApp account.",
    ),
}
_MESSAGING = ("RESTRICTED_BIZ_INITIATED_MESSAGING", "RESTRICTED_CUSTOMER_INITIATED_MESSAGING")


def read_account_update(change: Change) -> list[Event]:
    """Return the notices of one update; none for an event that is not known."""
    event = change.text("event")
    if event == "DISABLED_UPDATE":
        return _ban(change)
    if event == "ACCOUNT_VIOLATION":
        return _violation(change)
    if event == "ACCOUNT_RESTRICTION":
        return _restriction(change)
    if event not in _EVENTS:
        told = "; ".join(short_texts(change.value))
        text = change.say("Het WhatsApp-account is gewijzigd", "The WhatsApp account changed")
        return [change.notice(f"account:{event}", Severity.INFO, text, one_line(told, 500))]
    topic, severity, dutch, english = _EVENTS[event]
    why = mapping(change.value.get("disconnection_info"))
    more = joined(why.get("reason"), why.get("initiated_by"))
    return [change.notice(topic, severity, change.say(dutch, english), more)]


def _ban(change: Change) -> list[Event]:
    info = mapping(change.value.get("ban_info"))
    known = _BANS.get(one_line(info.get("waba_ban_state"), 60))
    if known is None:
        return []
    severity, dutch, english = known
    date = one_line(info.get("waba_ban_date"), 60)
    return [change.notice("ban", severity, change.say(dutch, english), date)]


def _violation(change: Change) -> list[Event]:
    info = mapping(change.value.get("violation_info"))
    kind = one_line(info.get("violation_type"), 100)
    # Calls that are seldom taken cost the call button, and no message.
    severity = Severity.WARNING if "CALL" in kind else Severity.ALARM
    text = change.say(
        "Meta ziet een overtreding van de regels door dit account",
        "Meta sees a violation of its rules by this account",
    )
    return [change.notice("violation", severity, text, joined(kind, info.get("remediation")))]


def _restriction(change: Change) -> list[Event]:
    found = mappings(change.value.get("restriction_info"))
    kinds = [one_line(each.get("restriction_type"), 100) for each in found]
    severity = Severity.ALARM if set(kinds) & set(_MESSAGING) else Severity.WARNING
    told = "; ".join(
        joined(kind, _until(change, each.get("expiration")), each.get("remediation"))
        for kind, each in zip(kinds, found, strict=True)
    )
    text = change.say(
        "Meta heeft beperkt wat dit account mag", "Meta has restricted what this account may do"
    )
    return [change.notice("restricted", severity, text, told)]


def _until(change: Change, moment: object) -> str:
    seconds = decimal(moment)
    if seconds is None or not 0 <= seconds <= _LAST_MOMENT:
        return ""
    return f"{change.say('tot', 'until')} {datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M} UTC"
