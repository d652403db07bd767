"""The plugin and the sandbox's Zendesk, which know nothing of each other."""

import time

import pytest

from balie.api import (
    AgentReplied,
    Concerned,
    Customer,
    Filed,
    Health,
    OutcomeUnknown,
    Refused,
    Text,
)
from balie_crm_zendesk.client import Client
from balie_crm_zendesk.plugin import plugin
from balie_crm_zendesk.tickets import traces

from .conftest import DEADLINE_SECONDS, WEBHOOK_SECRET
from .facts import BSUID, PHONE, a_batch, a_line, an_event
from .receiver import receiving


def file(ctx, **changes) -> Filed:
    return plugin.ticket_file(ctx, a_batch(customer=None) if not changes else a_batch(**changes))


def filed_first(ctx) -> tuple[Filed, Customer]:
    """File a first message of somebody new; return where, and who that is now."""
    filed = plugin.ticket_file(ctx, a_batch(customer=None))
    return filed, Customer(id=filed.customer_id)


def said(ticket):
    return [(one["author"]["name"], one["public"], one["body"]) for one in ticket["comments"]]


def test_check_signs_in(sandbox_ctx):
    assert plugin.connection_check(sandbox_ctx) == Health(
        ok=True, text="Aangemeld bij Zendesk als Balie bridge (admin)."
    )


def test_check_with_an_api_token_signs_in(connect, sandbox):
    ctx = connect(
        base_url=f"{sandbox.url}/zendesk",
        email="bridge@example.com",
        api_token="sandbox-only-not-a-token",
    )
    assert plugin.connection_check(ctx).ok


def test_revoked_token_is_renewed(sandbox_ctx, sandbox):
    Client(sandbox_ctx).me()
    sandbox.control("zendesk/tokens/revoke")
    assert Client(sandbox_ctx).me().role == "admin"


def test_stranger_is_nobody(sandbox_ctx):
    assert plugin.customer_lookup(sandbox_ctx, PHONE) is None
    assert plugin.customer_lookup(sandbox_ctx, BSUID) is None


@pytest.mark.parametrize("written", ["06-5550.1234", "+31 (0)6 5550 1234", "0031655501234"])
def test_customer_of_old_is_found_in_any_notation(sandbox_ctx, sandbox, written):
    sandbox.control("zendesk/users", {"name": "Eva", "phone": "+32655501234"})
    user = sandbox.control("zendesk/users", {"name": "Noor", "phone": written})["user"]
    found = plugin.customer_lookup(sandbox_ctx, PHONE)
    assert (found.id, found.name) == (str(user["id"]), "Noor")


def test_customer_of_ours_is_found_at_once_though_search_lags(sandbox_ctx, sandbox):
    sandbox.control("zendesk/settings", {"search_lag_seconds": 3600})
    filed, _ = filed_first(sandbox_ctx)
    assert plugin.customer_lookup(sandbox_ctx, PHONE).id == filed.customer_id


def test_conversation_is_one_ticket_by_the_customer(sandbox_ctx, sandbox):
    filed, customer = filed_first(sandbox_ctx)
    next_lines = (a_line("Nog iets", 2), a_line("Bent u er?", 3))
    again = file(
        sandbox_ctx, key="batch-2", ticket_id=filed.ticket_id, customer=customer, lines=next_lines
    )
    (ticket,) = sandbox.tickets()
    assert said(ticket) == [
        ("Noor", True, "Is de winkel open?"),
        ("Noor", True, "[14:01] Nog iets\n[14:02] Bent u er?"),
    ]
    assert [str(one["id"]) for one in ticket["comments"]] == [filed.comment_id, again.comment_id]
    assert (ticket["subject"], ticket["external_id"], ticket["tags"], ticket["status"]) == (
        "WhatsApp: Noor 06 55501234",
        "balie-31",
        ["balie"],
        "new",  # until an agent has done something
    )
    assert (ticket["requester"]["phone"], ticket["requester"]["external_id"]) == (
        "+31655501234",
        "wa:31655501234",
    )


def test_solved_ticket_reopens_for_a_message_and_not_for_a_note(sandbox_ctx, sandbox):
    filed, customer = filed_first(sandbox_ctx)
    where = {"ticket_id": filed.ticket_id, "customer": customer}
    sandbox.control(f"zendesk/tickets/{filed.ticket_id}/status", {"status": "solved"})
    file(sandbox_ctx, key="batch-2", internal=True, **where)
    assert sandbox.tickets()[0]["status"] == "solved"
    file(sandbox_ctx, key="batch-3", **where)
    assert sandbox.tickets()[0]["status"] == "open"
    assert said(sandbox.tickets()[0])[1] == ("Balie bridge", False, "Is de winkel open?")


def test_closed_ticket_gets_one_follow_up(sandbox_ctx, sandbox):
    filed, customer = filed_first(sandbox_ctx)
    sandbox.control(f"zendesk/tickets/{filed.ticket_id}/status", {"status": "closed"})
    batch = {"key": "batch-2", "ticket_id": filed.ticket_id, "customer": customer}
    followed = file(sandbox_ctx, **batch)
    again = file(sandbox_ctx, uncertain=True, **batch)
    assert again == followed
    old, new = sandbox.tickets()
    assert (old["status"], str(new["id"]), new["followup_source_id"], new["tags"]) == (
        "closed",
        followed.ticket_id,
        old["id"],
        ["balie"],
    )


@pytest.mark.parametrize("kind", ["lost", "reset"])  # after it was done, and before
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_write_of_unknown_outcome_ends_as_one_comment(sandbox_ctx, sandbox, method, kind):
    where = {"customer": None}
    if method == "PUT":
        filed, customer = filed_first(sandbox_ctx)
        where = {"key": "batch-2", "ticket_id": filed.ticket_id, "customer": customer}
    else:
        plugin.customer_lookup(sandbox_ctx, PHONE)
    fault = {"target": "zendesk", "kind": kind, "path": r"/tickets(/\d+)?$"}
    sandbox.control("faults", fault | {"count": 1, "method": method})
    with pytest.raises(OutcomeUnknown):
        file(sandbox_ctx, **where)
    reconciled = file(sandbox_ctx, uncertain=True, **where)
    (ticket,) = sandbox.tickets()
    assert len(ticket["comments"]) == (2 if method == "PUT" else 1)
    assert (reconciled.ticket_id, reconciled.comment_id) == (
        str(ticket["id"]),
        str(ticket["comments"][-1]["id"]),
    )


def test_only_the_agents_public_answer_comes_back(sandbox_ctx, sandbox):
    filed, _ = filed_first(sandbox_ctx)
    event = an_event(int(filed.ticket_id))
    assert [type(one) for one in plugin.event_parse(sandbox_ctx, event)] == [Refused]
    sandbox.agent_says(filed.ticket_id, "Niet vertellen", public=False)
    answer = sandbox.agent_says(filed.ticket_id, "Ja, tot <b>zes</b> uur.\nTot zo!")
    (told,) = plugin.event_parse(sandbox_ctx, event)
    assert isinstance(told, AgentReplied)
    assert (told.ticket_id, told.comment_id, told.parts) == (
        filed.ticket_id,
        str(answer),
        (Text(text="Ja, tot <b>zes</b> uur.\nTot zo!"),),
    )
    assert told.author.endswith("(Support)")


def test_webhook_of_the_agents_answer_is_zendesks_and_names_the_ticket(sandbox_ctx, sandbox, clock):
    with receiving() as (url, got):
        sandbox.control("zendesk/webhook", {"url": url, "secret": WEBHOOK_SECRET})
        filed, _ = filed_first(sandbox_ctx)
        sandbox.agent_says(filed.ticket_id, "Niet vertellen", public=False)
        sandbox.agent_says(filed.ticket_id, "Ja, tot zes uur.")
        end = time.monotonic() + DEADLINE_SECONDS
        while not got:
            assert time.monotonic() < end, "No webhook came."
            time.sleep(0.01)
    (hook,) = got
    clock.time = clock.time.fromisoformat(hook.headers["x-zendesk-webhook-signature-timestamp"])
    (event,) = plugin.channel_ingress(sandbox_ctx, hook).events
    assert event.lane == filed.ticket_id
    (told,) = plugin.event_parse(sandbox_ctx, event)
    assert told.parts == (Text(text="Ja, tot zes uur."),)


def test_conversation_of_more_tickets_than_a_page_holds_is_seen_whole(sandbox_ctx):
    client = Client(sandbox_ctx)
    ticket = {"external_id": "balie-31", "comment": {"body": "x"}}
    client.write("POST", "/tickets/create_many", {"tickets": [ticket] * 100})
    filed, _ = filed_first(sandbox_ctx)

    trace = traces.in_conversation(client, "31", "batch-1")
    told = plugin.person_erase(sandbox_ctx, Concerned(conversations=("31",), rehearsal=True)).done

    assert trace is not None
    assert (str(trace.ticket_id), str(trace.comment_id)) == (filed.ticket_id, filed.comment_id)
    assert len([one for one in told if one.startswith("Ticket ")]) == 101
