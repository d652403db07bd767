"""One true thread: which ticket a message goes into, and where that one went meanwhile."""

import pytest

from balie.api import Customer, Filed, Rejected, TransientError
from balie_crm_zendesk import memory
from balie_crm_zendesk.errors import Refusal
from balie_crm_zendesk.plugin import plugin

from .facts import (
    CUSTOMER_ID,
    TICKET_ID,
    a_batch,
    a_comment,
    a_line,
    a_ticket,
    a_user,
    acquainted,
    an_audit,
    written,
)
from .scripted_zendesk import Answer

CREATE = "POST /tickets"
SHOW = f"GET /tickets/{TICKET_ID}"
UPDATE = f"PUT /tickets/{TICKET_ID}"
COMMENTS = f"GET /tickets/{TICKET_ID}/comments"
CUSTOMER = f"GET /users/{CUSTOMER_ID}"
IN_TICKET = {"ticket_id": str(TICKET_ID)}
CLOSED = {
    "error": "RecordInvalid",
    "description": "Record validation errors",
    "details": {"status": [{"description": "Status: closed prevents ticket update"}]},
}


@pytest.fixture
def met(to_zendesk):
    """Make a connection that knows the customer, and nothing of the ticket."""

    def make(**settings):
        ctx = to_zendesk(**settings)
        acquainted(ctx)
        memory.of(ctx).begun.forget(TICKET_ID)
        return ctx

    return make


def sent(zendesk, call=UPDATE):
    return zendesk.sent(call).json["ticket"]


# --- Status -----------------------------------------------------------------------------------


def test_new_ticket_stays_new_at_its_second_message(met, zendesk):
    zendesk.on(SHOW, {"ticket": a_ticket(status="new")})
    zendesk.on(UPDATE, {"ticket": a_ticket(status="new"), "audit": an_audit("batch-1")})
    plugin.ticket_file(met(), a_batch(**IN_TICKET))
    assert zendesk.calls == [SHOW, UPDATE]
    ticket = sent(zendesk)
    assert (ticket.get("status"), ticket["safe_update"], ticket["updated_stamp"]) == (
        None,
        True,
        "2026-10-01T11:00:00Z",
    )


def test_new_ticket_that_somebody_changed_meanwhile_is_looked_at_again(met, zendesk):
    zendesk.on(SHOW, {"ticket": a_ticket(status="new")})
    zendesk.on(SHOW, {"ticket": a_ticket(status="solved")})
    zendesk.on(UPDATE, {"error": "UpdateConflict"}, 409)
    zendesk.on(UPDATE, written())
    ctx = met()
    with pytest.raises(TransientError):
        plugin.ticket_file(ctx, a_batch(**IN_TICKET))
    plugin.ticket_file(ctx, a_batch(**IN_TICKET))
    assert zendesk.all(UPDATE)[1].json["ticket"]["status"] == "open"


@pytest.mark.parametrize("status", ["open", "pending", "hold", "solved"])
def test_ticket_that_was_begun_is_opened_and_asked_for_once(met, zendesk, status):
    zendesk.on(SHOW, {"ticket": a_ticket(status=status)})
    zendesk.on(UPDATE, written())
    ctx = met()
    for key in ("batch-1", "batch-2"):
        plugin.ticket_file(ctx, a_batch(key=key, **IN_TICKET))
    assert zendesk.calls == [SHOW, UPDATE, UPDATE]
    assert [one.json["ticket"]["status"] for one in zendesk.all(UPDATE)] == ["open", "open"]


@pytest.mark.parametrize(
    ("days", "updated_at", "reopened"),
    [
        (2, "2026-09-29T12:00:01Z", True),
        (2, "2026-09-29T11:59:59Z", False),
        (0, "2026-10-01T11:59:00Z", False),
    ],
)
def test_solved_ticket_is_reopened_within_the_tenants_days(
    met, zendesk, days, updated_at, reopened
):
    zendesk.on(SHOW, {"ticket": a_ticket(status="solved", updated_at=updated_at)})
    zendesk.on(UPDATE, written())
    zendesk.on(CREATE, written(78), 201)
    filed = plugin.ticket_file(met(reopen_days=days), a_batch(**IN_TICKET))
    assert filed.ticket_id == ("77" if reopened else "78")
    assert zendesk.calls == [SHOW, UPDATE if reopened else CREATE]
    if not reopened:
        assert "via_followup_source_id" not in sent(zendesk, CREATE)


def test_note_asks_nothing_and_opens_nothing(met, zendesk):
    zendesk.on(UPDATE, written())
    plugin.ticket_file(met(reopen_days=0), a_batch(internal=True, **IN_TICKET))
    assert zendesk.calls == [UPDATE]
    assert "status" not in sent(zendesk)


# --- Closed, deleted, full --------------------------------------------------------------------


def test_ticket_known_to_be_closed_is_followed_up_without_trying(met, zendesk):
    zendesk.on(SHOW, {"ticket": a_ticket(status="closed", tags=["vip"])})
    zendesk.on(CREATE, written(78), 201)
    assert plugin.ticket_file(met(), a_batch(**IN_TICKET)).ticket_id == "78"
    assert zendesk.calls == [SHOW, CREATE]
    assert sent(zendesk, CREATE)["via_followup_source_id"] == TICKET_ID


def test_follow_up_may_be_a_ticket_of_its_own(met, zendesk):
    zendesk.on(SHOW, {"ticket": a_ticket(status="closed", tags=["vip"])})
    zendesk.on(CREATE, written(78), 201)
    plugin.ticket_file(met(follow_up=False), a_batch(**IN_TICKET))
    assert "via_followup_source_id" not in sent(zendesk, CREATE)


@pytest.mark.parametrize(
    "gone",
    [Answer(404, {"error": "RecordNotFound"}), Answer(200, {"ticket": a_ticket(status="deleted")})],
)
def test_deleted_ticket_gives_way_to_a_new_one(met, zendesk, gone):
    zendesk.script(SHOW, gone)
    zendesk.on(CREATE, written(78), 201)
    assert plugin.ticket_file(met(), a_batch(**IN_TICKET)).ticket_id == "78"
    assert zendesk.calls == [SHOW, CREATE]


def test_ticket_of_5000_comments_is_continued_in_another_that_says_so(met, zendesk):
    full = {
        "error": "RecordInvalid",
        "details": {"base": [{"description": "Ticket has too many comments"}]},
    }
    ctx = met()
    acquainted(ctx)
    zendesk.on(UPDATE, full, 422)
    zendesk.on(SHOW, {"ticket": a_ticket(tags=["vip"])})
    zendesk.on(CREATE, written(78), 201)
    assert plugin.ticket_file(ctx, a_batch(**IN_TICKET)).ticket_id == "78"
    ticket = sent(zendesk, CREATE)
    assert ticket["tags"] == ["balie", "vip"]
    assert ticket["comment"]["body"] == (
        "(Vervolg van ticket #77, dat geen berichten meer aanneemt.)\nIs de winkel open?"
    )


# --- Merged -----------------------------------------------------------------------------------


MERGED = a_ticket(status="closed", tags=["closed_by_merge", "balie"])


def a_merge(**more):
    text = "This request was closed and merged into request #88 “Bike”."
    return a_comment(1, 601, text, **more)


BY_PLACE = {"channel": "web", "source": {"rel": "merge", "to": {"ticket_id": 88}, "from": {}}}
BY_TEXT = {"channel": "merge", "source": {"rel": None}}


@pytest.mark.parametrize("via", [BY_PLACE, BY_TEXT], ids=["place", "text"])
@pytest.mark.parametrize("begun", [False, True])
def test_merged_ticket_is_followed_to_where_it_went(met, zendesk, via, begun):
    ctx = met()
    if begun:
        memory.of(ctx).begun.add(TICKET_ID)
        zendesk.on(UPDATE, CLOSED, 422)
    zendesk.on(SHOW, {"ticket": MERGED})
    zendesk.on(COMMENTS, {"comments": [a_comment(2, 601, "See #99"), a_merge(via=via)]})
    zendesk.on("GET /tickets/88", {"ticket": a_ticket(id=88)})
    zendesk.on("PUT /tickets/88", written(88))
    filed = plugin.ticket_file(ctx, a_batch(**IN_TICKET))
    assert filed == Filed(ticket_id="88", comment_id="8001", customer_id="501")
    assert "GET /tickets/99" not in zendesk.calls


def test_ticket_merged_into_another_customers_is_not_followed(met, zendesk):
    """A29: an answer in there is for somebody else."""
    zendesk.on(SHOW, {"ticket": MERGED})
    zendesk.on(COMMENTS, {"comments": [a_merge(via=BY_PLACE)]})
    zendesk.on("GET /tickets/88", {"ticket": a_ticket(id=88, requester_id=502)})
    zendesk.on(CREATE, written(89), 201)
    assert plugin.ticket_file(met(), a_batch(**IN_TICKET)).ticket_id == "89"


def test_merged_ticket_whose_target_cannot_be_told_is_followed_up(met, zendesk):
    zendesk.on(SHOW, {"ticket": MERGED})
    zendesk.on(COMMENTS, {"comments": []})
    zendesk.on(CREATE, written(78), 201)
    plugin.ticket_file(met(), a_batch(**IN_TICKET))
    assert sent(zendesk, CREATE)["tags"] == ["balie"]


def test_tickets_merged_in_a_circle_end_in_a_new_one(met, zendesk):
    to = lambda number: {"channel": "merge", "source": {"to": {"ticket_id": number}}}  # noqa: E731
    zendesk.on(SHOW, {"ticket": MERGED})
    zendesk.on(COMMENTS, {"comments": [a_merge(via=to(78))]})
    zendesk.on("GET /tickets/78", {"ticket": MERGED | {"id": 78}})
    zendesk.on("GET /tickets/78/comments", {"comments": [a_merge(via=to(77))]})
    zendesk.on(CREATE, written(79), 201)
    assert plugin.ticket_file(met(), a_batch(**IN_TICKET)).ticket_id == "79"


def test_uncertain_comment_is_looked_for_where_the_ticket_went(met, zendesk):
    zendesk.on(f"GET /tickets/{TICKET_ID}/audits", {"audits": [], "meta": {}})
    zendesk.on(SHOW, {"ticket": MERGED})
    zendesk.on(COMMENTS, {"comments": [a_merge(via=BY_PLACE)]})
    zendesk.on("GET /tickets/88", {"ticket": a_ticket(id=88)})
    zendesk.on("GET /tickets/88/audits", {"audits": [an_audit("batch-1")], "meta": {}})
    filed = plugin.ticket_file(met(), a_batch(uncertain=True, **IN_TICKET))
    assert (filed.ticket_id, filed.comment_id) == ("88", "8001")
    assert "PUT /tickets/88" not in zendesk.calls


# --- The customer, meanwhile ------------------------------------------------------------------


NO_AUTHOR = {
    "error": "RecordInvalid",
    "details": {"author": [{"description": "Author: is invalid", "error": "InvalidValue"}]},
}


def test_customer_merged_into_another_writes_as_that_one(met, zendesk):
    ctx = met()
    acquainted(ctx)
    zendesk.on(UPDATE, NO_AUTHOR, 422)
    zendesk.on(UPDATE, written())
    zendesk.on(SHOW, {"ticket": a_ticket(requester_id=502)})
    zendesk.on(CUSTOMER, {"user": a_user(active=False)})
    zendesk.on("GET /users", {"users": []})
    zendesk.on("GET /users/502", {"user": a_user(502)})
    filed = plugin.ticket_file(ctx, a_batch(**IN_TICKET))
    assert filed == Filed(ticket_id="77", comment_id="8001", customer_id="502")
    assert zendesk.all(UPDATE)[1].json["ticket"]["comment"]["author_id"] == 502


def test_customer_deleted_before_a_new_ticket_is_made_anew(met, zendesk):
    ctx = met()
    no_requester = {"error": "RecordInvalid", "details": {"requester": [{"description": "x"}]}}
    zendesk.on(CREATE, no_requester, 422)
    zendesk.on(CREATE, written(), 201)
    zendesk.on("GET /users", {"users": []})
    zendesk.on("GET /search", {"results": [], "next_page": None})
    zendesk.on("POST /users", {"user": a_user(503)}, 201)
    assert plugin.ticket_file(ctx, a_batch()).customer_id == "503"


def test_refusal_of_a_customer_who_is_well_is_parked(met, zendesk):
    ctx = met()
    acquainted(ctx)
    zendesk.on(UPDATE, NO_AUTHOR, 422)
    zendesk.on(SHOW, {"ticket": a_ticket()})
    zendesk.on(CUSTOMER, {"user": a_user()})
    with pytest.raises(Refusal):
        plugin.ticket_file(ctx, a_batch(**IN_TICKET))
    assert zendesk.calls == [UPDATE, SHOW, CUSTOMER]


@pytest.mark.parametrize(("call", "where"), [(UPDATE, IN_TICKET), (CREATE, {})])
def test_message_of_a_suspended_customer_is_parked_with_what_to_do(met, zendesk, call, where):
    ctx = met()
    acquainted(ctx)
    zendesk.on(call, NO_AUTHOR, 422)
    zendesk.on(SHOW, {"ticket": a_ticket()})
    zendesk.on(CUSTOMER, {"user": a_user(suspended=True)})
    with pytest.raises(Rejected) as rejected:
        plugin.ticket_file(ctx, a_batch(**where))
    assert (rejected.value.code, rejected.value.text) == (
        "CustomerSuspended",
        "De klant is in Zendesk geblokkeerd. Hef dat daar op en speel het bericht opnieuw af.",
    )


def test_requester_changed_by_an_agent_does_not_change_who_writes(met, zendesk):
    zendesk.on(SHOW, {"ticket": a_ticket(requester_id=777)})
    zendesk.on(UPDATE, written())
    plugin.ticket_file(met(), a_batch(**IN_TICKET))
    assert sent(zendesk)["comment"]["author_id"] == CUSTOMER_ID


# --- The requester, changed by an agent -------------------------------------------------------


def ours(comment_id, author_id=CUSTOMER_ID, **more):
    """A comment that Balie wrote in a customer's name."""
    custom = {"metadata": {"system": {}, "custom": {"balie_batch": f"b{comment_id}"}}}
    return a_comment(comment_id, author_id, "Vraag", **custom | more)


def of_another(zendesk, *comments, requester_id=777):
    """The ticket's requester is 777 from now on; the customer's user is well."""
    ticket = a_ticket(requester_id=requester_id)
    zendesk.on(SHOW, {"ticket": ticket})
    zendesk.on(UPDATE, {"ticket": ticket, "audit": an_audit("batch-1")})
    zendesk.on(COMMENTS, {"comments": comments, "meta": {}})
    zendesk.on(CUSTOMER, {"user": a_user()})


def test_other_requester_is_told_and_asked_for_once(met, zendesk):
    of_another(zendesk, ours(1))
    ctx = met()
    found = [plugin.ticket_file(ctx, a_batch(key=f"b{n}", **IN_TICKET)) for n in range(3)]
    assert [one.other_requester for one in found] == ["777"] * 3
    assert zendesk.calls == [SHOW, UPDATE, COMMENTS, CUSTOMER, UPDATE, UPDATE]


def test_ticket_that_stays_the_customers_is_asked_for_nothing(met, zendesk):
    of_another(zendesk, ours(1), requester_id=CUSTOMER_ID)
    assert plugin.ticket_file(met(), a_batch(**IN_TICKET)).other_requester == ""
    assert zendesk.calls == [SHOW, UPDATE]


@pytest.mark.parametrize(
    ("comments", "user"),
    [
        ([ours(2), ours(1, 777)], {}),
        ([ours(1)], {"active": False}),
        ([a_comment(1, 777, "Mijn mail"), ours(2, public=False)], {}),
    ],
    ids=["who wrote there before", "whose user was merged", "in whom nobody was written for"],
)
def test_requester_who_is_nobody_else_is_not_told_of(met, zendesk, comments, user):
    of_another(zendesk, *comments)
    zendesk.scripts[CUSTOMER] = [Answer(200, {"user": a_user(**user)})]
    assert plugin.ticket_file(met(), a_batch(**IN_TICKET)).other_requester == ""


def test_look_at_the_requester_that_fails_holds_up_no_message(met, zendesk):
    of_another(zendesk, ours(1))
    zendesk.scripts[COMMENTS].insert(0, Answer(503))
    ctx = met()
    first, second = (plugin.ticket_file(ctx, a_batch(key=key, **IN_TICKET)) for key in "ab")
    assert (first.comment_id, first.other_requester) == ("8001", "")
    assert second.other_requester == "777"


def test_erased_customer_has_no_requester_to_compare_with(met, zendesk):
    of_another(zendesk, ours(1))
    gone = a_batch(addresses=(), customer=None, internal=True, **IN_TICKET)
    assert plugin.ticket_file(met(), gone).other_requester == ""


# --- Notes with labels ------------------------------------------------------------------------


def test_note_on_delivery_sets_the_field_which_adds_its_tag(met, zendesk):
    zendesk.on(UPDATE, written())
    note = a_batch(internal=True, tags=("delivery_failed",), **IN_TICKET)
    plugin.ticket_file(met(delivery_field_id=360), note)
    assert zendesk.calls == [UPDATE]
    assert sent(zendesk)["custom_fields"] == [{"id": 360, "value": "balie_delivery_failed"}]


@pytest.mark.parametrize("settings", [{}, {"delivery_field_id": 360}])
def test_note_of_another_kind_is_tagged(met, zendesk, settings):
    zendesk.on(f"PUT /tickets/{TICKET_ID}/tags", {"tags": ["balie", "balie_call_missed"]})
    zendesk.on(UPDATE, written())
    note = a_batch(internal=True, tags=("Call missed",), **IN_TICKET)
    plugin.ticket_file(met(**settings), note)
    assert zendesk.sent(f"PUT /tickets/{TICKET_ID}/tags").json == {"tags": ["balie_call_missed"]}
    assert "custom_fields" not in sent(zendesk)


@pytest.mark.parametrize("call", [UPDATE, f"PUT /tickets/{TICKET_ID}/tags"])
def test_label_that_zendesk_refuses_does_not_stop_its_note(met, zendesk, call):
    """As where somebody took the option out of the field."""
    zendesk.on(call, {"error": "RecordInvalid", "details": {"base": [{"description": "x"}]}}, 422)
    zendesk.on(SHOW, {"ticket": a_ticket()})
    zendesk.on(CUSTOMER, {"user": a_user()})
    zendesk.on(UPDATE, written())
    tag = "delivery_failed" if call == UPDATE else "other"
    note = a_batch(internal=True, tags=(tag,), **IN_TICKET)
    assert plugin.ticket_file(met(delivery_field_id=360), note).comment_id == "8001"
    assert "custom_fields" not in zendesk.all(UPDATE)[-1].json["ticket"]


def test_note_that_opens_a_ticket_is_labelled_there(met, zendesk):
    zendesk.on(CREATE, written(), 201)
    rules = {"delivery_field_id": 360, "custom_fields": "1=x"}
    plugin.ticket_file(met(**rules), a_batch(internal=True, tags=("window_closed",)))
    ticket = sent(zendesk, CREATE)
    assert ticket["tags"] == ["balie", "balie_window_closed"]
    assert ticket["custom_fields"] == [
        {"id": 1, "value": "x"},
        {"id": 360, "value": "balie_window_closed"},
    ]


def test_new_ticket_says_what_to_trace(met, zendesk):
    zendesk.on(CREATE, written(), 201)
    plugin.ticket_file(met(trace_field_id=361), a_batch())
    ticket = sent(zendesk, CREATE)
    assert ticket["custom_fields"] == [{"id": 361, "value": "balie-31"}]
    assert ticket["external_id"] == "balie-31"


def test_customer_link_follows_what_was_filed(met, zendesk):
    zendesk.on(CREATE, written(), 201)
    filed = plugin.ticket_file(met(), a_batch(customer=Customer(id="501")))
    assert filed.customer_id == "501"


def test_rating_has_one_tag_of_the_two(met, zendesk):
    zendesk.on(f"DELETE /tickets/{TICKET_ID}/tags", {"tags": ["balie"]})
    zendesk.on(f"PUT /tickets/{TICKET_ID}/tags", {"tags": ["balie", "balie_rating_bad"]})
    zendesk.on(UPDATE, written())
    note = a_batch(internal=True, tags=("rating_bad",), **IN_TICKET)
    plugin.ticket_file(met(), note)
    assert zendesk.sent(f"DELETE /tickets/{TICKET_ID}/tags").json == {"tags": ["balie_rating_good"]}
    assert zendesk.sent(f"PUT /tickets/{TICKET_ID}/tags").json == {"tags": ["balie_rating_bad"]}


# --- Followed up by an agent ------------------------------------------------------------------


def test_closed_ticket_that_an_agent_followed_up_goes_on_there(met, zendesk):
    zendesk.on(SHOW, {"ticket": a_ticket(status="closed", followup_ids=[78, 79])})
    zendesk.on("GET /tickets/79", {"ticket": a_ticket(id=79, status="pending")})
    zendesk.on("PUT /tickets/79", written(79))

    filed = plugin.ticket_file(met(), a_batch(**IN_TICKET))

    assert filed.ticket_id == "79"
    assert CREATE not in zendesk.calls


def test_ticket_that_was_closed_meanwhile_goes_on_in_its_follow_up(met, zendesk):
    zendesk.on(UPDATE, CLOSED, 422)
    zendesk.on(SHOW, {"ticket": a_ticket(status="closed", followup_ids=[79])})
    zendesk.on("GET /tickets/79", {"ticket": a_ticket(id=79)})
    zendesk.on("PUT /tickets/79", written(79))
    ctx = met()
    memory.of(ctx).begun.add(TICKET_ID)

    assert plugin.ticket_file(ctx, a_batch(**IN_TICKET)).ticket_id == "79"


@pytest.mark.parametrize(
    "follow_up",
    [{"requester_id": 777}, {"status": "deleted"}, None],
    ids=["another customer's", "in the bin", "gone"],
)
def test_follow_up_that_does_not_serve_gives_way_to_one_of_ours(met, zendesk, follow_up):
    zendesk.on(SHOW, {"ticket": a_ticket(status="closed", followup_ids=[79])})
    if follow_up is not None:
        zendesk.on("GET /tickets/79", {"ticket": a_ticket(id=79, **follow_up)})
    zendesk.on(CREATE, written(80), 201)

    assert plugin.ticket_file(met(), a_batch(**IN_TICKET)).ticket_id == "80"


# --- The tag ----------------------------------------------------------------------------------


def without_tag():
    return {"ticket": a_ticket(tags=["vip"]), "audit": an_audit("batch-1")}


@pytest.mark.parametrize("internal", [False, True])
def test_tag_that_the_ticket_lacks_is_put_on_after_what_is_filed(met, zendesk, internal):
    zendesk.on(SHOW, {"ticket": a_ticket()})
    zendesk.on(UPDATE, without_tag())
    zendesk.on(f"{UPDATE}/tags", {"tags": ["vip", "chat"]})

    plugin.ticket_file(met(tag="chat"), a_batch(internal=internal, **IN_TICKET))

    assert zendesk.calls[-2:] == [UPDATE, f"{UPDATE}/tags"]
    assert zendesk.sent(f"{UPDATE}/tags").json == {"tags": ["chat"]}


@pytest.mark.parametrize("status", [422, 429, 503])
def test_tag_that_zendesk_refuses_does_not_undo_what_was_filed(met, zendesk, status):
    zendesk.on(SHOW, {"ticket": a_ticket()})
    zendesk.on(UPDATE, without_tag())
    zendesk.on(f"{UPDATE}/tags", {"error": "No"}, status)

    assert plugin.ticket_file(met(), a_batch(**IN_TICKET)).comment_id == "8001"


# --- Closing ----------------------------------------------------------------------------------


def a_closing(**more):
    return a_batch(internal=True, solves=True, lines=(a_line("Gesloten"),), **IN_TICKET, **more)


def test_note_that_closes_solves_the_ticket_with_it(met, zendesk):
    zendesk.on(UPDATE, written())

    plugin.ticket_file(met(), a_closing())

    assert zendesk.calls == [UPDATE]
    ticket = sent(zendesk)
    assert (ticket["status"], ticket["comment"]["body"]) == ("solved", "Gesloten")


def test_ticket_that_cannot_be_solved_gets_a_note_that_says_why(met, zendesk):
    why = {"details": {"base": [{"description": "Soort: is verplicht bij het oplossen"}]}}
    zendesk.on(UPDATE, {"error": "RecordInvalid", **why}, 422)
    zendesk.on(UPDATE, written())
    zendesk.on(SHOW, {"ticket": a_ticket()})
    zendesk.on(CUSTOMER, {"user": a_user()})

    plugin.ticket_file(met(), a_closing())

    first, second = (one.json["ticket"] for one in zendesk.all(UPDATE))
    assert (first["status"], second.get("status")) == ("solved", None)
    assert second["comment"]["body"].startswith("Niet gesloten: Zendesk zet dit ticket niet op")
    assert "is verplicht bij het oplossen" in second["comment"]["body"]
    assert second["comment"]["public"] is False
