"""Whether a customer wants marketing."""

from collections.abc import Mapping
from typing import Any

from balie.api import Context, CustomerNotice, Event, RawEvent, Refused
from balie_whatsapp.inbound.sender import known_as
from balie_whatsapp.untrusted import identifier, one_line
from balie_whatsapp.words import labelled

_TOLD = {"stop": "marketing_stop", "resume": "marketing_resume", "signup": "marketing_signup"}


def read_preference(ctx: Context, raw: RawEvent, preference: Mapping[str, Any]) -> list[Event]:
    """Return the customer's choice, told in the ticket."""
    sender = known_as(identifier(preference.get("user_id")), identifier(preference.get("wa_id")))
    if not sender:
        return [Refused(reason="The preference names no customer.")]
    value = one_line(preference.get("value"), 60)
    detail = one_line(preference.get("detail"), 300)
    label = _TOLD.get(value)
    text = (
        labelled(ctx.tenant.locale, label)
        if label
        else labelled(ctx.tenant.locale, "preference", detail or value)
    )
    return [CustomerNotice(id=raw.id, sender=sender, at=raw.at, text=text)]
