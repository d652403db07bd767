"""Setting a channel up, and what its vendor tells of the account."""

from datetime import UTC, datetime

import pytest

from balie.api import AccountNotice, Severity
from balie.desk import notices
from balie.run.exposition import exposed

from .vendor import CHAT, SHIPPED


def test_setup_tells_each_step_and_keeps_what_was_learned(shop, vendor):
    vendor.says(
        steps=[{"name": "webhook", "ok": True, "text": "subscribed"}],
        learned={"secret": "s3cret-of-the-vendor"},
        templates=[SHIPPED],
    )
    done = shop("connection", "setup", CHAT, "--json")

    assert (done.code, done.json) == (
        0,
        {
            "ok": True,
            "steps": [
                {"step": "webhook", "ok": True, "text": "subscribed"},
                {"step": "settings", "ok": True, "text": "kept: secret"},
                {"step": "templates", "ok": True, "text": "1 read"},
            ],
        },
    )
    shown = shop("connection", "show", "winkel", "chat", "--json").json["settings"]
    assert shown["secret"] == "••••or"
    assert "s3cret" not in done.out


def test_setup_takes_both_ways_of_naming_a_connection(shop, vendor):
    assert shop("connection", "setup", "winkel", "chat").code == 0
    assert shop("connection", "setup", CHAT).code == 0


def test_setup_with_a_failed_step_ends_with_1_and_says_what_to_do(shop, vendor):
    vendor.says(
        steps=[
            {"name": "token", "ok": True, "text": "fits"},
            {"name": "webhook", "ok": False, "text": "Give the token whatsapp_business_messaging."},
        ]
    )
    done = shop("connection", "setup", CHAT)

    assert done.code == 1
    assert "Give the token whatsapp_business_messaging." in done.out


@pytest.mark.parametrize(
    ("says", "failed"),
    [
        ({"steps": "away"}, ("setup", "the vendor is away")),
        ({"templates": "away"}, ("templates", "the vendor is away")),
        (
            {"learned": {"secret": ""}},
            (
                "settings",
                "what was learned is refused: secret: is empty; an empty secret is no secret.",
            ),
        ),
    ],
    ids=["the hook fails", "the templates fail", "what was learned is refused"],
)
def test_setup_that_fails_says_where(shop, vendor, says, failed):
    vendor.says(**says)
    done = shop("connection", "setup", CHAT, "--json")

    (step,) = [one for one in done.json["steps"] if not one["ok"]]
    assert (done.code, step["step"], step["text"]) == (1, *failed)


def test_setup_of_what_has_nothing_to_set_up_says_so(shop):
    done = shop("connection", "setup", "winkel/nothing")

    assert (done.code, done.err) == (1, "balie: tenant 'winkel' has no connection 'nothing'\n")


@pytest.mark.parametrize("words", [("winkel",), ("winkel/",), ("/chat",), ()])
def test_connection_that_is_half_named_is_refused(shop, words):
    assert shop("connection", "notices", *words).code == 2


def test_notices_are_listed_the_newest_first(shop, inside):
    assert shop("connection", "notices", CHAT).out == "The vendor has told nothing yet.\n"
    row = inside.directory.connection("winkel", "chat")
    with inside.store.writing() as session:
        for day, text in ((1, "Quality is low"), (2, "Quality is good")):
            at = datetime(2026, 11, day, tzinfo=UTC)
            severity = Severity.ALARM if day == 1 else Severity.CLEARED
            notice = AccountNotice(
                id=f"n{day}", at=at, topic="quality", severity=severity, text=text
            )
            notices.keep(session, row.tenant_id, row.id, notice)

    assert shop("connection", "notices", CHAT, "--json").json == [
        {
            "at": "2026-11-02 00:00:00",
            "severity": "cleared",
            "topic": "quality",
            "text": "Quality is good",
        },
        {
            "at": "2026-11-01 00:00:00",
            "severity": "alarm",
            "topic": "quality",
            "text": "Quality is low",
        },
    ]


def tell(inside, severity, text):
    row = inside.directory.connection("winkel", "chat")
    notice = AccountNotice(
        id=text, at=inside.clock.now(), topic="quality", severity=severity, text=text
    )
    with inside.store.writing() as session:
        notices.keep(session, row.tenant_id, row.id, notice)


def test_alarm_of_the_vendor_is_shown_until_it_is_taken_back(shop, inside):
    def alarms():
        shown = shop("connection", "show", "winkel", "chat", "--json").json["alarm"]
        listed = {
            row["connection"]: row["alarm"]
            for row in shop("connection", "list", "winkel", "--json").json
        }
        owned = {
            row["connection"]: row["alarm"]
            for row in shop("tenant", "show", "winkel", "--json").json["connections"]
        }
        assert listed == {CHAT: shown, "winkel/zendesk": None}
        assert owned == {"chat": shown, "zendesk": None}
        return shown

    def doctors():
        looked = shop("doctor", "--json")
        return looked.code, [row["text"] for row in looked.json if not row["ok"]]

    before = alarms(), doctors()
    tell(inside, Severity.ALARM, "Quality is low.")

    assert before == (None, (0, []))
    assert alarms() == "Quality is low."
    assert "ALARM: Quality is low." in shop("connection", "show", "winkel", "chat").out
    assert doctors() == (1, ["connected; its vendor warns: Quality is low."])
    assert b'balie_connection_alarms{plugin="filed_vendor"} 1\n' in exposed(inside)
    tell(inside, Severity.CLEARED, "Quality is good.")
    assert (alarms(), doctors()) == (None, (0, []))
    assert b'balie_connection_alarms{plugin="filed_vendor"} 0\n' in exposed(inside)
    assert b'balie_connections{plugin="filed_vendor",state="connected"} 1\n' in exposed(inside)


def test_alarm_that_no_vendor_takes_back_is_ended_by_an_admin(shop, inside):
    assert shop("connection", "notices", CHAT, "--clear", "quality").code == 1
    tell(inside, Severity.ALARM, "Quality is low.")

    refused = shop("connection", "notices", CHAT, "--clear", "payment")
    assert (refused.code, refused.err) == (
        1,
        "Error: no alarm stands about payment; there is: quality\n",
    )
    ended = shop("connection", "notices", CHAT, "--clear", "quality", "--json")
    assert [(row["severity"], row["text"]) for row in ended.json] == [
        ("cleared", "An admin has seen to it."),
        ("alarm", "Quality is low."),
    ]
    assert shop("connection", "show", "winkel", "chat", "--json").json["alarm"] is None
    tell(inside, Severity.ALARM, "Quality is low again.")
    assert shop("doctor").code == 1
