"""Requests that are not what a vendor sends: each is answered, none breaks anything."""

import http.client
import json
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
from tests.e2e.whole import (
    Whole,
    change,
    envelope,
    new_customer,
    signature,
    text,
    wait_until,
    webhook,
)

LIMIT = 3 * 1024 * 1024

UNREADABLE = {
    "not json": b"this is no JSON",
    "empty": b"",
    "list": b"[]",
    "other product": b'{"object":"instagram","entry":[]}',
    "no entries": b'{"object":"whatsapp_business_account"}',
    "not utf-8": b'{"object":"\xff\xfe"}',
    "deep": b"[" * 100_000,
    "nul bytes": b"\x00" * 10,
}


def balie(whole: Whole, *arguments: str):
    """Run the real command on the running Balie's settings."""
    return subprocess.run(
        [sys.executable, "-m", "balie.cli", *arguments],
        env=whole.stage.environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )


@pytest.mark.parametrize("name", UNREADABLE)
def test_signed_body_that_is_not_the_vendors_is_parked_with_a_reason(each_whole, name):
    body = UNREADABLE[name] + b" " * len(name)  # each database sees each body once
    before = each_whole.balance()

    answer = each_whole.post(body)

    after = each_whole.balance()
    assert answer.status_code == 200
    assert (after.accepted, after.parked) == (before.accepted + 1, before.parked + 1)
    assert each_whole.items()[0].kind == "webhook"
    assert each_whole.items()[0].reason


def test_parked_webhook_is_seen_and_replayed(whole):
    whole.post(b'{"seen": "and replayed"}')

    listed = json.loads(balie(whole, "ledger", "parked", "--json").stdout)
    item = str(listed[0]["item"])
    replayed = balie(whole, "ledger", "replay", item)

    assert (
        listed[0]["reason"]
        == '"object" is not "whatsapp_business_account": is another product subscribed?'
    )
    assert (replayed.returncode, replayed.stdout) == (0, "1 on the way again\n")
    # It is read anew, and is still not what WhatsApp sends.
    wait_until(lambda: next(one for one in whole.items() if str(one.id) == item).state == "parked")


def test_unreadable_body_again_is_parked_once(whole):
    before = whole.balance().parked

    answers = [whole.post(b"no JSON, three times").status_code for _ in range(3)]

    assert answers == [200] * 3
    assert whole.balance().parked == before + 1


def test_unreadable_body_of_zendesk_is_401_unless_signed(whole):
    answer = whole.post(b"{}", {}, "demo/zendesk")

    assert answer.status_code == 401


def test_body_over_the_limit_by_its_length_is_413(whole):
    connection = http.client.HTTPConnection("127.0.0.1", whole.stage.port, timeout=10)
    connection.putrequest("POST", "/hooks/demo/whatsapp")
    connection.putheader("Content-Length", str(LIMIT + 1))
    connection.endheaders()  # it is refused before it was sent

    status = connection.getresponse().status
    connection.close()

    assert status == 413


def test_body_over_the_limit_in_chunks_is_413(whole):
    before = whole.balance().accepted
    pieces = iter([b"x" * 65536] * (LIMIT // 65536) + [b"x"])

    answer = whole.stage.http.post(
        f"{whole.stage.url}/hooks/demo/whatsapp", data=pieces, timeout=10
    )

    assert answer.status_code == 413
    assert whole.balance().accepted == before


def test_body_that_breaks_off_stores_nothing(whole):
    number = new_customer()
    body = webhook(text(number, "Half"))
    before = whole.balance().accepted
    head = (
        "POST /hooks/demo/whatsapp HTTP/1.1\r\nHost: balie\r\n"
        f"X-Hub-Signature-256: {signature(body)}\r\nContent-Length: {len(body)}\r\n\r\n"
    )

    with socket.create_connection(("127.0.0.1", whole.stage.port), timeout=10) as line:
        line.sendall(head.encode() + body[:-1])
        line.shutdown(socket.SHUT_WR)
        told = line.recv(100)

    assert not told.startswith(b"HTTP/1.1 200")
    assert whole.balance().accepted == before
    assert whole.get("/healthz").status_code == 200


def test_body_at_the_limit_is_read(whole):
    start = b'{"object":"instagram","filled":"'
    body = start + b"x" * (LIMIT - len(start) - 2) + b'"}'

    assert whole.post(body).status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "demo/nobody",
        "nobody/whatsapp",
        "nobody/nobody",
        "buren/livechat",
        "DEMO/whatsapp",
        "demo%00/whatsapp",
        "demo/%ff%fe",
        "demo/whatsapp'--",
        "x" * 4000 + "/whatsapp",
    ],
)
def test_unknown_address_is_404_and_says_nothing_else(each_whole, address):
    body = webhook(text(new_customer(), "Hoi"))

    answers = [each_whole.post(body, headers, address) for headers in (None, {})]

    told = {(answer.status_code, answer.text) for answer in answers}
    assert told == {(404, "there is no such connection\n")}


@pytest.mark.parametrize("address", ["demo/whatsapp", "nobody/nobody"])
@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"])
def test_other_methods_are_405(whole, method, address):
    answer = whole.stage.http.request(
        method, f"{whole.stage.url}/hooks/{address}", data=b"{}", timeout=10
    )

    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "POST"}


def test_get_at_zendesks_address_is_405(whole):
    assert whole.get("/hooks/demo/zendesk").status_code == 405


def test_t11_all_of_a_large_payload_is_handled(each_whole):
    """3 entries of 2 changes of 2 messages, with statuses among them."""
    numbers = [new_customer() for _ in range(6)]
    entries = []
    for pair in zip(numbers[::2], numbers[1::2], strict=True):
        changes = []
        for number in pair:
            status = {
                "id": f"wamid.unknown-{number}",
                "status": "delivered",
                "timestamp": "1790000000",
                "recipient_id": number,
            }
            first, second = (text(number, f"{n} van {number}") for n in ("een", "twee"))
            changes.append(change(first, second, statuses=[status]))
        entries += json.loads(envelope(*changes))["entry"]
    body = json.dumps({"object": "whatsapp_business_account", "entry": entries}).encode()
    before = each_whole.settle()

    answer = each_whole.post(body)

    after = each_whole.settle()
    assert answer.status_code == 200
    assert (after.accepted, after.delivered) == (before.accepted + 18, before.delivered + 18)
    for number in numbers:
        said = "\n".join(each_whole.comments(number))
        assert said.index(f"een van {number}") < said.index(f"twee van {number}")
        assert len(each_whole.tickets(number)) == 1


def test_odd_parts_of_a_payload_do_not_fail_the_others(each_whole):
    number = new_customer()
    odd = [
        change("no object", None, 7, {}, {"from": [], "id": {}, "type": 5}, text(number, "Gewoon")),
        {"field": None, "value": []},
        "no change",
    ]

    answer = each_whole.post(envelope(*odd))

    assert answer.status_code == 200
    wait_until(lambda: each_whole.comments(number) == ["Gewoon"])


def test_messages_of_two_hundred_in_one_webhook_are_all_there(whole):
    number = new_customer()
    body = webhook(*(text(number, f"Bericht {n}.") for n in range(200)))

    with no_write_budget(whole):
        assert whole.post(body).status_code == 200
        whole.settle()

    said = "\n".join(whole.comments(number))
    places = [said.index(f"Bericht {n}.") for n in range(200)]
    assert places == sorted(places)


@contextmanager
def no_write_budget(whole: Whole) -> Iterator[None]:
    """Let every write count as long ago: else what is over the helpdesk's budget waits minutes."""
    whole.stage.control("POST", "zendesk/settings", {"ticket_limit_on": False})
    path = whole.stage.settings.database_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute(
            "CREATE TRIGGER long_ago AFTER INSERT ON comment BEGIN UPDATE comment "
            "SET at = strftime('%Y-%m-%d %H:%M:%f000', NEW.at, '-1 day') WHERE id = NEW.id; END"
        )
        yield
        database.execute("DROP TRIGGER long_ago")
    whole.stage.control("POST", "zendesk/settings", {"ticket_limit_on": True})


def test_signature_is_asked_before_the_body_is_looked_at(whole):
    before = whole.balance().accepted

    answer = whole.post(b"this is no JSON", {"X-Hub-Signature-256": signature(b"other")})

    assert answer.status_code == 401
    assert whole.balance().accepted == before
