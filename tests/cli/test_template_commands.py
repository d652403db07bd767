"""Templates on the command line: read, shown, previewed, handed in."""

import json

import pytest

from .vendor import CHAT, SHIPPED


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
