"""Setting a channel up, its templates, what it costs, and how customers find it."""

import json
import os
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from balie.api import AccountNotice, Severity
from balie.desk import costs, notices
from balie.desk.costs import CostRow
from balie.run.exposition import exposed
from balie.run.services import Services
from balie.run.settings import Settings

from .conftest import ZENDESK, settings

PLUGINS = Path(__file__).parent / "plugins"
CHAT = "winkel/chat"
SHIPPED = {
    "id": "1",
    "name": "order_shipped",
    "language": "nl",
    "category": "UTILITY",
    "status": "APPROVED",
    "text": "Hoi {body.1}, bestelling {body.2} is onderweg.",
    "variables": [["body.1", "Noor"], ["body.2", "4711"]],
}
LINK = "https://wa.me/31655500001"
CARD = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:De Winkel\r\nEND:VCARD\r\n"


class Vendor:
    """The file in which a vendor says what it says."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.says()

    def says(self, **what: object) -> None:
        self.path.write_text(json.dumps(what))


@pytest.fixture
def vendor(tmp_path) -> Vendor:
    return Vendor(tmp_path / "vendor.json")


@pytest.fixture
def shop(balie, vendor, monkeypatch):
    """The command, with a tenant ``winkel`` whose channel ``chat`` has a file for a vendor."""
    monkeypatch.setenv("BALIE_PLUGINS_DIR", str(PLUGINS))
    assert balie("tenant", "add", "winkel", "--name", "De Winkel").code == 0
    desk = ("connection", "add", "winkel", "zendesk", "--plugin", "crm_zendesk")
    assert balie(*desk, *settings(ZENDESK)).code == 0
    add = ("connection", "add", "winkel", "chat", "--plugin", "filed_vendor")
    assert balie(*add, "--files-into", "zendesk", "--set", f"file={vendor.path}").code == 0
    return balie


@pytest.fixture
def inside(shop, monkeypatch):
    """The services on the command's database."""
    made = Services(Settings.from_environment(os.environ))
    yield made
    made.store.close()


# --- Setting up ----------------------------------------------------------------------------


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


# --- Templates -----------------------------------------------------------------------------


def test_templates_are_read_listed_and_shown(shop, vendor):
    assert shop("template", "list", CHAT).out == f"Not read yet: balie template sync {CHAT}\n"
    vendor.says(templates=[SHIPPED])
    assert shop("template", "sync", CHAT).out == "1 templates read\n"

    assert shop("template", "list", CHAT, "--json").json == [
        {
            "name": "order_shipped",
            "language": "nl",
            "status": "APPROVED",
            "category": "UTILITY",
            "quality": None,
            "variables": "body.1, body.2",
            "reason": None,
        }
    ]
    assert shop("template", "show", CHAT, "order_shipped").out == (
        "order_shipped (nl): APPROVED\nUTILITY\nHoi {body.1}, bestelling {body.2} is onderweg.\n"
        "  body.1 = Noor\n  body.2 = 4711\n"
    )
    shown = shop("template", "show", CHAT, "order_shipped", "--json").json
    assert shown["variables"] == [["body.1", "Noor"], ["body.2", "4711"]]


def test_vendor_without_templates_is_said(shop, vendor):
    shop("template", "sync", CHAT)

    assert shop("template", "list", CHAT).out == "The vendor has none.\n"


def test_vendor_that_is_away_is_said(shop, vendor):
    vendor.says(templates="away")
    refused = shop("template", "sync", CHAT)

    assert (refused.code, refused.err) == (1, "balie: the vendor is away\n")


def test_preview_fills_in_and_says_what_is_an_example(shop, vendor):
    vendor.says(templates=[SHIPPED | {"status": "PAUSED", "reason": "LOW_QUALITY"}])
    shop("template", "sync", CHAT)
    shown = shop("template", "preview", CHAT, "order_shipped", "--set", "1=Anna")

    assert shown.out == "Hoi Anna, bestelling 4711 is onderweg.\n"
    assert shown.err == (
        "Examples stand for: body.2\nIt cannot be sent now: it is PAUSED LOW_QUALITY\n"
    )
    as_json = shop("template", "preview", CHAT, "order_shipped", "--set", "2=7", "--json").json
    assert as_json == {
        "text": "Hoi Noor, bestelling 7 is onderweg.",
        "usable": False,
        "status": "PAUSED",
        "unset": ["body.1"],
    }


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("order_shiped",), 1, "Perhaps this is meant: order_shipped."),
        (("order_shipped", "--language", "fr"), 1, "is not there in “fr”, but in: nl."),
        (("order_shipped", "--set", "9=x"), 1, "has no variable “9”."),
        (("order_shipped", "--set", "9"), 2, "--set 9: write NAME=VALUE"),
    ],
    ids=["misspelt", "language", "variable", "no value"],
)
def test_preview_that_cannot_be_says_why(shop, vendor, arguments, code, says):
    vendor.says(templates=[SHIPPED])
    shop("template", "sync", CHAT)
    refused = shop("template", "preview", CHAT, *arguments)

    assert refused.code == code
    assert says in refused.err


def test_template_is_handed_in_and_kept(shop, tmp_path):
    file = tmp_path / "new.json"
    file.write_text(
        json.dumps({"name": "new", "language": "nl", "category": "UTILITY", "components": []})
    )
    assert shop("template", "create", CHAT, str(file)).out == "new (nl) is PENDING\n"
    (kept,) = shop("template", "list", CHAT, "--json").json
    assert (kept["name"], kept["status"]) == ("new", "PENDING")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("{", "cannot be read as JSON"),
        ("[]", "holds no JSON object"),
        ("{}", "lacks name, language, category, components"),
        ('{"name": 1, "language": "nl", "category": "x", "components": {}}', "name, components"),
        (
            '{"name": "bad", "language": "nl", "category": "x", "components": []}',
            "132000: This is no template",
        ),
    ],
    ids=["no JSON", "no object", "empty", "wrong types", "refused"],
)
def test_template_that_is_none_is_refused(shop, tmp_path, content, says):
    file = tmp_path / "new.json"
    file.write_text(content)
    refused = shop("template", "create", CHAT, str(file))

    assert refused.code == 1
    assert says in refused.err


# --- Costs ---------------------------------------------------------------------------------


def count(inside, number: int, category: str, kind: str, *, billable: bool) -> None:
    row = inside.directory.connection("winkel", "chat")
    at = datetime(2026, 11, 5, tzinfo=UTC)
    with inside.store.writing() as session:
        session.add_all(
            CostRow(
                tenant_id=row.tenant_id,
                connection_id=row.id,
                channel_id=f"{category}-{kind}-{one}",
                month=costs.month_of(at),
                category=category,
                type=kind,
                billable=billable,
                country="NL",
                at=at,
            )
            for one in range(number)
        )


def test_costs_are_totalled_and_what_is_free_counted_down(shop, inside):
    count(inside, 3, "utility", "regular", billable=True)
    count(inside, 12, "service", "free_customer_service", billable=False)
    assert shop("costs", CHAT, "--budget", "500").code == 0
    told = shop("costs", "winkel", "--month", "2026-11", "--json").json

    assert told == {
        "month": "2026-11",
        "connections": [
            {
                "connection": "chat",
                "totals": [
                    {"category": "utility", "type": "regular", "charged": True, "messages": 3},
                    {
                        "category": "service",
                        "type": "free_customer_service",
                        "charged": False,
                        "messages": 12,
                    },
                ],
                "charged": 3,
                "free": 12,
                "countries": {"NL": 3},
                "budget": 500,
                "free_left": 988,
                "free_of": 1000,
            }
        ],
    }
    said = shop("costs", "winkel", "--month", "2026-11").out
    assert "chat: 3 charged, 12 free" in said
    assert "free messages left: 988 of 1000" in said
    assert "charged by country: NL 3" in said


def test_costs_of_a_month_without_messages(shop):
    told = shop("costs", "winkel", "--month", "2025-01", "--json").json

    assert [(one["charged"], one["free_left"]) for one in told["connections"]] == [(0, 1000)]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("winkel", "--month", "2026-13"), 2),
        (("winkel", "--month", "nov"), 2),
        (("winkel", "--budget", "5"), 2),
        (("winkel/chat", "--budget", "-1"), 2),
        (("nobody",), 1),
        (("winkel/nothing",), 1),
    ],
)
def test_costs_asked_wrongly_are_refused(shop, arguments, code):
    refused = shop("costs", *arguments)

    assert (refused.code, refused.out) == (code, "")


def test_budget_is_taken_away_by_0(shop):
    shop("costs", CHAT, "--budget", "5")
    assert shop("costs", CHAT, "--budget", "0").out == "chat: no budget any more\n"

    (one,) = shop("costs", CHAT, "--json").json["connections"]
    assert one["budget"] is None


# --- The way in ----------------------------------------------------------------------------


@pytest.fixture
def findable(shop, vendor):
    """The shop, whose channel tells two ways in."""
    vendor.says(
        ways=[
            {"name": "chat", "url": LINK, "vcard": CARD},
            {"name": "returns", "url": f"{LINK}?text=Retour"},
        ]
    )
    return shop


def test_links_are_told(findable):
    assert findable("contact", "link", CHAT).out == f"{LINK}  chat\n{LINK}?text=Retour  returns\n"
    assert findable("contact", "link", CHAT, "--json").json[0] == {"name": "chat", "url": LINK}


@pytest.mark.parametrize(("file", "begins"), [("q.svg", b"<?xml"), ("q.png", b"\x89PNG")])
def test_qr_code_is_written_as_its_name_says(findable, tmp_path, file, begins):
    done = findable("contact", "qr", CHAT, "--out", str(tmp_path / file), "--name", "returns")

    assert done.out == f"{tmp_path / file}: {LINK}?text=Retour\n"
    assert (tmp_path / file).read_bytes().startswith(begins)


def test_qr_code_is_shown_where_no_file_is_named(findable):
    assert len(findable("contact", "qr", CHAT).out.splitlines()) > 10
    svg = findable("contact", "qr", CHAT, "--json").json["svg"]
    assert re.match(r"<svg [^>]*>", svg)


def test_card_is_written_and_shown(findable, tmp_path):
    file = tmp_path / "winkel.vcf"
    assert findable("contact", "card", CHAT, "--out", str(file)).code == 0

    assert file.read_bytes() == CARD.encode()
    assert findable("contact", "card", CHAT).out == CARD.replace("\r\n", "\n")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("qr", CHAT, "--out", "q.gif"), "name it .svg or .png"),
        (("qr", CHAT, "--out", "/nowhere/q.svg"), "cannot be written"),
        (("card", CHAT, "--out", "/nowhere/c.vcf"), "cannot be written"),
        (("card", CHAT, "--name", "returns"), "this way in has no card"),
        (("qr", CHAT, "--name", "x"), "there is no way in 'x'; there is: chat, returns"),
    ],
)
def test_way_in_asked_wrongly_is_refused(findable, arguments, says):
    refused = findable("contact", *arguments)

    assert refused.code in (1, 2)
    assert says in refused.err


def test_link_that_is_too_long_for_a_code_is_refused(shop, vendor):
    vendor.says(ways=[{"name": "x", "url": "https://wa.me/?text=" + "x" * 3000}])

    assert "too long for a QR code" in shop("contact", "qr", CHAT).err


def test_channel_that_knows_no_way_in_says_so(shop):
    assert "this channel knows no way in" in shop("contact", "link", CHAT).err
