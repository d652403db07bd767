"""Errors that Meta reports by themselves, of no message."""

from balie.api import Event, Severity
from balie_whatsapp.account.change import Change
from balie_whatsapp.errors.codes import Handling, meaning
from balie_whatsapp.errors.graph_error import code_of, details_of, failure_text


def read_error(change: Change) -> list[Event]:
    """Return the trouble: an alarm where it stops the number, a warning otherwise."""
    ctx, code = change.ctx, code_of(change.value)
    known = meaning(code)
    stops = known is not None and (known.handling is Handling.SIGN_OUT or known.alarm == "payment")
    secret = ctx.config["access_token"]
    name = "?" if code is None else str(code)
    if stops:
        text = failure_text(change.value, locale=ctx.tenant.locale, secret=secret)
    else:
        told = details_of(change.value, secret)
        text = change.say(f"WhatsApp meldt: {told}", f"WhatsApp reports: {told}")
    severity = Severity.ALARM if stops else Severity.WARNING
    topic = known.alarm if known and known.alarm else f"error:{name}"
    return [change.notice(topic, severity, f"{text} ({name})")]
