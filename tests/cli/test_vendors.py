"""The commands on a running Balie that is connected with both vendors' stand-ins."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.e2e.whole import Whole, new_customer, wait_until

WHATSAPP, ZENDESK = "demo/whatsapp", "demo/zendesk"


def template(whole: Whole, name: str, **more: Any) -> str:
    """Let the vendor have a template; return its id there."""
    asked = {"name": name, "body": "Hoi {{1}}, bestelling {{2}} is onderweg."} | more
    return str(whole.stage.control("POST", "whatsapp/templates", asked)["id"])


@pytest.fixture
def set_for_once(live, whole) -> Iterator[Callable[..., None]]:
    """Change a setting of a connection until the test's end."""
    undo: list[tuple[str, str]] = []

    def change(slug: str, name: str, value: str) -> None:
        balie = whole.stage.services()
        before = balie.directory.config(balie.directory.connection("demo", slug))[name]
        balie.store.close()
        undo.append((slug, f"{name}={before}"))
        assert live("connection", "set", "demo", slug, "--set", f"{name}={value}").code == 0

    yield change
    for slug, setting in reversed(undo):
        live("connection", "set", "demo", slug, "--set", setting)


# --- Setting up -----------------------------------------------------------------------------------


@pytest.mark.parametrize("connection", [WHATSAPP, ZENDESK])
def test_connection_is_set_up_again_without_a_change(live, connection):
    first, second = (live("connection", "setup", connection, "--json") for _ in range(2))

    assert (first.code, first.json["ok"]) == (0, True)
    assert all(step["text"] for step in first.json["steps"])
    assert second.json == first.json


@pytest.mark.parametrize(
    ("slug", "name", "step"),
    [
        ("whatsapp", "access_token", "Toegangstoken"),
        ("whatsapp", "phone_number_id", "Nummer"),
        ("zendesk", "client_secret", "sign in"),
    ],
)
def test_setup_that_fails_says_at_which_step_and_ends_with_1(live, set_for_once, slug, name, step):
    set_for_once(slug, name, "404404404404404")

    done = live("connection", "setup", f"demo/{slug}", "--json")

    failed = [one["step"] for one in done.json["steps"] if not one["ok"]]
    assert (done.code, done.json["ok"], failed[0]) == (1, False, step)


# --- Templates ------------------------------------------------------------------------------------


def test_template_is_read_listed_and_previewed(live, whole):
    template(whole, "parcel_sent", buttons=["Volg mijn pakket"])

    assert live("template", "sync", WHATSAPP, "--json").json["templates"] >= 2
    listed = {one["name"]: one for one in live("template", "list", WHATSAPP, "--json").json}
    shown = live("template", "preview", WHATSAPP, "parcel_sent", "--set", "1=Noor", "--json")

    assert listed["parcel_sent"] == {
        "name": "parcel_sent",
        "language": "nl",
        "status": "APPROVED",
        "category": "UTILITY",
        "quality": "UNKNOWN",
        "variables": "body.1, body.2",
        "reason": None,
    }
    assert (shown.code, shown.json) == (
        0,
        {
            "text": "Hoi Noor, bestelling {body.2} is onderweg.\n\n[Volg mijn pakket]",
            "usable": True,
            "status": "APPROVED",
            "unset": ["body.2"],
        },
    )
    assert live("template", "preview", WHATSAPP, "parcel_sind").code == 1


def complaints(live) -> list[str]:
    """What the doctor says is wrong with this tenant's connections, whatever else is."""
    rows = live("doctor", "--json").json
    return [row["text"] for row in rows if not row["ok"] and row["what"].startswith("connection")]


def test_waiting_template_that_is_paused_is_told_to_the_doctor(live, whole, set_for_once):
    """Without it, late answers are not kept but fail."""
    template_id = template(whole, "waits_for_you", body="Uw antwoord staat klaar.")
    live("template", "sync", WHATSAPP)
    set_for_once("whatsapp", "waiting_template", "waits_for_you/nl")
    before = complaints(live)

    whole.stage.control("POST", f"whatsapp/templates/{template_id}", {"status": "PAUSED"})

    [text] = wait_until(lambda: complaints(live))
    assert before == []
    assert text.startswith("connected; its waiting_template cannot be sent: ")
    assert "PAUSED" in text
    notices = live("connection", "notices", WHATSAPP, "--json").json
    assert [(one["severity"], one["topic"]) for one in notices][:1] == [
        ("warning", "template:waits_for_you/nl")
    ]
    whole.stage.control("POST", f"whatsapp/templates/{template_id}", {"status": "APPROVED"})
    wait_until(lambda: complaints(live) == [])


# --- What vendors tell of the account -------------------------------------------------------------


def happens(whole: Whole, field: str, **more: Any) -> None:
    whole.stage.control("POST", "whatsapp/events", {"field": field} | more)


def alarm(live) -> str | None:
    return live("connection", "show", "demo", "whatsapp", "--json").json["alarm"]


def test_quality_and_restriction_alarm_until_they_are_over(live, whole):
    assert (alarm(live), complaints(live)) == (None, [])

    happens(whole, "phone_number_quality_update", value={"event": "FLAGGED"})
    quality = wait_until(lambda: alarm(live))
    happens(whole, "account_update", event="ACCOUNT_RESTRICTION")
    both = wait_until(lambda: (now := alarm(live)) != quality and now)
    sick = complaints(live)

    assert quality.startswith("De kwaliteit van het nummer is laag")
    assert both.startswith(f"{quality} · Meta heeft beperkt wat dit account mag: ")
    listed = live("connection", "list", "demo", "--json").json
    assert [row["alarm"] for row in listed] == [both, None]
    assert sick == [f"connected; its vendor warns: {both}"]
    assert live("doctor").code == 1
    assert 'balie_connection_alarms{plugin="whatsapp"} 1\n' in whole.get("/metrics").text

    happens(whole, "phone_number_quality_update", value={"event": "UNFLAGGED"})
    wait_until(lambda: alarm(live) == both.removeprefix(f"{quality} · "))
    assert live("connection", "notices", WHATSAPP, "--clear", "restricted").code == 0
    assert (alarm(live), complaints(live)) == (None, [])


def test_ban_alarms_and_its_end_takes_it_back(live, whole):
    for state, stands in (("DISABLE", True), ("REINSTATE", False)):
        ban = {"ban_info": {"waba_ban_state": state, "waba_ban_date": "November 3, 2026"}}
        happens(whole, "account_update", event="DISABLED_UPDATE", value=ban)
        wait_until(lambda stands=stands: bool(alarm(live)) is stands)


# --- Ways in, and what it costs -------------------------------------------------------------------


def test_way_in_of_the_number(live, whole, tmp_path):
    [way] = live("contact", "link", WHATSAPP, "--json").json
    code, card = tmp_path / "door.svg", tmp_path / "balie.vcf"

    link = f"{whole.stage.sandbox_url}/wa.me/31855500100"
    assert way == {"name": "WhatsApp", "url": link}
    assert live("contact", "qr", WHATSAPP, "--out", str(code)).code == 0
    assert live("contact", "card", WHATSAPP, "--out", str(card)).code == 0
    assert code.read_text().startswith("<?xml")
    assert "TEL;TYPE=CELL;waid=31855500100:+31855500100\r\n" in card.read_bytes().decode()


def test_costs_count_each_message_once(live, whole):
    def counted() -> dict[tuple[str, bool], int]:
        [channel] = live("costs", "demo", "--json").json["connections"]
        return {(one["category"], one["charged"]): one["messages"] for one in channel["totals"]}

    number, before = new_customer(), counted()
    whole.write(number, "Hallo")
    ticket = whole.ticket(number)
    whole.answer(ticket, "Goedemiddag.")
    whole.answer(ticket, "/template hello_world", public=False)
    wait_until(lambda: len(whole.shown(number)) == 2)
    whole.stage.control("POST", f"whatsapp/phones/{number}/read")
    whole.settle()

    after = counted()
    news = {key: more for key, n in after.items() if (more := n - before.get(key, 0))}
    assert news == {("service", False): 1, ("utility", True): 1}
    assert re.search(r"whatsapp: \d+ charged, \d+ free", live("costs", "demo").out)
