"""Balie is killed as a power cut would, with work in every state; afterwards all is there, once.

Each customer of a scene stands at another moment when the one kill comes. While Balie is down
everybody writes once more. On PostgreSQL the lanes of the dead process open after their lease.
"""

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from tests.e2e.whole import Whole, database_of_its_own, new_customer, running, wait_until

RECONCILE_SECONDS = 3
STALL_SECONDS = 6.0
#: What was on its way when Balie died lands at the vendor this much later.
LATE_SECONDS = 0.8
LEASE_SECONDS = 6
"""Instead of 30; longer than what was on its way may take to land."""
TAKEOVER_SECONDS = 60.0

FIRST, SECOND, ANSWER = "Eerste bericht.", "Tweede bericht.", "Het antwoord."


@dataclass(frozen=True, slots=True)
class Moment:
    """What a customer's conversation is doing when Balie is killed."""

    #: The vendor's call that is held, and how; none for the webhook that was just accepted.
    fault: dict[str, object] | None
    act: Callable[[Whole, str], None]
    #: Whether the customer has a ticket already.
    known: bool = False
    answered: bool = False


def writes(whole: Whole, number: str) -> None:
    whole.write(number, FIRST)


def is_answered(whole: Whole, number: str) -> None:
    whole.answer(whole.ticket(number), ANSWER)


def held(method: str, path: str, kind: str, target: str = "zendesk") -> dict[str, object]:
    seconds = LATE_SECONDS if kind == "slow" else STALL_SECONDS
    return {"target": target, "kind": kind, "method": method, "path": path, "seconds": seconds}


def replying(kind: str) -> Moment:
    return Moment(held("POST", "/messages$", kind, "graph"), is_answered, True, True)


#: In the order they are set up: those that last longest first, the kill follows the last.
MOMENTS = {
    "user made, answer under way": Moment(held("POST", "/users$", "stall"), writes),
    "ticket made, answer under way": Moment(held("POST", "/tickets$", "stall"), writes),
    "comment written, answer under way": Moment(held("PUT", "/tickets/", "stall"), writes, True),
    "message sent, answer under way": replying("stall"),
    "comments being read": Moment(held("GET", "/comments$", "stall"), is_answered, True, True),
    "ticket made, answer lost": Moment(held("POST", "/tickets$", "lost"), writes),
    "comment written, answer lost": Moment(held("PUT", "/tickets/", "lost"), writes, True),
    "message sent, answer lost": replying("lost"),
    "look-up under way": Moment(held("GET", "/search$", "slow"), writes),
    "ticket about to be made": Moment(held("POST", "/tickets$", "slow"), writes),
    "comment about to be written": Moment(held("PUT", "/tickets/", "slow"), writes, True),
    "message about to be sent": replying("slow"),
    "webhook just accepted": Moment(None, writes),
}


@dataclass(frozen=True, slots=True)
class Scene:
    """What is there after the restart."""

    whole: Whole
    numbers: dict[str, str]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def scene(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Scene]:
    """A Balie that was killed once, with a customer at each moment, and has come to rest."""
    folder = tmp_path_factory.mktemp("crash")
    settings: dict[str, Any] = {"channel_settings": {"reconcile_seconds": RECONCILE_SECONDS}}
    if request.param == "sqlite":
        with running(folder, **settings) as whole:
            yield Scene(whole, play(whole))
        return
    uri = request.getfixturevalue("postgresql")
    settings["variables"] = {"BALIE_LEASE_SECONDS": str(LEASE_SECONDS)}
    with database_of_its_own(uri) as url, running(folder, database_url=url, **settings) as whole:
        yield Scene(whole, play(whole))


def play(whole: Whole) -> dict[str, str]:
    numbers = {name: new_customer() for name in MOMENTS}
    for name, moment in MOMENTS.items():
        if moment.known:
            whole.write(numbers[name], "Vooraf.")
    whole.settle()
    for name, moment in MOMENTS.items():
        if moment.fault is None:
            before = delivered(whole)
            moment.act(whole, numbers[name])
            wait_until(lambda before=before: delivered(whole) > before)
            continue
        whole.fault(**moment.fault, count=1)
        moment.act(whole, numbers[name])
        wait_until(lambda: whole.struck()[-1] == 1)
    whole.stage.kill_balie()
    waiting = [item for item in whole.items() if item.state == "pending"]
    # Else nothing would be proven: every conversation has work, most of it of unknown outcome.
    assert len(waiting) >= len(MOMENTS) - 1
    assert sum(item.attempted_at is not None for item in waiting) >= len(MOMENTS) - 4
    for number in numbers.values():
        whole.write(number, SECOND)
    whole.stage.start_balie()
    whole.settle(TAKEOVER_SECONDS)
    return numbers


def delivered(whole: Whole) -> int:
    deliveries = whole.stage.control("GET", "deliveries")["deliveries"]
    return sum(one["status"] == 200 for one in deliveries)


@pytest.mark.parametrize("moment", MOMENTS)
def test_kill_leaves_one_ticket_and_each_message_once_in_order(scene, moment):
    number = scene.numbers[moment]

    assert len(scene.whole.tickets(number)) == 1
    said = "\n".join(
        comment["body"]
        for comment in scene.whole.tickets(number)[0]["comments"]
        if comment["author"]["role"] == "end-user"
    )
    asked = [] if MOMENTS[moment].answered else [FIRST]
    expected = (["Vooraf."] if MOMENTS[moment].known else []) + asked + [SECOND]
    places = [said.index(words) for words in expected]
    assert places == sorted(places)
    assert [said.count(words) for words in expected] == [1] * len(expected)


@pytest.mark.parametrize("moment", [name for name, one in MOMENTS.items() if one.answered])
def test_kill_leaves_one_answer_on_the_phone(scene, moment):
    shown = scene.whole.shown(scene.numbers[moment])

    assert [message["text"] for message in shown] == [ANSWER]


def test_kill_leaves_the_ledger_balanced(scene):
    balance = scene.whole.balance()

    assert (balance.difference, balance.in_flight, balance.parked) == (0, 0, 0)


def test_kill_and_a_long_time_down_sends_no_answer_twice(tmp_path):
    """While Balie was down no status could prove the send, so it waits for one once it is up."""
    settings = {"channel_settings": {"reconcile_seconds": RECONCILE_SECONDS}}
    with running(tmp_path, **settings) as whole:
        number = new_customer()
        whole.write(number, FIRST)
        ticket = whole.ticket(number)
        whole.settle()
        whole.fault(**held("POST", "/messages$", "slow", "graph"), count=1)
        whole.answer(ticket, ANSWER)
        wait_until(lambda: whole.struck() == [1])
        whole.stage.kill_balie()
        time.sleep(RECONCILE_SECONDS + 0.5)
        assert [message["text"] for message in whole.shown(number)] == [ANSWER]

        whole.stage.start_balie()

        assert whole.settle().difference == 0
        assert [message["text"] for message in whole.shown(number)] == [ANSWER]


def test_kill_again_and_again_under_load_loses_and_doubles_nothing(tmp_path):
    """Ten customers write five messages each and are answered, while Balie dies three times."""
    chance = random.Random(7)
    settings = {
        "channel_settings": {"reconcile_seconds": RECONCILE_SECONDS},
        "helpdesk_settings": {"reconcile_every": 1},
    }
    limits = {"account_update_limit": 10_000, "incremental_lag_seconds": 0}
    with running(tmp_path, **settings) as whole:
        whole.stage.control("POST", "zendesk/settings", limits | {"incremental_limit": 1_000})
        numbers = [new_customer() for _ in range(10)]
        for number in numbers:
            whole.write(number, "Nummer 0.")
        tickets = {number: whole.ticket(number) for number in numbers}
        kills = iter((13, 27, 38, None))
        kill = next(kills)
        for turn in range(1, 5):
            for place, number in enumerate(chance.sample(numbers, len(numbers))):
                whole.write(number, f"Nummer {turn}.")
                if turn % 2:
                    whole.answer(tickets[number], f"Antwoord {turn}.")
                if (turn - 1) * len(numbers) + place == kill:
                    whole.stage.kill_balie()
                    whole.stage.start_balie()
                    kill = next(kills)
        whole.settle(TAKEOVER_SECONDS)
        # Zendesk gives its webhooks up where a start takes longer than its tries.
        whole.reconcile()
        balance = whole.settle(TAKEOVER_SECONDS)

        assert (balance.difference, balance.parked) == (0, 0)
        for number in numbers:
            [ticket] = whole.tickets(number)
            said = "\n".join(
                one["body"] for one in ticket["comments"] if one["author"]["role"] == "end-user"
            )
            # Not their order: what Meta had to send again comes after what it sent meanwhile.
            assert [said.count(f"Nummer {turn}.") for turn in range(5)] == [1] * 5
            shown = [message["text"] for message in whole.shown(number)]
            assert shown == ["Antwoord 1.", "Antwoord 3."]
