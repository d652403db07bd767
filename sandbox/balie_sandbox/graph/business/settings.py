"""A number's settings: calls, identity, encryption, storage (reference 9.6, 10.1, 2.13)."""

import re
from typing import Any

from balie_sandbox.graph.account import GraphAccount
from balie_sandbox.graph.errors import GraphError, invalid_parameter
from balie_sandbox.graph.limits import TIERS
from balie_sandbox.graph.model import App, Number
from balie_sandbox.graph.notify import announce_account
from balie_sandbox.graph.parameters import Parameters, object_of

FEATURES = ("calling", "user_identity_change", "payload_encryption", "storage_configuration")
#: What a number that was never set answers.
USUAL: dict[str, Any] = {
    "calling": {
        "status": "DISABLED",
        "call_icon_visibility": "DEFAULT",
        "callback_permission_status": "DISABLED",
    },
    "payload_encryption": {"status": "DISABLED"},
    "storage_configuration": {"status": "DEFAULT"},
}
DAYS = frozenset({"MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"})
CLOCK = re.compile(r"([01]\d|2[0-3])[0-5]\d")
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
SLOTS_A_DAY = 2
#: Calls need the right to reach this many customers (138015).
CALLING_NEEDS = 2000


def show_settings(
    _account: GraphAccount, _app: App, number: Number, _found: Parameters
) -> dict[str, Any]:
    """GET /{phone-number-id}/settings."""
    return {key: number.settings.get(key) or value for key, value in USUAL.items()} | {
        key: value for key, value in number.settings.items() if key not in USUAL
    }


def change_settings(
    account: GraphAccount, _app: App, number: Number, found: Parameters
) -> dict[str, Any]:
    """POST /{phone-number-id}/settings: one feature a request. Raises 100 and 138015."""
    features = [name for name in FEATURES if object_of(found, name) is not None]
    if len(features) != 1:
        raise invalid_parameter(f"Exactly one of {', '.join(FEATURES)} must be given.")
    [feature] = features
    given = found[feature]
    if feature == "calling":
        check_calling(number, given)
    number.settings[feature] = USUAL.get(feature, {}) | number.settings.get(feature, {}) | given
    if feature == "calling":
        tell_calling(account, number)
    return {"success": True}


def check_calling(number: Number, given: Parameters) -> None:
    """Check that calls may be switched on, and the hours."""
    status = str(given.get("status", "")).upper()
    if status not in ("", "ENABLED", "DISABLED"):
        raise invalid_parameter("Param calling['status'] must be one of {DISABLED, ENABLED}.")
    most = TIERS.get(str(number.changed.get("messaging_limit", "TIER_250")))
    if status == "ENABLED" and most is not None and most < CALLING_NEEDS:
        raise GraphError(138015, details="The messaging limit must be 2,000 or more.")
    hours = object_of(given, "call_hours")
    if hours is not None:
        check_hours(hours)


def check_hours(hours: Parameters) -> None:
    """Check weekly hours and holidays. Raises code 100."""
    slots = hours.get("weekly_operating_hours", [])
    if not isinstance(slots, list) or not all(is_slot(slot) for slot in slots):
        raise invalid_parameter("Param weekly_operating_hours is not valid.")
    days = [slot["day_of_week"] for slot in slots]
    if any(days.count(day) > SLOTS_A_DAY for day in DAYS):
        raise invalid_parameter("Param weekly_operating_hours has more than two slots a day.")
    holidays = hours.get("holiday_schedule", [])
    if not isinstance(holidays, list) or not all(is_holiday(day) for day in holidays):
        raise invalid_parameter("Param holiday_schedule is not valid.")


def is_slot(slot: Any) -> bool:
    """Say whether it is a day with an opening and a closing time."""
    return (
        isinstance(slot, dict)
        and slot.get("day_of_week") in DAYS
        and in_order(slot.get("open_time"), slot.get("close_time"))
    )


def is_holiday(day: Any) -> bool:
    """Say whether it is a date with a beginning and an end."""
    return (
        isinstance(day, dict)
        and DATE.fullmatch(str(day.get("date"))) is not None
        and in_order(day.get("start_time"), day.get("end_time"))
    )


def in_order(first: Any, second: Any) -> bool:
    """Say whether these are two times such as "0930", one after the other."""
    times = [str(first), str(second)]
    return all(CLOCK.fullmatch(one) for one in times) and times[0] < times[1]


def tell_calling(account: GraphAccount, number: Number) -> None:
    """Tell the apps how calls are set now."""
    value = {
        "messaging_product": "whatsapp",
        "timestamp": str(int(account.clock.now().timestamp())),
        "type": "phone_number_settings",
        "phone_number_settings": {
            "phone_number_id": number.id,
            "calling": number.settings["calling"],
        },
    }
    waba = account.wabas[number.waba_id]
    announce_account(account, waba, "account_settings_update", value)
