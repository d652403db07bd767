"""Promise 4: in order, in parallel, and a failing conversation delays only itself."""

import threading
from datetime import timedelta

import pytest
from tests.ledger.paper import BEN, NOON

from balie.api import AuthFailed, PayloadInvalid, PermanentError, PluginError, TransientError
from balie.desk.records.models import MessageRow
from balie.ledger import drain
from balie.ledger.drain import Handler
from balie.ledger.inspect import due_lanes
from balie.ledger.job import Job
from balie.ledger.models import Item, Lane, State
from balie.ledger.retry import CRASHES
from balie.run.health import ConnectionHealth
from balie.store import StoreUnavailable
from balie.tenants.models import State as Signed


def minutes(number: int):
    return NOON - timedelta(minutes=number)


def lanes_due(paper) -> list[int]:
    with paper.services.store.reading() as session:
        return [lane.id for lane in due_lanes(session, paper.clock.now(), 100)]


def test_lane_is_worked_by_the_senders_time_and_then_by_arrival(paper):
    paper.say("vier", at=minutes(1))
    paper.say("twee", at=minutes(3))
    paper.say("drie", at=minutes(3))
    paper.say("een", at=minutes(4))
    paper.settle()

    assert [row.parts[0]["text"] for row in paper.messages("inbound")] == [
        "een",
        "twee",
        "drie",
        "vier",
    ]
    assert paper.filed() == [["een", "twee", "drie", "vier"]]


def test_head_that_waits_holds_its_lane_and_no_other(paper):
    paper.channel.parse_errors.append(TransientError("later", retry_after=30))
    paper.say("anna een", at=minutes(2))
    paper.drain()
    paper.say("anna twee")
    paper.say("ben", sender=BEN)
    paper.drain()

    assert paper.filed() == [["ben"]]
    assert [item.state for item in paper.items("message")] == ["pending", "pending", "delivered"]
    assert lanes_due(paper) == []

    paper.clock.forward(34)
    paper.drain()
    assert paper.filed() == [["ben"], ["anna een", "anna twee"]]


def test_news_does_not_hurry_a_lane_that_waits_for_its_retry(paper):
    paper.channel.parse_errors.append(TransientError("later", retry_after=30))
    paper.say("een")
    paper.drain()
    due = paper.only(Lane).due_at
    paper.clock.forward(1)
    paper.say("twee")

    assert paper.only(Lane).due_at == due
    assert lanes_due(paper) == []


def test_waiting_item_says_why_and_when(paper):
    paper.channel.parse_errors.append(TransientError("Meta is away", retry_after=30))
    paper.say()
    paper.drain()

    item = paper.only(Item)
    assert (item.state, item.attempts, item.reason) == (State.PENDING, 1, "Meta is away")
    assert NOON + timedelta(seconds=30) <= item.next_at <= NOON + timedelta(seconds=33)


@pytest.mark.parametrize("error", [PermanentError("never"), PayloadInvalid("no paper")], ids=str)
def test_item_that_will_never_work_is_parked_and_the_conversation_goes_on(paper, error):
    paper.channel.parse_errors.append(error)
    paper.say("een", at=minutes(1))
    paper.say("twee")
    paper.drain()

    parked, done = paper.items("message")
    assert (parked.state, parked.reason, parked.attempts) == (State.PARKED, str(error), 0)
    assert done.state == State.DELIVERED
    assert paper.filed() == [["twee"]]
    assert paper.differences() == [0]


@pytest.mark.parametrize("error", [KeyError("x"), SystemExit(1), RecursionError("deep")], ids=repr)
def test_poison_event_is_parked_after_its_crashes_and_the_conversation_goes_on(paper, error):
    paper.channel.parse_errors.extend([error] * CRASHES)
    paper.say("gif", at=minutes(1))
    paper.say("twee")
    paper.settle()

    parked, done = paper.items("message")
    assert (parked.state, parked.attempts) == (State.PARKED, CRASHES - 1)
    assert parked.reason.startswith(f"failed {CRASHES} times; last: PluginCrashed: plugin paper")
    assert done.state == State.DELIVERED
    assert paper.filed() == [["twee"]]
    assert paper.differences() == [0]


class Mute(PluginError):
    def __str__(self) -> str:
        raise RuntimeError("no words")


def test_error_that_cannot_be_read_or_stored_is_an_error_like_any_other(paper):
    huge = TransientError("a\0b\ud83d" + "x" * 5000, retry_after=1e300)
    paper.channel.parse_errors.extend([Mute(), huge])
    paper.say()
    paper.settle()

    assert paper.filed() == [["Hallo"]]


def test_plugin_that_answers_nonsense_waits_and_breaks_nobody_else(paper, another_tenant):
    another_tenant("bakker")
    paper.say("ben", sender=BEN)
    paper.channel.parse_errors.append(KeyError("x"))
    paper.say("anna", at=minutes(1))
    paper.accept(paper.message("bij de bakker"), tenant="bakker")
    paper.drain()

    assert sorted(paper.filed()) in ([["anna"], ["bij de bakker"]], [["bij de bakker"], ["ben"]])
    assert paper.differences() == [0, 0]


def test_kind_that_this_version_does_not_know_waits(paper):
    paper.say("van morgen")
    with paper.services.store.writing() as session:
        session.query(Item).update({"kind": "tomorrow"})
    paper.drain()

    item = paper.only(Item)
    assert (item.state, item.attempts) == (State.PENDING, 1)
    assert item.reason == "this version of Balie has no work called 'tomorrow'"


def test_lane_goes_to_the_back_of_the_queue_after_its_turn(paper, monkeypatch):
    monkeypatch.setattr(drain, "STEPS_PER_TURN", 3)
    woken: list[int] = []
    monkeypatch.setattr(paper.services.drainer, "_wake", lambda lane, _priority: woken.append(lane))
    for number in range(5):
        paper.say(str(number), at=minutes(10 - number))
    lane_id = paper.only(Lane).id

    paper.services.drainer.drain(lane_id)

    assert [item.state for item in paper.items("message")] == ["delivered"] * 3 + ["pending"] * 2
    assert woken[-1] == lane_id
    assert lane_id in lanes_due(paper)
    paper.services.drainer.drain(lane_id)
    assert [item.state for item in paper.items("message")] == ["delivered"] * 5


def test_sweep_passes_no_connection_over_for_another_with_many_lanes(paper, another_tenant):
    for number in range(6):
        paper.say(sender=f"+316555000{number:02}")
    paper.report("sent", "paper-1")
    another_tenant("bakker")
    paper.clock.forward(1)
    paper.accept(paper.message("bij de bakker"), tenant="bakker")
    first, *_, status, baker = [row.id for row in paper.rows(Lane)]

    with paper.services.store.reading() as session:
        found = [lane.id for lane in due_lanes(session, paper.clock.now(), 3)]
        everything = [lane.id for lane in due_lanes(session, paper.clock.now(), 100)]

    assert found == [first, baker, first + 1]
    assert everything[-1] == status
    assert len(everything) == 8


def test_spurious_wake_ups_are_harmless(paper):
    paper.say()
    (lane_id,) = lanes_due(paper)

    for lane in (lane_id, lane_id, 999_999, lane_id):
        paper.services.drainer.drain(lane)
    paper.settle()
    for lane in paper.rows(Lane):
        paper.services.drainer.drain(lane.id)

    assert paper.filed() == [["Hallo"]]
    assert [item.state for item in paper.rows(Item)] == ["delivered"] * 2


def test_lane_worked_by_many_threads_at_once_works_each_item_once(paper):
    for number in range(10):
        paper.say(str(number), at=minutes(20 - number))
    (lane_id,) = lanes_due(paper)
    threads = [
        threading.Thread(target=paper.services.drainer.drain, args=[lane_id]) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    paper.settle()

    assert paper.filed() == [[str(number) for number in range(10)]]


def test_database_that_goes_away_in_the_middle_leaves_no_lane_closed(paper, monkeypatch):
    paper.say()
    (lane_id,) = lanes_due(paper)

    def away(*_: object, **__: object) -> None:
        raise StoreUnavailable("the database is not available")

    with monkeypatch.context() as patched:
        patched.setattr(paper.services.contexts, "roster", away)
        paper.services.drainer.drain(lane_id)
    paper.services.leases.renew()

    assert paper.only(Item).attempts == 0
    assert lanes_due(paper) == [lane_id]
    paper.settle()
    assert paper.filed() == [["Hallo"]]


def test_lane_whose_worker_fails_outright_is_taken_up_again(paper, monkeypatch):
    paper.say()
    (lane_id,) = lanes_due(paper)

    def fail(*_: object, **__: object) -> None:
        raise MemoryError("nothing left")

    with monkeypatch.context() as patched:
        patched.setattr(drain, "decide", fail)
        paper.channel.parse_errors.append(KeyError("x"))
        with pytest.raises(MemoryError):
            paper.services.drainer.drain(lane_id)
    paper.clock.forward(29)
    paper.services.leases.renew()
    paper.clock.forward(2)

    assert lanes_due(paper) == [lane_id]
    paper.settle()
    assert paper.filed() == [["Hallo"]]


def untold(settlement, item, reason) -> None:
    """Tell of what happened, where there is nothing to tell it of."""
    settlement.session.get_one(MessageRow, 999_999)


def failing(error: Exception, times: int) -> Handler:
    """The work of an item that fails so often, and then is done. Nobody can be told of it."""
    left = [error] * times

    def work(job: Job) -> None:
        if left:
            raise left.pop()
        with job.settle() as settlement:
            settlement.deliver(job.head)

    return Handler(work, parked=untold, late=untold)


def test_item_of_which_nobody_can_be_told_is_parked_and_the_conversation_goes_on(paper):
    paper.services.drainer.use({"message": failing(PermanentError("never"), 1)})
    paper.say("een", at=minutes(1))
    paper.say("twee")
    paper.drain()

    assert [(item.state, item.reason) for item in paper.items("message")] == [
        (State.PARKED, "never"),
        (State.DELIVERED, ""),
    ]
    assert paper.only(Lane).lease_token is None


def test_late_item_of_which_nobody_can_be_told_waits_for_its_next_try(paper):
    paper.services.drainer.use({"message": failing(TransientError("away", retry_after=5), 1)})
    paper.say()
    paper.clock.forward(3600)
    paper.drain()

    item = paper.only(Item)
    assert (item.state, item.attempts, item.reason) == (State.PENDING, 1, "away")
    assert paper.only(Lane).lease_token is None
    paper.settle()
    assert paper.only(Item).state == State.DELIVERED


# --- Connections that cannot be used ------------------------------------------------------------


def state(paper, slug: str) -> tuple[str, str]:
    row = paper.services.directory.connection("winkel", slug)
    return row.state, row.state_reason


def switch(paper, slug: str, to: Signed) -> None:
    connection_id = paper.services.directory.connection("winkel", slug).id
    paper.services.directory.set_state(connection_id, to)
    paper.services.contexts.forget(connection_id)


def test_refused_credentials_sign_the_connection_out_and_success_signs_it_in_again(paper):
    paper.desk.outcomes.append(AuthFailed("Zendesk says 401"))
    paper.say()
    paper.drain()

    assert state(paper, "desk") == ("signed out", "Zendesk says 401")
    assert state(paper, "chat") == ("connected", "")
    assert paper.filed() == []

    paper.settle()
    assert state(paper, "desk") == ("connected", "")
    assert paper.filed() == [["Hallo"]]


def test_connection_that_is_switched_off_waits_and_stays_off(paper):
    paper.say()
    switch(paper, "desk", Signed.OFF)
    paper.drain()
    paper.clock.forward(600)
    paper.drain()

    (waiting,) = paper.items("file")
    assert (waiting.state, waiting.reason) == ("pending", "connection desk is switched off")
    assert state(paper, "desk") == ("off", "")

    switch(paper, "desk", Signed.CONNECTED)
    paper.settle()
    assert paper.filed() == [["Hallo"]]


def test_refused_credentials_do_not_switch_on_what_was_switched_off_meanwhile(paper):
    connection_id = paper.services.directory.connection("winkel", "desk").id
    paper.services.contexts.get(connection_id)
    paper.services.directory.set_state(connection_id, Signed.OFF)

    ConnectionHealth(paper.services.directory, paper.services.contexts).signed_out(
        connection_id, "401"
    )

    assert state(paper, "desk") == ("off", "")


def test_settings_that_no_key_opens_sign_the_connection_out_and_lose_nothing(paper):
    with paper.services.store.writing() as session:
        desk = session.merge(paper.services.directory.connection("winkel", "desk"))
        kept, desk.sealed = desk.sealed, b"sealed with a key that is gone"
    paper.say()
    paper.drain()

    signed, reason = state(paper, "desk")
    assert signed == "signed out"
    assert reason == (
        "the settings of desk cannot be used: none of BALIE_SECRET_KEYS opens it; "
        "see: balie connection set winkel desk"
    )
    assert [item.state for item in paper.items("message")] == ["delivered"]
    for _ in range(2 * CRASHES):
        paper.clock.forward(61)
        paper.drain()
    (waiting,) = paper.items("file")
    assert waiting.state == "pending"

    with paper.services.store.writing() as session:
        session.merge(paper.services.directory.connection("winkel", "desk")).sealed = kept
    paper.settle()
    assert state(paper, "desk") == ("connected", "")
    assert paper.filed() == [["Hallo"]]


def test_settings_of_the_channel_that_no_key_opens_do_not_sign_out_the_helpdesk(paper):
    paper.say()
    lane_id = lanes_due(paper)[0]
    paper.services.drainer.drain(lane_id)
    with paper.services.store.writing() as session:
        chat = session.merge(paper.services.directory.connection("winkel", "chat"))
        chat.sealed = b"sealed with a key that is gone"
    paper.services.contexts.forget(chat.id)
    paper.drain()

    assert paper.filed() == [["Hallo"]]
    assert state(paper, "desk") == ("connected", "")


def test_policy_whose_settings_cannot_be_used_is_left_out_and_messages_go_on(paper):
    directory = paper.services.directory
    for slug, plugin in (("hours", "paper_policy"), ("gone", "paper_policy")):
        directory.add_connection("winkel", slug, plugin=plugin, config={})
    with paper.services.store.writing() as session:
        session.merge(directory.connection("winkel", "hours")).sealed = b"broken"
        session.merge(directory.connection("winkel", "gone")).plugin = "uninstalled"
    paper.say()
    paper.drain()

    assert paper.filed() == [["Hallo"]]
