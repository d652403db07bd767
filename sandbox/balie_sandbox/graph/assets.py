"""Reading apps, accounts and numbers, with ``fields=`` (reference/whatsapp.md 9.2)."""

from typing import Any

import phonenumbers

from .account import GraphAccount
from .error_table import KNOWN
from .fields import pick
from .model import App, Number, Waba
from .paging import paged
from .parameters import Parameters

#: What Graph returns when no fields are asked for.
NUMBER_FIELDS = (
    "verified_name",
    "code_verification_status",
    "display_phone_number",
    "quality_rating",
    "platform_type",
    "throughput",
    "webhook_configuration",
    "id",
)
WABA_FIELDS = ("id", "name", "timezone_id", "message_template_namespace")
APP_FIELDS = ("link", "name", "id")

#: Fields that exist but have no value here: Graph takes the question and leaves them out.
EMPTY_FIELDS = frozenset(
    {
        # Of a number.
        "certificate",
        "conversational_automation",
        "country_code",
        "country_dial_code",
        "eligibility_for_api_business_global_search",
        "last_onboarded_time",
        "new_certificate",
        "new_name_status",
        "quality_score",
        "search_visibility",
        "username",
        # Of an account.
        "disable_marketing_messages_on_cloud_api",
        "is_enabled_for_insights",
        "marketing_messages_lite_api_status",
        "marketing_messages_onboarding_status",
        "on_behalf_of_business_info",
        "owner_business_info",
        "primary_funding_id",
        "subscribed_apps",
    }
)


def read_object(
    account: GraphAccount, app: App, node: App | Waba | Number, found: Parameters
) -> dict[str, Any]:
    """Return what GET /{id} shows; ``id`` is always part of it. Raises code 100."""
    match node:
        case Number():
            known = number_as_json(account, app, node)
            return pick(known, NUMBER_FIELDS, found, "WhatsAppBusinessPhoneNumber", EMPTY_FIELDS)
        case Waba():
            return pick(
                waba_as_json(node), WABA_FIELDS, found, "WhatsAppBusinessAccount", EMPTY_FIELDS
            )
        case App():
            return pick(app_as_json(node), APP_FIELDS, found, "Application", EMPTY_FIELDS)


def number_as_json(account: GraphAccount, app: App, number: Number) -> dict[str, Any]:
    """Return every field of a number that this sandbox knows."""
    limit = number.changed.get("messaging_limit", "TIER_250")
    coexists = number.coexists_since is not None
    shown = {
        "id": number.id,
        "display_phone_number": pretty(number.display),
        "verified_name": number.verified_name,
        "quality_rating": "GREEN",
        "quality_score": {"score": number.changed.get("quality_rating", "GREEN")},
        "code_verification_status": "VERIFIED",
        "name_status": "APPROVED",
        "status": "CONNECTED" if number.registered else "DISCONNECTED",
        "platform_type": "CLOUD_API",
        "throughput": {"level": "NOT_APPLICABLE" if coexists else "STANDARD"},
        "account_mode": "SANDBOX",
        "is_official_business_account": False,
        "is_on_biz_app": coexists,
        "is_pin_enabled": number.pin is not None,
        "is_preverified_number": False,
        "messaging_limit_tier": limit,
        "whatsapp_business_manager_messaging_limit": limit,
        "webhook_configuration": webhook_configuration(account, app, number),
        "health_status": health_status(app, number),
    }
    if number.automation:
        shown["conversational_automation"] = number.automation | {"id": number.id}
    if number.username is not None:
        shown["username"] = number.username
    return shown | {key: value for key, value in number.changed.items() if key in shown}


def webhook_configuration(account: GraphAccount, app: App, number: Number) -> dict[str, str]:
    """Return the callbacks in force for this app, by the level that set each."""
    waba_callback = account.wabas[number.waba_id].subscribed.get(app.id)
    levels = {
        "phone_number": number.overrides.get(app.id),
        "whatsapp_business_account": waba_callback,
        "application": app.callback,
    }
    return {level: callback.url for level, callback in levels.items() if callback is not None}


def health_status(app: App, number: Number) -> dict[str, Any]:
    """Return whether the number can send, and which of its owners can."""
    ability = "AVAILABLE"
    errors: list[dict[str, Any]] = []
    code = number.refuses_with if number.registered else 141010
    if code is not None:
        ability = "BLOCKED"
        title = KNOWN[code].title if code in KNOWN else "The phone number is not registered"
        solution = "Register the number, or look in WhatsApp Manager what has to be done."
        errors = [{"error_code": code, "error_description": title, "possible_solution": solution}]
    elif number.changed.get("quality_rating") == "RED":
        ability = "LIMITED"
    entities: list[dict[str, Any]] = [
        {"entity_type": kind, "id": id_, "can_send_message": state}
        for kind, id_, state in (
            ("PHONE_NUMBER", number.id, ability),
            ("WABA", number.waba_id, "AVAILABLE"),
            ("APP", app.id, "AVAILABLE"),
        )
    ]
    if errors:
        entities[0]["errors"] = errors
    return {"can_send_message": ability, "entities": entities}


def waba_as_json(waba: Waba) -> dict[str, Any]:
    """Return every field of an account that this sandbox knows."""
    return {
        "id": waba.id,
        "name": waba.name,
        "currency": "EUR",
        "timezone_id": "1",
        "country": "NL",
        "message_template_namespace": f"sandbox_{waba.id}",
        "status": "ACTIVE",
        "ownership_type": "SELF",
        "health_status": {"can_send_message": "AVAILABLE", "entities": []},
        "account_review_status": "APPROVED",
        "business_verification_status": "verified",
        "whatsapp_business_manager_messaging_limit": "TIER_250",
    } | waba.changed


def app_as_json(app: App) -> dict[str, Any]:
    """Return an app as GET /{app-id} and subscribed_apps show it."""
    link = f"https://www.facebook.com/games/?app_id={app.id}"
    return {"id": app.id, "link": link, "name": app.name}


def phone_numbers(account: GraphAccount, app: App, waba: Waba, found: Parameters) -> dict[str, Any]:
    """Return GET /{waba-id}/phone_numbers."""
    numbers = [number for number in account.numbers.values() if number.waba_id == waba.id]
    return paged([read_object(account, app, number, found) for number in numbers], found)


def pretty(display: str) -> str:
    """Return a number as the Graph API prints it, where webhooks have its digits only."""
    parsed = phonenumbers.parse(f"+{display}", None)
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
