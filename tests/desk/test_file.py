"""Filing: once, together, in order, under one key; notes apart."""

from datetime import timedelta

import pytest
from tests.databases import ON_SQLITE
from tests.ledger.paper import ANNA, BEN, NOON

from balie.api import (
    AddressKind,
    AuthFailed,
    OutcomeUnknown,
    PermanentError,
    RateLimited,
    TransientError,
)
from balie.desk.records.models import AddressRow, TicketRow
from balie.ledger.inspect import replay
from balie.ledger.leases import HEAD_ITEMS
from balie.ledger.models import Item
from balie.ledger.retry import CRASHES

LOST = OutcomeUnknown("no answer came")


def at(minute: int):
    return NOON - timedelta(minutes=30 - minute)


def say_all(paper, *texts: str) -> None:
    paper.accept(*[paper.message(text, at=at(number)) for number, text in enumerate(texts)])


def unread(paper, *texts: str) -> None:
    """Let messages come as far as the filing lane, and not into the ticket."""
    say_all(paper, *texts)
    for lane_id in {item.lane_id for item in paper.items("message")}:
        paper.services.drainer.drain(lane_id)


def replay_item(paper, item_id: int) -> None:
    with paper.services.store.writing() as session:
        replay(session, item_id, paper.clock.now())


def test_what_waits_is_filed_together_as_the_customer(paper):
    say_all(paper, "een", "twee", "drie")
    paper.settle()

    (batch,) = paper.desk.batches
    assert [line.at for line in batch.lines] == [at(0), at(1), at(2)]
    assert (batch.ticket_id, batch.internal, batch.uncertain) == (None, False, False)
    assert batch.channel == "Paper"
    assert [(address.kind, address.value) for address in batch.addresses] == [
        (AddressKind.PHONE, ANNA)
    ]
    assert [row.comment_id for row in paper.messages("inbound")] == [1, 1, 1]


@ON_SQLITE
@pytest.mark.parametrize("limit", [1, 2, 0, -1])
def test_comment_takes_no_more_lines_than_the_helpdesk_wants(paper, limit):
    paper.services.directory.set_config("winkel", "desk", {"lines_per_comment": limit})
    say_all(paper, "een", "twee", "drie")
    paper.settle()

    expected = [["een", "twee"], ["drie"]] if limit == 2 else [["een"], ["twee"], ["drie"]]
    assert paper.filed() == expected
    assert len(paper.tickets()) == 1


def test_second_message_goes_into_the_same_ticket(paper):
    paper.say("een")
    paper.settle()
    paper.say("twee")
    paper.settle()

    assert [batch.ticket_id for batch in paper.desk.batches] == [None, "ticket-of-1"]
    assert [batch.customer.id for batch in paper.desk.batches[1:]] == ["user-of-1"]
    assert len(paper.tickets()) == 1


def test_customer_is_looked_up_by_phone_first(paper):
    paper.desk.customers["+31655500001"] = "user-7"
    event = paper.message()
    event.body["sender"] = [["bsuid", "NL.1"], ["phone", ANNA]]
    paper.accept(event)
    paper.settle()

    assert [address.kind for address in paper.desk.lookups] == [AddressKind.PHONE]
    assert paper.desk.batches[0].customer.id == "user-7"
    linked = next(row for row in paper.rows(AddressRow) if row.kind == "helpdesk_user")
    assert (linked.value, linked.scope, linked.evidence) == ("user-7", "1", "on paper")


def test_customer_unknown_by_phone_is_looked_up_by_other_addresses(paper):
    paper.desk.customers["NL.1"] = "user-8"
    event = paper.message()
    event.body["sender"] = [["bsuid", "NL.1"], ["phone", ANNA]]
    paper.accept(event)
    paper.settle()

    assert [address.value for address in paper.desk.lookups] == [ANNA, "NL.1"]
    assert paper.desk.batches[0].customer.id == "user-8"


def test_customer_who_was_filed_before_is_not_looked_up_again(paper):
    for text in ("een", "twee"):
        paper.say(text)
        paper.settle()

    assert len(paper.desk.lookups) == 1


def test_two_people_who_are_one_user_of_the_helpdesk_are_both_filed(paper):
    paper.desk.customers |= {ANNA: "user-7", BEN: "user-7"}
    for sender in (ANNA, BEN, BEN):
        paper.say(sender, sender=sender)
        paper.settle()

    assert paper.filed() == [[ANNA], [BEN], [BEN]]
    assert {batch.customer.id for batch in paper.desk.batches} == {"user-7"}
    assert {item.state for item in paper.rows(Item)} == {"delivered"}
    assert len(paper.people()) == 2


@pytest.mark.parametrize(
    "error",
    [TransientError("later"), RateLimited("slow", retry_after=1), AuthFailed("401")],
    ids=lambda error: type(error).__name__,
)
def test_definite_failure_may_regroup_with_what_came_since(paper, error):
    paper.desk.outcomes.append(error)
    paper.say("een", at=at(1))
    paper.drain()
    assert [(item.attempted_at, item.batch) for item in paper.items("file")] == [(None, None)]
    paper.say("twee", at=at(2))
    paper.settle()

    assert paper.filed() == [["een", "twee"]]
    assert [batch.uncertain for batch in paper.desk.batches] == [False]


@pytest.mark.parametrize("error", [LOST, KeyError("x")], ids=["lost", "crash"])
def test_answer_lost_after_the_effect_makes_one_comment(paper, error):
    paper.desk.lost.append(error)
    say_all(paper, "een", "twee")
    paper.drain()
    paper.say("drie")
    paper.settle()

    assert paper.filed() == [["een", "twee"], ["drie"]]
    assert len(paper.comments()) == 2
    assert {item.state for item in paper.rows(Item)} == {"delivered"}


def test_uncertain_failure_keeps_key_and_lines(paper):
    paper.desk.outcomes.append(LOST)  # before the effect: the plugin cannot know
    say_all(paper, "een", "twee")
    paper.drain()
    (key,) = {item.batch for item in paper.items("file")}
    paper.say("ertussen", at=at(0) + timedelta(seconds=30))
    paper.say("drie")
    paper.settle()

    first = paper.desk.batches[0]
    assert first.key == key
    assert first.uncertain
    assert paper.filed() == [["een", "twee"], ["ertussen", "drie"]]


@pytest.mark.parametrize(
    "between",
    [TransientError("later"), RateLimited("slow", retry_after=1), AuthFailed("401")],
    ids=lambda error: type(error).__name__,
)
def test_definite_failure_after_an_uncertain_one_does_not_forget_it(paper, between):
    paper.desk.lost.append(LOST)
    say_all(paper, "een", "twee")
    paper.drain()
    paper.desk.outcomes.append(between)
    paper.clock.forward(300)
    paper.drain()
    assert None not in {item.attempted_at for item in paper.items("file")}
    paper.settle()

    assert paper.filed() == [["een", "twee"]]
    assert len(paper.comments()) == 1


def test_lookup_that_fails_after_an_uncertain_filing_does_not_forget_it(paper):
    paper.desk.lost.append(LOST)
    paper.say("een")
    paper.drain()
    lookup = paper.services.hooks.customer_lookup

    def away(*_: object) -> None:
        raise TransientError("search is down")

    paper.services.hooks.customer_lookup = away
    paper.clock.forward(300)
    paper.drain()
    paper.services.hooks.customer_lookup = lookup
    paper.settle()

    assert paper.filed() == [["een"]]


def test_batch_stays_whole_when_late_comers_push_it_apart(paper):
    unread(paper, *[f"oud {number}" for number in range(50)])
    paper.desk.lost.append(LOST)
    paper.drain()
    late = [
        paper.message(f"laat {number}", at=at(1) + timedelta(seconds=number + 1))
        for number in range(10)
    ]
    paper.accept(*late)
    paper.settle()

    assert [len(batch.lines) for batch in paper.desk.batches] == [50, 10]
    assert {item.state for item in paper.rows(Item)} == {"delivered"}


def test_batch_stays_whole_when_more_late_comers_than_are_read_push_it_apart(paper):
    """Else its second part would be taken for filed, under the key of the first."""
    paper.desk.outcomes.append(OutcomeUnknown("no answer"))
    paper.say("een", at=NOON - timedelta(seconds=200))
    paper.say("twee", at=NOON)
    paper.drain()
    for number in range(HEAD_ITEMS + 1):
        paper.say(f"laat {number}", at=NOON - timedelta(seconds=199 - number))
    paper.settle()

    first, *others = paper.filed()
    assert first == ["een", "twee"]
    late = [line for comment in others for line in comment]
    assert late == [f"laat {number}" for number in range(HEAD_ITEMS + 1)]


def test_filing_that_will_never_work_parks_one_and_the_others_go_on(paper):
    paper.desk.outcomes.append(PermanentError("too long for a comment"))
    say_all(paper, "een", "twee", "drie")
    paper.settle()

    parked, *others = paper.items("file")
    assert (parked.state, parked.reason) == ("parked", "too long for a comment")
    assert (parked.batch, parked.attempted_at) == (None, None)
    assert {item.state for item in others} == {"delivered"}
    assert paper.filed() == [["twee", "drie"]]
    assert paper.desk.batches[0].uncertain is False
    assert paper.differences() == [0]

    replay_item(paper, parked.id)
    paper.settle()
    assert paper.filed() == [["twee", "drie"], ["een"]]


def test_uncertain_filing_is_parked_whole_and_replayed_whole(paper):
    paper.desk.lost.append(KeyError("x"))
    say_all(paper, "een", "twee", "drie")
    paper.drain()
    paper.desk.outcomes.extend([KeyError("x")] * (CRASHES - 1))
    paper.say("vier")
    paper.settle()

    items = paper.items("file")
    told = ["delivered"] * 3  # of each parked line a note says that it is missing
    assert [item.state for item in items] == ["parked"] * 3 + ["delivered"] + told
    assert None not in {item.attempted_at for item in items[:3]}
    assert [len(lines) for lines in paper.filed(internal=True)] == [3]

    replay_item(paper, items[1].id)
    paper.settle()
    assert {item.state for item in paper.items("file")} == {"delivered"}
    assert paper.filed() == [["een", "twee", "drie"], ["vier"]]
    assert len(paper.comments()) == 3
    assert paper.differences() == [0]


def test_follow_up_ticket_becomes_current_and_the_old_ones_answers_still_arrive(paper):
    paper.say("een")
    paper.settle()
    paper.desk.closed.add("ticket-of-1")
    paper.say("twee")
    paper.settle()

    assert [(row.remote_id, row.is_current) for row in paper.tickets()] == [
        ("ticket-of-1", False),
        ("ticket-of-1-followup", True),
    ]
    paper.say("drie")
    paper.settle()
    assert paper.desk.batches[-1].ticket_id == "ticket-of-1-followup"

    paper.answer("ticket-of-1", ("c1", "uit het oude"))
    paper.answer("ticket-of-1-followup", ("c2", "uit het nieuwe"))
    paper.settle()
    assert sorted(paper.sent()) == ["uit het nieuwe", "uit het oude"]


def test_ticket_of_another_conversation_stays_its_own(paper, monkeypatch):
    monkeypatch.setattr(paper.desk, "_ticket", lambda _: "shared")
    for sender in (ANNA, BEN):
        paper.say(sender, sender=sender)
        paper.settle()
    paper.answer("shared", ("c1", "Dag"))
    paper.settle()

    ticket = paper.only(TicketRow)
    assert (ticket.conversation_id, ticket.is_current) == (1, True)
    assert [reply.to[0].value for reply in paper.channel.sent] == [ANNA]
    assert {item.state for item in paper.rows(Item)} == {"delivered"}


def test_notes_are_internal_and_apart_from_what_the_customer_says(paper):
    paper.say("een", at=at(1))
    paper.settle()
    paper.answer("ticket-of-1", ("c1", "antwoord"))
    paper.settle()
    paper.desk.outcomes.append(TransientError("later", retry_after=60))
    paper.say("twee", at=paper.clock.now())
    paper.drain()
    paper.report("failed", "paper-1", code="131047", text="Het is te lang geleden")
    paper.say("drie", at=paper.clock.now() + timedelta(seconds=1))
    paper.settle()

    assert [batch.internal for batch in paper.desk.batches] == [False, False, True, False]
    assert paper.filed() == [["een"], ["twee"], ["drie"]]
    assert len(paper.filed(internal=True)) == 1


def test_uncertain_filing_is_looked_for_only_when_it_had_time_to_show(paper):
    paper.desk.reconcile_seconds = 3
    paper.desk.lost.append(OutcomeUnknown("no answer", retry_after=0.2))
    paper.say()
    paper.drain()

    paper.clock.forward(1)
    paper.drain()
    (item,) = paper.items("file")
    assert (item.state, item.reason) == (
        "pending",
        "no answer",
    )
    assert item.attempts == 1

    paper.clock.forward(2.1)
    paper.drain()
    assert [item.state for item in paper.items("file")] == ["delivered"]
    assert len(paper.comments()) == 1


def test_remark_of_the_helpdesk_on_a_customer_is_told_once(paper):
    paper.desk.customers[ANNA] = "user-7"
    paper.desk.remarks[ANNA] = "Nog iemand heeft dit nummer: J. de Wit."
    for text in ("een", "twee"):
        paper.say(text)
        paper.settle()

    assert paper.filed(internal=True) == [["Nog iemand heeft dit nummer: J. de Wit."]]


def test_remark_that_came_up_while_filing_is_told_once(paper):
    paper.desk.filing_remarks += ["Dit nummer heeft ook Eva.", "Dit nummer heeft ook Eva."]
    for text in ("een", "twee"):
        paper.say(text)
        paper.settle()

    assert paper.filed(internal=True) == [["Dit nummer heeft ook Eva."]]
