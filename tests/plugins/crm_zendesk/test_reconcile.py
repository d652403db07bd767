"""The stream of ticket events: which tickets have comments, and from where to read on."""

from datetime import UTC, datetime

import pytest

from balie.api import (
    EventKind,
    PermanentError,
    RateLimited,
    RawEvent,
    Since,
    TicketState,
    TransientError,
)
from balie_crm_zendesk.plugin import plugin

from .conftest import NOW
from .facts import a_batch, a_line

STREAM = "GET /incremental/ticket_events"
SECOND = int(NOW.timestamp()) - 600


def an_update(event_id, ticket_id, *comments, second=SECOND, **change):
    """An event of the stream; comments as (id, public). It changes what ``change`` says."""
    return {
        "id": event_id,
        "ticket_id": ticket_id,
        "timestamp": second,
        "event_type": "Audit",
        "child_events": [
            {"id": event_id + 1, "event_type": "Change", **(change or {"priority": "high"})},
            *(
                {"id": key, "event_type": "Comment", "type": "Comment", "public": public}
                for key, public in comments
            ),
        ],
    }


def a_page(zendesk, *updates, end=SECOND, last=True):
    zendesk.on(
        STREAM,
        {
            "ticket_events": list(updates),
            "count": len(updates),
            "end_time": end,
            "end_of_stream": last,
        },
    )


def look(ctx, cursor=""):
    return plugin.event_reconcile(ctx, Since(cursor=cursor))


def test_internal_note_that_is_a_command_is_an_event(ctx, zendesk):
    """As where the webhook of a command was lost; other notes are nobody's business."""
    update = an_update(100, 77, (9001, False), (9002, False), (9003, False))
    _, command, note, odd = update["child_events"]
    command["body"], note["body"], odd["body"] = "/template order 1=2", "Even overlegd", {"a": 1}
    a_page(zendesk, update)

    found = look(ctx, "1700000000")

    assert [event.id for event in found.events] == ["comment:9001"]
    assert found.comments == {"comment:9001": ("9001",)}


def test_ticket_with_a_public_comment_is_an_event(ctx, zendesk):
    a_page(zendesk, an_update(100, 77, (9001, True)))

    found = look(ctx, "1700000000")

    assert found.events == (
        RawEvent(
            id="comment:9001",
            kind=EventKind.TICKET,
            lane="77",
            at=datetime.fromtimestamp(SECOND, UTC),
            body={"ticket_id": "77"},
        ),
    )
    assert found.comments == {"comment:9001": ("9001",)}
    assert zendesk.sent(STREAM).query == {
        "start_time": "1700000000",
        "include": "comment_events",
    }


def test_several_comments_of_a_ticket_are_one_event_named_by_the_newest(ctx, zendesk):
    a_page(
        zendesk,
        an_update(130, 77, (9003, True), second=SECOND + 5),
        an_update(100, 77, (9001, True)),
        an_update(110, 78, (9002, True)),
        end=SECOND + 5,
    )

    found = look(ctx)

    assert found.comments == {"comment:9003": ("9001", "9003"), "comment:9002": ("9002",)}
    assert [(one.lane, one.at) for one in found.events] == [
        ("77", datetime.fromtimestamp(SECOND, UTC)),
        ("78", datetime.fromtimestamp(SECOND, UTC)),
    ]


def test_internal_notes_and_updates_without_a_comment_are_none(ctx, zendesk):
    a_page(zendesk, an_update(100, 77, (9001, False)), an_update(110, 78))

    assert look(ctx).events == ()


@pytest.mark.parametrize(
    ("status", "states"),
    [
        ("new", (TicketState.OPEN,)),
        ("pending", (TicketState.OPEN,)),
        ("hold", (TicketState.OPEN,)),
        ("solved", (TicketState.SOLVED,)),
        ("closed", (TicketState.CLOSED, TicketState.MERGED, TicketState.SOLVED)),
        ("deleted", (TicketState.GONE,)),
    ],
)
def test_change_of_status_is_an_event_and_says_when_it_is_no_news(ctx, zendesk, status, states):
    """That a solved ticket is closed some days later is none: nothing follows from it."""
    a_page(zendesk, an_update(100, 77, status=status))

    found = look(ctx)

    (event,) = found.events
    assert (event.id, event.lane) == ("status:100", "77")
    assert event.body == {"ticket_id": "77", "event": "status"}
    assert found.states == {"status:100": states}
    assert found.comments == {}


@pytest.mark.parametrize("status", ["archived", "", None, 7, ["open"], {"a": 1}])
def test_status_that_says_nothing_is_no_event(ctx, zendesk, status):
    a_page(zendesk, an_update(100, 77, status=status))
    assert look(ctx).events == ()


def test_status_of_a_new_ticket_is_no_event(ctx, zendesk):
    update = an_update(100, 77, status="new")
    update["child_events"][0]["event_type"] = "Create"
    a_page(zendesk, update)
    assert look(ctx).events == ()


@pytest.mark.parametrize(
    "update",
    [
        pytest.param(an_update(100, 77, (9001, False), status="closed"), id="with a comment"),
        pytest.param(an_update(100, 77, status="closed", tags=["a", "closed_by_merge"]), id="tags"),
        pytest.param(an_update(100, 77, status="closed", added_tags=["closed_by_merge"]), id="tag"),
        pytest.param(an_update(100, 77, status="closed", tags="a closed_by_merge"), id="words"),
    ],
)
def test_closing_that_may_be_a_merge_is_news_until_it_is_known_for_one(ctx, zendesk, update):
    a_page(zendesk, update)
    assert look(ctx).states == {"status:100": (TicketState.MERGED,)}


def test_newest_status_counts_and_a_comment_beside_it_is_told_with_it(ctx, zendesk):
    a_page(
        zendesk,
        an_update(100, 77, (9001, True), status="solved"),
        an_update(120, 77, status="open", second=SECOND + 1),
        end=SECOND + 1,
    )

    found = look(ctx)

    (event,) = found.events
    assert event.id == "comment:9001,status:120"
    assert found.comments == {event.id: ("9001",)}
    assert found.states == {event.id: (TicketState.OPEN,)}


@pytest.mark.parametrize(("by_api", "heard"), [(False, ["9002"]), (True, ["9001", "9002"])])
def test_comment_of_another_tool_is_an_event_only_where_it_is_an_answer(
    to_zendesk, zendesk, by_api, heard
):
    update = an_update(100, 77, (9001, True), (9002, True), (9003, False))
    _, by_tool, by_hand, command = update["child_events"]
    by_tool["via"] = command["via"] = {"channel": "api", "source": {}}
    by_hand["via"], command["body"] = {"channel": "web"}, "/help"
    a_page(zendesk, update)

    found = look(to_zendesk(api_answers=by_api), "1700000000")

    assert found.comments == {"comment:9002": tuple(heard)}


def test_first_look_begins_an_hour_ago(ctx, zendesk):
    a_page(zendesk, end=None)

    found = look(ctx)

    assert found.cursor == zendesk.sent(STREAM).query["start_time"]
    assert int(found.cursor) == int(NOW.timestamp()) - 3600


@pytest.mark.parametrize("cursor", ["x", "-5", "1e9", "²"])
def test_cursor_that_is_none_begins_an_hour_ago(ctx, zendesk, cursor):
    a_page(zendesk, end=None)

    assert int(look(ctx, cursor).cursor) == int(NOW.timestamp()) - 3600


def test_end_of_the_stream_is_overlapped_the_next_time(ctx, zendesk):
    a_page(zendesk, an_update(100, 77), end=SECOND)

    found = look(ctx, str(SECOND - 1000))

    assert (int(found.cursor), found.again_in) == (SECOND - 120, 90.0)


def test_cursor_never_goes_back(ctx, zendesk):
    a_page(zendesk, an_update(100, 77), end=SECOND)

    assert look(ctx, str(SECOND - 20)).cursor == str(SECOND - 20)


def test_quiet_account_keeps_its_cursor(ctx, zendesk):
    a_page(zendesk, end=None)

    assert look(ctx, "1700000000").cursor == "1700000000"


def test_page_in_the_middle_goes_on_at_its_end_and_soon(ctx, zendesk):
    a_page(zendesk, an_update(100, 77), end=SECOND, last=False)

    found = look(ctx, str(SECOND - 1000))

    assert (int(found.cursor), found.again_in) == (SECOND, 10.0)


def test_page_that_is_all_of_one_second_is_not_read_for_ever(ctx, zendesk):
    a_page(zendesk, an_update(100, 77), end=SECOND, last=False)

    assert int(look(ctx, str(SECOND)).cursor) == SECOND + 1


def test_odd_event_does_not_hold_up_the_others(ctx, zendesk):
    a_page(zendesk, {"id": "x"}, None, 7, an_update(100, 77, (9001, True)))

    assert [one.lane for one in look(ctx).events] == ["77"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"ticket_events": []},
        {"ticket_events": {}, "end_of_stream": True},
        {"ticket_events": [], "end_of_stream": "perhaps"},
        {"ticket_events": [], "end_of_stream": True, "end_time": "soon"},
    ],
)
def test_page_that_cannot_be_read_is_tried_again(ctx, zendesk, body):
    zendesk.on(STREAM, body)

    with pytest.raises(TransientError):
        look(ctx)


def test_too_many_looks_wait_as_long_as_zendesk_says(ctx, zendesk):
    zendesk.on(STREAM, {"error": "APIRateLimitExceeded"}, status=429, Retry_After="41")

    with pytest.raises(RateLimited) as limited:
        look(ctx)

    assert limited.value.retry_after == 41


def test_client_that_is_no_admins_is_told_so(ctx, zendesk):
    zendesk.on(STREAM, {"error": "Forbidden", "description": "Admins only"}, status=403)

    with pytest.raises(PermanentError, match="make its owner an admin"):
        look(ctx)


def test_stream_of_the_sandbox_is_read_page_by_page_to_its_end(sandbox_ctx, sandbox):
    sandbox.control("zendesk/settings", {"incremental_lag_seconds": 0, "incremental_page_size": 2})
    said = set()
    for words in ("Een", "Twee", "Drie"):
        batch = a_batch(key=words, conversation_id=words, customer=None, lines=(a_line(words),))
        ticket = plugin.ticket_file(sandbox_ctx, batch).ticket_id
        said.add(str(sandbox.agent_says(ticket, f"Antwoord op {words}")))
        sandbox.control("clock", {"advance": 2})

    heard, found = set(), look(sandbox_ctx)
    for _ in range(5):
        heard |= {key for keys in found.comments.values() for key in keys}
        if found.again_in == 90.0:
            break
        found = look(sandbox_ctx, found.cursor)

    assert heard >= said
    assert found.again_in == 90.0


def test_command_whose_webhook_was_lost_is_found_in_the_stream_of_the_sandbox(sandbox_ctx, sandbox):
    sandbox.control("zendesk/settings", {"incremental_lag_seconds": 0})
    ticket = plugin.ticket_file(sandbox_ctx, a_batch(customer=None)).ticket_id
    cursor = look(sandbox_ctx).cursor
    sandbox.control("clock", {"advance": 200})
    sandbox.agent_says(ticket, "Even overlegd", public=False)
    command = sandbox.agent_says(ticket, "/help", public=False)
    sandbox.control("clock", {"advance": 200})

    found = look(sandbox_ctx, cursor)

    told = {comment for comments in found.comments.values() for comment in comments}
    assert str(command) in told
    (event,) = [one for one in found.events if one.lane == ticket and str(command) in one.id]
    (said, *_) = plugin.event_parse(sandbox_ctx, event)
    assert (said.comment_id, said.text) == (str(command), "/help")
