"""Changes of the account, each field read by what knows it."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from balie.api import Context, Event, RawEvent, Refused, Severity
from balie_whatsapp.account.account_updates import read_account_update
from balie_whatsapp.account.alerts import read_alert, read_review
from balie_whatsapp.account.change import Change
from balie_whatsapp.account.errors import read_error
from balie_whatsapp.account.numbers import (
    read_capability,
    read_name,
    read_quality,
    read_security,
    read_settings,
    read_username,
)
from balie_whatsapp.account.others import (
    read_flow,
    read_handover,
    read_payment,
    read_solution,
    read_standby,
)
from balie_whatsapp.account.template_changes import read_template
from balie_whatsapp.untrusted import mapping, one_line, short_texts

NUMBER_KEY = "display_number"
"""Where the connection's own number is kept, in digits, once it was learned at setup."""

_READERS: dict[str, Callable[[Change], list[Event]]] = {
    "account_alerts": read_alert,
    "account_review_update": read_review,
    "account_settings_update": read_settings,
    "account_update": read_account_update,
    "business_capability_update": read_capability,
    "business_username_updates": read_username,
    "errors": read_error,
    "flows": read_flow,
    "message_template_components_update": read_template,
    "message_template_quality_update": read_template,
    "message_template_status_update": read_template,
    "messaging_handovers": read_handover,
    "partner_solutions": read_solution,
    "payment_configuration_update": read_payment,
    "phone_number_name_update": read_name,
    "phone_number_quality_update": read_quality,
    "security": read_security,
    "standby": read_standby,
    "template_category_update": read_template,
}


def read_change(ctx: Context, raw: RawEvent, body: Mapping[str, Any]) -> list[Event]:
    """Return what a change means. A field that is not known is told key by key."""
    field, value = one_line(body.get("field"), 60), mapping(body.get("value"))
    change = Change(ctx, raw, field, value)
    if other := _another_number(change):
        return [Refused(reason=f"{field} is about number …{other[-2:]}, not this connection's.")]
    read = _READERS.get(field)
    found = read(change) if read else []
    return found or [_anything(change)]


def _another_number(change: Change) -> str:
    """Return the number that a change is about, where it is another one of the account."""
    settings = mapping(change.value.get("phone_number_settings"))
    given = one_line(settings.get("phone_number_id"), 64)
    if given and given != change.ctx.config["phone_number_id"]:
        return given
    named = change.value.get("display_phone_number") or change.value.get("phone_number")
    number = re.sub(r"\D", "", one_line(named, 40))
    ours = change.ctx.kv.get(NUMBER_KEY) if number else None
    return number if ours and number != ours else ""


def _anything(change: Change) -> Event:
    told = one_line("; ".join(short_texts(change.value)), 1000)
    text = change.say(f"WhatsApp meldt {change.field}", f"WhatsApp tells of {change.field}")
    return change.notice(change.field, Severity.INFO, text, told)
