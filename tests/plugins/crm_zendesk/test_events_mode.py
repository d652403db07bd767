"""Zendesk's own ticket events instead of triggers: set up, signed, heard, against the sandbox."""

import time
from dataclasses import replace

import pytest

from balie.api import AgentCommanded, AgentReplied, TicketChanged, TicketState
from balie_crm_zendesk.plugin import plugin

from .conftest import DEADLINE_SECONDS
from .facts import a_batch
from .receiver import receiving


@pytest.fixture
def heard(sandbox_ctx, sandbox, clock):
    """A connection set up for events, and what they say of a ticket that was just made."""
    with receiving() as (url, got):
        config = dict(sandbox_ctx.config) | {"heard_by": "events"}
        ctx = replace(sandbox_ctx, hook_url=url, config=config)
        learned = plugin.connection_setup(ctx).learned
        ctx = replace(ctx, config=config | learned)
        filed = plugin.ticket_file(ctx, a_batch(customer=None))
        seen = 0

        def events(wanted: int):
            nonlocal seen
            end = time.monotonic() + DEADLINE_SECONDS
            found = []
            while len(found) < wanted:
                assert time.monotonic() < end, "No such event came."
                time.sleep(0.01)
                for request in got[seen:]:
                    seen += 1
                    stamp = request.headers["x-zendesk-webhook-signature-timestamp"]
                    clock.time = clock.time.fromisoformat(stamp)
                    taken = plugin.channel_ingress(ctx, request).events
                    found += [one for one in taken if not one.refused]
            return [event for raw in found for event in plugin.event_parse(ctx, raw)]

        yield filed.ticket_id, events


def test_answer_and_command_are_heard(heard, sandbox):
    ticket_id, events = heard
    sandbox.agent_says(ticket_id, "gewone notitie", public=False)
    sandbox.agent_says(ticket_id, "/close", public=False)
    sandbox.agent_says(ticket_id, "Tot zes uur.")
    told = [one for one in events(3) if not isinstance(one, TicketChanged)]  # it was new
    assert {type(one) for one in told} == {AgentCommanded, AgentReplied}
    assert {one.ticket_id for one in told} == {ticket_id}


@pytest.mark.parametrize(
    ("act", "body", "state"),
    [
        ("status", {"status": "solved"}, TicketState.SOLVED),
        (None, None, TicketState.GONE),
    ],
    ids=["solved", "deleted"],
)
def test_what_becomes_of_the_ticket_is_heard(heard, sandbox, act, body, state):
    ticket_id, events = heard
    where = f"zendesk/tickets/{ticket_id}"
    if act is None:
        sandbox.control(where, method="DELETE")
    else:
        sandbox.control(f"{where}/{act}", body)
    assert [one.state for one in events(1) if isinstance(one, TicketChanged)] == [state]


def test_own_messages_are_refused_at_the_door(heard, sandbox):
    ticket_id, events = heard
    answer = sandbox.agent_says(ticket_id, "Tot zes uur.")
    told = events(1)  # the customer's own first comment came before it, and was refused
    assert {one.comment_id for one in told if isinstance(one, AgentReplied)} == {str(answer)}
