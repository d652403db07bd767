"""Filing: lines become a ticket, a comment or a follow-up, once, by their own author."""

import pytest

from balie.api import (
    AuthFailed,
    Filed,
    OutcomeUnknown,
    PermanentError,
    RateLimited,
    TransientError,
)
from balie_crm_zendesk.errors import Refusal
from balie_crm_zendesk.plugin import plugin

from .facts import (
    BSUID,
    CUSTOMER_ID,
    PHONE,
    TICKET_ID,
    a_batch,
    a_line,
    a_ticket,
    a_user,
    acquainted,
    an_audit,
    written,
)
from .recorded import recorded
from .scripted_zendesk import RESET, SILENCE, Answer

RECORDED = recorded("errors/error_bodies.json", {})

CREATE_USER = "POST /users"
CREATE = "POST /tickets"
LIST = "GET /tickets"
SHOW = f"GET /tickets/{TICKET_ID}"
UPDATE = f"PUT /tickets/{TICKET_ID}"
AUDITS = f"GET /tickets/{TICKET_ID}/audits"
FILED = Filed(ticket_id="77", comment_id="8001", customer_id="501")
IN_TICKET = {"ticket_id": str(TICKET_ID)}
NO_AUDITS = {"audits": [], "meta": {"has_more": False}}


@pytest.fixture(autouse=True)
def known_customer(ctx):
    acquainted(ctx)


def page(*audits, after=None):
    return {"audits": list(audits), "meta": {"has_more": bool(after), "after_cursor": after}}


def refuse(zendesk, call, name):
    if not RECORDED:
        pytest.skip("the shared fixtures are not beside this repository")
    zendesk.on(call, RECORDED[name]["body"], RECORDED[name]["status"])


def test_first_message_opens_a_ticket_in_the_customers_name(ctx, zendesk):
    zendesk.on(CREATE, written(), 201)
    assert plugin.ticket_file(ctx, a_batch()) == FILED
    assert zendesk.calls == [CREATE]
    sent = zendesk.sent(CREATE)
    assert sent.headers["idempotency-key"] == "batch-1"
    assert sent.json == {
        "ticket": {
            "subject": "WhatsApp: Noor 06 55501234",
            "external_id": "balie-31",
            "requester_id": CUSTOMER_ID,
            "submitter_id": CUSTOMER_ID,
            "comment": {"body": "Is de winkel open?", "public": True, "author_id": CUSTOMER_ID},
            "tags": ["balie"],
            "metadata": {"balie_batch": "batch-1", "balie_messages": ["m1"]},
        }
    }


def test_next_message_is_a_comment_that_reopens(ctx, zendesk):
    zendesk.on(UPDATE, written())
    assert plugin.ticket_file(ctx, a_batch(**IN_TICKET)) == FILED
    assert zendesk.calls == [UPDATE]
    assert zendesk.sent(UPDATE).json == {
        "ticket": {
            "comment": {"body": "Is de winkel open?", "public": True, "author_id": CUSTOMER_ID},
            "metadata": {"balie_batch": "batch-1", "balie_messages": ["m1"]},
            "status": "open",
        }
    }


def test_internal_note_is_balies_own_and_leaves_the_status(ctx, zendesk):
    zendesk.on(UPDATE, written())
    assert plugin.ticket_file(ctx, a_batch(internal=True, **IN_TICKET)) == FILED
    assert zendesk.sent(UPDATE).json["ticket"] == {
        "comment": {"body": "Is de winkel open?", "public": False},
        "metadata": {"balie_batch": "batch-1", "balie_messages": ["m1"]},
    }


def test_internal_note_without_a_ticket_opens_one_that_the_customer_did_not_write(ctx, zendesk):
    zendesk.on(CREATE, written(), 201)
    plugin.ticket_file(ctx, a_batch(internal=True))
    ticket = zendesk.sent(CREATE).json["ticket"]
    assert ticket["comment"] == {"body": "Is de winkel open?", "public": False}
    assert "submitter_id" not in ticket
    assert ticket["requester_id"] == CUSTOMER_ID


def test_tag_is_the_connections(connect, zendesk):
    ctx = connect(
        base_url=zendesk.url, client_id="balie", client_secret="secret", tag="service-number"
    )
    acquainted(ctx)
    zendesk.on(CREATE, written(), 201)
    plugin.ticket_file(ctx, a_batch())
    assert zendesk.sent(CREATE).json["ticket"]["tags"] == ["service-number"]


@pytest.mark.parametrize(
    ("changes", "user"),
    [
        pytest.param(
            {},
            {"name": "Noor", "external_id": "wa:31655501234", "phone": "+31655501234"},
            id="name and number",
        ),
        pytest.param(
            {"person_name": ""},
            {"name": "06 55501234", "external_id": "wa:31655501234", "phone": "+31655501234"},
            id="number",
        ),
        pytest.param(
            {"addresses": (BSUID, PHONE)},
            {"name": "Noor", "external_id": "wa:31655501234", "phone": "+31655501234"},
            id="user id and number",
        ),
        pytest.param(
            {"addresses": (BSUID,), "person_name": " \n"},
            {"name": "Klant via WhatsApp", "external_id": "wa:NL.1001"},
            id="user id only",
        ),
    ],
)
def test_unknown_customer_is_made_without_e_mail(ctx, zendesk, changes, user):
    zendesk.on(CREATE_USER, {"user": a_user(502)}, 201)
    zendesk.on(CREATE, written(), 201)
    filed = plugin.ticket_file(ctx, a_batch(customer=None, **changes))
    assert filed == Filed(ticket_id="77", comment_id="8001", customer_id="502")
    assert zendesk.sent(CREATE_USER).json == {"user": user | {"skip_verify_email": True}}
    assert zendesk.sent(CREATE).json["ticket"]["requester_id"] == 502


def test_customer_whose_number_is_refused_is_made_without_it(ctx, zendesk):
    refuse(zendesk, CREATE_USER, "422_phone_format_2013")
    zendesk.on(CREATE_USER, {"user": a_user(502)}, 201)
    zendesk.on(CREATE, written(), 201)
    assert plugin.ticket_file(ctx, a_batch(customer=None)).customer_id == "502"
    asked = [one.json["user"] for one in zendesk.seen if one.call == CREATE_USER]
    assert [one.get("phone") for one in asked] == ["+31655501234", None]


def test_customer_who_is_refused_for_another_reason_is_parked(ctx, zendesk):
    refuse(zendesk, CREATE_USER, "422_user_name_too_short")
    zendesk.on("GET /users", {"users": []})
    with pytest.raises(Refusal) as refused:
        plugin.ticket_file(ctx, a_batch(customer=None))
    assert refused.value.text == ("Zendesk refused it: Name: is too short (minimum one character).")
    assert zendesk.calls == [CREATE_USER, "GET /users"]


def test_customer_without_address_is_parked(ctx, zendesk):
    with pytest.raises(PermanentError):
        plugin.ticket_file(ctx, a_batch(customer=None, addresses=()))
    assert zendesk.seen == []


@pytest.mark.parametrize("internal", [False, True])
def test_closed_ticket_gets_a_follow_up_with_its_tags(ctx, zendesk, internal):
    refuse(zendesk, UPDATE, "422_closed_ticket")
    zendesk.on(SHOW, {"ticket": a_ticket(status="closed", tags=["vip", "balie"])})
    zendesk.on(CREATE, written(78), 201)
    filed = plugin.ticket_file(ctx, a_batch(internal=internal, **IN_TICKET))
    assert filed == Filed(ticket_id="78", comment_id="8001", customer_id="501")
    sent = zendesk.sent(CREATE)
    assert sent.headers["idempotency-key"] == "batch-1:follow-up"
    assert sent.json["ticket"]["via_followup_source_id"] == TICKET_ID
    assert sent.json["ticket"]["tags"] == ["balie", "vip"]
    assert sent.json["ticket"]["comment"]["public"] is not internal


def test_closed_ticket_is_known_in_any_language(ctx, zendesk):
    body = {"error": "RecordInvalid", "details": {"status": [{"description": "Gesloten"}]}}
    zendesk.on(UPDATE, body, 422)
    zendesk.on(SHOW, {"ticket": a_ticket(status="closed")})
    zendesk.on(CREATE, written(78), 201)
    assert plugin.ticket_file(ctx, a_batch(**IN_TICKET)).ticket_id == "78"


def test_comment_refused_for_another_reason_is_parked(ctx, zendesk):
    refuse(zendesk, UPDATE, "422_attachment")
    zendesk.on(SHOW, {"ticket": a_ticket(status="solved")})
    with pytest.raises(Refusal) as refused:
        plugin.ticket_file(ctx, a_batch(**IN_TICKET))
    assert refused.value.code == "AttachmentUnprocessable"
    assert zendesk.calls == [UPDATE, SHOW]


def test_deleted_ticket_gives_way_to_a_new_one(ctx, zendesk):
    zendesk.on(CREATE, written(78), 201)
    assert plugin.ticket_file(ctx, a_batch(**IN_TICKET)).ticket_id == "78"
    assert zendesk.calls == [UPDATE, CREATE]
    assert "via_followup_source_id" not in zendesk.sent(CREATE).json["ticket"]


def test_waiting_lines_share_a_comment_with_their_local_times(ctx, zendesk):
    zendesk.on(UPDATE, written())
    lines = (a_line("Hallo", 1), a_line("Is er\niemand?", 2))
    plugin.ticket_file(ctx, a_batch(lines=lines, **IN_TICKET))
    ticket = zendesk.sent(UPDATE).json["ticket"]
    assert ticket["comment"]["body"] == "[14:00] Hallo\n[14:01] Is er\niemand?"
    assert ticket["metadata"] == {"balie_batch": "batch-1", "balie_messages": ["m1", "m2"]}


def test_long_idempotency_key_is_shortened_always_alike(ctx, zendesk):
    zendesk.on(CREATE, written(), 201)
    for _ in range(2):
        plugin.ticket_file(ctx, a_batch(key="k" * 300))
    keys = {one.headers["idempotency-key"] for one in zendesk.seen if one.call == CREATE}
    assert [len(key) for key in keys] == [64]


UNCLEAR = [
    Answer(500),
    Answer(200, b"<html>"),
    Answer(200, {"ticket": a_ticket()}),
    Answer(200, {"ticket": a_ticket(), "audit": {"events": []}}),
    Answer(instead=RESET),
    Answer(instead=SILENCE),
]


@pytest.mark.parametrize("answer", UNCLEAR)
@pytest.mark.parametrize(("call", "where"), [(CREATE, {}), (UPDATE, IN_TICKET)])
def test_unclear_outcome_is_told_as_unknown(ctx, zendesk, answer, call, where):
    zendesk.script(call, answer)
    with pytest.raises(OutcomeUnknown):
        plugin.ticket_file(ctx, a_batch(**where))
    assert zendesk.calls == [call]


@pytest.mark.parametrize(
    ("status", "headers", "kind"),
    [
        (429, {"Retry-After": "3"}, RateLimited),
        (503, {"Retry-After": "3"}, TransientError),
        (409, {}, TransientError),
        (401, {}, AuthFailed),
    ],
)
def test_clear_refusal_had_no_effect(ctx, zendesk, status, headers, kind):
    zendesk.script(UPDATE, Answer(status, {}, headers))
    with pytest.raises(kind) as failed:
        plugin.ticket_file(ctx, a_batch(**IN_TICKET))
    assert type(failed.value) is kind


def test_uncertain_ticket_that_is_there_is_not_made_again(ctx, zendesk):
    zendesk.on(LIST, {"tickets": [a_ticket(id=12), a_ticket()]})
    zendesk.on(AUDITS, page(an_audit("batch-1")))
    assert plugin.ticket_file(ctx, a_batch(uncertain=True)) == FILED
    assert zendesk.calls == [LIST, AUDITS]
    assert zendesk.sent(LIST).query == {"external_id": "balie-31", "page[size]": "100"}


def test_uncertain_ticket_that_is_not_there_is_made_with_the_same_key(ctx, zendesk):
    zendesk.on(LIST, {"tickets": []})
    zendesk.on(CREATE, written(), 201)
    assert plugin.ticket_file(ctx, a_batch(uncertain=True)) == FILED
    assert zendesk.sent(CREATE).headers["idempotency-key"] == "batch-1"


def test_key_used_with_other_words_leads_to_the_ticket_it_made(ctx, zendesk):
    refuse(zendesk, CREATE, "400_idempotency_mismatch")
    zendesk.on(LIST, {"tickets": [a_ticket()]})
    zendesk.on(AUDITS, page(an_audit("batch-1")))
    assert plugin.ticket_file(ctx, a_batch()) == FILED


def test_key_used_for_a_ticket_that_is_nowhere_is_parked(ctx, zendesk):
    refuse(zendesk, CREATE, "400_idempotency_mismatch")
    zendesk.on(LIST, {"tickets": []})
    with pytest.raises(Refusal) as refused:
        plugin.ticket_file(ctx, a_batch())
    assert refused.value.code == "IdempotentRequestError"


def test_uncertain_comment_that_is_there_is_not_written_again(ctx, zendesk):
    zendesk.on(AUDITS, page(an_audit(), an_audit("batch-0", 7000), after="next"))
    zendesk.on(AUDITS, page(an_audit("batch-1")))
    assert plugin.ticket_file(ctx, a_batch(uncertain=True, **IN_TICKET)) == FILED
    assert zendesk.calls == [SHOW, AUDITS, AUDITS]
    assert [one.query for one in zendesk.seen if one.call == AUDITS] == [
        {"sort": "-created_at", "page[size]": "100"},
        {"sort": "-created_at", "page[size]": "100", "page[after]": "next"},
    ]


@pytest.mark.parametrize("internal", [False, True])
def test_uncertain_comment_that_is_not_there_is_written_unless_it_comes_meanwhile(
    ctx, zendesk, internal
):
    zendesk.on(SHOW, {"ticket": a_ticket(updated_at="2026-03-02T11:59:00Z")})
    zendesk.on(AUDITS, page(an_audit("batch-0")))
    zendesk.on(UPDATE, written())
    batch = a_batch(uncertain=True, internal=internal, **IN_TICKET)
    assert plugin.ticket_file(ctx, batch).comment_id == FILED.comment_id
    assert zendesk.calls[:2] == [SHOW, AUDITS]  # what comes after the first look is refused
    sent = zendesk.sent(UPDATE).json["ticket"]
    assert (sent["safe_update"], sent["updated_stamp"]) == (True, "2026-03-02T11:59:00Z")


def test_uncertain_comment_that_came_meanwhile_is_looked_for_again(ctx, zendesk):
    zendesk.on(SHOW, {"ticket": a_ticket()})
    zendesk.on(AUDITS, NO_AUDITS)
    zendesk.on(UPDATE, {"error": "UpdateConflict"}, 409)
    with pytest.raises(OutcomeUnknown) as unknown:
        plugin.ticket_file(ctx, a_batch(uncertain=True, **IN_TICKET))
    assert unknown.value.retry_after == 2.0


@pytest.mark.parametrize(
    "odd",
    [
        {"metadata": {"custom": ["balie_batch"]}},
        {"metadata": {"custom": "batch-1"}},
        {"metadata": []},
        {"metadata": None},
        {"events": [5, {"id": "x", "type": "Comment"}, {"id": 1, "type": []}]},
        {"events": None},
    ],
    ids=repr,
)
def test_odd_audit_keeps_no_comment_uncertain(ctx, zendesk, odd):
    """Any client of the API writes metadata; what is not as we write it is not ours."""
    zendesk.on(AUDITS, page(an_audit("batch-0") | odd, an_audit("batch-1")))
    assert plugin.ticket_file(ctx, a_batch(uncertain=True, **IN_TICKET)) == FILED
    assert zendesk.calls == [SHOW, AUDITS]


def test_uncertain_comment_that_opened_a_follow_up_is_found_there(ctx, zendesk):
    zendesk.on(AUDITS, NO_AUDITS)
    refuse(zendesk, UPDATE, "422_closed_ticket")
    zendesk.on(SHOW, {"ticket": a_ticket(status="closed")})
    zendesk.on(LIST, {"tickets": [a_ticket(status="closed"), a_ticket(id=78)]})
    zendesk.on("GET /tickets/78/audits", page(an_audit("batch-1")))
    filed = plugin.ticket_file(ctx, a_batch(uncertain=True, **IN_TICKET))
    assert filed == Filed(ticket_id="78", comment_id="8001", customer_id="501")
    assert CREATE not in zendesk.calls


def test_uncertain_ticket_that_was_deleted_gives_way_to_a_new_one(ctx, zendesk):
    zendesk.on(LIST, {"tickets": []})
    zendesk.on(CREATE, written(78), 201)
    filed = plugin.ticket_file(ctx, a_batch(uncertain=True, **IN_TICKET))
    assert filed.ticket_id == "78"
    assert zendesk.calls == [SHOW, AUDITS, UPDATE, LIST, CREATE]


@pytest.mark.parametrize("status", [429, 500, 503])
def test_outcome_stays_unknown_while_zendesk_cannot_be_asked(ctx, zendesk, status):
    zendesk.on(AUDITS, {}, status, Retry_After="5")
    with pytest.raises(OutcomeUnknown):
        plugin.ticket_file(ctx, a_batch(uncertain=True, **IN_TICKET))
    assert zendesk.calls == [SHOW, AUDITS]


LONG = (a_line("a" * 40_000, 1), a_line("b" * 40_000, 2))


def test_batch_too_long_for_a_comment_becomes_two(ctx, zendesk):
    zendesk.on(CREATE, written(), 201)
    zendesk.on(UPDATE, written(comment_id=8101))
    filed = plugin.ticket_file(ctx, a_batch(lines=LONG))
    assert filed == Filed(ticket_id="77", comment_id="8101", customer_id="501")
    assert zendesk.sent(CREATE).json["ticket"]["metadata"]["balie_batch"] == "batch-1"
    second = zendesk.sent(UPDATE).json["ticket"]
    assert second["metadata"]["balie_batch"] == "batch-1/2"
    assert second["comment"]["body"] == "[14:01] " + "b" * 40_000


def test_batch_that_is_half_filed_is_unknown_and_then_completed(ctx, zendesk):
    zendesk.on(CREATE, written(), 201)
    zendesk.on(UPDATE, {}, 429, Retry_After="5")
    with pytest.raises(OutcomeUnknown) as unknown:
        plugin.ticket_file(ctx, a_batch(lines=LONG))
    assert unknown.value.retry_after == 5
    zendesk.scripts[UPDATE] = [Answer(200, written(comment_id=8101))]
    zendesk.on(LIST, {"tickets": [a_ticket()]})
    zendesk.on(AUDITS, page(an_audit("batch-1")))
    filed = plugin.ticket_file(ctx, a_batch(lines=LONG, uncertain=True))
    assert filed.comment_id == "8101"
    assert zendesk.calls.count(CREATE) == 1


def test_message_of_70_kb_is_two_comments_and_loses_nothing(ctx, zendesk):
    zendesk.on(CREATE, written(), 201)
    zendesk.on(UPDATE, written())
    text = "é" * 35_000
    plugin.ticket_file(ctx, a_batch(lines=(a_line(text),)))
    bodies = [one.json["ticket"]["comment"]["body"] for one in zendesk.seen[1:]]
    assert "".join(bodies) == text
    assert [len(one.encode()) <= 64_000 for one in bodies] == [True] * len(bodies)


HOSTILE = "<script>alert(1)</script> {{ticket.requester.email}} ' OR 1=1 -- \u202etxt"


def test_hostile_text_stays_text(ctx, zendesk):
    zendesk.on(CREATE, written(), 201)
    batch = a_batch(person_name=HOSTILE, lines=(a_line(HOSTILE),))
    acquainted(ctx, batch)
    plugin.ticket_file(ctx, batch)
    ticket = zendesk.sent(CREATE).json["ticket"]
    assert ticket["comment"] == {"body": HOSTILE, "public": True, "author_id": CUSTOMER_ID}
    assert ticket["subject"] == (
        "WhatsApp: <script>alert(1)</script> {{ticket.requester.email}} ' OR 1=1 -- txt 06 55501234"
    )
