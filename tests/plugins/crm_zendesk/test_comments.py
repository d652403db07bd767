"""Agents' answers: what is public, an agent's, and for the customer; nothing else leaves."""

from datetime import UTC, datetime

import pytest

from balie.api import AgentReplied, RateLimited, Refused, Text, Unknown
from balie_crm_zendesk.plugin import plugin

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


def test_comment_of_an_agent_by_another_tool_is_an_answer(ctx, zendesk):
    in_ticket(zendesk, a_comment(1, AGENT_ID, "Hallo", via={"channel": "api"}))
    assert [one.comment_id for one in told(ctx)] == ["1"]


def test_comment_of_an_agent_who_is_the_requester_stays(ctx, zendesk):
    in_ticket(zendesk, a_comment(1, AGENT_ID, "Hallo"), requester_id=AGENT_ID)
    assert told(ctx) == NOTHING


def test_author_who_was_not_sent_along_is_asked_for(ctx, zendesk):
    in_ticket(zendesk, a_comment(1, 700, "Van Eva"), a_comment(2, 701, "Van wie?"))
    zendesk.on("GET /users/700", {"user": a_user(700, role="agent", name="Eva")})
    assert [(one.comment_id, one.author) for one in told(ctx)] == [("1", "Eva")]


def test_attachment_is_not_left_out_silently(ctx, zendesk):
    files = [{"file_name": "factuur.pdf"}, {"file_name": None}]
    in_ticket(zendesk, a_comment(1, AGENT_ID, "Zie bijlage", attachments=files))
    assert told(ctx)[0].parts == (
        Text(text="Zie bijlage"),
        Unknown(type="attachment", text="[factuur.pdf]"),
        Unknown(type="attachment", text="[attachment]"),
    )


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
def test_ticket_that_is_gone_is_refused(ctx, zendesk, gone):
    in_ticket(zendesk)
    body = {"error": "RecordNotFound", "description": "Not found"}
    zendesk.scripts[gone] = [Answer(404, body)]
    assert told(ctx) == [Refused(reason="Ticket 77 is not in Zendesk any more.")]


def test_rate_limit_is_waited_for(ctx, zendesk):
    in_ticket(zendesk)
    zendesk.scripts[COMMENTS] = [Answer(429, {}, {"Retry-After": "4"})]
    with pytest.raises(RateLimited) as limited:
        told(ctx)
    assert limited.value.retry_after == 4


def test_who_we_are_is_asked_once(ctx, zendesk):
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
