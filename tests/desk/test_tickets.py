"""Tickets that agents merge, follow up or tag: where the conversation goes on, and where not."""

import pytest

from balie.api import (
    AgentCommanded,
    AgentReplied,
    EventKind,
    OutcomeUnknown,
    PermanentError,
    Text,
    TicketChanged,
    TicketState,
)

TICKET = "ticket-of-1"


@pytest.fixture
def desk(paper):
    """Anna wrote."""
    paper.say("Een")
    paper.drain()
    return paper


def replied(paper, ticket, comment, words="Antwoord", **more):
    return AgentReplied(
        ticket_id=ticket,
        comment_id=comment,
        at=paper.clock.now(),
        parts=(Text(text=words),),
        **more,
    )


def changed(paper, ticket, state, into=""):
    return TicketChanged(ticket_id=ticket, at=paper.clock.now(), state=state, into=into)


def happens(paper, *events):
    paper.happens(*events, kind=EventKind.TICKET, lane=events[0].ticket_id, plugin=paper.desk)
    paper.settle()


def standing(paper):
    return {row.remote_id: (row.state, row.is_current) for row in paper.tickets()}


def test_merge_is_told_in_the_ticket_that_took_over_once(desk):
    for _ in range(2):
        happens(desk, changed(desk, TICKET, TicketState.MERGED, into="t-88"))

    [batch] = [one for one in desk.desk.batches if one.internal]
    assert batch.ticket_id == "t-88"
    assert batch.lines[0].parts[0].text == (
        "Het gesprek op Paper gaat hier verder: openbare antwoorden in dit ticket gaan naar de "
        "klant op Paper."
    )
    assert standing(desk) == {TICKET: ("merged", False), "t-88": ("open", True)}
    assert desk.differences() == [0]


def test_answers_that_are_told_with_the_merge_are_sent(desk):
    merge = changed(desk, TICKET, TicketState.MERGED, into="t-88")
    happens(desk, merge, replied(desk, "t-88", "c-1"))
    happens(desk, merge, replied(desk, "t-88", "c-1"), replied(desk, "t-88", "c-2", "Nog een"))

    assert desk.sent() == ["Antwoord", "Nog een"]


def test_merge_into_another_conversations_ticket_leaves_that_one_its_own(desk):
    desk.say("Van Ben", sender="+31655500002")
    desk.drain()
    happens(desk, changed(desk, TICKET, TicketState.MERGED, into="ticket-of-2"))

    assert desk.filed(internal=True) == []
    assert standing(desk)["ticket-of-2"] == ("open", True)


def test_merge_of_an_older_ticket_brings_its_answers_and_not_the_next_messages(desk):
    happens(desk, changed(desk, TICKET, TicketState.CLOSED, into="t-79"))
    happens(desk, changed(desk, TICKET, TicketState.MERGED, into="t-88"))
    happens(desk, replied(desk, "t-88", "c-1"))
    desk.say("Twee")
    desk.drain()

    assert desk.sent() == ["Antwoord"]
    assert desk.desk.batches[-1].ticket_id == "t-79"
    assert desk.filed(internal=True) == []


def test_follow_up_by_an_agent_becomes_the_conversations_ticket(desk):
    follows = changed(desk, TICKET, TicketState.CLOSED, into="t-79")
    happens(desk, follows, replied(desk, "t-79", "c-1"))
    desk.say("Twee")
    desk.drain()

    assert desk.sent() == ["Antwoord"]
    assert desk.desk.batches[-1].ticket_id == "t-79"
    assert standing(desk) == {TICKET: ("closed", False), "t-79": ("open", True)}


def test_follow_up_that_has_had_its_day_does_not_come_back(desk):
    happens(desk, changed(desk, TICKET, TicketState.CLOSED, into="t-79"))
    happens(desk, changed(desk, "t-79", TicketState.CLOSED, into="t-80"))
    happens(desk, changed(desk, TICKET, TicketState.CLOSED, into="t-79"))

    assert [one for one, (_, current) in standing(desk).items() if current] == ["t-80"]


def test_answers_in_a_ticket_that_only_looks_ours_are_told_to_reach_nobody_once(desk):
    happens(desk, replied(desk, "t-9", "c-1", looks_ours=True))
    happens(desk, replied(desk, "t-9", "c-2", looks_ours=True))
    command = AgentCommanded(
        ticket_id="t-9", comment_id="c-3", at=desk.clock.now(), text="/help", looks_ours=True
    )
    happens(desk, command)

    [batch] = [one for one in desk.desk.batches if one.internal]
    assert (batch.ticket_id, batch.addresses, batch.customer) == ("t-9", (), None)
    assert "Antwoorden in dit ticket stuurt Balie naar niemand" in batch.lines[0].parts[0].text
    assert desk.sent() == []
    assert {item.state for item in desk.items("ticket")} == {"refused"}
    assert desk.differences() == [0]


def test_ticket_that_looks_like_anybodys_gets_no_note(desk):
    happens(desk, replied(desk, "t-9", "c-1"))
    assert desk.filed(internal=True) == []


def test_ticket_that_looks_ours_and_is_gets_no_note(desk):
    happens(desk, replied(desk, TICKET, "c-1", looks_ours=True))
    assert (desk.sent(), desk.filed(internal=True)) == (["Antwoord"], [])


def test_warning_of_unknown_outcome_is_looked_up_after_its_time(desk):
    desk.desk.reconcile_seconds = 30.0
    desk.desk.lost.append(OutcomeUnknown("no answer came"))
    event = replied(desk, "t-9", "c-1", looks_ours=True)
    desk.happens(event, kind=EventKind.TICKET, lane="t-9", plugin=desk.desk)
    desk.drain()
    assert [item.state for item in desk.items("dead_end")] == ["pending"]

    desk.clock.forward(60)
    desk.settle()

    assert [item.state for item in desk.items("dead_end")] == ["delivered"]
    assert len(desk.filed(internal=True)) == 1


def test_warning_that_the_ticket_does_not_take_is_refused_for_its_reason(desk):
    desk.desk.outcomes.append(PermanentError("The ticket takes no notes any more."))
    happens(desk, replied(desk, "t-9", "c-1", looks_ours=True))

    [item] = desk.items("dead_end")
    assert (item.state, item.reason) == ("refused", "The ticket takes no notes any more.")
    assert desk.differences() == [0]
