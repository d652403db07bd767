"""What a crash did: the vendors' own record against what was said, and the ledger's balance."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, select
from tests.crash.rig import Rig

from balie.desk.records.models import Direction, MessageRow, StatusRow
from balie.desk.records.work import Work
from balie.ledger.balance import balances
from balie.ledger.models import Item, Lane

LOST, DOUBLED, DISORDERED, UNBALANCED = "lost", "doubled", "out of order", "unbalanced"
WRONGS = (LOST, DOUBLED, DISORDERED, UNBALANCED)


@dataclass(slots=True)
class Told:
    """What one customer wrote and was answered, in the order in which it was said."""

    number: str
    texts: list[str] = field(default_factory=list)
    #: Texts whose place is not known: Meta had to send another one again.
    anywhere: set[str] = field(default_factory=set)
    answers: list[str] = field(default_factory=list)
    #: Answers that never reach the phone.
    failing: list[str] = field(default_factory=list)
    #: Whether the answers were read, and nothing was sent since.
    read: bool = False


@dataclass(slots=True)
class Verdict:
    """How often each wrong was found, and in words what it was."""

    counts: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        """Say whether nothing is wrong."""
        return not self.problems

    def add(self, wrong: str, problem: str) -> None:
        """Write one down."""
        self.counts[wrong] += 1
        self.problems.append(f"{wrong}: {problem}")

    def once(self, what: str, count: int) -> None:
        """Expect one of something."""
        if count != 1:
            self.add(DOUBLED if count > 1 else LOST, f"{what}: {count} times")


def judged(rig: Rig, told: Sequence[Told], problem: str = "") -> Verdict:
    """Return what is wrong after all has come to rest; ``problem`` says why it has not."""
    verdict = Verdict()
    if problem:
        verdict.add(LOST, problem)
    for one in told:
        _judge_ticket(rig, verdict, one)
        _judge_phone(rig, verdict, one)
    _judge_messages(rig, verdict, told)
    _judge_ledger(rig, verdict)
    return verdict


def _judge_ticket(rig: Rig, verdict: Verdict, told: Told) -> None:
    tickets = rig.whole.tickets(told.number)
    verdict.once(f"ticket of {told.number}", len(tickets))
    comments = [comment for ticket in tickets for comment in ticket["comments"]]
    said = "\n".join(one["body"] for one in comments if one["author"]["role"] == "end-user")
    for words in told.texts:
        verdict.once(f"comment {words!r}", said.count(words))
    places = [said.find(words) for words in told.texts if words not in told.anywhere]
    if places != sorted(places):
        verdict.add(DISORDERED, f"the ticket says {said!r}")
    notes = [one["body"] for one in comments if not one["public"]]
    for words in told.failing:
        verdict.once(f"note on {words!r}", sum(words in note for note in notes))
    if len(notes) > len(told.failing):
        verdict.add(DOUBLED, f"notes nobody asked for: {notes}")


def _judge_phone(rig: Rig, verdict: Verdict, told: Told) -> None:
    shown = [message["text"] for message in rig.whole.shown(told.number)]
    for words in {*told.answers, *shown}:
        verdict.once(f"{words!r} on the phone", shown.count(words) + (words not in told.answers))
    if sorted(shown) == sorted(told.answers) and shown != told.answers:
        verdict.add(DISORDERED, f"the phone shows {shown}; sends were {_sends(rig)}")


def _sends(rig: Rig) -> list[str]:
    """What the ledger knows of every send: when it came up, was tried and ended."""
    with rig.store.reading() as session:
        said = {str(one.id): one for one in session.scalars(select(MessageRow))}
        items = session.scalars(select(Item).where(Item.kind == Work.SEND).order_by(Item.id))
        return [
            f"{item.id} {item.dedupe} {said[item.dedupe.partition(':')[2]].parts[0]['text']!r}"
            f" of {item.order_at}, accepted {item.accepted_at}, ended {item.ended_at},"
            f" {item.attempts} attempts"
            for item in items
        ]


def _judge_messages(rig: Rig, verdict: Verdict, told: Sequence[Told]) -> None:
    """Ask Balie how its messages fared, and how many the channel has spoken of."""
    with rig.store.reading() as session:
        query = select(MessageRow).where(MessageRow.direction == Direction.OUTBOUND)
        status = {one.parts[0]["text"]: one.status for one in session.scalars(query)}
        sent = session.scalar(select(func.count(func.distinct(StatusRow.channel_id))))
    for one in told:
        reached = "read" if one.read else "delivered"
        wanted = dict.fromkeys(one.answers, reached) | dict.fromkeys(one.failing, "failed")
        for words, expected in wanted.items():
            if status.get(words) != expected:
                verdict.add(LOST, f"status of {words!r}: {status.get(words)}, not {expected}")
    answers = sum(len(one.answers) + len(one.failing) for one in told)
    if sent != answers:
        verdict.add(DOUBLED if (sent or 0) > answers else LOST, f"{sent} sends of {answers}")


def _judge_ledger(rig: Rig, verdict: Verdict) -> None:
    with rig.store.reading() as session:
        for line in balances(session):
            if line.difference or line.in_flight or line.parked:
                verdict.add(UNBALANCED, str(line.as_dict()))
        held = Lane.lease_token.is_not(None) | Lane.due_at.is_not(None)
        for lane in session.scalars(select(Lane).where(held)):
            verdict.add(UNBALANCED, f"lane {lane.name} is still held or due")
