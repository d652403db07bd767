"""Fields of features that Balie does not use itself, yet whose trouble the admin may own."""

from balie.api import AccountNotice, Event, Severity
from balie_whatsapp.account.change import Change
from balie_whatsapp.untrusted import joined, one_line, short_texts


def read_flow(change: Change) -> list[Event]:
    """Return a form's change of state, or an alert about it and its end."""
    event = change.text("event")
    flow = change.text("flow_id")
    blocked = change.text("new_status") in ("BLOCKED", "THROTTLED")
    raised = change.value.get("alert_state") == "ACTIVATED"
    severity = Severity.WARNING if blocked or raised else Severity.INFO
    told = change.text("message") or one_line("; ".join(short_texts(change.value)), 500)
    text = change.say(f"Formulier {flow}", f"Form {flow}").strip()
    return [change.notice(f"flow:{flow}:{event}", severity, text, told)]


def read_payment(change: Change) -> list[Event]:
    """Return a change of how customers can pay in the chat."""
    works = change.text("status") in ("Active", "")
    severity = Severity.INFO if works else Severity.WARNING
    told = joined(*(change.value.get(key) for key in _PAYMENT))
    text = change.say("Betalen in het gesprek", "Paying in the chat")
    return [change.notice("pay_in_chat", severity, text, told)]


_PAYMENT = ("configuration_name", "provider_name", "status")


def read_solution(change: Change) -> list[Event]:
    """Return a change of a partners' solution."""
    leaving = change.text("solution_status") == "PENDING_DEACTIVATION"
    severity = Severity.WARNING if leaving else Severity.INFO
    told = joined(*(change.value.get(key) for key in ("event", "solution_id", "solution_status")))
    text = change.say("Oplossing van partners", "Partners' solution")
    return [change.notice("solution", severity, text, told)]


def read_handover(change: Change) -> list[Event]:
    """Return that a conversation went from one app on this number to another."""
    told = one_line("; ".join(short_texts(_without_people(change))), 300)
    text = change.say(
        "Een gesprek ging van de ene app op dit nummer naar de andere",
        "A conversation went from one app on this number to another",
    )
    return [_once_a_day(change, "handover", Severity.INFO, text, told)]


def read_standby(change: Change) -> list[Event]:
    """Return that another app has conversations on this number, which Balie only overhears."""
    text = change.say(
        "Een andere app op dit nummer voert gesprekken; die staan niet in de helpdesk.",
        "Another app on this number holds conversations; those do not stand in the helpdesk.",
    )
    return [_once_a_day(change, "standby", Severity.WARNING, text)]


def _once_a_day(
    change: Change, topic: str, severity: Severity, text: str, more: str = ""
) -> AccountNotice:
    """Return a notice under a day's name: of what comes with every message one is enough."""
    found = change.notice(topic, severity, text, more)
    return AccountNotice(
        id=f"{topic}:{found.at:%Y-%m-%d}",
        at=found.at,
        topic=found.topic,
        severity=found.severity,
        text=found.text,
    )


def _without_people(change: Change) -> dict[str, object]:
    hidden = ("metadata", "contacts", "messaging_product")
    return {key: value for key, value in change.value.items() if key not in hidden}
