"""Statuses read whole."""

from typing import Any

import pytest

from balie.api import (
    AccountNotice,
    Address,
    AddressKind,
    Context,
    Cost,
    Event,
    Refused,
    Severity,
    Status,
    StatusReported,
)
from balie_whatsapp.errors.codes import CODES
from balie_whatsapp.plugin import plugin

from .conftest import TOKEN
from .payloads import a_payload, a_value, take
from .test_ingress import AT

PHONE = Address(kind=AddressKind.PHONE, value="+31655500001")
BSUID = Address(kind=AddressKind.BSUID, value="NL.1001")


def report(ctx: Context, **changes: Any) -> Event:
    status = {
        "id": "wamid.OUT",
        "status": "sent",
        "timestamp": "1790000000",
        "recipient_id": "31655500001",
    }
    (event,) = reports(ctx, **{**status, **changes})
    return event


def reports(ctx: Context, **status: Any) -> list[Event]:
    (raw,) = take(ctx, a_payload(a_value(statuses=[status])))
    return plugin.event_parse(ctx, raw)


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("sent", Status.SENT),
        ("delivered", Status.DELIVERED),
        ("read", Status.READ),
        ("played", Status.READ),
    ],
)
def test_status_is_reported_with_our_reference(ctx: Context, word, status):
    assert report(ctx, status=word, biz_opaque_callback_data="m-42") == StatusReported(
        message_id="wamid.OUT", status=status, at=AT, reference="m-42", to=(PHONE,)
    )


@pytest.mark.parametrize(
    ("changes", "to"),
    [
        ({"recipient_user_id": "NL.1001"}, (BSUID, PHONE)),
        ({"recipient_id": "", "recipient_user_id": "NL.1001"}, (BSUID,)),
        (
            {"recipient_type": "group", "recipient_id": "g=", "recipient_participant_id": "3165"},
            (Address(kind=AddressKind.GROUP, value="g="),),
        ),
        ({"recipient_type": "group", "recipient_id": None}, ()),
    ],
)
def test_status_tells_whom_it_went_to(ctx: Context, changes, to):
    assert report(ctx, **changes).to == to


@pytest.mark.parametrize(
    ("pricing", "cost"),
    [
        (
            {"billable": True, "pricing_model": "PMP", "type": "regular", "category": "marketing"},
            Cost(category="marketing", type="regular", billable=True),
        ),
        (
            {"type": "free_customer_service", "category": "service"},
            Cost(category="service", type="free_customer_service", billable=False),
        ),
        (
            {"type": "regular", "category": "utility"},
            Cost(category="utility", type="regular", billable=True),
        ),
        (
            {"billable": True, "pricing_model": "CBP", "category": "business_initiated"},
            Cost(category="business_initiated", type="", billable=True),
        ),
        ({"billable": True}, None),
        ([], None),
        (None, None),
    ],
)
def test_status_tells_the_cost(ctx: Context, pricing, cost):
    assert report(ctx, pricing=pricing).cost == cost


FAILED = {"id": "wamid.OUT", "status": "failed", "recipient_id": "31655500001"}
SENT = {"id": "wamid.NEXT", "status": "sent", "recipient_id": "31655500001"}


@pytest.mark.parametrize(
    ("code", "topic", "severity"),
    [
        (131042, "payment", Severity.ALARM),
        (131031, "restriction", Severity.ALARM),
        (368, "restriction", Severity.ALARM),
        (130497, "country", Severity.WARNING),
        (131048, "spam", Severity.WARNING),
        (131064, "classification", Severity.WARNING),
    ],
)
def test_failure_of_the_whole_number_is_told_the_admin(ctx: Context, code, topic, severity):
    failed = {**FAILED, "timestamp": "1790000000", "errors": [{"code": code}]}
    report, notice = reports(ctx, **failed)
    assert report.code == str(code)
    assert notice == AccountNotice(
        id=f"{topic}:2026-09-21 14",
        at=AT,
        topic=topic,
        severity=severity,
        text=CODES[code].en,
    )
    assert reports(ctx, **failed) == [report, notice]


@pytest.mark.parametrize("code", [131047, 131026, 131053, 132015, 130429, 999999])
def test_failure_of_one_message_alarms_nobody(ctx: Context, code):
    assert len(reports(ctx, **FAILED, errors=[{"code": code}])) == 1


@pytest.mark.parametrize(
    ("code", "pricing", "ends"),
    [
        (131042, {"category": "service", "type": "free_customer_service"}, []),
        (131042, {"category": "service", "type": "regular"}, ["payment"]),
        (131031, None, ["restriction"]),
    ],
)
def test_message_that_is_sent_ends_the_alarm(ctx: Context, code, pricing, ends):
    assert len(reports(ctx, **SENT, timestamp="1789999999")) == 1
    reports(ctx, **FAILED, timestamp="1790000000", errors=[{"code": code}])
    earlier = reports(ctx, **SENT, timestamp="1790000000", pricing=pricing)
    assert len(earlier) == 1
    _, *cleared = reports(ctx, **SENT, timestamp="1790000001", pricing=pricing)
    assert [(notice.topic, notice.severity) for notice in cleared] == [
        (topic, Severity.CLEARED) for topic in ends
    ]
    assert reports(ctx, **SENT, timestamp="1790000001", pricing=pricing)[1:] == cleared


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"status": "deleted"}, "The status is 'deleted', which Balie does not follow."),
        ({"status": "warning"}, "The status is 'warning', which Balie does not follow."),
        ({"status": None}, "The status is 'none', which Balie does not follow."),
        ({"status": ["sent"]}, "The status is 'none', which Balie does not follow."),
        ({"id": None}, "The status names no message."),
        ({"id": {"a": 1}}, "The status names no message."),
    ],
)
def test_other_status_is_refused(ctx: Context, changes, reason):
    assert report(ctx, **changes) == Refused(reason=reason)


def failure(ctx: Context, *errors: Any) -> tuple[str, str]:
    event = report(ctx, status="failed", errors=list(errors))
    assert isinstance(event, StatusReported)
    assert event.status is Status.FAILED
    return event.code, event.text


def test_failed_outside_the_window_says_what_to_do(ctx: Context, nl: Context):
    for code in (131047, "131047"):
        assert failure(ctx, {"code": code}) == ("131047", CODES[131047].en)
        assert failure(nl, {"code": code}) == ("131047", CODES[131047].nl)
    assert CODES[131047].en == (
        "Not delivered: the customer last wrote more than 24 hours ago, and WhatsApp then lets "
        "no ordinary message through. Send an approved template, or call or e-mail the "
        "customer; once the customer writes again, you can answer here."
    )


def test_failed_for_an_unknown_reason_tells_the_vendors(ctx: Context, nl: Context):
    details = f"Odd {TOKEN} and EAAothertoken99 for +31655500001 (#131999)"
    error = {"code": 131999, "title": "Odd", "error_data": {"details": details}}
    told = "Odd … and … for …01 (#131999)"
    assert failure(ctx, error) == (
        "131999",
        f"WhatsApp did not send the message (code 131999): {told}",
    )
    assert failure(nl, error) == (
        "131999",
        f"WhatsApp heeft het bericht niet verzonden (code 131999): {told}",
    )


@pytest.mark.parametrize("errors", [[], [None], ["131047"], [{}], [{"code": [1]}], [{"code": -1}]])
def test_failed_without_a_reason_is_still_told(ctx: Context, errors):
    assert failure(ctx, *errors) == ("", "WhatsApp did not send the message.")


@pytest.mark.parametrize("code", sorted(CODES))
def test_known_code_has_a_sentence_in_both_languages(code):
    known = CODES[code]
    assert known.nl.endswith(".")
    assert known.en.endswith(".")
    assert known.nl != known.en
