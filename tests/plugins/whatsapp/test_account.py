"""Every field of Meta's that tells of the account: a notice, a template's change, or both."""

import pytest

from balie.api import (
    AccountNotice,
    Context,
    Refused,
    Severity,
    TemplateChanged,
)
from balie_whatsapp.account.changes import NUMBER_KEY
from balie_whatsapp.plugin import plugin
from balie_whatsapp.templates.naming import cache_key

from .conftest import make_context
from .payloads import NUMBER_ID, a_payload, take
from .test_ingress import AT


def changed(ctx: Context, field, value):
    payload = a_payload(value, field=field)
    payload["entry"][0]["time"] = 1790000000
    (raw,) = take(ctx, payload)
    assert raw.refused == ""
    return plugin.event_parse(ctx, raw)


INFO, WARNING, ALARM, CLEARED = Severity
TEMPLATE = {
    "message_template_id": 1689556908129832,
    "message_template_name": "order_confirmation",
    "message_template_language": "en-US",
}
OURS = {"metadata": {"phone_number_id": NUMBER_ID}}

NOTICES = [
    ("account_update", {"event": "ACCOUNT_DELETED"}, "account", ALARM, "The WhatsApp account was"),
    (
        "account_update",
        {"event": "ACCOUNT_VIOLATION", "violation_info": {"violation_type": "SCAM"}},
        "violation",
        ALARM,
        "Meta sees a violation of its rules by this account: SCAM",
    ),
    (
        "account_update",
        {
            "event": "ACCOUNT_VIOLATION",
            "violation_info": {"violation_type": "USER_INITIATED_CALLS_LOW_PICKUP_RATE"},
        },
        "violation",
        WARNING,
        "Meta sees a violation",
    ),
    (
        "account_update",
        {
            "event": "ACCOUNT_RESTRICTION",
            "restriction_info": [
                {
                    "restriction_type": "RESTRICTED_BIZ_INITIATED_MESSAGING",
                    "expiration": 1790000000,
                    "remediation": "Wait",
                }
            ],
        },
        "restricted",
        ALARM,
        (
            "Meta has restricted what this account may do: RESTRICTED_BIZ_INITIATED_MESSAGING, "
            "until 2026-09-21 14:13 UTC, Wait"
        ),
    ),
    (
        "account_update",
        {
            "event": "ACCOUNT_RESTRICTION",
            "restriction_info": [{"restriction_type": "RESTRICTED_USER_INITIATED_CALLING"}],
        },
        "restricted",
        WARNING,
        "Meta has restricted what this account may do: RESTRICTED_USER_INITIATED_CALLING",
    ),
    (
        "account_update",
        {
            "event": "DISABLED_UPDATE",
            "ban_info": {"waba_ban_state": "DISABLE", "waba_ban_date": "January 31, 2026"},
        },
        "ban",
        ALARM,
        "Meta has disabled the WhatsApp account. Appeal in WhatsApp Manager: January 31, 2026",
    ),
    (
        "account_update",
        {"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "REINSTATE"}},
        "ban",
        CLEARED,
        "Meta has reinstated the WhatsApp account.",
    ),
    (
        "account_update",
        {
            "event": "PARTNER_REMOVED",
            "disconnection_info": {"reason": "ACCOUNT_DISCONNECTED", "initiated_by": "USER"},
        },
        "partner",
        ALARM,
        (
            "A partner or app was removed from the WhatsApp account; without an app nothing comes "
            "in: ACCOUNT_DISCONNECTED, USER"
        ),
    ),
    ("account_update", {"event": "PARTNER_ADDED"}, "partner", CLEARED, "A partner was added"),
    ("account_update", {"event": "PARTNER_APP_INSTALLED"}, "partner", CLEARED, "An app was added"),
    ("account_update", {"event": "PARTNER_APP_UNINSTALLED"}, "partner", ALARM, "An app was remov"),
    ("account_update", {"event": "ACCOUNT_OFFBOARDED"}, "coexistence", ALARM, "The number was dis"),
    ("account_update", {"event": "ACCOUNT_RECONNECTED"}, "coexistence", CLEARED, "The number is"),
    ("account_update", {"event": "VERIFIED_ACCOUNT"}, "account", INFO, "The WhatsApp account is v"),
    (
        "account_update",
        {"event": "BUSINESS_PRIMARY_LOCATION_COUNTRY_UPDATE", "country": "NL"},
        "account:BUSINESS_PRIMARY_LOCATION_COUNTRY_UPDATE",
        INFO,
        (
            "The WhatsApp account changed: event: BUSINESS_PRIMARY_LOCATION_COUNTRY_UPDATE; "
            "country: NL"
        ),
    ),
    (
        "account_update",
        {
            "event": "VOLUME_BASED_PRICING_TIER_UPDATE",
            "volume_tier_info": {"tier": "25000001:50000000", "region": "NL"},
        },
        "account:VOLUME_BASED_PRICING_TIER_UPDATE",
        INFO,
        "The WhatsApp account changed: ",
    ),
    ("account_review_update", {"decision": "APPROVED"}, "review", CLEARED, "Meta has approved"),
    ("account_review_update", {"decision": "REJECTED"}, "review", ALARM, "Meta has rejected"),
    (
        "account_alerts",
        {
            "entity_type": "BUSINESS",
            "entity_id": "1",
            "alert_info": {
                "alert_severity": "CRITICAL",
                "alert_status": "ACTIVE",
                "alert_type": "INCREASED_CAPABILITIES_ELIGIBILITY_FAILED",
                "alert_description": "Not enough quality.",
            },
        },
        "alert:INCREASED_CAPABILITIES_ELIGIBILITY_FAILED",
        WARNING,
        "Meta does not give a higher messaging limit: Not enough quality.",
    ),
    (
        "account_alerts",
        {"alert_severity": "WARNING", "alert_status": "ACTIVE", "alert_type": "TOMORROW"},
        "alert:TOMORROW",
        WARNING,
        "Meta alerts of the account: TOMORROW",
    ),
    (
        "account_alerts",
        {"alert_info": {"alert_severity": "INFORMATIONAL", "alert_type": "OBA_APPROVED"}},
        "alert:OBA_APPROVED",
        INFO,
        "The number is now an official business account.",
    ),
    (
        "phone_number_quality_update",
        {"event": "FLAGGED", "current_limit": "TIER_10K"},
        "quality",
        ALARM,
        "The number's quality is low",
    ),
    ("phone_number_quality_update", {"event": "UNFLAGGED"}, "quality", CLEARED, "The number's qu"),
    ("phone_number_quality_update", {"event": "DOWNGRADE"}, "limit", WARNING, "Meta has lowered"),
    (
        "phone_number_quality_update",
        {
            "event": "THROUGHPUT_UPGRADE",
            "current_limit": "TIER_UNLIMITED",
            "max_daily_conversations_per_business": "TIER_100K",
        },
        "limit",
        INFO,
        "The number may send more messages a second: TIER_100K",
    ),
    (
        "phone_number_name_update",
        {
            "decision": "REJECTED",
            "requested_verified_name": "Bank",
            "rejection_reason": "NAME_NOT_CONSISTENT",
        },
        "name",
        WARNING,
        "The display name was rejected: Bank, NAME_NOT_CONSISTENT",
    ),
    (
        "business_capability_update",
        {"max_daily_conversations_per_business": 2000, "max_phone_numbers_per_business": 20},
        "limit",
        INFO,
        (
            "The business's limits: max_daily_conversations_per_business: 2000; "
            "max_phone_numbers_per_business: 20"
        ),
    ),
    ("security", {"event": "PIN_CHANGED"}, "pin", WARNING, "The number's PIN was changed."),
    ("security", {"event": "PIN_RESET_REQUEST"}, "pin", WARNING, "Somebody wants the number's"),
    ("security", {"event": "PIN_REQUEST_SUCCESS"}, "pin", WARNING, "The number's PIN was switc"),
    (
        "business_username_updates",
        {"username": "bakker", "status": "approved"},
        "username",
        INFO,
        "The business's username: bakker, approved",
    ),
    (
        "account_settings_update",
        {
            "type": "phone_number_settings",
            "phone_number_settings": {
                "phone_number_id": NUMBER_ID,
                "calling": {"status": "ENABLED"},
            },
        },
        "settings",
        INFO,
        f"Settings at Meta were changed: phone_number_id: {NUMBER_ID}; status: ENABLED",
    ),
    (
        "payment_configuration_update",
        {"configuration_name": "p", "provider_name": "payu", "status": "Needs Testing"},
        "pay_in_chat",
        WARNING,
        "Paying in the chat: p, payu, Needs Testing",
    ),
    (
        "partner_solutions",
        {"event": "SOLUTION_UPDATED", "solution_id": "7", "solution_status": "ACTIVE"},
        "solution",
        INFO,
        "Partners' solution: SOLUTION_UPDATED, 7, ACTIVE",
    ),
    (
        "flows",
        {
            "event": "FLOW_STATUS_CHANGE",
            "message": "Flow X changed",
            "flow_id": "6",
            "new_status": "BLOCKED",
        },
        "flow:6:FLOW_STATUS_CHANGE",
        WARNING,
        "Form 6: Flow X changed",
    ),
    (
        "flows",
        {"event": "ENDPOINT_AVAILABILITY", "flow_id": "6", "alert_state": "DEACTIVATED"},
        "flow:6:ENDPOINT_AVAILABILITY",
        INFO,
        "Form 6: event: ENDPOINT_AVAILABILITY",
    ),
    (
        "automatic_events",
        {"automatic_events": [{"id": "1", "event_name": "LeadSubmitted"}]},
        "automatic_events",
        INFO,
        "WhatsApp tells of automatic_events: id: 1; event_name: LeadSubmitted",
    ),
    ("business_status_update", {"x": 1}, "business_status_update", INFO, "WhatsApp tells of bus"),
    ("tracking_events", {**OURS, "x": 1}, "tracking_events", INFO, "WhatsApp tells of tracking"),
    ("messaging_handovers", {**OURS, "control_passed": {"to": "a"}}, "handover", INFO, "A conver"),
    ("standby", {**OURS, "standby": {"messages": [{}]}}, "standby", WARNING, "Another app on"),
    ("account_update", {"event": "DISABLED_UPDATE"}, "account_update", INFO, "WhatsApp tells of"),
    ("phone_number_quality_update", {"event": "NEW"}, "phone_number_quality_update", INFO, "Wha"),
    ("account_review_update", {"decision": ["APPROVED"]}, "account_review_update", INFO, "Whats"),
    ("message_template_status_update", {"event": "APPROVED"}, None, INFO, "WhatsApp tells of me"),
]


@pytest.mark.parametrize(
    ("field", "value", "topic", "severity", "text"),
    NOTICES,
    ids=[f"{number}-{row[0]}" for number, row in enumerate(NOTICES)],
)
def test_field_is_a_notice(ctx: Context, field, value, topic, severity, text):
    (notice,) = changed(ctx, field, value)
    assert isinstance(notice, AccountNotice)
    assert (notice.at, notice.topic, notice.severity) == (AT, topic or field, severity)
    assert notice.text.startswith(text)


def test_notice_is_in_the_tenants_language(nl: Context):
    (notice,) = changed(nl, "phone_number_quality_update", {"event": "UNFLAGGED"})
    assert notice.text == "De kwaliteit van het nummer is weer in orde."


@pytest.mark.parametrize(
    ("value", "change", "text"),
    [
        ({"event": "APPROVED", "reason": "NONE"}, {"status": "APPROVED"}, None),
        ({"event": "REINSTATED", "reason": None}, {"status": "APPROVED"}, None),
        ({"event": "PENDING_DELETION"}, {"status": "PENDING_DELETION"}, None),
        (
            {
                "event": "REJECTED",
                "reason": "INVALID_FORMAT",
                "rejection_info": {"reason": "Variables", "recommendation": "Add text"},
            },
            {"status": "REJECTED", "reason": "INVALID_FORMAT, Variables, Add text"},
            "Template order_confirmation/en_US was rejected: INVALID_FORMAT, Variables, Add text",
        ),
        (
            {
                "event": "PAUSED",
                "other_info": {"title": "FIRST_PAUSE", "description": "3 hours"},
            },
            {"status": "PAUSED", "reason": "FIRST_PAUSE, 3 hours"},
            "Template order_confirmation/en_US was paused: FIRST_PAUSE, 3 hours",
        ),
        (
            {"event": "FLAGGED", "disable_info": {"disable_date": "January 31, 2026"}},
            {"reason": "January 31, 2026"},
            "Template order_confirmation/en_US is about to be disabled: January 31, 2026",
        ),
    ],
)
def test_templates_status_is_its_change(ctx: Context, value, change, text):
    event, *notices = changed(ctx, "message_template_status_update", {**TEMPLATE, **value})
    assert event == TemplateChanged(name="order_confirmation", language="en_US", at=AT, **change)
    assert [(notice.severity, notice.text) for notice in notices] == (
        [(WARNING, text)] if text else []
    )


def test_templates_quality_is_its_change(ctx: Context):
    for quality, warns in (("GREEN", False), ("RED", True)):
        value = {**TEMPLATE, "previous_quality_score": "YELLOW", "new_quality_score": quality}
        event, *notices = changed(ctx, "message_template_quality_update", value)
        assert (event.quality, len(notices)) == (quality, warns)


def test_templates_category_is_its_change_once_it_is_true(ctx: Context):
    coming = {**TEMPLATE, "correct_category": "MARKETING", "new_category": "UTILITY"}
    (notice,) = changed(ctx, "template_category_update", coming)
    assert notice.text == (
        "Template order_confirmation/en_US becomes MARKETING within a day, at another price."
    )
    done = {**TEMPLATE, "previous_category": "UTILITY", "new_category": "MARKETING"}
    event, _ = changed(ctx, "template_category_update", done)
    assert event.category == "MARKETING"


def test_templates_new_text_makes_what_was_remembered_void(ctx: Context):
    key = cache_key("order_confirmation", "en_US")
    ctx.kv.set(key, "{}", seconds=60)
    value = {**TEMPLATE, "message_template_element": "Hi"}
    (notice,) = changed(ctx, "message_template_components_update", value)
    assert notice.severity is INFO
    assert ctx.kv.get(key) is None


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ({"event": "FLAGGED", "display_phone_number": "+31 6 5550 8888"}, "…88"),
        ({"event": "FLAGGED", "phone_number": "31655508888"}, "…88"),
        ({"phone_number_settings": {"phone_number_id": "999"}}, "…99"),
    ],
)
def test_change_of_another_number_of_the_account_is_refused(ctx: Context, value, number):
    """A4: one account may hold numbers of several connections."""
    ctx.kv.set(NUMBER_KEY, "31655509999", seconds=60)
    field = "account_settings_update" if "event" not in value else "phone_number_quality_update"
    assert changed(ctx, field, value) == [
        Refused(reason=f"{field} is about number {number}, not this connection's.")
    ]


def test_change_of_our_number_is_ours(ctx: Context):
    ctx.kv.set(NUMBER_KEY, "31655509999", seconds=60)
    value = {"event": "FLAGGED", "display_phone_number": "+31 6 5550-9999"}
    (notice,) = changed(ctx, "phone_number_quality_update", value)
    assert notice.topic == "quality"


@pytest.mark.parametrize(
    ("error", "topic", "severity"),
    [
        ({"code": 130429, "title": "Rate limit hit"}, "error:130429", WARNING),
        ({"code": 131042, "title": "Payment"}, "payment", ALARM),
        ({"code": 190, "title": "Token"}, "error:190", ALARM),
        ({"title": "No code"}, "error:?", WARNING),
    ],
)
def test_error_of_no_message_is_a_notice(ctx: Context, error, topic, severity):
    (raw,) = take(ctx, a_payload({**OURS, "errors": [error]}))
    (notice,) = plugin.event_parse(ctx, raw)
    assert (notice.topic, notice.severity) == (topic, severity)


def test_another_apps_conversations_are_told_once_a_day(clock, session):
    ctx = make_context(clock, session)
    ids = {
        changed(ctx, "standby", {**OURS, "standby": {"messages": [{"id": f"wamid.{n}"}]}})[0].id
        for n in range(3)
    }
    assert ids == {"standby:2026-09-21"}
