"""Ids, clock and the control routes that belong to no one vendor."""

import base64
import re
from datetime import datetime, timedelta

import pytest

from balie_sandbox.changes import Changes
from balie_sandbox.clock import Clock
from balie_sandbox.graph.account import user_id_for
from balie_sandbox.graph.webhooks import next_wait
from balie_sandbox.ids import Ids


def test_wamid_is_base64_that_holds_the_number():
    wamid = Ids().wamid("31655501234")

    assert wamid.startswith("wamid.HBgL")
    assert b"31655501234" in base64.b64decode(wamid.removeprefix("wamid."), validate=True)


def test_ids_have_the_vendors_shapes():
    ids = Ids()

    assert re.fullmatch(r"A[\w-]{22}", ids.fbtrace())
    assert re.fullmatch(r"[0-7][0-9A-HJKMNP-TV-Z]{25}", ids.ulid())
    assert re.fullmatch(r"[1-9]\d{13}", str(ids.zendesk()))
    assert re.fullmatch(r"[1-9]\d{14}", ids.numeric(15))
    assert re.fullmatch(r"[0-9a-f]{41}", ids.token(41))
    assert [ids.ticket(), ids.ticket()] == [1, 2]


def test_zendesk_ids_grow():
    ids = Ids()
    made = [ids.zendesk() for _ in range(50)]

    assert made == sorted(set(made))


@pytest.mark.parametrize(
    ("wa_id", "country"), [("31655501234", "NL"), ("15555550123", "US"), ("551234", "BR")]
)
def test_user_id_is_country_and_digits_and_stays(wa_id, country):
    assert re.fullmatch(rf"{country}\.\d{{20}}", user_id_for(wa_id))
    assert user_id_for(wa_id) == user_id_for(wa_id)


def test_clock_moves_forward_only():
    clock = Clock()
    before = clock.now()

    clock.advance(3600)

    assert clock.now() - before >= timedelta(hours=1)
    assert before.utcoffset() == timedelta()
    with pytest.raises(ValueError, match="only moves forward"):
        clock.advance(-1)


def test_meta_retries_for_seven_days_and_stops():
    waits = []
    while (wait := next_wait(len(waits) + 1, 500, {})) is not None:
        waits.append(wait)

    assert waits[:6] == [0.0, 1.0, 2.0, 4.0, 8.0, 16.0]
    assert waits == sorted(waits)
    assert timedelta(days=6.9) < timedelta(seconds=sum(waits)) < timedelta(days=7.1)
    assert next_wait(1, 200, {}) is None


def test_changes_wake_and_never_go_back():
    changes = Changes()
    changes.touch("a")
    before = changes.version("a")

    changes.touch_all()

    assert changes.version("a") > before
    assert changes.wait("a", before, 10) == changes.version("a")
    assert changes.wait("b", changes.version("b"), 0) == changes.version("b")


def test_control_clock_is_read_and_advanced(sandbox):
    before = datetime.fromisoformat(sandbox.look("clock")["now"])

    after = datetime.fromisoformat(sandbox.control("clock", {"advance": 86400})["now"])

    assert timedelta(days=1) <= after - before < timedelta(days=1, minutes=5)


def test_control_health_says_ok(sandbox):
    assert sandbox.look("health")["status"] == "ok"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("clock", {"advance": -1}),
        ("clock", {"advance": "soon"}),
        ("clock", {}),
        ("whatsapp/messages", {"from": "31655501234"}),
        ("whatsapp/messages", {"from": "31655501234", "text": 5}),
        ("whatsapp/messages", {"from": "nobody", "text": "a"}),
        ("whatsapp/messages", {"from": "31655501234", "text": "a", "to": "1"}),
        ("whatsapp/messages", {"from": "31655501234", "text": "a", "count": 0}),
        ("whatsapp/messages", {"from": "31655501234", "text": "a", "user_id": "x"}),
        ("whatsapp/messages", {"from": "31655501234", "type": "reaction"}),
        ("whatsapp/messages", {"from": "31655501234", "type": "image", "file": {"base64": "?"}}),
        ("whatsapp/messages", {"from": "31655501234", "type": "image", "message": 1}),
        ("whatsapp/phones/31655501234", {"persona": "ghost"}),
        ("whatsapp/phones/31655501234", {"online": "perhaps"}),
        ("whatsapp/phones/31655501234", {"colour": "red"}),
        ("whatsapp/app", {"callback_url": "nowhere"}),
        ("whatsapp/app", {"app_id": "x"}),
        ("whatsapp/settings", {"messages_per_second": 0}),
    ],
)
def test_control_refuses_bad_input_with_a_sentence(sandbox, path, body):
    answer = sandbox.session.post(f"{sandbox.url}/control/{path}", json=body, timeout=5)

    assert (answer.status_code, list(answer.json())) == (400, ["error"])


def test_control_unknown_path_is_json(sandbox):
    answer = sandbox.session.get(f"{sandbox.url}/control/nothing", timeout=5)

    assert (answer.status_code, list(answer.json())) == (404, ["error"])


def test_reset_brings_back_the_default_customer(sandbox):
    sandbox.control("whatsapp/messages", {"from": "31655501234", "text": "a", "name": "X"})

    sandbox.control("reset")

    phone = sandbox.look("whatsapp/phones/+31 6 5550 1234")
    assert (phone["name"], phone["messages"]) == ("Sanne de Wit", [])
