"""The incremental exports: everything once, in order, without the last minute."""

import time

import pytest


@pytest.fixture
def at_once(settings):
    """Exports that withhold nothing."""
    settings(incremental_lag_seconds=0)


def events(zendesk, start=1, include="&include=comment_events"):
    return zendesk.done("GET", f"/incremental/ticket_events?start_time={start}{include}")


def comments_of(page):
    return [
        (event["ticket_id"], child["body"], child["public"])
        for event in page["ticket_events"]
        for child in event["child_events"]
        if child["event_type"] == "Comment"
    ]


def test_events_hold_every_comment_in_order(zendesk, at_once):
    first, second = zendesk.ticket()["id"], zendesk.ticket()["id"]
    zendesk.update(second, comment={"body": "Intern", "public": False})
    zendesk.update(first, comment={"body": "Antwoord", "public": True})

    page = events(zendesk)

    assert comments_of(page) == [
        (first, "Goedemiddag", True),
        (second, "Goedemiddag", True),
        (second, "Intern", False),
        (first, "Antwoord", True),
    ]
    assert (page["count"], page["end_of_stream"]) == (4, True)
    assert page["end_time"] == page["ticket_events"][-1]["timestamp"]


def test_comment_in_an_event_has_the_comments_own_id(zendesk, at_once):
    ticket = zendesk.ticket()["id"]

    [event] = events(zendesk)["ticket_events"]

    [comment] = zendesk.done("GET", f"/tickets/{ticket}/comments")["comments"]
    [child] = [one for one in event["child_events"] if one["event_type"] == "Comment"]
    assert (child["id"], child["author_id"]) == (comment["id"], comment["author_id"])


def test_comment_is_only_said_to_be_there_unless_asked_for(zendesk, at_once):
    zendesk.ticket()

    [event] = events(zendesk, include="")["ticket_events"]

    [child] = [one for one in event["child_events"] if one["event_type"] == "Comment"]
    assert (child["comment_present"], child["comment_public"]) == (True, True)
    assert "body" not in child


def test_change_of_a_field_names_its_old_value(zendesk, at_once):
    ticket = zendesk.ticket()["id"]
    zendesk.update(ticket, priority="high")

    last = events(zendesk)["ticket_events"][-1]

    [child] = [one for one in last["child_events"] if "priority" in one]
    assert (child["priority"], child["previous_value"]) == ("high", None)


def test_last_minute_is_withheld(zendesk, sandbox, settings):
    zendesk.ticket()

    now = events(zendesk)
    sandbox.control("clock", {"advance": 61})
    later = events(zendesk)

    assert (now["count"], now["end_time"], now["next_page"], now["end_of_stream"]) == (
        0,
        None,
        None,
        True,
    )
    assert later["count"] == 1


def test_pages_follow_each_other_by_their_end_time(zendesk, sandbox, at_once, settings):
    settings(incremental_page_size=2)
    made = []
    for _ in range(5):
        made.append(zendesk.ticket()["id"])
        sandbox.control("clock", {"advance": 1})

    seen, start, pages = [], 1, 0
    while True:
        page = events(zendesk, start)
        seen += [event["ticket_id"] for event in page["ticket_events"]]
        pages += 1
        if page["end_of_stream"]:
            break
        start = page["end_time"]

    assert list(dict.fromkeys(seen)) == made
    assert pages == 4  # what was last on a page is first on the next


@pytest.mark.parametrize("start", ["", "abc", "-1", "1e9", "99999999999"])
def test_start_time_that_is_none_or_too_recent_is_refused(zendesk, start):
    status, body = zendesk.call("GET", f"/incremental/ticket_events?start_time={start}")

    assert (status, body["error"]) == (422, "InvalidValue")


def test_start_time_within_the_last_minute_is_refused(zendesk):
    status, body = zendesk.call("GET", f"/incremental/tickets?start_time={int(time.time()) - 30}")

    assert status == 422
    assert body["description"].startswith("Too recent start_time")


def test_eleventh_export_in_a_minute_is_refused(zendesk, sandbox):
    for _ in range(10):
        events(zendesk)

    answer = zendesk.ask("GET", "/incremental/tickets/cursor?start_time=1")
    sandbox.control("clock", {"advance": 60})

    assert answer.status_code == 429
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
    events(zendesk)


def test_cursor_gives_each_changed_ticket_as_it_is_now(zendesk, sandbox, at_once, settings):
    settings(incremental_page_size=1)
    first, second = zendesk.ticket()["id"], zendesk.ticket()["id"]
    sandbox.control("clock", {"advance": 2})

    page = zendesk.done("GET", "/incremental/tickets/cursor?start_time=1")
    zendesk.update(first, status="open")
    following = []
    while not page["end_of_stream"]:
        page = zendesk.done("GET", f"/incremental/tickets/cursor?cursor={page['after_cursor']}")
        following += [(ticket["id"], ticket["status"]) for ticket in page["tickets"]]

    assert following == [(second, "new"), (first, "open")]
    end = zendesk.done("GET", f"/incremental/tickets/cursor?cursor={page['after_cursor']}")
    assert (end["tickets"], end["after_cursor"]) == ([], page["after_cursor"])


@pytest.mark.parametrize("cursor", ["x", "", "MTIz", "//8="])
def test_cursor_that_was_never_given_out_is_refused(zendesk, cursor):
    status, body = zendesk.call("GET", f"/incremental/tickets/cursor?cursor={cursor}")

    assert (status, body["error"]) == (400, "InvalidValue")


def test_zenpy_reads_the_exports(zenpy_client, zendesk, at_once):
    ticket = zendesk.ticket()["id"]

    found = list(zenpy_client.tickets.incremental(start_time=1))
    told = list(zenpy_client.tickets.events(start_time=1, include=["comment_events"]))

    assert [one.id for one in found] == [ticket]
    assert [one.ticket_id for one in told] == [ticket]
