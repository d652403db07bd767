"""Balie is killed as a power cut would, with work in every state; afterwards all is there, once.

Each customer of a scene stands at another moment when the one kill comes. While Balie is down
everybody writes once more. On PostgreSQL the lanes of the dead process open after their lease.
"""

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
