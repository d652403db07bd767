"""Agents' answers: what is public, an agent's, and for the customer; nothing else leaves."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from balie.api import (
    AgentCommanded,
    AgentReplied,
    Markup,
    Media,
    MediaKind,
    RateLimited,
    Refused,
    Text,
    TicketChanged,
    TicketState,
    TransientError,
)
from balie_crm_zendesk.plugin import plugin

from .conftest import NOW
from .facts import CUSTOMER_ID, ME_ID, TICKET_ID, a_comment, a_ticket, a_user, an_event
from .recorded import needs_recordings, recorded
from .scripted_zendesk import Answer

AGENT_ID = 601
COMMENTS = f"GET /tickets/{TICKET_ID}/comments"
SHOW = f"GET /tickets/{TICKET_ID}"
NOTHING = [Refused(reason="Ticket 77 has no public answer of an agent.")]
USERS = [
    a_user(CUSTOMER_ID),
    a_user(AGENT_ID, role="agent", name="Daan Bakker", alias="Daan"),
    a_user(602, role="end-user", name="In copy"),
    a_user(ME_ID, role="admin", name="Bridge"),
]


def in_ticket(zendesk, *comments, after=None, **ticket):
    """Say what is in the ticket, newest first."""
    zendesk.on(SHOW, {"ticket": a_ticket(**ticket)})
    a_page(zendesk, *comments, after=after)
    zendesk.on("GET /users/me", {"user": a_user(ME_ID, role="admin")})


def a_page(zendesk, *comments, after=None):
    meta = {"has_more": bool(after), "after_cursor": after}
    zendesk.on(COMMENTS, {"comments": list(comments), "users": USERS, "meta": meta})


def told(ctx):
    return plugin.event_parse(ctx, an_event())


def test_agents_public_comment_is_the_answer(ctx, zendesk):
    in_ticket(zendesk, a_comment(9001, AGENT_ID, "Ja, tot zes uur."))
    assert told(ctx) == [
        AgentReplied(
            ticket_id="77",
            comment_id="9001",
            at=datetime(2026, 10, 1, 11, 59, tzinfo=UTC),
            parts=(Text(text="Ja, tot zes uur."),),
            author="Daan",
        )
    ]
    assert zendesk.sent(COMMENTS).query == {
        "sort": "-created_at",
        "include": "users",
        "include_inline_images": "true",
        "page[size]": "100",
    }


def test_agent_without_alias_goes_by_name(ctx, zendesk):
    in_ticket(zendesk, a_comment(9001, ME_ID, "Hallo"))
    assert [one.author for one in told(ctx)] == ["Bridge"]


def test_answers_come_oldest_first(ctx, zendesk):
    in_ticket(
        zendesk,
        a_comment(9001, AGENT_ID, "Derde", created_at="2026-10-01T11:59:00Z"),
        a_comment(9003, AGENT_ID, "Tweede", created_at="2026-10-01T11:58:00Z"),
        a_comment(9002, AGENT_ID, "Eerste", created_at="2026-10-01T11:58:00Z"),
    )
    assert [one.parts[0].text for one in told(ctx)] == ["Eerste", "Tweede", "Derde"]


@pytest.mark.parametrize(
    "comment",
    [
        pytest.param(a_comment(1, AGENT_ID, "Let op", public=False), id="internal note"),
        pytest.param(a_comment(1, CUSTOMER_ID, "Hallo"), id="the customer's"),
        pytest.param(a_comment(1, 602, "Ik ook"), id="somebody in copy"),
        pytest.param(a_comment(1, -1, "Automatisch"), id="Zendesk's automation"),
        pytest.param(a_comment(1, ME_ID, "Echo", via={"channel": "api"}), id="our user's, by API"),
        pytest.param(
            a_comment(1, AGENT_ID, "Echo", metadata={"custom": {"balie_batch": "batch-1"}}),
            id="with our mark",
        ),
        pytest.param(
            a_comment(1, AGENT_ID, "Request #5 merged", via={"channel": "merge"}),
            id="a merge's",
        ),
        pytest.param(
            a_comment(1, AGENT_ID, "Merged", via={"channel": "web", "source": {"rel": "merge"}}),
            id="a merge's, by relation",
        ),
        pytest.param(a_comment(1, AGENT_ID, "&nbsp;\n "), id="without text"),
    ],
)
def test_comment_that_is_not_for_the_customer_stays(ctx, zendesk, comment):
    in_ticket(zendesk, comment)
    assert told(ctx) == NOTHING


@pytest.mark.parametrize(("by_api", "heard"), [(False, ["2"]), (True, ["1", "2"])])
def test_comment_of_an_agent_by_another_tool_is_an_answer_where_it_is_to_be(
    to_zendesk, zendesk, by_api, heard
):
    by_tool = a_comment(1, AGENT_ID, "Concept", via={"channel": "api"})
    in_ticket(zendesk, a_comment(2, AGENT_ID, "Zelf geschreven"), by_tool)
    assert [one.comment_id for one in told(to_zendesk(api_answers=by_api))] == heard


def test_comment_of_an_agent_who_is_the_requester_stays(ctx, zendesk):
    in_ticket(zendesk, a_comment(1, AGENT_ID, "Hallo"), requester_id=AGENT_ID)
    assert told(ctx) == NOTHING


ODD_FACTS = [
    {"metadata": "x"},
    {"metadata": ["x"]},
    {"metadata": {"custom": ["balie_batch"]}},
    {"metadata": {"custom": "balie_batch"}},
    {"metadata": {"custom": None}},
    {"via": "web"},
    {"via": {"channel": {}, "source": "x"}},
    {"via": {"channel": "web", "source": {"rel": 5, "from": "x", "to": [1]}}},
    {"attachments": {}},
    {"attachments": None},
]


@pytest.mark.parametrize("odd", ODD_FACTS, ids=repr)
def test_comment_with_an_odd_fact_is_an_answer_all_the_same(ctx, zendesk, odd):
    """Any client of the API may write it; what is not as we write it is not ours."""
    in_ticket(zendesk, a_comment(2, AGENT_ID, "Ja"), a_comment(1, AGENT_ID, "Hallo", **odd))
    assert [(one.comment_id, one.parts[0].text) for one in told(ctx)] == [
        ("1", "Hallo"),
        ("2", "Ja"),
    ]


UNREADABLE = [
    "no comment",
    a_comment(1, None, "?"),
    a_comment(1, AGENT_ID, "?", created_at="gisteren"),
    a_comment(1, AGENT_ID, "?", public="misschien"),
    a_comment(1, AGENT_ID, "?", html_body=5),
]


@pytest.mark.parametrize("odd", UNREADABLE, ids=repr)
def test_comment_that_cannot_be_read_holds_up_no_other(ctx, zendesk, odd):
    in_ticket(zendesk, odd, a_comment(2, AGENT_ID, "Ja"), odd)
    assert [one.comment_id for one in told(ctx)] == ["2"]


def test_comment_that_cannot_be_read_is_counted_where_there_is_no_answer(ctx, zendesk):
    in_ticket(zendesk, a_comment(2, CUSTOMER_ID, "Hallo"), UNREADABLE[1])
    assert [one.reason for one in told(ctx)] == [
        f"{NOTHING[0].reason} Comments that cannot be read: 1."
    ]


def test_ticket_of_which_no_comment_can_be_read_is_tried_again(ctx, zendesk):
    """Then Zendesk has changed, and what it says must not be taken for silence."""
    in_ticket(zendesk, *UNREADABLE)
    with pytest.raises(TransientError, match="comment cannot be read"):
        told(ctx)


def test_comment_that_does_not_say_whether_it_is_public_stays(ctx, zendesk):
    in_ticket(zendesk, a_comment(2, AGENT_ID, "Ja"), a_comment(1, AGENT_ID, "?", public=None))
    assert [one.comment_id for one in told(ctx)] == ["2"]


def test_author_who_was_not_sent_along_is_asked_for(ctx, zendesk):
    in_ticket(zendesk, a_comment(1, 700, "Van Eva"), a_comment(2, 701, "Van wie?"))
    zendesk.on("GET /users/700", {"user": a_user(700, role="agent", name="Eva")})
    assert [(one.comment_id, one.author) for one in told(ctx)] == [("1", "Eva")]


A_FILE = {
    "content_url": "https://company.zendesk.com/attachments/token/x/?name=factuur.pdf",
    "file_name": "factuur.pdf",
    "content_type": "application/pdf",
    "size": 1234,
    "malware_scan_result": "malware_not_found",
}


def with_files(zendesk, *files, text="Zie bijlage"):
    rows = [A_FILE | file for file in files]
    in_ticket(zendesk, a_comment(1, AGENT_ID, text, attachments=rows))


def test_attachments_come_along(ctx, zendesk):
    photo = {"file_name": "kat.png", "content_type": "image/png", "malware_scan_result": None}
    with_files(zendesk, {}, photo)
    assert told(ctx)[0].parts == (
        Text(text="Zie bijlage"),
        Media(
            kind=MediaKind.DOCUMENT,
            ref=A_FILE["content_url"],
            text="[Bijlage: factuur.pdf]",
            type="application/pdf",
            name="factuur.pdf",
            size=1234,
        ),
        Media(
            kind=MediaKind.IMAGE,
            ref=A_FILE["content_url"],
            text="[Afbeelding: kat.png]",
            type="image/png",
            name="kat.png",
            size=1234,
        ),
    )


def test_attachment_alone_is_an_answer(ctx, zendesk):
    with_files(zendesk, {}, text="")
    assert [type(part) for part in told(ctx)[0].parts] == [Media]


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("image/jpeg", MediaKind.IMAGE),
        ("image/svg+xml", MediaKind.DOCUMENT),
        ("video/mp4", MediaKind.VIDEO),
        ("audio/ogg; codecs=opus", MediaKind.AUDIO),
        ("text/html", MediaKind.DOCUMENT),
        ("", MediaKind.DOCUMENT),
        (None, MediaKind.DOCUMENT),
    ],
)
def test_attachment_has_its_kind(ctx, zendesk, written, kind):
    with_files(zendesk, {"content_type": written})
    assert told(ctx)[0].parts[1].kind is kind


@pytest.mark.parametrize(
    ("file", "failed"),
    [
        ({"malware_scan_result": "malware_found"}, "Zendesk vond er een virus in."),
        ({"malware_scan_result": "malware_found", "malware_access_override": True}, ""),
        ({"malware_scan_result": "not_scanned"}, ""),
        ({"deleted": True}, "Het bestand is in Zendesk gewist."),
        ({"content_url": None}, "Het bestand is in Zendesk gewist."),
        ({"content_url": 5}, "Het bestand is in Zendesk gewist."),
        ({"id": "x", "size": "?", "deleted": None, "malware_scan_result": []}, ""),
    ],
)
def test_attachment_that_must_not_go_says_why(ctx, zendesk, file, failed):
    with_files(zendesk, file)
    assert told(ctx)[0].parts[1].failed == failed


def test_marks_of_the_agents_editor_come_along(ctx, zendesk):
    html = '<div class="zd-comment"><p>Tot <b>zes</b> uur.</p><p>Groet,<br>Daan</p></div>'
    in_ticket(zendesk, a_comment(1, AGENT_ID, "Tot zes uur.\n\nGroet,\nDaan", html_body=html))
    assert told(ctx)[0].parts == (
        Text(text="Tot **zes** uur.\n\nGroet,\nDaan", markup=Markup.MARKDOWN),
    )


def test_html_without_words_gives_way_to_the_plain_text(ctx, zendesk):
    in_ticket(zendesk, a_comment(1, AGENT_ID, "Hallo", html_body="<script>x</script>"))
    assert told(ctx)[0].parts == (Text(text="Hallo"),)


def test_text_is_plain(ctx, zendesk):
    text = "Hallo&nbsp;Noor,\u00a0\r\n\r\n<b>Tot zes uur</b>  \n\n"
    in_ticket(zendesk, a_comment(1, AGENT_ID, text))
    assert told(ctx)[0].parts == (Text(text="Hallo Noor,\n\n<b>Tot zes uur</b>"),)


def test_comment_of_an_older_shape_is_read_too(ctx, zendesk):
    bare = {
        "id": 1,
        "author_id": AGENT_ID,
        "body": "Hallo",
        "plain_body": "",
        "public": True,
        "created_at": "2026-10-01T11:59:00Z",
    }
    in_ticket(zendesk, bare)
    assert told(ctx)[0].parts == (Text(text="Hallo"),)


def test_busy_ticket_is_read_back_for_a_day(ctx, zendesk):
    in_ticket(zendesk, a_comment(3, AGENT_ID, "c"), after="p2")
    a_page(zendesk, a_comment(2, AGENT_ID, "b", created_at="2026-09-30T12:01:00Z"), after="p3")
    a_page(zendesk, a_comment(1, AGENT_ID, "a", created_at="2026-09-30T11:59:00Z"), after="p4")
    assert [one.comment_id for one in told(ctx)] == ["1", "2", "3"]
    cursors = [one.query.get("page[after]") for one in zendesk.seen if one.call == COMMENTS]
    assert cursors == [None, "p2", "p3"]


@pytest.mark.parametrize("gone", [SHOW, COMMENTS])
def test_ticket_that_is_gone_is_told(ctx, zendesk, gone):
    in_ticket(zendesk)
    body = {"error": "RecordNotFound", "description": "Not found"}
    zendesk.scripts[gone] = [Answer(404, body)]
    assert told(ctx) == [TicketChanged(ticket_id="77", at=NOW, state=TicketState.GONE)]


def test_rate_limit_is_waited_for(ctx, zendesk):
    in_ticket(zendesk)
    zendesk.scripts[COMMENTS] = [Answer(429, {}, {"Retry-After": "4"})]
    with pytest.raises(RateLimited) as limited:
        told(ctx)
    assert limited.value.retry_after == 4


def test_who_we_are_is_asked_once(to_zendesk, zendesk):
    ctx = to_zendesk(api_answers=True)
    in_ticket(zendesk, a_comment(1, AGENT_ID, "Hallo", via={"channel": "api"}))
    assert told(ctx) == told(ctx)
    assert zendesk.calls.count("GET /users/me") == 1


@needs_recordings
def test_recorded_comments_are_read(ctx, zendesk):
    seen = recorded("go_zendesk_fixture/GET/ticket_comments.json", {})
    seen["meta"]["has_more"] = False
    seen["users"] = [a_user(377922500012, role="agent", name="Daan")]
    in_ticket(zendesk)
    zendesk.scripts[COMMENTS] = [Answer(200, seen)]
    assert [one.comment_id for one in told(ctx)] == ["2", "3"]


# --- Commands ---------------------------------------------------------------------------------


def a_note(text, author_id=AGENT_ID, **more):
    return a_comment(1, author_id, text, public=False, **more)


@pytest.mark.parametrize(
    "text",
    [
        "/template order_shipped 1=4711",
        "/buttons Morgen? | Ja | Nee",
        "/list Wanneer? | Kies | ma | di",
        "/close",
        "/whatsapp",
        "/help",
        "/Template order\nmeer",
        "&nbsp;/close&nbsp;",
    ],
)
def test_internal_note_that_is_a_command_is_told(ctx, zendesk, text):
    in_ticket(zendesk, a_note(text))
    assert told(ctx) == [
        AgentCommanded(
            ticket_id="77",
            comment_id="1",
            at=datetime(2026, 10, 1, 11, 59, tzinfo=UTC),
            text=text.replace("&nbsp;", ""),
            author="Daan",
        )
    ]


@pytest.mark.parametrize(
    "comment",
    [
        pytest.param(a_note("Zie /template"), id="not at the beginning"),
        pytest.param(a_note("/templates"), id="another word"),
        pytest.param(a_note("/close/window"), id="a path"),
        pytest.param(a_note("/etc/passwd"), id="no word of ours"),
        pytest.param(a_note("/close", author_id=CUSTOMER_ID), id="a customer's"),
        pytest.param(a_note("/close", author_id=602), id="somebody's in copy"),
        pytest.param(a_note("/close", author_id=-1), id="an automation's"),
        pytest.param(a_note("/close", metadata={"custom": {"balie_batch": "b"}}), id="ours"),
        pytest.param(a_note("/close", author_id=ME_ID, via={"channel": "api"}), id="our user's"),
        pytest.param(a_note("/close", via={"channel": "api"}), id="another tool's"),
        pytest.param(a_note("/close", via={"channel": "merge"}), id="a merge's"),
    ],
)
def test_internal_note_that_is_no_command_stays(ctx, zendesk, comment):
    in_ticket(zendesk, comment)
    assert told(ctx) == NOTHING


def test_public_comment_that_looks_like_a_command_is_an_answer(ctx, zendesk):
    in_ticket(zendesk, a_comment(1, AGENT_ID, "/close"))
    assert [type(one) for one in told(ctx)] == [AgentReplied]


# --- What became of the ticket ----------------------------------------------------------------


STATUS_EVENTS = [
    {"ticket_id": "77", "event": "status"},
    {"type": "zen:event-type:ticket.status_changed", "detail": {"id": "77"}},
    {"type": "zen:event-type:ticket.undeleted", "detail": {"id": "77"}},
]


@pytest.mark.parametrize("body", STATUS_EVENTS, ids=["trigger", "event", "undeleted"])
@pytest.mark.parametrize(
    ("ticket", "state"),
    [
        ({"status": "new"}, TicketState.OPEN),
        ({"status": "open"}, TicketState.OPEN),
        ({"status": "pending"}, TicketState.OPEN),
        ({"status": "solved"}, TicketState.SOLVED),
        ({"status": "closed"}, TicketState.CLOSED),
        ({"status": "deleted"}, TicketState.GONE),
    ],
    ids=lambda one: one.get("status", "") if isinstance(one, dict) else None,
)
def test_state_is_read_and_not_believed(ctx, zendesk, body, ticket, state):
    in_ticket(zendesk, **ticket)
    at = datetime(2026, 10, 1, 11, 0, tzinfo=UTC)
    assert plugin.event_parse(ctx, replace(an_event(), body=body)) == [
        TicketChanged(ticket_id="77", at=at, state=state)
    ]


def test_answer_that_solves_is_told_before_it_is_solved(ctx, zendesk):
    in_ticket(zendesk, a_comment(9001, AGENT_ID, "Tot zes uur."), status="solved")
    assert [type(one) for one in told(ctx)] == [AgentReplied, TicketChanged]


MERGE = a_comment(
    9,
    AGENT_ID,
    "This request was closed and merged into request #88.",
    via={"channel": "web", "source": {"rel": "merge", "to": {"ticket_id": 88}}},
)


@pytest.mark.parametrize(("requester_id", "into"), [(CUSTOMER_ID, "88"), (777, "")])
def test_merge_is_told_and_followed_only_to_the_same_customer(ctx, zendesk, requester_id, into):
    """A29: what is answered in another customer's ticket is not for this one."""
    in_ticket(zendesk, MERGE, status="closed", tags=["closed_by_merge"])
    zendesk.on("GET /tickets/88", {"ticket": a_ticket(id=88, requester_id=requester_id)})
    zendesk.on("GET /tickets/88/comments", {"comments": [], "users": USERS, "meta": {}})
    (changed,) = told(ctx)
    assert (changed.state, changed.into) == (TicketState.MERGED, into)


def test_agent_who_answers_three_tickets_of_one_customer_is_heard_in_each(ctx, zendesk):
    for ticket_id in (77, 78, 79):
        zendesk.on(f"GET /tickets/{ticket_id}", {"ticket": a_ticket(id=ticket_id)})
        comment = a_comment(9000 + ticket_id, AGENT_ID, f"Over {ticket_id}")
        page = {"comments": [comment], "users": USERS, "meta": {}}
        zendesk.on(f"GET /tickets/{ticket_id}/comments", page)
    answers = [plugin.event_parse(ctx, an_event(ticket_id)) for ticket_id in (77, 78, 79)]
    assert [(one.ticket_id, one.comment_id, one.parts) for answer in answers for one in answer] == [
        (str(one), str(9000 + one), (Text(text=f"Over {one}"),)) for one in (77, 78, 79)
    ]
