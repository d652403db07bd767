"""Troubles of the whole number that show in a message's fate, and their end.

A payment method that lapses is told by the next message that fails. That it works again is told
by nobody, but a message that is sent and paid for shows it.
"""

from datetime import datetime

from balie.api import AccountNotice, Context, RawEvent, Severity
from balie_whatsapp.errors.codes import meaning
from balie_whatsapp.words import say

_ENDED_BY_SENDING = {"restriction": False, "payment": True}
"""Which alarms a sent message ends, and whether it has to be one that is paid for."""
_WARNINGS = frozenset({"country", "spam", "classification"})
_KEPT_SECONDS = 30 * 86_400.0


def alarm(ctx: Context, raw: RawEvent, code: int | None, text: str) -> list[AccountNotice]:
    """Return the notice that an error code asks for, where the trouble is the number's."""
    known = meaning(code)
    if known is None or not known.alarm:
        return []
    topic = known.alarm
    if topic in _ENDED_BY_SENDING:
        ctx.kv.set(_key(topic), raw.at.isoformat(), seconds=_KEPT_SECONDS)
    severity = Severity.WARNING if topic in _WARNINGS else Severity.ALARM
    # One an hour is enough: a hundred messages may fail for one reason.
    name = f"{topic}:{raw.at:%Y-%m-%d %H}"
    return [AccountNotice(id=name, at=raw.at, topic=topic, severity=severity, text=text)]


def cleared(ctx: Context, raw: RawEvent, *, paid: bool) -> list[AccountNotice]:
    """Return the end of the alarms that a message sent now shows to be over.

    What stands is left as it is, as an event may be read twice; the core keeps a notice once.
    """
    return [
        AccountNotice(
            id=f"{topic}:{since}:over",
            at=raw.at,
            topic=topic,
            severity=Severity.CLEARED,
            text=say(
                ctx.tenant.locale, "WhatsApp verzendt weer.", "WhatsApp sends messages again."
            ),
        )
        for topic, needs_pay in _ENDED_BY_SENDING.items()
        if (since := ctx.kv.get(_key(topic))) is not None
        and raw.at > datetime.fromisoformat(since)
        and (paid or not needs_pay)
    ]


def _key(topic: str) -> str:
    return f"alarm:{topic}"
