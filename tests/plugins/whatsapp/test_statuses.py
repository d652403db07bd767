"""Statuses read whole."""

from typing import Any

import pytest

from balie.api import Context, Event, Refused, Status, StatusReported
from balie_whatsapp.errors.codes import CODES
from balie_whatsapp.plugin import plugin

from .conftest import TOKEN
from .payloads import a_payload, a_value, take
from .test_ingress import AT


def report(ctx: Context, **changes: Any) -> Event:
    status = {
        "id": "wamid.OUT",
        "status": "sent",
        "timestamp": "1790000000",
        "recipient_id": "31655500001",
        **changes,
    }
    (raw,) = take(ctx, a_payload(a_value(statuses=[status])))
    (event,) = plugin.event_parse(ctx, raw)
    return event


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
        message_id="wamid.OUT", status=status, at=AT, reference="m-42"
    )


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
