"""The command beside a running Balie: switches, tests, traces, replays."""

import subprocess
import sys

import pytest
from tests.e2e.whole import new_customer, text, wait_until, webhook


def test_connection_disabled_is_404_within_two_seconds_and_back(live, whole):
    number = new_customer()
    body = webhook(text(number, "Ben je er?"))

    try:
        off = live("connection", "disable", "demo", "whatsapp", "--json")
        wait_until(lambda: whole.post(body).status_code == 404, 2)
        hidden = whole.post(body).text
        shaken = whole.get("/hooks/demo/whatsapp").status_code
    finally:
        on = live("connection", "enable", "demo", "whatsapp")
    wait_until(lambda: whole.post(body).status_code == 200, 2)

    assert off.json == {"connection": "whatsapp", "state": "off"}
    assert (hidden, shaken) == ("there is no such connection\n", 404)
    assert on.out == "connection whatsapp is connected\n"
    wait_until(lambda: whole.comments(number) == ["Ben je er?"])


def test_helpdesk_disabled_keeps_its_work_waiting(live, whole):
    number = new_customer()
    try:
        live("connection", "disable", "demo", "zendesk")
        wait_until(lambda: whole.post(b"{}", {}, "demo/zendesk").status_code == 404, 2)
        whole.write(number, "Wacht even")
        wait_until(lambda: any(item.reason for item in pending(whole)))
        waiting = live("ledger", "show", "--state", "pending", "--json").json
        assert whole.tickets(number) == []
    finally:
        live("connection", "enable", "demo", "zendesk")

    assert [row["kind"] for row in waiting] == ["file"]
    assert waiting[0]["reason"]
    wait_until(lambda: whole.comments(number) == ["Wacht even"])
    whole.settle()


@pytest.mark.parametrize("slug", ["whatsapp", "zendesk"])
def test_connection_test_is_content_with_good_credentials(live, slug):
    tried = live("connection", "test", "demo", slug, "--json")

    assert (tried.code, tried.json["ok"]) == (0, True)
    assert tried.json["text"]


@pytest.mark.parametrize(
    ("slug", "name", "value"),
    [
        ("whatsapp", "access_token", "EAAwrongtoken0123456789"),
        ("zendesk", "client_secret", "wrong"),
    ],
)
def test_connection_test_tells_of_bad_credentials(live, slug, name, value, whole):
    balie = whole.stage.services()
    right = balie.directory.config(balie.directory.connection("demo", slug))[name]
    balie.store.close()
    try:
        live("connection", "set", "demo", slug, "--set", f"{name}={value}")
        tried = live("connection", "test", "demo", slug)
    finally:
        live("connection", "set", "demo", slug, "--set", f"{name}={right}")

    assert (tried.code, tried.err) == (1, "")
    assert tried.out.strip()
    assert value not in tried.out


def test_connection_test_of_a_vendor_that_is_away_is_a_sentence(live, whole):
    whole.fault("graph", "reset")
    try:
        tried = live("connection", "test", "demo", "whatsapp")
    finally:
        whole.heal()

    assert tried.code == 1
    assert len(tried.out.splitlines()) == 1


def test_trace_finds_a_message_by_each_of_its_ids(live, whole):
    number = new_customer()
    asked = whole.write(number, "Waar is mijn pakket?")
    ticket = whole.ticket(number)
    whole.answer(ticket, "Onderweg.")
    [shown] = wait_until(lambda: whole.shown(number))
    whole.settle()
    comment = whole.ticket(number)["comments"][-1]["id"]

    [story] = live("trace", asked, "--json").json
    answers = [
        live("trace", str(sought), "--tenant", "demo", "--json").json
        for sought in (shown["id"], comment)
    ]
    answers.append(live("trace", str(answers[0][0]["message"]), "--json").json)

    assert (story["direction"], story["said"]) == ("inbound", "Waar is mijn pakket?")
    assert story["ticket"] == str(ticket["id"])
    assert [item["state"] for item in story["ledger"]] == ["delivered", "delivered"]
    assert answers[0] == answers[1]
    assert answers[0][0] in answers[2]
    assert answers[0][0]["status"] in ("delivered", "read")
    assert [one["status"] for one in answers[0][0]["statuses"]][:2] == ["sent", "delivered"]
    told = live("trace", shown["id"]).out
    assert "direction: outbound" in told
    assert "said: Onderweg." in told


def test_trace_of_something_refused_or_waiting_tells_that(live, whole):
    number = new_customer()
    message = text(number, "", type="system", system={}, **{"from": None})
    whole.post(webhook(message))
    whole.settle()

    found = live("trace", message["id"], "--json")

    assert found.code == 0
    assert [item["state"] for item in found.json[0]["ledger"]] != []


@pytest.mark.parametrize("sought", ["wamid.never", "999999999", "", "x" * 5000, "9" * 50, "'; --"])
def test_trace_of_the_unknown_is_1(live, sought):
    plain, as_json = live("trace", sought), live("trace", sought, "--json")

    assert (plain.code, as_json.code, as_json.json) == (1, 1, [])
    assert plain.out.startswith("Never seen here.")


def test_trace_keeps_to_its_tenant(live, whole):
    number = new_customer()
    asked = whole.write(number, "Van wie is dit?")
    whole.ticket(number)
    live("tenant", "add", "leeg")

    assert live("trace", asked, "--tenant", "leeg").code == 1
    assert live("trace", asked, "--tenant", "nobody").err == (
        "balie: there is no tenant 'nobody'; see: balie tenant list\n"
    )


def test_ledger_shows_and_balances(live, whole):
    number = new_customer()
    whole.write(number, "Eén bericht")
    whole.ticket(number)
    whole.settle()

    rows = live("ledger", "show", "--tenant", "demo", "--limit", "2", "--json").json
    balances = live("ledger", "balance", "--json")

    assert len(rows) == 2
    assert {row["state"] for row in rows} == {"delivered"}
    assert balances.code == 0
    for line in balances.json:
        assert line["difference"] == 0
        assert line["accepted"] == (
            line["delivered"] + line["refused"] + line["parked"] + line["in_flight"]
        )
    assert {line["tenant"] for line in balances.json} == {"demo"}
    assert "accepted" in live("ledger", "balance").out


def test_ledger_of_nothing_says_so(winkel):
    assert winkel("ledger", "balance").out == "Nothing has come in yet.\n"
    assert winkel("ledger", "balance", "--json").json == []
    assert winkel("ledger", "show").out == "Nothing here.\n"
    assert winkel("ledger", "parked", "--json").json == []
    assert winkel("ledger", "show", "--tenant", "nobody").code == 1
    assert winkel("ledger", "show", "--state", "lost").code == 2


def test_parked_item_is_listed_and_replayed_in_a_running_server(live, whole):
    whole.post(b"no JSON at all, for the replay")

    row = live("ledger", "parked", "--json").json[0]
    replayed = live("ledger", "replay", str(row["item"]), "--json")

    assert row["reason"].startswith("the body is not JSON")
    assert (replayed.code, replayed.json) == (0, {"replayed": [row["item"]]})
    # It is read anew, and parked again, for it still is no JSON.
    wait_until(lambda: any(item.id == row["item"] for item in parked(whole)))
    looked = live("doctor", "--json")
    assert looked.code == 1
    assert [one["what"] for one in looked.json if not one["ok"]] == ["ledger"]


def test_replay_of_what_is_not_parked_is_refused_with_proof(live, whole):
    number = new_customer()
    whole.write(number, "Al bezorgd")
    ticket = whole.ticket(number)
    whole.answer(ticket, "Ja")
    whole.settle()
    filed = next(item.id for item in whole.items() if item.kind == "file")
    sent = next(item.id for item in whole.items() if item.kind == "send")
    item = whole.items()[0].id

    refused = live("ledger", "replay", str(item))
    comment = whole.tickets(number)[0]["comments"][0]["id"]
    where = f"it is comment {comment} in ticket {ticket['id']}\n"
    assert live("ledger", "replay", str(filed)).err.endswith(where)
    assert "the channel took it as wamid." in live("ledger", "replay", str(sent)).err
    unknown = live("ledger", "replay", "999999")

    assert (refused.code, refused.out) == (1, "")
    assert refused.err.startswith(f"balie: item {item} is delivered since 20")
    assert unknown.err == "balie: there is no item 999999; see: balie ledger parked\n"
    assert live("ledger", "replay").code == 2
    assert live("ledger", "replay", "first").code == 2


def parked(whole):
    return [item for item in whole.items() if item.state == "parked"]


def pending(whole):
    return [item for item in whole.items() if item.state == "pending"]


def test_real_command_reads_standard_input_and_ends_with_its_code(whole):
    """One as a user runs it: a process of its own."""
    done = subprocess.run(
        [
            *(sys.executable, "-m", "balie.cli", "connection", "set", "demo", "whatsapp"),
            *("--set", "verify_token=-"),
        ],
        input="sandbox-verify-token\n",
        env=whole.stage.environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "connection whatsapp changed\n", "")
