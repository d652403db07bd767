"""A burst of customers and answers, with Balie killed at random again and again meanwhile."""

import random
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial

from tests.crash.rig import NeverHappened, Rig
from tests.crash.verdict import Told, Verdict, judged

CUSTOMERS, TURNS = 5, 4
LONGEST_LIFE_SECONDS = 0.6
MOST_KILLS = 15
"""In one burst; after them it is left to come to rest."""
RECONCILE_EVERY_SECONDS = 1.0
_LOOK_SECONDS = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Survived:
    """How many kills there were, and what is there after the last."""

    seed: int
    kills: int
    verdict: Verdict


def survived(rig: Rig, seed: int) -> Survived:
    """Kill while there is work, at moments that the seed gives; then let all come to rest."""
    rig.fresh(reconcile_every=RECONCILE_EVERY_SECONDS)
    rig.start_balie()
    chance = random.Random(seed)
    customers = [_Customer(rig, Told(f"3165550140{number}")) for number in range(CUSTOMERS)]
    kills, problem = 0, ""
    try:
        while kills < MOST_KILLS and not (_all_done(customers) and rig.rests()):
            _live(customers, chance)
            rig.bury()
            kills += 1
            rig.start_balie()
        rig.wait_until(lambda: _all_done(customers) and rig.rests())
        # Zendesk gives a webhook up after five tries; Balie asks what it missed.
        rig.wait_until(partial(rig.has_asked_since, datetime.now(UTC)))
        rig.wait_until(rig.rests)
    except NeverHappened as never:
        problem = str(never)
    verdict = judged(rig, [customer.told for customer in customers], problem)
    rig.kill_balie()
    return Survived(seed=seed, kills=kills, verdict=verdict)


def _live(customers: "list[_Customer]", chance: random.Random) -> None:
    end = time.monotonic() + chance.random() * LONGEST_LIFE_SECONDS
    while time.monotonic() < end:
        _all_done(customers)
        time.sleep(_LOOK_SECONDS)


def _all_done(customers: "list[_Customer]") -> bool:
    done = [customer.goes_on() for customer in customers]  # each of them, whatever the others say
    return all(done)


@dataclass(slots=True)
class _Customer:
    """Writes the next message when Meta has handed the last one over; each turn is answered.

    So that the order is known: what Meta has to send again may come after what it sent since.
    """

    rig: Rig
    told: Told
    _done: bool = field(default=False)

    def goes_on(self) -> bool:
        """Do what is possible now; return whether all is said."""
        if self._done:
            return True
        if len(self.told.texts) < TURNS and self._handed_over():
            words = f"Vraag {len(self.told.texts) + 1} van {self.told.number[-1]}."
            self.told.texts.append(words)
            self.rig.whole.write(self.told.number, words)
        if len(self.told.answers) < len(self.told.texts):
            self.answer(f"Antwoord {len(self.told.answers) + 1} voor")
        self._done = len(self.told.answers) == TURNS
        return self._done

    def answer(self, words: str) -> None:
        """Let an agent say this to the customer, who may have no ticket yet."""
        words = f"{words} {self.told.number[-1]}."
        tickets = self.rig.whole.tickets(self.told.number)
        if tickets:
            self.told.answers.append(words)
            self.rig.whole.answer(tickets[0], words)

    def _handed_over(self) -> bool:
        sent = self.rig.whole.shown(self.told.number, "out")
        return all(message["status"] != "pending" for message in sent)
