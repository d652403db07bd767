"""T12: whatever the order in which a conversation's events come, the thread ends the same."""

import random
import shutil
from datetime import timedelta
from pathlib import Path

from cryptography.fernet import Fernet
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import PAPER_PLUGINS
from tests.ledger.paper import ANNA, BEN, NOON, HandClock, Paper

from balie.api import RawEvent
from balie.desk.records.models import MessageRow
from balie.ledger.models import Item
from balie.run.services import Services
from balie.run.settings import Settings

TICKET = "ticket-of-1"


def counter(folder: Path, migrated: Path) -> Paper:
    """A counter on a fresh SQLite file."""
    url = f"sqlite:///{shutil.copy(migrated, folder)}"
    clock = HandClock()
    keys = (Fernet.generate_key().decode(),)
    made = Settings(database_url=url, secret_keys=keys, plugins_dir=PAPER_PLUGINS)
    services = Services(made, clock=clock)
    directory = services.directory
    directory.add_tenant("winkel", name="De Winkel", region="NL", locale="nl")
    directory.add_connection("winkel", "desk", plugin="paper_desk", config={"secret": "d" * 20})
    directory.add_connection(
        "winkel", "chat", plugin="paper_channel", config={"secret": "c" * 20}, files_into="desk"
    )
    return Paper(services, clock)


def story(paper: Paper) -> list[tuple[str, RawEvent]]:
    """Two customers write, an agent answers, statuses come: each with its connection."""

    def at(second: int):
        return NOON + timedelta(seconds=second)

    said = [
        paper.message("een", at=at(1), id="m1"),
        paper.message("twee", at=at(2), id="m2"),
        paper.message("van Ben", sender=BEN, at=at(3), id="m3"),
        paper.message("drie", at=at(4), id="m4", name="Anna"),
    ]
    statuses = [
        paper.status("failed", "paper-1", at=at(9)),
        paper.status("sent", "paper-1", at=at(10)),
        paper.status("delivered", "paper-1", at=at(11)),
        paper.status("failed", "paper-2", at=at(12)),
        paper.status("sent", "paper-2", at=at(13)),
    ]
    answers = paper.answered(TICKET, ("c1", "antwoord een"), ("c2", "antwoord twee"), at=at(6))
    events = [("chat", event) for event in (*said, *statuses)]
    return [*events, ("desk", answers)]


def thread(paper: Paper) -> list[tuple[object, ...]]:
    """What stands in all conversations at last, in the order in which it was said."""
    people = {row.id: row for row in paper.people()}
    conversations = {row.id: people[row.person_id].name for row in paper.conversations()}
    rows = [row for row in paper.rows(MessageRow) if row.direction != "note"]
    rows.sort(key=lambda row: (row.at, row.direction, row.channel_id))
    return [
        (conversations[row.conversation_id], row.direction, row.parts, row.at, row.status)
        for row in rows
    ]


EXPECTED = [
    ("Anna", "inbound", "een", "queued"),
    ("Anna", "inbound", "twee", "queued"),
    ("", "inbound", "van Ben", "queued"),
    ("Anna", "inbound", "drie", "queued"),
    ("Anna", "outbound", "antwoord een", "delivered"),
    ("Anna", "outbound", "antwoord twee", "failed"),
]


def test_t12_any_permutation_and_duplication_of_events_gives_the_same_thread(
    tmp_path_factory, migrated_sqlite
):
    @settings(max_examples=15, deadline=None)
    @given(seed=st.integers(0, 2**32), doubled=st.integers(0, 12), drains=st.floats(0, 1))
    def check(seed: int, doubled: int, drains: float) -> None:
        paper = counter(tmp_path_factory.mktemp("thread"), migrated_sqlite)
        try:
            play(paper, random.Random(seed), doubled, drains)
        finally:
            paper.services.store.close()

    check()


def play(paper: Paper, chance: random.Random, doubled: int, drains: float) -> None:
    # The first message makes the ticket, as no agent answers in one that is not there yet.
    opening = paper.message("een", at=NOON + timedelta(seconds=1), id="m1")
    paper.accept(opening)
    paper.settle()
    events = story(paper)
    events += chance.choices(events, k=doubled)
    chance.shuffle(events)
    for connection, event in events:
        paper.accept(event, connection=connection)
        if chance.random() < drains:
            paper.drain()
    paper.settle()

    told = [
        (name, direction, " ".join(part["text"] for part in parts), status)
        for name, direction, parts, _, status in thread(paper)
    ]
    assert told == EXPECTED
    assert paper.sent() == ["antwoord een", "antwoord twee"]
    lines = [line for comment in paper.filed() for line in comment]
    assert sorted(lines) == ["drie", "een", "twee", "van Ben"]
    assert {item.state for item in paper.rows(Item)} == {"delivered"}
    assert {reply.to[0].value for reply in paper.channel.sent} == {ANNA}
    assert paper.differences() == [0]


def test_answers_of_a_ticket_go_in_their_order_whichever_event_comes_first(paper):
    """Each event reads all that stands in the ticket, so the second brings the first along."""
    paper.say("Is de winkel open?")
    paper.settle()
    (ticket,) = paper.tickets()
    first = paper.answered(ticket.remote_id, ("c-1", "Ja."))
    paper.clock.forward(1)
    second = paper.answered(ticket.remote_id, ("c-1", "Ja."), ("c-2", "Tot zes uur."))

    paper.accept(second, connection="desk")
    paper.settle()
    paper.accept(first, connection="desk")
    paper.settle()

    assert paper.sent() == ["Ja.", "Tot zes uur."]


def test_answers_of_one_moment_go_in_the_order_of_the_ticket(paper):
    """Zendesk's times are of seconds."""
    paper.say("Is de winkel open?")
    paper.settle()
    (ticket,) = paper.tickets()
    said = [(f"c-{number}", f"Antwoord {number}") for number in range(12)]

    paper.accept(paper.answered(ticket.remote_id, *said), connection="desk")
    paper.settle()

    assert paper.sent() == [words for _, words in said]
