"""Tickets that Balie did not open: merged into, followed up by an agent, tagged by hand."""

import pytest

from balie.api import AgentReplied, TicketChanged, TicketState
from balie_crm_zendesk.plugin import plugin

from .facts import CUSTOMER_ID, a_comment, a_ticket, a_user, an_event

AGENT_ID = 601
USERS = [a_user(CUSTOMER_ID), a_user(AGENT_ID, role="agent", name="Daan")]
MERGE_INTO_88 = a_comment(
    9,
    AGENT_ID,
    "This request was closed and merged into request #88.",
    public=False,
    via={"channel": "web", "source": {"rel": "merge", "to": {"ticket_id": 88}}},
)
MERGE_OF_77 = {"channel": "web", "source": {"rel": "merge", "from": {"ticket_ids": [77]}}}
OURS = {"custom": {"balie_batch": "batch-1"}}
FOLLOWS_77 = {"channel": "api", "source": {"rel": "follow_up", "from": {"ticket_id": 77}}}
CLOSED_BY_MERGE = {"status": "closed", "tags": ["balie", "closed_by_merge"]}


def there_is(zendesk, ticket_id, *comments, **ticket):
    """Say what a ticket is and holds; comments in any order."""
    zendesk.on(f"GET /tickets/{ticket_id}", {"ticket": a_ticket(id=ticket_id, **ticket)})
    page = {"comments": list(comments), "users": USERS, "meta": {}}
    zendesk.on(f"GET /tickets/{ticket_id}/comments", page)


def at(minute):
    return f"2026-10-01T11:{minute:02}:00Z"


def said(comment_id, text, minute, **more):
    return a_comment(comment_id, AGENT_ID, text, created_at=at(minute), **more)


def heard(ctx, ticket_id):
    """Return what is told of a ticket: the states, and the comments of the answers."""
    return [
        (one.ticket_id, one.comment_id)
        if isinstance(one, AgentReplied)
        else (one.ticket_id, one.state, one.into)
        for one in plugin.event_parse(ctx, an_event(ticket_id))
        if isinstance(one, AgentReplied | TicketChanged)
    ]


def looks_ours(ctx, ticket_id):
    return [
        one.looks_ours
        for one in plugin.event_parse(ctx, an_event(ticket_id))
        if isinstance(one, AgentReplied)
    ]


# --- Merged -----------------------------------------------------------------------------------


def test_what_was_answered_since_the_merge_is_told_with_the_merge(ctx, zendesk):
    there_is(zendesk, 77, MERGE_INTO_88, **CLOSED_BY_MERGE)
    there_is(
        zendesk,
        88,
        said(21, "Per mail, van voor de samenvoeging", 10),
        said(22, "Request #77 was merged into this one", 20, public=False, via=MERGE_OF_77),
        said(23, "Van erna", 30),
        external_id=None,
    )

    assert heard(ctx, 77) == [("77", TicketState.MERGED, "88"), ("88", "23")]


def test_what_was_answered_before_the_merge_never_goes_to_the_customer_of_it(ctx, zendesk):
    before, after = said(21, "Per mail", 10), said(23, "Van erna", 30)
    there_is(
        zendesk,
        88,
        before,
        after,
        said(22, "Een bericht", 20, metadata=OURS),
        external_id=None,
        tags=["balie"],
    )

    assert heard(ctx, 88) == [("88", "23")]


def test_target_without_a_trace_of_the_merge_tells_nothing_yet(ctx, zendesk):
    there_is(zendesk, 77, MERGE_INTO_88, **CLOSED_BY_MERGE)
    there_is(zendesk, 88, said(21, "Voor of na?", 10), external_id=None)

    assert heard(ctx, 77) == [("77", TicketState.MERGED, "88")]


def test_ticket_of_ours_that_took_over_is_heard_from_its_beginning(ctx, zendesk):
    there_is(zendesk, 77, MERGE_INTO_88, **CLOSED_BY_MERGE)
    merge = said(22, "Request #77 was merged", 20, public=False, via=MERGE_OF_77)
    there_is(zendesk, 88, said(21, "Van ervoor", 10), merge, external_id="balie-31")

    assert heard(ctx, 77) == [("77", TicketState.MERGED, "88"), ("88", "21")]


def test_merges_of_merges_are_followed_to_the_end_and_circles_end(ctx, zendesk):
    there_is(zendesk, 77, MERGE_INTO_88, **CLOSED_BY_MERGE)
    onward = {"channel": "web", "source": {"rel": "merge", "to": {"ticket_id": 99}}}
    back = {"channel": "web", "source": {"rel": "merge", "to": {"ticket_id": 77}}}
    there_is(zendesk, 88, said(31, "Into #99", 30, via=onward), **CLOSED_BY_MERGE)
    there_is(zendesk, 99, said(41, "Into #77", 40, via=back), **CLOSED_BY_MERGE)

    assert heard(ctx, 77) == [
        ("77", TicketState.MERGED, "88"),
        ("88", TicketState.MERGED, "99"),
        ("99", TicketState.MERGED, "77"),
    ]


def test_another_customers_ticket_is_not_read(ctx, zendesk):
    there_is(zendesk, 77, MERGE_INTO_88, **CLOSED_BY_MERGE)
    there_is(zendesk, 88, said(23, "Aan een ander", 30), requester_id=777)

    assert heard(ctx, 77) == [("77", TicketState.MERGED, "")]
    assert "GET /tickets/88/comments" not in zendesk.calls


# --- Followed up ------------------------------------------------------------------------------


def test_follow_up_of_an_agents_goes_on_from_the_closed_one(ctx, zendesk):
    there_is(zendesk, 77, status="closed")
    there_is(zendesk, 79, said(51, "Nog even hierover", 10), external_id=None, via=FOLLOWS_77)

    assert heard(ctx, 79) == [("77", TicketState.CLOSED, "79"), ("79", "51")]
    assert looks_ours(ctx, 79) == [False]


def test_follow_up_in_which_balie_wrote_is_known_and_costs_no_call(ctx, zendesk):
    answer, message = said(52, "Tot zes uur", 20), said(51, "Hoe laat?", 10, metadata=OURS)
    there_is(zendesk, 79, answer, message, via=FOLLOWS_77)

    assert heard(ctx, 79) == [("79", "52")]
    assert "GET /tickets/77" not in zendesk.calls


def test_first_answer_in_a_follow_up_is_not_lost_to_a_later_message(ctx, zendesk):
    answer, message = said(51, "Nog even", 10), said(52, "Dank", 20, metadata=OURS)
    there_is(zendesk, 79, answer, message, external_id=None, via=FOLLOWS_77)

    assert heard(ctx, 79) == [("79", "51")]


@pytest.mark.parametrize(
    "closed",
    [{"requester_id": 777, "external_id": None}, None],
    ids=["another customer's", "gone"],
)
def test_follow_up_of_what_is_not_this_customers_goes_on_from_nothing(ctx, zendesk, closed):
    if closed is not None:
        there_is(zendesk, 77, status="closed", **closed)
    there_is(zendesk, 79, said(51, "Hallo", 10), external_id=None, via=FOLLOWS_77)

    assert heard(ctx, 79) == [("79", "51")]
    assert looks_ours(ctx, 79) == [True]


# --- Tagged by hand ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ticket", "more", "ours"),
    [
        ({"external_id": None}, {}, True),
        ({"external_id": "order-4711"}, {}, True),
        ({"external_id": None, "tags": ["mail"]}, {}, False),
        ({"external_id": "balie-31"}, {}, False),
        ({"external_id": None}, {"metadata": OURS}, False),
    ],
    ids=["tagged", "of another tool", "not tagged", "of a Balie", "in which a Balie wrote"],
)
def test_ticket_looks_ours_by_its_tag_while_nothing_of_ours_is_in_it(
    ctx, zendesk, ticket, more, ours
):
    there_is(zendesk, 79, said(50, "Iets", 5, **more), said(51, "Antwoord", 10), **ticket)
    assert looks_ours(ctx, 79)[-1] is ours
