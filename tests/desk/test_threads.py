"""Threads: several of one customer, read by who began them, resumed without a gap."""

import threading
from datetime import timedelta

import pytest
from tests.databases import ON_SQLITE
from tests.ledger.paper import NOON

from balie.api import (
    Address,
    AddressKind,
    EventKind,
    MessageReceived,
    Rejected,
    Status,
    Text,
    TicketChanged,
    TicketState,
    TransientError,
)
from balie.desk.elsewhere.threads import ThreadReader
from balie.desk.records import places
from balie.desk.records.models import ConversationRow, PersonRow
from balie.store import Store

ANNA = Address(kind=AddressKind.VISITOR, value="visitor-anna")
BEN = Address(kind=AddressKind.VISITOR, value="visitor-ben")


def said(paper, text, *, by=ANNA, thread="t1", at=None):
    number = next(paper.numbers)
    event = MessageReceived(
        id=f"{by.value}.{number}",
        sender=(by,),
        at=at or paper.clock.now(),
        parts=(Text(text=text),),
        thread=thread,
    )
    paper.happens(event, kind=EventKind.MESSAGE, lane=by.value)
    paper.clock.forward(1)
    paper.drain()


def threads(paper, connection="chat"):
    live = paper.services.contexts.find("winkel", connection)
    return live.ctx.threads


def words(news):
    return [(thread, " ".join(part.text for part in one.parts)) for thread, one in news.said]


def test_each_thread_of_a_customer_is_a_ticket_of_its_own(paper):
    said(paper, "over de fiets", thread="t1")
    said(paper, "over de rekening", thread="t2")
    said(paper, "nog iets over de fiets", thread="t1")

    assert len(paper.people()) == 1
    assert [row.thread for row in paper.conversations()] == ["t1", "t2"]
    assert len({ticket.remote_id for ticket in paper.tickets()}) == 2
    assert [one.id for one in threads(paper).begun_by(ANNA)] == ["t1", "t2"]


def test_answer_goes_to_the_thread_of_its_ticket_and_says_which(paper):
    said(paper, "over de fiets", thread="t1")
    said(paper, "over de rekening", thread="t2")
    second = paper.tickets()[1]

    paper.answer(second.remote_id, ("c1", "de rekening klopt"))
    paper.drain()

    assert [reply.thread for reply in paper.channel.sent] == ["t2"]
    assert paper.channel.sent[0].to == (ANNA,)


def test_news_are_what_happened_after_a_place_and_no_more(paper):
    said(paper, "een")
    said(paper, "twee", thread="t2")
    reader = threads(paper)

    first = reader.news(ANNA, after={}, most=100)
    said(paper, "drie")
    second = reader.news(ANNA, after=first.places, most=100)
    third = reader.news(ANNA, after=second.places, most=100)

    assert words(first) == [("t1", "een"), ("t2", "twee")]
    assert words(second) == [("t1", "drie")]
    assert words(third) == []
    assert not third.more


def test_news_come_in_pieces_without_a_gap(paper):
    for number in range(7):
        said(paper, str(number), thread=f"t{number % 2}")
    reader = threads(paper)
    seen, places_now, more = [], {}, True

    while more:
        news = reader.news(ANNA, after=places_now, most=2)
        seen += [text for _, text in words(news)]
        places_now, more = {**places_now, **news.places}, news.more

    assert sorted(seen) == [str(number) for number in range(7)]


def test_answer_is_seen_only_once_it_was_shown(paper):
    said(paper, "hallo")
    paper.answer("ticket-of-1", ("c1", "goedemiddag"))
    paper.drain()
    reader = threads(paper)
    before = reader.news(ANNA, after={}, most=100)
    (reply,) = paper.channel.sent

    reader.show(reply.id)
    reader.show(reply.id)
    after = reader.news(ANNA, after=before.places, most=100)

    assert words(before) == [("t1", "hallo")]
    assert words(after) == [("t1", "goedemiddag")]
    assert after.places == {"t1": before.places["t1"] + 1}
    assert [one.by_customer for _, one in after.said] == [False]


def test_message_that_changed_is_read_again_as_it_is_now(paper):
    said(paper, "hallo")
    reader = threads(paper)
    first = reader.news(ANNA, after={}, most=100)
    (channel_id,) = [one.channel_id for _, one in first.said]

    reader.changed(channel_id)
    second = reader.news(ANNA, after=first.places, most=100)

    assert [one.is_filed for _, one in second.said] == [True]
    assert words(second) == words(first)


def test_a12_nobody_reads_what_another_began(paper, another_tenant):
    another_tenant("buren")
    said(paper, "geheim")
    reader = threads(paper)
    (own,) = reader.page(ANNA, "t1", most=10)

    assert reader.begun_by(BEN) == ()
    assert reader.news(BEN, after={}, most=10).said == ()
    assert reader.page(BEN, "t1", most=10) == ()
    assert reader.page(BEN, "t1", before=own.id, most=10) == ()
    assert reader.message(BEN, own.id) is None
    neighbours = paper.services.contexts.find("buren", "chat").ctx.threads
    assert neighbours.begun_by(ANNA) == ()
    assert neighbours.message(ANNA, own.id) is None
    neighbours.show(own.id)
    neighbours.changed(own.channel_id)
    assert reader.message(ANNA, own.id) == own


@ON_SQLITE
@pytest.mark.parametrize("message_id", ["", "0", "-1", "1abc", "١", "9" * 30, "1 OR 1=1"])
def test_a12_message_ids_are_plain_numbers(paper, message_id):
    said(paper, "geheim")

    assert threads(paper).message(ANNA, message_id) is None


def test_page_goes_back_from_a_message(paper):
    for number in range(5):
        said(paper, str(number))
    reader = threads(paper)

    last = reader.page(ANNA, "t1", most=2)
    earlier = reader.page(ANNA, "t1", before=last[0].id, most=2)

    assert [one.parts[0].text for one in (*earlier, *last)] == ["1", "2", "3", "4"]


def test_thread_says_whether_its_ticket_is_solved(paper):
    said(paper, "hallo")
    solved = TicketChanged(ticket_id="ticket-of-1", at=NOON, state=TicketState.SOLVED)
    paper.happens(solved, kind=EventKind.TICKET, lane="ticket-of-1", plugin=paper.desk)
    paper.drain()

    (thread,) = threads(paper).begun_by(ANNA)

    assert (thread.is_over, thread.answered_on) == (True, "chat")


def test_notes_are_not_for_the_customer(paper):
    said(paper, "hallo")
    paper.answer("ticket-of-1", ("c1", "goedemiddag"))
    paper.channel.outcomes.append(Rejected("no", "it cannot be sent"))
    paper.drain()

    assert words(threads(paper).news(ANNA, after={}, most=10)) == [("t1", "hallo")]
    assert [row.direction for row in paper.messages("note")] == ["note"]


def test_reader_never_passes_a_message_whose_writer_has_not_committed(counter):
    """T12 for a reader: places become visible in their order, whoever commits first."""
    store = counter.store
    live = counter.contexts.find("winkel", "chat")
    with store.writing() as session:
        person = PersonRow(tenant_id=live.tenant_id, name="", created_at=NOON)
        session.add(person)
        session.flush()
        row = ConversationRow(
            tenant_id=live.tenant_id,
            connection_id=live.ctx.connection.id,
            helpdesk_id=live.files_into,
            person_id=person.id,
            opened_at=NOON,
            thread="t1",
            begun_by=ANNA.value,
        )
        session.add(row)
    given: list[tuple[str, int]] = []
    first_has_its_place, may_commit = threading.Event(), threading.Event()

    def write(name: str) -> None:
        with store.connection() as connection:
            given.append((name, places.following(connection, row.id)))
            if name == "first":
                first_has_its_place.set()
                may_commit.wait(10)

    writers = [threading.Thread(target=write, args=[name]) for name in ("first", "second")]
    writers[0].start()
    first_has_its_place.wait(10)
    writers[1].start()
    writers[1].join(0.2)
    # The second waits for the first, so nobody can see its place before the other's.
    assert given == [("first", 1)]
    may_commit.set()
    for writer in writers:
        writer.join(10)
    assert given == [("first", 1), ("second", 2)]


def test_store_that_is_away_is_told_in_the_plugins_words(tmp_path):
    (tmp_path / "balie.db").mkdir()
    store = Store(f"sqlite:///{tmp_path / 'balie.db'}")

    with pytest.raises(TransientError):
        ThreadReader(store, 1).begun_by(ANNA)
    with pytest.raises(TransientError):
        ThreadReader(store, 1).show("1")
    store.close()


def test_workload_counts_who_waits_today(paper):
    load = paper.services.contexts.find("winkel", "chat").ctx.workload
    said(paper, "een")
    said(paper, "twee", by=BEN)
    both = load.waiting()
    paper.answer("ticket-of-1", ("c1", "antwoord"))
    paper.drain()
    answered = load.waiting()
    solved = TicketChanged(ticket_id="ticket-of-2", at=NOON, state=TicketState.SOLVED)
    paper.happens(solved, kind=EventKind.TICKET, lane="ticket-of-2", plugin=paper.desk)
    paper.drain()
    after_solving = load.waiting()
    paper.clock.forward(1)
    said(paper, "drie")
    again = load.waiting()
    paper.clock.at += timedelta(hours=25)

    assert (both, answered, after_solving, again, load.waiting()) == (2, 1, 0, 1, 0)


@pytest.mark.parametrize("behind", [0.4, 90.0], ids=["same-second", "clock-behind"])
def test_workload_counts_an_answer_whatever_the_helpdesks_clock_says(paper, behind):
    load = paper.services.contexts.find("winkel", "chat").ctx.workload
    paper.clock.at = NOON + timedelta(seconds=0.4)
    said(paper, "een")
    waiting = load.waiting()
    told = paper.clock.at - timedelta(seconds=behind)
    paper.answer("ticket-of-1", ("c1", "antwoord"), at=told)
    paper.drain()
    answered = load.waiting()
    paper.clock.forward(1)
    said(paper, "en nu dit")

    assert (waiting, answered, load.waiting()) == (1, 0, 1)


def test_event_lost_by_the_sender_comes_by_the_door_once(paper):
    ctx = paper.services.contexts.find("winkel", "chat").ctx
    event = paper.message("hallo", id="m-1")

    first = ctx.accept([event])
    second = ctx.accept([event, paper.message("nog iets", id="m-2")])
    paper.drain()

    assert (first.new, first.duplicates) == (1, 0)
    assert (second.new, second.duplicates) == (1, 1)
    assert paper.filed() == [["hallo", "nog iets"]]
    assert paper.differences() == [0]


def test_status_of_a_shown_message_climbs(paper):
    said(paper, "hallo")
    paper.answer("ticket-of-1", ("c1", "goedemiddag"))
    paper.drain()
    (reply,) = paper.channel.sent
    threads(paper).show(reply.id)
    paper.report("delivered", "paper-1")
    paper.drain()

    assert threads(paper).message(ANNA, reply.id).status is Status.DELIVERED
