"""Letting something happen to an account or number: the webhook, and what follows from it."""

from typing import Any

from balie_sandbox.graph.account import GraphAccount
from balie_sandbox.graph.limits import TIERS
from balie_sandbox.graph.model import Number, Waba
from balie_sandbox.graph.notify import announce_account

from .samples import BUSINESS_ID, sample_value

#: What sends are refused with while an account is banned.
BANNED = 368


def braces(waba: Waba, number: Number) -> dict[str, str]:
    """Return what the samples' braces stand for."""
    app_id = next(iter(waba.apps), "")
    return {
        "waba": waba.id,
        "number": number.id,
        "display": number.display,
        "business": BUSINESS_ID,
        "app": app_id,
    }


def happen(
    account: GraphAccount, number: Number, asked: dict[str, Any]
) -> tuple[dict[str, Any] | None, int]:
    """Send the webhook and bring the state along; return its value and to how many apps it went.

    ``asked`` has ``field`` and may have ``event``, ``value`` (put over the example) and
    ``entry_id``. The value is None when there is no example and none was given.
    """
    waba = account.wabas[number.waba_id]
    field, event = asked["field"], asked.get("event")
    example = sample_value(field, event, braces(waba, number))
    if example is None and "value" not in asked:
        return None, 0
    value = (example or {}) | asked.get("value", {})
    bring_along(account, number, field, value)
    entry_id = asked.get("entry_id") or (BUSINESS_ID if field == "partner_solutions" else None)
    return value, announce_account(account, waba, field, value, entry_id)


def bring_along(account: GraphAccount, number: Number, field: str, value: dict[str, Any]) -> None:
    """Change what can be read of the number by the API, so that both tell the same."""
    match field:
        case "phone_number_quality_update":
            limit = value.get("max_daily_conversations_per_business") or value.get("current_limit")
            if limit in TIERS:
                number.changed["messaging_limit"] = limit
            if value.get("event") in ("FLAGGED", "UNFLAGGED"):
                flagged = value["event"] == "FLAGGED"
                number.changed["quality_rating"] = "RED" if flagged else "GREEN"
        case "phone_number_name_update":
            number.changed["name_status"] = value.get("decision")
            if value.get("decision") == "APPROVED":
                name = value.get("requested_verified_name")
                number.verified_name = str(name or number.verified_name)
        case "account_review_update":
            waba = account.wabas[number.waba_id]
            waba.changed["account_review_status"] = value.get("decision")
        case "account_update" if "ban_info" in value:
            state = value["ban_info"].get("waba_ban_state")
            for one in account.numbers.values():
                if one.waba_id == number.waba_id and state in ("DISABLE", "REINSTATE"):
                    one.refuses_with = BANNED if state == "DISABLE" else None
