"""Making tenants and connections, and being refused in words."""

import pytest

from .conftest import WHATSAPP, ZENDESK, settings

HOOKS = "https://balie.example/hooks/winkel"
ADD_DESK = ("connection", "add", "winkel", "zendesk", "--plugin", "crm_zendesk")


def test_tenant_is_added_listed_and_shown(balie):
    assert balie("tenant", "list").out == "No tenant yet. Make one: balie tenant add NAME\n"
    made = balie("tenant", "add", "winkel", "--name", "De Winkel")
    listed = balie("tenant", "list", "--json")
    shown = balie("tenant", "show", "winkel")

    assert (made.code, made.out) == (0, "tenant winkel made\n")
    assert listed.json == [{"slug": "winkel", "name": "De Winkel", "region": "NL", "locale": "nl"}]
    assert shown.out == ("De Winkel (winkel), NL, nl\nNo connection yet: balie connection add\n")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("winkel",), "a tenant 'winkel' exists already"),
        (("Win_kel",), "'Win_kel' cannot be a name in an address: use a-z, 0-9 and dashes"),
        (("x" * 64,), f"'{'x' * 64}' cannot be a name in an address: use a-z, 0-9 and dashes"),
        (("ander", "--locale", "de"), "'de' is no language of Balie: choose nl or en"),
        (
            ("ander", "--region", "Nederland"),
            "'Nederland' is no country: give two capitals, such as NL",
        ),
    ],
)
def test_tenant_that_cannot_be_is_refused(winkel, arguments, sentence):
    refused = winkel("tenant", "add", *arguments)

    assert (refused.code, refused.out, refused.err) == (1, "", f"balie: {sentence}\n")


def test_tenant_show_tells_the_webhook_addresses(winkel):
    shown = winkel("tenant", "show", "winkel", "--json").json

    assert [(one["connection"], one["state"], one["webhook"]) for one in shown["connections"]] == [
        ("whatsapp", "connected", "https://balie.example/hooks/winkel/whatsapp"),
        ("zendesk", "connected", "https://balie.example/hooks/winkel/zendesk"),
    ]


def test_tenant_unknown_is_said(balie):
    refused = balie("tenant", "show", "nobody")

    assert (refused.code, refused.err) == (
        1,
        "balie: there is no tenant 'nobody'; see: balie tenant list\n",
    )


def test_connection_takes_secrets_from_a_file_and_from_standard_input(balie, tmp_path):
    balie("tenant", "add", "winkel")
    secret = tmp_path / "secret"
    secret.write_text("from-a-file-0123456789\n")
    rest = {name: ZENDESK[name] for name in ("base_url", "client_id")}

    made = balie(
        *ADD_DESK,
        *settings(rest | {"client_secret": f"@{secret}", "webhook_secret": "-"}),
        given="from-standard-input-0123456789\n",
    )

    assert (made.code, made.out) == (
        0,
        f"connection zendesk made; its webhook address is {HOOKS}/zendesk\n",
    )
    shown = balie("connection", "show", "winkel", "zendesk", "--json").json["settings"]
    assert shown["client_id"] == "balie"
    assert "from-" not in str(shown)


def test_connection_shows_no_secret(winkel):
    for slug, config in (("whatsapp", WHATSAPP), ("zendesk", ZENDESK)):
        for form in ((), ("--json",)):
            told = winkel("connection", "show", "winkel", slug, *form).out
            for name, value in config.items():
                is_secret = any(word in name for word in ("secret", "token"))
                assert (value in told) is not is_secret


def test_connection_is_refused_by_field(balie):
    balie("tenant", "add", "winkel")
    wrong = {"base_url": "zendesk", "client_id": "balie", "surprise": "1"}

    refused = balie(*ADD_DESK, *settings(wrong))

    assert refused.code == 1
    lines = refused.err.splitlines()
    assert lines[0] == "Error: these settings are refused:"
    assert {line.split()[0] for line in lines[1:]} >= {"base_url", "surprise"}
    assert balie("tenant", "show", "winkel", "--json").json["connections"] == []


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (ADD_DESK, 1, "a connection 'zendesk' already"),
        (("connection", "add", "winkel", "x", "--plugin", "nothing"), 1, "no plugin nothing"),
        (("connection", "add", "nobody", "x", "--plugin", "crm_zendesk"), 1, "no tenant 'nobody'"),
        (("connection", "add", "winkel", "A B", "--plugin", "crm_zendesk"), 1, "cannot be a name"),
        (("connection", "add", "winkel", "x"), 2, "Missing option '--plugin'"),
        (("connection", "show", "winkel", "nothing"), 1, "no connection 'nothing'"),
        (("connection", "set", "winkel", "nothing"), 1, "no connection 'nothing'"),
        (("connection", "test", "nobody", "nothing"), 1, "no connection 'nothing'"),
    ],
)
def test_connection_that_cannot_be_is_refused(winkel, arguments, code, sentence):
    added = settings(ZENDESK) if arguments[1] == "add" else []

    refused = winkel(*arguments, *added)

    assert (refused.code, refused.out) == (code, "")
    assert sentence in refused.err


@pytest.mark.parametrize(
    ("setting", "code", "sentence"),
    [
        ("client_id", 2, "--set client_id: write NAME=VALUE"),
        ("client_id=@/does/not/exist", 1, "/does/not/exist cannot be read"),
        ("client_id=@.", 1, ". cannot be read"),
    ],
)
def test_setting_that_cannot_be_read_is_said(winkel, setting, code, sentence):
    refused = winkel("connection", "set", "winkel", "zendesk", "--set", setting)

    assert refused.code == code
    assert sentence in refused.err


def test_channel_wants_a_helpdesk_and_a_helpdesk_wants_none(winkel):
    phone = ("connection", "add", "winkel", "tweede", "--plugin", "whatsapp", *settings(WHATSAPP))
    desk = ("connection", "add", "winkel", "tweede", "--plugin", "crm_zendesk", *settings(ZENDESK))

    assert "name the helpdesk it files into" in winkel(*phone).err
    assert "no helpdesk connection" in winkel(*phone, "--files-into", "whatsapp").err
    assert "files into nothing" in winkel(*desk, "--files-into", "zendesk").err


def test_connection_set_changes_what_is_named_only(winkel):
    changed = winkel(
        "connection", "set", "winkel", "whatsapp", "--set", "reconcile_seconds=7", "--json"
    )

    shown = winkel("connection", "show", "winkel", "whatsapp", "--json").json
    assert changed.json == {"connection": "whatsapp"}
    assert shown["settings"]["reconcile_seconds"] == 7
    assert shown["settings"]["phone_number_id"] == WHATSAPP["phone_number_id"]


def test_connection_set_that_is_refused_changes_nothing(winkel):
    before = winkel("connection", "show", "winkel", "whatsapp", "--json").json

    refused = winkel("connection", "set", "winkel", "whatsapp", "--set", "api_version=newest")

    assert refused.code == 1
    assert "api_version is no version; write it as v24.0." in refused.err
    assert winkel("connection", "show", "winkel", "whatsapp", "--json").json == before
