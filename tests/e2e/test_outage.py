"""A vendor is down, slow or forgetful: what waits is seen, and goes in order, once, afterwards."""

import json
import subprocess
import sys
from collections.abc import Iterator

import pytest
from click.testing import CliRunner
from sqlalchemy import update
from tests.e2e.whole import Whole, new_customer, running, wait_until

from balie.cli.root import balie
from balie.ledger.models import Item, Lane

OUTAGES = {
    "down": {"kind": "status", "status": 503},
    "resetting": {"kind": "reset"},
    "rate limiting": {"kind": "status", "status": 429, "retry_after": 1},
    "forgetful": {"kind": "lost", "count": 6},
    "erring": {"kind": "status", "status": 500},
}
RECOVERY_SECONDS = 60.0
TURNS = 3


@pytest.fixture(scope="module")
def running_whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    folder = tmp_path_factory.mktemp("outage")
    with running(folder, channel_settings={"reconcile_seconds": 2}, log="info") as whole:
        limits = {"account_update_limit": 10_000, "plan_limit": 100_000}
        whole.stage.control("POST", "zendesk/settings", limits)
        yield whole


@pytest.fixture
def whole(running_whole: Whole) -> Iterator[Whole]:
    """The running system with all vendors in order."""
    yield running_whole
    running_whole.heal()
    running_whole.settle(RECOVERY_SECONDS)


def ledger_show(whole: Whole) -> list[dict[str, object]]:
    """What the real command shows of what waits."""
    command = ["ledger", "show", "--state", "pending", "--json"]
    done = CliRunner().invoke(balie, command, env=whole.stage.environment())
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def said_by_customer(whole: Whole, number: str) -> str:
    return "\n".join(
        comment["body"]
        for ticket in whole.tickets(number)
        for comment in ticket["comments"]
        if comment["author"]["role"] == "end-user"
    )


@pytest.mark.parametrize("outage", OUTAGES)
def test_zendesk_away_while_messages_come(whole, outage):
    numbers = [new_customer() for _ in range(3)]
    before = len(whole.stage.control("GET", "deliveries?target=graph")["deliveries"])

    whole.fault("zendesk", **OUTAGES[outage])
    for turn in range(TURNS):
        for number in numbers:
            whole.write(number, f"Nummer {turn}.")

    # Meta hears 200 each time, at the first attempt.
    def taken() -> list[int | None]:
        attempts = whole.stage.control("GET", "deliveries?target=graph")["deliveries"][before:]
        return [attempt["status"] for attempt in attempts]

    wait_until(lambda: len(taken()) == TURNS * len(numbers))
    assert set(taken()) == {200}
    wait_until(lambda: sum(item.attempts > 0 for item in whole.items()) >= len(numbers))
    if outage != "forgetful":
        shown = [item for item in ledger_show(whole) if item["attempts"]]
        assert shown
        assert all(item["reason"] and item["next"] for item in shown)
        assert whole.balance().parked == 0

    whole.heal()
    balance = whole.settle(RECOVERY_SECONDS)

    assert (balance.difference, balance.parked) == (0, 0)
    for number in numbers:
        assert len(whole.tickets(number)) == 1
        said = said_by_customer(whole, number)
        places = [said.index(f"Nummer {turn}.") for turn in range(TURNS)]
        assert places == sorted(places)
        assert said.count("Nummer") == TURNS


@pytest.mark.parametrize("outage", OUTAGES)
def test_meta_away_while_the_agent_answers(whole, outage):
    number = new_customer()
    whole.write(number, "Hallo?")
    ticket = whole.ticket(number)

    whole.fault("graph", **OUTAGES[outage], method="POST", path="/messages$")
    for turn in range(3):
        whole.answer(ticket, f"Antwoord {turn}")
    wait_until(lambda: whole.struck()[-1] >= 2 or outage == "forgetful")
    whole.heal()

    assert whole.settle(RECOVERY_SECONDS).parked == 0
    assert [message["text"] for message in whole.shown(number)] == [
        "Antwoord 0",
        "Antwoord 1",
        "Antwoord 2",
    ]
    assert [text for text in whole.comments(number, public=False) if "Niet bezorgd" in text] == []


def test_failing_conversation_delays_only_itself(whole):
    slow, quick = new_customer(), new_customer()
    for number in (slow, quick):
        whole.write(number, "Nummer 0.")
    ticket = whole.ticket(slow)
    whole.ticket(quick)

    whole.fault("zendesk", "status", method="PUT", path=f"/tickets/{ticket['id']}$")
    whole.write(slow, "Nummer 1.")
    wait_until(lambda: whole.struck() == [1])
    whole.write(quick, "Nummer 1.")

    wait_until(lambda: "Nummer 1." in said_by_customer(whole, quick))
    assert "Nummer 1." not in said_by_customer(whole, slow)


@pytest.mark.parametrize("kind", ["duplicate", "reorder", "delay"])
def test_webhooks_that_come_twice_late_or_in_another_order(whole, kind):
    number = new_customer()
    whole.write(number, "Nummer 0.")
    ticket = whole.ticket(number)

    whole.fault("webhook:graph", kind, rate=0.5, seconds=0.3)
    whole.fault("webhook:zendesk", kind, rate=0.5, seconds=0.3)
    for turn in range(1, 6):
        whole.write(number, f"Nummer {turn}.")
        whole.answer(ticket, f"Antwoord {turn}.")
    whole.settle(RECOVERY_SECONDS)

    said = said_by_customer(whole, number)
    assert [said.count(f"Nummer {turn}.") for turn in range(6)] == [1] * 6
    assert len(whole.tickets(number)) == 1
    assert [message["text"] for message in whole.shown(number)] == [
        f"Antwoord {turn}." for turn in range(1, 6)
    ]


def test_statuses_in_any_order_end_at_the_highest(whole):
    number = new_customer()
    whole.write(number, "Hallo?")
    ticket = whole.ticket(number)

    whole.fault("webhook:graph", "reorder", rate=0.5)
    whole.fault("webhook:graph", "duplicate", rate=0.5)
    whole.answer(ticket, "Gelezen?")
    [shown] = wait_until(lambda: whole.shown(number))
    whole.stage.control("POST", f"whatsapp/phones/{number}/read")
    whole.settle()

    assert status_of(whole, shown["id"]) == "read"


def test_webhook_of_zendesk_that_never_came_is_made_up_for_by_the_next(whole):
    number = new_customer()
    whole.write(number, "Hallo?")
    ticket = whole.ticket(number)

    whole.fault("webhook:zendesk", "drop", count=1)
    whole.answer(ticket, "Antwoord 1")
    wait_until(lambda: whole.struck() == [1])
    whole.answer(ticket, "Antwoord 2")

    wait_until(
        lambda: [message["text"] for message in whole.shown(number)] == ["Antwoord 1", "Antwoord 2"]
    )


@pytest.mark.parametrize("kind", ["reorder", "delay"])
def test_webhooks_of_zendesk_that_change_places_change_no_answers_place(whole, kind):
    """Whichever comes first, the ticket is read, and the comments have their order there."""
    number = new_customer()
    whole.write(number, "Hallo?")
    ticket = whole.ticket(number)
    whole.settle()

    whole.fault("webhook:zendesk", kind, count=1, seconds=1.0)
    for turn in range(3):
        whole.answer(ticket, f"Antwoord {turn}")
    wait_until(lambda: len(whole.shown(number)) == 3)
    whole.settle()

    shown = [message["text"] for message in whole.shown(number)]
    assert shown == ["Antwoord 0", "Antwoord 1", "Antwoord 2"]


def test_revoked_token_is_renewed_by_itself(whole):
    number = new_customer()
    whole.write(number, "Nummer 0.")
    ticket = whole.ticket(number)

    assert whole.stage.control("POST", "zendesk/tokens/revoke")["revoked"] >= 1
    whole.write(number, "Nummer 1.")
    wait_until(lambda: "Nummer 1." in said_by_customer(whole, number))
    whole.stage.control("POST", "zendesk/tokens/revoke")
    whole.answer(ticket, "Antwoord")

    wait_until(lambda: [message["text"] for message in whole.shown(number)] == ["Antwoord"])
    assert state_of(whole, "zendesk") == "connected"


def test_wrong_credentials_sign_out_and_right_ones_bring_all_through(whole):
    number = new_customer()
    client = {"client_id": "balie", "client_secret": "changed at the vendor"}
    whole.stage.control("POST", "zendesk/clients", client)
    whole.stage.control("POST", "zendesk/tokens/revoke")

    whole.write(number, "Nummer 0.")
    wait_until(lambda: state_of(whole, "zendesk") == "signed out")
    balie = whole.stage.services()
    secret = balie.directory.config(balie.directory.connection("demo", "zendesk"))["client_secret"]
    balie.store.close()
    whole.stage.control("POST", "zendesk/clients", client | {"client_secret": secret})

    assert whole.balance().parked == 0
    [waiting] = [item for item in whole.items() if item.state == "pending"]
    assert waiting.reason
    hurry(whole)
    wait_until(lambda: "Nummer 0." in said_by_customer(whole, number))
    wait_until(lambda: state_of(whole, "zendesk") == "connected")


def hurry(whole: Whole) -> None:
    """Let what waits be tried now; by itself it would be, a minute after the sign-out."""
    balie = whole.stage.services()
    with balie.store.writing() as session:
        session.execute(update(Item).where(Item.state == "pending").values(next_at=None))
        session.execute(update(Lane).values(due_at=balie.clock.now()))
    balie.store.close()


def state_of(whole: Whole, slug: str) -> str:
    balie = whole.stage.services()
    found = balie.directory.connection("demo", slug).state
    balie.store.close()
    return str(found)


def status_of(whole: Whole, message_id: str) -> str:
    command = [sys.executable, "-m", "balie.cli", "trace", message_id, "--json"]
    done = subprocess.run(
        command, env=whole.stage.environment(), capture_output=True, check=True, timeout=30
    )
    [story] = json.loads(done.stdout)
    return str(story["status"])
