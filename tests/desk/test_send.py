"""Sending: an agent's answer reaches the customer once, and the agent hears when it does not."""

from collections import deque
from datetime import timedelta
from itertools import count
from threading import Thread

import pytest
from sqlalchemy import event
from tests.databases import ON_SQLITE
from tests.ledger.paper import ANNA, NOON

from balie.api import (
    AddressKind,
    AuthFailed,
    OutcomeUnknown,
    PermanentError,
    RateLimited,
    Rejected,
    Text,
    TransientError,
)
from balie.desk.outbound.enclosures import Enclosures
from balie.desk.records.models import MessageRow
from balie.ledger.inspect import replay
from balie.ledger.models import Item, Lane
from balie.ledger.retry import CRASHES, LAST_TRIES
from balie.run.beats import Beats
from balie.run.roles import Role

TICKET = "ticket-of-1"
LOST = OutcomeUnknown("no answer came")
REJECTED = Rejected("131047", "Meer dan 24 uur geleden")


@pytest.fixture
def open_ticket(paper):
    """Anna wrote, and her message is in a ticket."""
    paper.say("Hallo")
    paper.settle()
    return paper


def answer(paper, text: str = "Dag", comment: str = "c1", **more: object) -> None:
    paper.answer(TICKET, (comment, text), **more)


def outbound(paper) -> MessageRow:
    (message,) = paper.messages("outbound")
    return message


def test_answer_is_sent_to_the_customer(open_ticket):
    paper = open_ticket
    answer(paper)
    paper.settle()

    (reply,) = paper.channel.sent
    message = outbound(paper)
    assert (reply.id, reply.parts) == (str(message.id), (Text(text="Dag"),))
    assert [(address.kind, address.value) for address in reply.to] == [(AddressKind.PHONE, ANNA)]
    assert (message.status, message.channel_id) == ("accepted", "paper-1")
    assert paper.differences() == [0]


def test_answers_are_sent_in_the_order_of_the_ticket(open_ticket):
    paper = open_ticket
    answer(paper, "twee", "c2", at=NOON + timedelta(seconds=2))
    answer(paper, "een", "c1", at=NOON + timedelta(seconds=1))
    paper.settle()

    assert paper.sent() == ["een", "twee"]


def test_same_comment_twice_is_sent_once(open_ticket):
    paper = open_ticket
    for _ in range(3):
        answer(paper)
        paper.settle()

    assert paper.sent() == ["Dag"]
    assert [item.reason for item in paper.items("ticket")] == [
        "",
        "comment c1 was heard before",
        "comment c1 was heard before",
    ]


def test_a28_comment_that_balie_wrote_is_never_sent(open_ticket):
    paper = open_ticket
    answer(paper, "Hallo", "comment-1")
    paper.settle()

    assert paper.sent() == []
    assert paper.items("ticket")[0].state == "refused"


def test_a28_echo_that_overtakes_the_answer_to_our_own_filing_is_never_sent(open_ticket):
    paper = open_ticket
    paper.desk.lost.append(LOST)
    paper.say("Nog iets")
    paper.drain()
    answer(paper, "Nog iets", "comment-2")
    paper.drain()
    assert paper.items("ticket")[0].state == "pending"
    paper.settle()

    assert paper.sent() == []
    assert [row.remote_id for row in paper.comments()] == ["comment-1", "comment-2"]
    assert paper.items("ticket")[0].reason == "comment comment-2 was heard before"


def test_answer_in_a_ticket_whose_making_is_not_known_yet_waits_for_it(paper):
    paper.desk.lost.append(LOST)
    paper.say("Hallo")
    paper.drain()
    answer(paper)
    paper.drain()
    assert paper.tickets() == []
    paper.settle()

    assert paper.sent() == ["Dag"]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_filing_that_ends_while_answers_are_heard_disorders_none(paper):
    # On SQLite the writers take turns.
    paper.desk.lost.append(LOST)
    paper.say("Hallo")
    paper.drain()
    paper.answer("ticket-of-1", ("c1", "een"), ("c2", "twee"))
    paper.clock.forward(60)
    (filing,), (hearing,) = paper.items("file"), paper.items("ticket")
    looks = count(1)

    def ends_meanwhile(_1, _2, statement, *_3):
        if "ticket" in statement and "remote_id" in statement and next(looks) == 1:
            elsewhere = Thread(target=paper.services.drainer.drain, args=[filing.lane_id])
            elsewhere.start()
            elsewhere.join()

    event.listen(paper.services.store.engine, "after_cursor_execute", ends_meanwhile)
    paper.services.drainer.drain(hearing.lane_id)
    event.remove(paper.services.store.engine, "after_cursor_execute", ends_meanwhile)
    paper.settle()

    assert paper.items("file")[0].state == "delivered"
    assert paper.sent() == ["een", "twee"]


def test_answer_elsewhere_does_not_wait_for_later_filings(open_ticket):
    paper = open_ticket
    paper.answer("not-ours", ("c9", "Dag"))
    paper.clock.forward(1)
    paper.desk.lost.append(LOST)
    paper.say("Nog iets")
    file_lane = paper.items("file")[0].lane_id
    message_lane = paper.items("message")[0].lane_id
    paper.services.drainer.drain(message_lane)
    paper.services.drainer.drain(file_lane)
    paper.services.drainer.drain(paper.items("ticket")[0].lane_id)

    assert paper.items("ticket")[0].reason == "ticket not-ours is not one that Balie files in"


@pytest.mark.parametrize(
    "error",
    [TransientError("later"), RateLimited("slow", retry_after=1), AuthFailed("401")],
    ids=lambda error: type(error).__name__,
)
def test_send_that_had_no_effect_is_sent_again(open_ticket, error):
    paper = open_ticket
    paper.channel.outcomes.append(error)
    answer(paper)
    paper.drain()
    assert paper.items("send")[0].attempted_at is None
    paper.settle()

    assert paper.sent() == ["Dag"]


def patient(paper, seconds: float) -> None:
    directory = paper.services.directory
    directory.set_config("winkel", "chat", {"reconcile_seconds": seconds})
    paper.services.contexts.forget(directory.connection("winkel", "chat").id)


@pytest.mark.parametrize("error", [LOST, KeyError("x")], ids=["lost", "crash"])
def test_send_of_unknown_outcome_is_sent_again_only_after_its_patience(open_ticket, error):
    paper = open_ticket
    patient(paper, 60)
    paper.channel.outcomes.append(error)
    answer(paper)
    paper.drain()
    asked = paper.clock.now()
    while paper.clock.now() < asked + timedelta(seconds=59):
        assert paper.sent() == []
        paper.clock.forward(1)
        paper.drain()
    paper.settle()

    assert paper.sent() == ["Dag"]
    assert paper.clock.now() >= asked + timedelta(seconds=60)


@ON_SQLITE
def test_after_a_silence_a_proof_is_waited_for_as_long_as_it_was(open_ticket):
    """Meta found nobody for twenty minutes, and may come back as late with the proof."""
    paper = open_ticket
    patient(paper, 60)
    gone = beats(paper)
    paper.channel.outcomes.append(LOST)
    answer(paper)
    paper.drain()
    paper.clock.forward(20 * 60)
    back = paper.clock.now()
    here = beats(paper)
    while paper.clock.now() < back + timedelta(minutes=19):
        paper.clock.forward(30)
        here.beat(Role.SERVE)
        paper.drain()
    assert paper.sent() == []
    paper.report("delivered", "wamid-late", reference=str(outbound(paper).id))
    paper.settle()

    assert gone is not here
    assert paper.sent() == []
    assert outbound(paper).status == "delivered"


@ON_SQLITE
def test_after_a_silence_what_never_was_sent_is_sent_in_the_end(open_ticket):
    paper = open_ticket
    patient(paper, 60)
    beats(paper)
    paper.channel.outcomes.append(LOST)
    answer(paper)
    paper.drain()
    paper.clock.forward(5 * 3600)
    here = beats(paper)
    for _ in range(61 * 2):
        paper.clock.forward(30)
        here.beat(Role.SERVE)
        paper.drain()

    assert paper.sent() == ["Dag"]


@ON_SQLITE
def test_while_nobody_hears_webhooks_nothing_is_sent_again(open_ticket):
    paper = open_ticket
    patient(paper, 60)
    beats(paper)
    paper.channel.outcomes.append(LOST)
    answer(paper)
    for _ in range(60):
        paper.clock.forward(60)
        paper.drain()

    assert paper.sent() == []
    assert paper.items("send")[0].reason.endswith("nobody hears webhooks")


def beats(paper) -> Beats:
    """Let a process give its first sign of life."""
    paper.services.ear.begun = True
    made = Beats(paper.services.store, paper.clock)
    made.beat(Role.SERVE)
    return made


def test_patience_is_not_lost_while_the_connection_is_away(open_ticket):
    paper = open_ticket
    patient(paper, 60)
    paper.channel.outcomes.extend([LOST, TransientError("later", retry_after=1), LOST])
    answer(paper)
    paper.drain()
    paper.clock.forward(61)
    paper.drain()
    marked = paper.items("send")[0].attempted_at
    paper.settle()

    assert marked is not None
    assert paper.sent() == ["Dag"]


@pytest.mark.parametrize("status", ["sent", "delivered", "read"])
def test_status_with_our_reference_proves_a_send_of_unknown_outcome(open_ticket, status):
    paper = open_ticket
    patient(paper, 60)
    paper.channel.outcomes.append(LOST)
    answer(paper)
    paper.drain()
    paper.report(status, "wamid-late", reference=str(outbound(paper).id))
    paper.settle()

    assert paper.sent() == []
    assert (outbound(paper).status, outbound(paper).channel_id) == (status, "wamid-late")
    assert [item.state for item in paper.items("send")] == ["delivered"]


def test_failure_with_our_reference_is_told_and_not_sent_again(open_ticket):
    paper = open_ticket
    patient(paper, 60)
    paper.channel.outcomes.append(LOST)
    answer(paper)
    paper.drain()
    reference = str(outbound(paper).id)
    paper.report("failed", "wamid-late", reference=reference, code="131026", text="Geen WhatsApp")
    paper.settle()

    assert paper.sent() == []
    assert outbound(paper).status == "failed"
    assert len(paper.filed(internal=True)) == 1


@pytest.mark.parametrize("reference", ["", "999", "-1", "1e3", "٣", "9" * 30, "9" * 5000, "null"])
def test_reference_that_is_not_ours_proves_nothing(open_ticket, reference):
    paper = open_ticket
    answer(paper)
    paper.settle()
    paper.report("read", "wamid-other", reference=reference)
    paper.settle()

    assert outbound(paper).status == "accepted"
    assert {item.state for item in paper.items("status")} == {"delivered"}


def test_reference_of_an_inbound_message_proves_nothing(open_ticket):
    paper = open_ticket
    inbound = paper.messages("inbound")[0]
    paper.report("read", "wamid-x", reference=str(inbound.id))
    paper.settle()

    assert paper.messages("inbound")[0].status == "queued"


@pytest.mark.parametrize(
    ("locale", "told"),
    [
        (
            "nl",
            (
                "Niet bezorgd bij de klant: Meer dan 24 uur geleden (131047)\n"
                "Het gaat om dit antwoord: “Dag”"
            ),
        ),
        (
            "en",
            (
                "Not delivered to the customer: Meer dan 24 uur geleden (131047)\n"
                "This is about the answer: “Dag”"
            ),
        ),
    ],
)
def test_rejected_send_fails_and_is_told_once_in_the_tenants_language(
    paper, another_tenant, locale, told
):
    another_tenant("zaak", locale)
    paper.accept(paper.message(), tenant="zaak")
    paper.settle()
    paper.channel.outcomes.append(REJECTED)
    event = paper.answered("ticket-of-1", ("c1", "Dag"))
    paper.accept(event, tenant="zaak", connection="desk")
    paper.settle()

    message = outbound(paper)
    assert (message.status, message.error) == ("failed", "131047: Meer dan 24 uur geleden")
    assert paper.filed(internal=True) == [[told]]
    assert [(item.state, item.reason) for item in paper.items("send")] == [
        ("refused", "131047: Meer dan 24 uur geleden")
    ]
    assert paper.differences() == [0]


def test_send_that_is_parked_is_told_in_the_ticket(open_ticket):
    paper = open_ticket
    paper.channel.outcomes.append(PermanentError("no such template"))
    answer(paper)
    answer(paper, "Daarna", "c2", at=NOON + timedelta(seconds=1))
    paper.settle()

    assert [item.state for item in paper.items("send")] == ["parked", "delivered"]
    assert paper.sent() == ["Daarna"]
    ((note,),) = paper.filed(internal=True)
    assert note == (
        "Niet bezorgd bij de klant: Balie kon dit antwoord niet versturen (no such template).\n"
        "Het gaat om dit antwoord: “Dag”"
    )


def test_parked_send_is_told_also_when_the_settings_cannot_be_used(open_ticket):
    paper = open_ticket
    answer(paper)
    for item in paper.items("ticket"):
        paper.services.drainer.drain(item.lane_id)
    with paper.services.store.writing() as session:
        chat = session.merge(paper.services.directory.connection("winkel", "chat"))
        chat.sealed = b"broken"
    paper.services.contexts.forget(chat.id)
    paper.drain()
    paper.clock.forward(8 * 86_400)
    for _ in range(LAST_TRIES):
        paper.drain()
        paper.clock.forward(61)

    (item,) = paper.items("send")
    assert item.state == "parked"
    assert item.reason.startswith("given up after 7 days; last: the settings of chat cannot be")
    (_not_yet,), (failed,) = paper.filed(internal=True)
    assert failed.startswith("Niet bezorgd bij de klant")


def test_replayed_send_takes_back_that_it_failed(open_ticket):
    paper = open_ticket
    paper.channel.outcomes.append(PermanentError("no such template"))
    answer(paper)
    paper.settle()
    with paper.services.store.writing() as session:
        replay(session, paper.items("send")[0].id, paper.clock.now())
    paper.settle()
    paper.report("delivered", "paper-1")
    paper.settle()

    assert paper.sent() == ["Dag"]
    assert (outbound(paper).status, outbound(paper).error) == ("delivered", "")


def test_replayed_send_of_unknown_outcome_still_looks_for_proof(open_ticket):
    paper = open_ticket
    patient(paper, 0)
    paper.channel.outcomes.extend([KeyError("x")] * CRASHES)
    answer(paper)
    paper.settle()
    patient(paper, 60)
    (item,) = paper.items("send")
    assert (item.state, item.attempted_at is None) == ("parked", False)
    paper.report("sent", "wamid-late", reference=str(outbound(paper).id))
    paper.drain()
    with paper.services.store.writing() as session:
        replay(session, item.id, paper.clock.now())
    paper.settle()

    assert paper.sent() == []
    assert outbound(paper).status == "sent"
    assert [row.state for row in paper.rows(Item, Item.id == item.id)] == ["delivered"]
    assert paper.filed(internal=True)[-1] == ["Dit antwoord is toch naar de klant verstuurd: “Dag”"]


def test_poison_answer_is_parked_and_the_next_is_sent(open_ticket):
    paper = open_ticket
    paper.channel.outcomes.extend([KeyError("x")] * CRASHES)
    answer(paper)
    answer(paper, "Daarna", "c2", at=NOON + timedelta(seconds=1))
    paper.settle()

    assert [item.state for item in paper.items("send")] == ["parked", "delivered"]
    assert paper.sent() == ["Daarna"]
    assert paper.differences() == [0]


def test_a30_answer_from_the_future_keeps_no_other_waiting(open_ticket):
    paper = open_ticket
    answer(paper, "uit 2099", at=NOON.replace(year=2099))
    answer(paper, "van nu", "c2", at=NOON + timedelta(seconds=1))
    paper.settle()

    assert sorted(paper.sent()) == ["uit 2099", "van nu"]
    assert max(row.at for row in paper.messages("outbound")) < NOON + timedelta(hours=1)


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (AuthFailed("The token has expired."), "The token has expired."),
        (TransientError("Meta is away"), "Meta is away"),
    ],
    ids=["signed out", "away"],
)
def test_answer_that_does_not_get_away_is_told_once_and_sent_when_it_can(paper, error, why):
    paper.say()
    paper.drain()
    paper.channel.outcomes.extend([error] * 40)
    paper.answer(paper.tickets()[0].remote_id, ("c-1", "Komt eraan."))
    paper.drain()
    assert paper.filed(internal=True) == []

    for _ in range(30):
        paper.clock.forward(60)
        paper.drain()
    told = paper.filed(internal=True)
    paper.channel.outcomes.clear()
    paper.settle()

    assert told == [[f"Nog niet verstuurd: “Komt eraan.”\nBalie blijft het proberen. Reden: {why}"]]
    assert paper.filed(internal=True) == told
    assert paper.sent() == ["Komt eraan."]


def test_patience_begins_when_the_outcome_became_unknown(paper):
    """A file takes long to go out, and then the answer is lost."""
    paper.services.directory.set_config("winkel", "chat", {"reconcile_seconds": 90.0})
    paper.say("Hallo")
    paper.settle()
    paper.channel.outcomes = Slow(paper.clock, [LOST])
    answer(paper)
    paper.drain()
    lost_at = paper.clock.now()

    for _ in range(80):
        paper.clock.forward(1)
        paper.drain()
    assert paper.sent() == []
    paper.settle()
    assert paper.sent() == ["Dag"]
    assert paper.clock.now() - lost_at >= timedelta(seconds=90)


class Slow(deque[Exception]):
    """Outcomes that come after a while."""

    def __init__(self, clock, outcomes):
        super().__init__(outcomes)
        self._clock = clock

    def popleft(self):
        self._clock.forward(100)
        return super().popleft()


def test_proof_that_comes_while_a_file_is_brought_prevents_the_second_send(
    open_ticket, monkeypatch
):
    paper = open_ticket
    answer(paper)
    paper.channel.outcomes.append(LOST)
    paper.drain()
    bring = Enclosures.bring

    def while_the_status_comes(self, *given):
        brought = bring(self, *given)
        paper.report("delivered", "first", reference=str(outbound(paper).id))
        for lane in paper.rows(Lane, Lane.name.startswith("status:")):
            paper.services.drainer.drain(lane.id)
        return brought

    monkeypatch.setattr(Enclosures, "bring", while_the_status_comes)
    paper.settle()

    assert paper.sent() == []
    assert (outbound(paper).channel_id, outbound(paper).status) == ("first", "delivered")
