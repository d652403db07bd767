"""News: streamed as they come, resumed without a gap, polled where streams are full."""

import pytest

from balie.api import EventKind, TicketChanged, TicketState, Wake
from balie.tenants.models import State

from .visiting import SECRET, answer, jwt, words


def turn(paper, state, ticket="ticket-of-1", **more):
    """Let a ticket become this in the helpdesk."""
    event = TicketChanged(ticket_id=ticket, at=paper.clock.now(), state=state, **more)
    paper.happens(event, kind=EventKind.TICKET, lane=ticket, plugin=paper.desk)
    paper.drain()


def test_stream_brings_what_is_there_and_then_what_comes(paper, visitor):
    visitor.say("hallo")
    paper.drain()
    stream = visitor.stream()

    name, greeting = stream.next()
    assert (name, greeting["heartbeat"]) == ("hello", 25.0)
    assert [one["id"] for one in greeting["threads"]] == ["thread-1"]
    assert words([stream.next()[1]]) == ["hallo"]
    answer(paper, "goedemiddag")
    name, message = stream.next()

    assert (name, message["by"], words([message])) == ("message", "agent", ["goedemiddag"])
    stream.close()


def test_stream_goes_on_exactly_where_it_was(paper, visitor):
    visitor.say("een")
    paper.drain()
    stream = visitor.stream()
    stream.next()
    stream.next()
    stream.close()
    answer(paper, "twee")
    visitor.say("drie", thread="thread-2")
    paper.drain()
    answer(paper, "vier")

    again = visitor.stream(stream.last)
    heard = [again.next() for _ in range(4)]

    assert heard[0][0] == "hello"
    assert sorted(words([message for _, message in heard[1:]])) == ["drie", "twee", "vier"]
    again.close()
    nothing = visitor.stream(again.last)
    answer(paper, "vijf")
    assert [nothing.next()[0], words([nothing.next()[1]])] == ["hello", ["vijf"]]
    nothing.close()


@pytest.mark.parametrize(
    "last", ["nonsense", "thread-1:99999999999", "thread-1:999999999", "x:y", "a" * 10_000, ":::,"]
)
def test_place_that_is_none_brings_too_much_and_never_too_little(paper, visitor, last):
    visitor.say("hallo")
    paper.drain()
    stream = visitor.stream(last)

    assert [stream.next()[0], words([stream.next()[1]])] == ["hello", ["hallo"]]
    stream.close()


def test_stream_tells_when_an_own_message_stands_in_the_helpdesk(paper, visitor):
    stream = visitor.stream()
    stream.next()
    visitor.say("hallo")
    paper.drain()

    states = [stream.next()[1]["state"]]

    assert states == ["filed"]
    stream.close()


def test_stream_ends_when_its_session_does(paper, visitor, visit):
    visitor.say()
    paper.drain()
    other = visit(token=visitor.token)
    stream = other.stream()
    stream.next()
    stream.next()

    visitor.ask("DELETE", "session")

    assert stream.next() == ("end", {"why": "signed_out"})


def test_stream_ends_with_its_token(paper, visitor):
    visitor.say()
    paper.drain()
    stream = visitor.stream()
    stream.next()
    stream.next()
    paper.clock.forward(901)

    answer(paper, "te laat")

    assert stream.next() == ("end", {"why": "renew"})


def test_stream_ends_when_the_process_stops(paper, visitor):
    stream = visitor.stream()
    stream.next()

    paper.services.bus.close()

    assert stream.next() == ("end", {"why": "stopping"})
    with pytest.raises(StopIteration):
        stream.next()


def test_stream_beats_and_notices_that_its_connection_was_switched_off(paper, visitor, monkeypatch):
    monkeypatch.setattr("balie_livechat.stream.streaming.HEARTBEAT_SECONDS", 0.05)
    stream = visitor.stream()
    stream.next()
    beats = [stream.next() for _ in range(2)]
    row = paper.services.directory.connection("winkel", "site")
    paper.services.directory.set_state(row.id, State.OFF)
    paper.services.contexts.forget(row.id)

    while (heard := stream.next()) == ("", None):
        pass

    assert beats == [("", None)] * 2
    assert heard == ("end", {"why": "stopping"})


def test_stream_is_not_held_back_or_kept_by_anybody(visitor):
    stream = visitor.stream()

    assert stream.answer.headers["Content-Type"] == "text/event-stream; charset=utf-8"
    assert stream.answer.headers["Cache-Control"] == "no-store"
    assert stream.answer.headers["X-Accel-Buffering"] == "no"
    stream.close()


def test_streams_that_are_full_are_told_so_and_polling_goes_on(paper, visitor, visit, settle):
    settle(most_streams=1)
    visitor.say()
    paper.drain()
    first = visitor.stream()
    first.next()
    other = visit()
    other.begin()

    full = other.ask("GET", "stream")

    assert (full.status_code, full.json["error"]) == (503, "streams_full")
    assert (full.json["poll_seconds"], full.headers["Retry-After"]) == (10, "300")
    assert words(visitor.poll()) == ["hallo"]
    first.close()
    again = other.stream()
    assert again.next()[0] == "hello"
    again.close()


def test_one_visitor_has_five_streams_at_most(visitor, visit):
    streams = [visit(token=visitor.token).stream() for _ in range(5)]
    for stream in streams:
        stream.next()

    assert visit(token=visitor.token).ask("GET", "stream").status_code == 503
    for stream in streams:
        stream.close()
    assert visit(token=visitor.token).stream().next()[0] == "hello"


def test_a13_stream_takes_its_token_from_the_header_only(visitor):
    told = visitor.client.get(f"{visitor.base}/stream?token={visitor.token}")

    assert told.status_code == 401


def over(facts):
    """Return of each talk that was told whether it is over."""
    return {one["id"]: one["is_over"] for one in facts["threads"]}


def test_talk_that_is_over_and_open_again_is_told_at_once_and_to_who_comes_back(paper, visitor):
    visitor.say("een")
    paper.drain()
    visitor.say("twee", thread="thread-2")
    paper.drain()
    stream = visitor.stream()
    greeting = stream.next()[1]
    assert words([stream.next()[1], stream.next()[1]]) == ["een", "twee"]
    place = stream.last
    turn(paper, TicketState.SOLVED)
    solved = stream.next()
    turn(paper, TicketState.OPEN)
    opened = stream.next()
    turn(paper, TicketState.GONE)
    gone = stream.next()

    both = {"thread-1": False, "thread-2": False}
    assert over(greeting) == both
    assert (solved[0], over(solved[1])) == ("threads", both | {"thread-1": True})
    assert (opened[0], over(opened[1])) == ("threads", both)
    assert (gone[0], over(gone[1])) == ("threads", both)
    # It is no message: where the reader is stays as it was, and nothing comes twice.
    assert stream.last == place
    stream.close()
    turn(paper, TicketState.SOLVED, "ticket-of-2")
    again = visitor.stream(place)
    assert over(again.next()[1]) == both | {"thread-2": True}
    answer(paper, "vier")
    assert words([again.next()[1]]) == ["vier"]
    again.close()


def test_talk_that_a_visitor_goes_on_with_is_not_over_any_more(paper, visitor):
    visitor.say("een")
    paper.drain()
    turn(paper, TicketState.SOLVED)
    stream = visitor.stream(visitor.ask("GET", "poll").json["cursor"])
    solved = stream.next()[1]
    visitor.say("twee")
    paper.drain()
    name, opened = stream.next()

    assert (name, over(solved), over(opened)) == (
        "threads",
        {"thread-1": True},
        {"thread-1": False},
    )
    assert [one.state for one in paper.tickets()] == [TicketState.OPEN]
    stream.close()


def test_talk_that_goes_on_in_a_follow_up_is_not_over_any_more(paper, visitor):
    visitor.say("een")
    paper.drain()
    stream = visitor.stream(visitor.ask("GET", "poll").json["cursor"])
    stream.next()
    turn(paper, TicketState.CLOSED)
    closed = stream.next()[1]
    paper.desk.closed.add("ticket-of-1")
    visitor.say("twee")
    paper.drain()
    name, opened = stream.next()

    assert (name, over(closed), over(opened)) == (
        "threads",
        {"thread-1": True},
        {"thread-1": False},
    )
    stream.close()


def test_how_talks_stand_is_read_again_where_a_wake_up_may_have_got_lost(paper, visitor):
    visitor.say("een")
    paper.drain()
    stream = visitor.stream(visitor.ask("GET", "poll").json["cursor"])
    stream.next()
    paper.services.bus.stir()

    assert stream.next()[0] == "threads"
    stream.close()


def test_a12_nobody_is_told_of_anothers_talk(paper, visitor, visit):
    visitor.say("een")
    other = visit()
    other.begin()
    other.say("twee")
    paper.drain()
    row = paper.services.directory.connection("winkel", "site")
    topics = [f"{row.id}:reader:{one.begun_by}" for one in paper.conversations()]
    with (
        paper.services.bus.subscribe(topics[:1], seconds=0.01) as mine,
        paper.services.bus.subscribe(topics[1:], seconds=0.01) as others,
    ):
        turn(paper, TicketState.SOLVED)
        assert (list(mine.wait()), list(others.wait())) == ([Wake(topics[0], "turned")], [])


def test_poll_tells_how_talks_stand(paper, visitor):
    visitor.say("een")
    paper.drain()
    first = visitor.ask("GET", "poll").json
    turn(paper, TicketState.SOLVED)
    second = visitor.ask("GET", "poll", Last_Event_ID=first["cursor"]).json

    assert (over(first), over(second)) == ({"thread-1": False}, {"thread-1": True})
    assert (second["messages"], second["cursor"]) == ([], first["cursor"])


def test_poll_goes_on_where_it_was_and_asks_at_once_for_more(paper, visitor):
    for number in range(3):
        visitor.say(str(number))
    paper.drain()
    first = visitor.ask("GET", "poll").json
    second = visitor.ask("GET", "poll", Last_Event_ID=first["cursor"]).json
    answer(paper, "nieuw")
    third = visitor.ask("GET", "poll", Last_Event_ID=first["cursor"]).json

    assert words(first["messages"]) == ["0", "1", "2"]
    assert (second["messages"], second["more"], second["next_in"]) == ([], False, 10)
    assert words(third["messages"]) == ["nieuw"]


def test_customer_on_two_devices_hears_on_both(paper, visit, settle):
    settle(identity_secret=SECRET)
    claims = {"sub": "42", "aud": "winkel/site", "exp": 1772452800 + 600}
    phone, laptop = visit(), visit()
    phone.begin(identity=jwt(claims))
    laptop.begin(identity=jwt(claims))
    stream = laptop.stream()
    stream.next()

    phone.say("vanaf mijn telefoon")
    paper.drain()

    assert words([stream.next()[1]]) == ["vanaf mijn telefoon"]
    stream.close()
