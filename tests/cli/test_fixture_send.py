"""Every stored webhook of others, posted with the command: an event or a stated refusal each."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.e2e.whole import PHONE_NUMBER_ID, Whole, free_port, new_customer, running, wait_until

FIXTURES = Path(__file__).parents[3] / "shared/fixtures/whatsapp"
PAYLOADS = sorted(
    [
        *FIXTURES.glob("facebook__openapi/**/whatsapp_webhooks/post/request/*.json"),
        *FIXTURES.glob("Bindambc__*/**/deserialization/*.json"),
    ]
)

if not FIXTURES.is_dir():
    pytest.skip("the shared fixtures are not beside this repository", allow_module_level=True)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    """A Balie of its own: what is sent here also bans, restricts and alarms."""
    with running(tmp_path_factory.mktemp("fixtures")) as started:
        yield started


def with_ids_of_its_own(file, folder):
    """Return a copy whose messages have an id of their own: many examples share one.

    One of the files is no JSON and is taken as it is.
    """
    try:
        payload = json.loads(file.read_text())
    except json.JSONDecodeError:
        return file
    for entry in payload["entry"]:
        for change in entry["changes"]:
            for message in change["value"].get("messages", ()):
                message["id"] = f"wamid.{folder.name}"
    copy = folder / file.name
    copy.write_text(json.dumps(payload))
    return copy


def ended_items(whole, before):
    """Return what came of a payload, once nothing of it is under way."""
    whole.settle()
    return [item for item in whole.items() if item.id > before]


def last_item(whole):
    found = whole.items()
    return found[0].id if found else 0


@pytest.mark.parametrize("file", PAYLOADS, ids=lambda file: file.stem)
def test_stored_payload_is_an_event_or_a_stated_refusal(live, whole, file, tmp_path):
    before, counted = last_item(whole), whole.balance().accepted
    copy = with_ids_of_its_own(file, tmp_path)

    sent = live("fixture", "send", "demo/whatsapp", str(copy), "--json")

    assert (sent.code, sent.json) == (0, {"status": 200, "answer": ""})
    ended = ended_items(whole, before)
    assert whole.balance().accepted > counted
    for item in ended:
        assert item.state in ("delivered", "refused") or item.kind == "webhook"
        assert item.state == "delivered" or item.reason
    assert ended


@pytest.mark.parametrize(
    "file",
    # Some examples have the very number that the demo has.
    [file for file in PAYLOADS if PHONE_NUMBER_ID not in file.read_text()][::5],
    ids=lambda file: file.stem,
)
def test_stored_payload_as_it_is_is_refused_for_its_number(live, whole, file, tmp_path):
    before = last_item(whole)
    copy = with_ids_of_its_own(file, tmp_path)

    sent = live("fixture", "send", "demo/whatsapp", str(copy), "--as-is")

    assert (sent.code, sent.out) == (0, "200\n")
    ended = ended_items(whole, before)
    assert ended
    for item in ended:
        assert item.state == "refused" or item.kind == "webhook"
        assert item.reason


def test_real_command_brings_a_stored_text_into_a_ticket(whole, tmp_path):
    number = new_customer()
    [file] = [path for path in PAYLOADS if path.stem == "Text_Message"]
    payload = json.loads(file.read_text())
    message = payload["entry"][0]["changes"][0]["value"]["messages"][0]
    message |= {"from": number, "id": f"wamid.{number}"}
    copy = tmp_path / "text.json"
    copy.write_text(json.dumps(payload))

    done = subprocess.run(
        [sys.executable, "-m", "balie.cli", "fixture", "send", "demo/whatsapp", str(copy)],
        env=whole.stage.environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "200\n", "")
    wait_until(lambda: whole.comments(number) == [message["text"]["body"]])


def test_payload_that_is_no_json_is_parked(live, whole, tmp_path):
    file = tmp_path / "broken.json"
    file.write_bytes(b"\xff{broken")

    sent = live("fixture", "send", "demo/whatsapp", str(file))

    assert (sent.code, sent.out) == (0, "200\n")
    [item] = [item for item in whole.items() if item.state == "parked" and item.kind == "webhook"][
        :1
    ]
    assert item.reason.startswith("the body is not JSON")


def test_payload_of_zendesk_is_signed_as_zendesk_signs(live, whole, tmp_path):
    file = tmp_path / "ticket.json"
    file.write_text('{"ticket_id": "4711"}')

    sent = live("fixture", "send", "demo/zendesk", str(file))

    assert (sent.code, sent.out) == (0, "200\n")
    whole.settle()
    assert whole.items()[0].reason == "ticket 4711 is not one that Balie files in"


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (("demo", "FILE"), 2, "name the connection as TENANT/CONNECTION"),
        (("demo/nothing", "FILE"), 1, "tenant 'demo' has no connection 'nothing'"),
        (("demo/whatsapp", "/does/not/exist"), 2, "does not exist"),
        (("demo/whatsapp", "FILE", "--url", "http://127.0.0.1:PORT"), 1, "nothing answers at"),
        (("demo/whatsapp", "FILE", "--url", "nonsense"), 1, "nonsense"),
    ],
)
def test_fixture_that_cannot_be_sent_is_said(live, tmp_path, arguments, code, sentence):
    file = tmp_path / "text.json"
    file.write_text("{}")
    words = [
        word.replace("FILE", str(file)).replace("PORT", str(free_port())) for word in arguments
    ]

    refused = live("fixture", "send", *words)

    assert (refused.code, refused.out) == (code, "")
    assert sentence in refused.err


def test_answer_that_is_no_200_is_said_with_code_1(live, whole, tmp_path):
    file = tmp_path / "large.json"
    file.write_bytes(b" " * (3 * 1024 * 1024 + 1))

    refused = live("fixture", "send", "demo/whatsapp", str(file))

    assert (refused.code, refused.out) == (1, "413 a body may have 3 MB\n")
