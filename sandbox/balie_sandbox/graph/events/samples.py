"""A plausible value for each field about accounts and numbers (reference/whatsapp.md 5)."""

from typing import Any

from .account_updates import ACCOUNT_UPDATES, FAR_OFF

#: Stands for the business portfolio, which this sandbox has no object for.
BUSINESS_ID = "506914307656634"

FLOW_ALERT = {
    "event": "ENDPOINT_AVAILABILITY",
    "message": "The endpoint's availability is below 90 % in the last 10 minutes.",
    "flow_id": "6627390910605886",
    "availability": 75,
    "threshold": 90,
    "alert_state": "ACTIVATED",
}
FLOW_STATUS = {
    "event": "FLOW_STATUS_CHANGE",
    "message": "Flow has changed status",
    "flow_id": "6627390910605886",
    "old_status": "DRAFT",
    "new_status": "PUBLISHED",
}

#: By field. {display}, {waba}, {number}, {business} and {app} are filled in.
SAMPLES: dict[str, dict[str, Any]] = {
    "phone_number_quality_update": {
        "display_phone_number": "{display}",
        "event": "THROUGHPUT_UPGRADE",
        "old_limit": "TIER_250",
        "current_limit": "TIER_2K",
        "max_daily_conversations_per_business": "TIER_2K",
    },
    "phone_number_name_update": {
        "display_phone_number": "{display}",
        "decision": "APPROVED",
        "requested_verified_name": "De Balie",
        "rejection_reason": None,
    },
    "account_review_update": {"decision": "APPROVED"},
    "account_alerts": {
        "entity_type": "PHONE_NUMBER",
        "entity_id": "{number}",
        "alert_info": {
            "alert_severity": "INFORMATIONAL",
            "alert_status": "NONE",
            "alert_type": "OBA_APPROVED",
            "alert_description": "The official business account request was approved.",
        },
    },
    "business_capability_update": {
        "max_daily_conversations_per_business": 2000,
        "max_phone_numbers_per_business": 20,
    },
    "security": {
        "display_phone_number": "{display}",
        "event": "PIN_CHANGED",
        "requester": "61555822107539",
    },
    "payment_configuration_update": {
        "configuration_name": "sandbox-payments",
        "provider_name": "razorpay",
        "provider_mid": "acc_sandbox",
        "status": "Needs Testing",
        "created_timestamp": FAR_OFF,
        "updated_timestamp": FAR_OFF,
    },
    "partner_solutions": {
        "event": "SOLUTION_CREATED",
        "solution_id": "774485461512159",
        "solution_status": "INITIATED",
    },
    "business_status_update": {"business_id": "{business}", "event": "VERIFIED"},
    "flows": FLOW_STATUS,
    "automatic_events": {
        "automatic_events": [
            {
                "id": "wamid.auto",
                "event_name": "LeadSubmitted",
                "timestamp": FAR_OFF,
                "ctwa_clid": "Aff-sandbox-click",
            }
        ]
    },
    "business_username_updates": {
        "display_phone_number": "{display}",
        "username": "debalie",
        "status": "approved",
    },
    "message_template_status_update": {
        "event": "APPROVED",
        "message_template_id": 1689556908129832,
        "message_template_name": "order_confirmation",
        "message_template_language": "en-US",
        "reason": "NONE",
        "message_template_category": "UTILITY",
    },
    "message_template_quality_update": {
        "previous_quality_score": "GREEN",
        "new_quality_score": "YELLOW",
        "message_template_id": 1689556908129832,
        "message_template_name": "order_confirmation",
        "message_template_language": "en-US",
    },
    "template_category_update": {
        "message_template_id": 1689556908129832,
        "message_template_name": "order_confirmation",
        "message_template_language": "en-US",
        "previous_category": "UTILITY",
        "new_category": "MARKETING",
    },
    "messaging_handovers": {"event": "control_passed", "phone_number_id": "{number}"},
}


def sample_value(field: str, event: str | None, fill: dict[str, str]) -> dict[str, Any] | None:
    """Return a value for the field, or None when there is no example of it.

    ``event`` picks one of several; ``fill`` holds what stands in braces.
    """
    if field == "account_update":
        name = event or "ACCOUNT_RESTRICTION"
        extra = ACCOUNT_UPDATES.get(name)
        return None if extra is None else filled({"event": name} | extra, fill)
    if field == "flows" and event not in (None, "FLOW_STATUS_CHANGE"):
        return FLOW_ALERT | {"event": event}
    sample = SAMPLES.get(field)
    if sample is None:
        return None
    chosen = sample | ({"event": event} if event is not None else {})
    found: dict[str, Any] = filled(chosen, fill)
    return found


def filled(value: Any, fill: dict[str, str]) -> Any:
    """Return the value with what stands in braces replaced."""
    match value:
        case dict():
            return {key: filled(inner, fill) for key, inner in value.items()}
        case list():
            return [filled(inner, fill) for inner in value]
        case str() if value.startswith("{") and value[1:-1] in fill:
            return fill[value[1:-1]]
    return value
