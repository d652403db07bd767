"""The story that is interrupted: a customer writes, is answered, reads, writes again; a send fails.

It is played step by step, each to its end, so that it has the same points every time. When Balie
dies in a step, the customer writes once more while it is down; then the next one goes on.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from tests.crash.rig import NeverHappened, Rig
from tests.crash.verdict import Told, Verdict, judged

NUMBER = "31655501301"
FIRST, SECOND, MEANWHILE = "Eerste vraag.", "Tweede vraag.", "Vraag van tussendoor."
ANSWER, LATE_ANSWER = "Het antwoord.", "Antwoord dat niet aankomt."


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A moment at which Balie can be killed."""

    at: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one kill led to. ``killed`` is false where the story never came to the point."""

    at: str
    killed: bool
    verdict: Verdict


def points_of(rig: Rig) -> list[Point]:
    """Play the story without a death; return its points in their order."""
    play = _Play(rig)
    play.all(at="")
    rig.kill_balie()
    verdict = judged(rig, [play.told])
    if not verdict.is_clean:
        raise NeverHappened(f"the story fails by itself: {verdict.problems}")
    return [Point(**json.loads(line)) for line in rig.points.read_text().splitlines()]


def killed_at(rig: Rig, at: str) -> Outcome:
    """Play the story with a death at this point; return what is there afterwards."""
    play = _Play(rig)
    problem = ""
    try:
        play.all(at=at)
    except NeverHappened as never:
        problem = str(never)
    verdict = judged(rig, [play.told], problem)
    rig.kill_balie()
    return Outcome(at=at, killed=play.died, verdict=verdict)


@dataclass(slots=True)
class _Play:
    rig: Rig
    died: bool = False
    told: Told = field(default_factory=lambda: Told(NUMBER))

    def all(self, *, at: str) -> None:
        self.rig.fresh()
        self.rig.start(points=True, at=at)
        for step in self._steps():
            step()
            self.rig.wait_until(self._rests)
        if at and not self.died and self._reached(at):  # at the very last moment
            self.rig.wait_until(lambda: not self.rig.lives())
            self.rig.wait_until(self._rests)

    def _reached(self, at: str) -> bool:
        lines = self.rig.points.read_text().splitlines()
        return any(json.loads(line)["at"] == at for line in lines)

    def _steps(self) -> Iterator[Callable[[], None]]:
        yield lambda: self._write(FIRST)
        # Off line at first, so that each status comes by itself.
        yield lambda: self._phone(online=False)
        yield lambda: self._answer(ANSWER)
        yield lambda: self._phone(online=True)
        yield self._read
        yield lambda: self._write(SECOND)
        yield lambda: self._phone(not_on_whatsapp=True)
        yield lambda: self._answer(LATE_ANSWER)

    def _rests(self) -> bool:
        if not self.rig.lives():
            self._survive()
        return self.rig.rests()

    def _survive(self) -> None:
        if self.died:
            raise NeverHappened(f"Balie died by itself:\n{self.rig.log_text()}")
        self.died = True
        self.rig.bury()
        # What Meta could not deliver yet may come after what it delivers meanwhile.
        sent = {one["id"]: one["status"] for one in self.rig.whole.shown(NUMBER, "out")}
        self.told.texts.append(MEANWHILE)
        if "pending" in sent.values():
            self.told.anywhere.add(MEANWHILE)
        self.rig.whole.write(NUMBER, MEANWHILE)
        self.rig.start_balie()

    def _write(self, words: str) -> None:
        self.told.texts.append(words)
        self.rig.whole.write(NUMBER, words)

    def _answer(self, words: str) -> None:
        arrives = words == ANSWER
        (self.told.answers if arrives else self.told.failing).append(words)
        tickets = self.rig.whole.tickets(NUMBER)
        if not tickets:
            raise NeverHappened("there is no ticket to answer in")
        self.rig.whole.answer(tickets[0], words)

    def _phone(self, **settings: bool) -> None:
        self.rig.control("POST", f"whatsapp/phones/{NUMBER}", settings)

    def _read(self) -> None:
        self.rig.control("POST", f"whatsapp/phones/{NUMBER}/read")
        self.told.read = True
