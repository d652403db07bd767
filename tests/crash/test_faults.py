"""Vendors who do what they are asked and never say so, and webhooks that come in every disorder."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from tests.crash.rig import Rig, rig
from tests.crash.verdict import Told, judged

READ_SECONDS = 1.0
#: As the vendor stalls: longer than the product's own patience of 25 s.
STALL_SECONDS = 30.0
#: As the vendor is slow to do what nobody waits for any more: shorter than Balie's time for proof
#: from then on, longer than that time from the beginning of the call.
SLOW_SECONDS = 2.9
TURNS = 6

FIRST, SECOND, ANSWER = "Eerste bericht.", "Tweede bericht.", "Het antwoord."

#: Each write to a vendor, and what the customer must have been through before it.
WRITES = {
    "token": ("zendesk", "POST", "/oauth/tokens$", "new"),
    "user": ("zendesk", "POST", "/users$", "new"),
    "ticket": ("zendesk", "POST", "/tickets$", "new"),
    "comment": ("zendesk", "PUT", "/tickets/", "known"),
    "message": ("graph", "POST", "/messages$", "answered"),
}


@pytest.fixture(scope="module")
def short_tempered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    """A rig whose Balie waits a second for an answer."""
    with rig(tmp_path_factory.mktemp("faults"), read_seconds=READ_SECONDS) as made:
        yield made


@dataclass(frozen=True, slots=True)
class Scene:
    """A rig that has come to rest, and what each customer was told."""

    rig: Rig
    told: dict[str, Told]


@pytest.fixture(scope="module", params=["lost", "stall", "slow"])
def scene(short_tempered: Rig, request: pytest.FixtureRequest) -> Scene:
    """Each write took effect once without an answer: the connection broke, or the time ran out.

    If it was slow, even later than that.
    """
    seconds = SLOW_SECONDS if request.param == "slow" else STALL_SECONDS
    made = short_tempered
    made.fresh()
    made.start_balie()
    told = {name: Told(f"3165550150{place}") for place, name in enumerate(WRITES)}
    for name, (*_, state) in WRITES.items():
        if state != "new":
            write(made, told[name], FIRST)
    made.wait_until(made.rests)
    made.control("POST", "zendesk/tokens/revoke")
    for name, (target, method, path, state) in WRITES.items():
        made.whole.fault(target, request.param, method=method, path=path, seconds=seconds, count=1)
        if state == "answered":
            answer(made, told[name], ANSWER)
        else:
            write(made, told[name], SECOND)
        made.wait_until(lambda: made.whole.struck()[-1] == 1)
    made.wait_until(made.rests)
    made.kill_balie()
    return Scene(made, told)


def write(made: Rig, told: Told, words: str) -> None:
    told.texts.append(words)
    made.whole.write(told.number, words)


def answer(made: Rig, told: Told, words: str) -> None:
    told.answers.append(words)
    made.whole.answer(made.whole.ticket(told.number), words)


def test_write_whose_answer_never_came_is_done_once(scene):
    verdict = judged(scene.rig, list(scene.told.values()))

    assert verdict.problems == []
    assert scene.rig.whole.struck() == [1] * len(WRITES)


def test_webhooks_doubled_reordered_late_and_in_batches_come_to_the_same(short_tempered):
    made = short_tempered
    made.fresh()
    made.control("POST", "whatsapp/settings", {"batch_size": 4})
    made.start_balie()
    told = [Told(f"3165550151{number}") for number in range(3)]
    for one in told:
        write(made, one, FIRST)
    made.wait_until(made.rests)

    for target in ("webhook:graph", "webhook:zendesk"):
        for kind in ("duplicate", "reorder", "delay"):
            made.whole.fault(target, kind, rate=0.3, seconds=0.3)
    for turn in range(TURNS):
        for one in told:
            words = f"Vraag {turn} van {one.number}."
            one.anywhere.add(words)  # the sender's clock counts in seconds, and all are of one
            write(made, one, words)
            answer(made, one, f"Antwoord {turn} voor {one.number}.")
    # A webhook that is held back goes out seconds later: rest alone does not prove that all came.
    made.wait_until(lambda: made.rests() and not judged(made, told).problems)
    made.kill_balie()

    assert judged(made, told).problems == []
    assert all(made.whole.struck())
