"""What a helpdesk's webhooks lost is found by asking, once, and costs nothing when all came."""

import json
from datetime import timedelta
from itertools import count
from threading import Thread

import pytest
from click.testing import CliRunner
from sqlalchemy import event, select
from tests.databases import ON_SQLITE
from tests.ledger.paper import Paper

from balie.api import (
    AuthFailed,
    OutcomeUnknown,
    PermanentError,
    RateLimited,
    RawEvent,
    Reconciled,
    TicketChanged,
    TicketState,
    TransientError,
)
from balie.cli.root import balie
from balie.desk.reconcile import LONGEST_SECONDS, REFUSED_SECONDS, SHORTEST_SECONDS
from balie.desk.records import cursors
from balie.desk.records.cursors import CursorRow
from balie.ledger.models import Item
from balie.tenants.models import State


def desk_id(paper: Paper) -> int:
    return paper.services.directory.connection("winkel", "desk").id


def desk_state(paper: Paper) -> str:
    return paper.services.directory.connection("winkel", "desk").state


def cursors_of(paper: Paper) -> list[int]:
    with paper.services.store.reading() as session:
        return list(session.scalars(select(CursorRow.connection_id)))


def cursor(paper: Paper) -> CursorRow:
    with paper.services.store.reading() as session:
        return session.scalars(select(CursorRow)).one()


def ask(paper: Paper) -> None:
    paper.services.reconciling.ask(desk_id(paper))


def finds(paper: Paper, *events, cursor="next", again_in=90.0) -> None:
    """Let the next look find these, each with the comments that stand in it."""
    told = {event.id: tuple(one["comment"] for one in event.body["answers"]) for event in events}
    found = Reconciled(events=events, comments=told, cursor=cursor, again_in=again_in)
    paper.desk.missed.append(found)


@pytest.fixture
def ticket(paper: Paper) -> str:
    paper.say("Is de winkel open?")
    paper.settle()
    (row,) = paper.tickets()
    return row.remote_id


def test_answer_whose_webhook_was_lost_arrives_once(paper, ticket):
    lost = paper.answered(ticket, ("c-1", "Ja, tot zes uur."))
    finds(paper, lost, cursor="1")
    finds(paper, lost, cursor="2")

    ask(paper)
    paper.settle()
    ask(paper)
    paper.settle()

    assert paper.sent() == ["Ja, tot zes uur."]
    assert paper.desk.asked == ["", "1"]
    assert cursor(paper).cursor == "2"
    assert paper.differences() == [0]


def test_answer_that_came_by_its_webhook_makes_no_item(paper, ticket):
    paper.answer(ticket, ("c-1", "Ja."))
    paper.settle()
    before = len(paper.rows(Item))
    finds(paper, paper.answered(ticket, ("c-1", "Ja.")))

    ask(paper)

    assert len(paper.rows(Item)) == before


def test_own_comment_makes_no_item(paper, ticket):
    (comment,) = paper.comments()
    before = len(paper.rows(Item))
    finds(paper, paper.answered(ticket, (comment.remote_id, "Is de winkel open?")))

    ask(paper)

    assert len(paper.rows(Item)) == before


def test_event_with_one_comment_that_is_not_known_is_let_in(paper, ticket):
    paper.answer(ticket, ("c-1", "Ja."))
    paper.settle()
    finds(paper, paper.answered(ticket, ("c-1", "Ja."), ("c-2", "Tot zes uur.")))

    ask(paper)
    paper.settle()

    assert paper.sent() == ["Ja.", "Tot zes uur."]


def test_webhook_that_comes_after_all_doubles_nothing(paper, ticket):
    finds(paper, paper.answered(ticket, ("c-1", "Ja.")))

    ask(paper)
    paper.answer(ticket, ("c-1", "Ja."))
    paper.settle()

    assert paper.sent() == ["Ja."]


def test_ticket_that_balie_does_not_file_in_makes_no_item(paper, ticket):
    before = len(paper.rows(Item))
    finds(paper, paper.answered("another-ticket", ("c-1", "Niet voor ons.")))

    ask(paper)

    assert len(paper.rows(Item)) == before
    assert cursor(paper).cursor == "next"


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_ticket_that_is_made_between_the_looks_is_not_left_out(paper):
    # On SQLite both looks see the same moment.
    paper.desk.lost.append(OutcomeUnknown("no answer came"))
    paper.say("Is de winkel open?")
    paper.drain()
    paper.clock.forward(60)
    finds(paper, paper.answered("ticket-of-1", ("c1", "Ja hoor.")))
    (filing,) = paper.items("file")
    looks = count(1)

    def ends_meanwhile(_1, _2, statement, *_3):
        if statement.startswith("SELECT") and "ticket.remote_id IN" in statement:
            assert next(looks) == 1
            elsewhere = Thread(target=paper.services.drainer.drain, args=[filing.lane_id])
            elsewhere.start()
            elsewhere.join()

    event.listen(paper.services.store.engine, "after_cursor_execute", ends_meanwhile)
    ask(paper)
    event.remove(paper.services.store.engine, "after_cursor_execute", ends_meanwhile)
    paper.settle()

    assert next(looks) == 2
    assert paper.sent() == ["Ja hoor."]


def test_ticket_that_a_filing_under_way_may_have_made_waits_for_it(paper):
    """The ticket was made and its answer lost; an agent answered before Balie knew of it."""
    paper.desk.reconcile_seconds = 30.0
    paper.desk.lost.append(OutcomeUnknown("no answer"))
    paper.say("Is de winkel open?")
    paper.drain()
    made = paper.desk.filed[paper.desk.batches[0].key].ticket_id
    finds(paper, paper.answered(made, ("c-1", "Ja.")))

    ask(paper)
    paper.settle()

    assert paper.sent() == ["Ja."]


def stands(paper: Paper, ticket: str, state: TicketState, *known: TicketState) -> RawEvent:
    """Let the next look find that a ticket stands so; no news where it is ``known``."""
    told = paper.answered(ticket)
    now = paper.clock.now()
    paper.desk.readings[told.id] = [TicketChanged(ticket_id=ticket, at=now, state=state)]
    states = {told.id: known or (state,)}
    paper.desk.missed.append(Reconciled(events=(told,), states=states, cursor="next"))
    return told


def test_change_of_status_whose_webhook_was_lost_is_told(paper, ticket):
    stands(paper, ticket, TicketState.SOLVED)

    ask(paper)
    paper.settle()

    assert [row.state for row in paper.tickets()] == [TicketState.SOLVED]


@pytest.mark.parametrize("known", [(), (TicketState.CLOSED, TicketState.SOLVED)])
def test_status_that_is_known_makes_no_item(paper, ticket, known):
    stands(paper, ticket, TicketState.SOLVED)
    ask(paper)
    paper.settle()
    before = len(paper.rows(Item))
    stands(paper, ticket, TicketState.SOLVED, *known)

    ask(paper)

    assert len(paper.rows(Item)) == before


def test_status_of_a_ticket_that_balie_does_not_file_in_makes_no_item(paper, ticket):
    before = len(paper.rows(Item))
    stands(paper, "another-ticket", TicketState.SOLVED)

    ask(paper)

    assert len(paper.rows(Item)) == before


@pytest.mark.parametrize(
    ("comment", "state", "items"),
    [
        ("c-1", TicketState.OPEN, 0),
        ("c-1", TicketState.SOLVED, 1),
        ("c-2", TicketState.OPEN, 1),
    ],
    ids=["nothing new", "the status", "the comment"],
)
def test_event_of_both_falls_away_only_where_both_are_known(paper, ticket, comment, state, items):
    paper.answer(ticket, ("c-1", "Ja."))
    paper.settle()
    before = len(paper.items("ticket"))
    told = paper.answered(ticket, (comment, "Ja."))
    found = Reconciled(
        events=(told,),
        comments={told.id: (comment,)},
        states={told.id: (state,)},
        cursor="next",
    )
    paper.desk.missed.append(found)

    ask(paper)

    assert len(paper.items("ticket")) - before == items


def test_tenants_do_not_touch(paper, ticket, another_tenant):
    """The same ticket and comment numbers in another tenant's helpdesk are other ones."""
    another_tenant("bakker")
    other = paper.services.directory.connection("bakker", "desk").id
    finds(paper, paper.answered(ticket, ("c-1", "Van de bakker.")))

    paper.services.reconciling.ask(other)
    paper.settle()

    assert paper.sent() == []
    assert cursors_of(paper) == [other]


@ON_SQLITE
@pytest.mark.parametrize(
    ("error", "seconds"),
    [
        pytest.param(RateLimited("429", retry_after=41), (41, 46), id="told how long"),
        pytest.param(TransientError("503"), (0.2, 2.0), id="soon at first"),
        pytest.param(PermanentError("403"), (REFUSED_SECONDS, REFUSED_SECONDS), id="refused"),
        pytest.param(AuthFailed("401"), (60, 60), id="signed out"),
        pytest.param(ValueError("a bug"), (0.2, 2.0), id="crashed"),
    ],
)
def test_error_leaves_the_cursor_and_puts_off_the_next_look(paper, ticket, error, seconds):
    finds(paper, cursor="kept")
    ask(paper)
    paper.desk.missed.append(error)

    ask(paper)

    row = cursor(paper)
    wait = (row.next_at - paper.clock.now()).total_seconds()
    assert (row.cursor, row.failures) == ("kept", 1)
    assert str(error) in row.problem
    assert seconds[0] <= wait <= seconds[1] + 0.001


def test_failures_in_a_row_are_counted_until_an_answer(paper, ticket):
    paper.desk.missed.extend([TransientError("503"), TransientError("504")])
    ask(paper)
    ask(paper)
    failed = cursor(paper)
    ask(paper)
    row = cursor(paper)

    assert (failed.failures, failed.problem, failed.asked_at) == (2, "504", None)
    assert (row.failures, row.problem, row.asked_at) == (0, "", paper.clock.now())


def test_refused_credentials_sign_out_and_an_answer_signs_in_again(paper, ticket):
    paper.desk.missed.append(AuthFailed("the token was revoked"))

    ask(paper)
    out = desk_state(paper)
    ask(paper)

    assert (out, desk_state(paper)) == (State.SIGNED_OUT, State.CONNECTED)


def test_connection_that_is_off_is_not_asked(paper, ticket):
    paper.services.directory.set_state(desk_id(paper), State.OFF)
    paper.services.contexts.forget(desk_id(paper))

    ask(paper)

    assert paper.desk.asked == []
    assert desk_state(paper) == State.OFF


@ON_SQLITE
@pytest.mark.parametrize(
    ("again_in", "seconds"),
    [(90.0, 90.0), (0.0, SHORTEST_SECONDS), (-5.0, SHORTEST_SECONDS), (1e9, LONGEST_SECONDS)],
)
def test_next_look_is_when_the_plugin_says_within_reason(paper, ticket, again_in, seconds):
    finds(paper, again_in=again_in)

    ask(paper)

    assert cursor(paper).next_at == paper.clock.now() + timedelta(seconds=seconds)


def test_cursor_that_is_too_long_is_the_plugins_fault(paper, ticket):
    finds(paper, cursor="x" * 2001)

    ask(paper)

    row = cursor(paper)
    assert (row.cursor, row.problem) == ("", "the plugin's cursor is over 2000 characters")


def test_cursor_that_another_process_moved_stays(paper, ticket):
    store, now = paper.services.store, paper.clock.now()
    finds(paper, cursor="theirs")
    ask(paper)

    with store.writing() as session:
        moved = cursors.answered(
            session, desk_id(paper), was="", cursor="ours", at=now, next_at=now
        )

    assert moved is False
    assert cursor(paper).cursor == "theirs"


def test_helpdesk_that_refuses_to_be_asked_is_told_by_the_doctor(paper, ticket):
    paper.desk.missed.append(PermanentError("Admins only"))
    ask(paper)
    settings = paper.services.settings
    environment = {
        "BALIE_DATABASE_URL": settings.database_url,
        "BALIE_SECRET_KEYS": ",".join(settings.secret_keys),
        "BALIE_PLUGINS_DIR": str(settings.plugins_dir),
    }

    said = CliRunner().invoke(balie, ["doctor", "--json"], env=environment)

    rows = {row["what"]: (row["ok"], row["text"]) for row in json.loads(said.stdout)}
    assert rows["connection winkel/desk"] == (
        False,
        "what its webhooks lost cannot be found: Admins only",
    )
