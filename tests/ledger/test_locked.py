"""A lane that somebody keeps locked delays itself, and others only for a moment.

On SQLite one process writes at a time, and nobody else is there to keep anything locked.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, select, text
from tests.ledger.paper import ANNA, BEN, Paper
from tests.ledger.test_door import together
from tests.ledger.test_leases import job

from balie.api import Accepted
from balie.ledger.leases import LEASE_SECONDS, LeaseLost, Leases
from balie.ledger.models import Lane
from balie.run.services import Services
from balie.store import Store, StoreBusy, StoreUnavailable
from balie.store.postgresql import FROZEN_SECONDS

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)

_SOON = 0.2


@contextmanager
def locked(paper: Paper, *lanes: int, setting: str = "") -> Iterator[None]:
    """Keep lanes locked, as a process does that is frozen while it settles."""
    frozen = Store(paper.services.settings.database_url)
    try:
        with frozen.connection() as connection:
            if setting:
                connection.execute(text(f"SET LOCAL {setting}"))
            connection.execute(select(Lane.id).where(Lane.id.in_(lanes)).with_for_update())
            yield
            connection.rollback()
    finally:
        frozen.close()


def hurry(store: Store) -> None:
    """Let a store wait for locks less long than it does."""

    def connected(connection: Any, _record: object) -> None:
        connection.execute(f"SET lock_timeout TO '{_SOON}s'")
        connection.commit()

    store.engine.dispose()
    event.listen(store.engine, "connect", connected)


_FREEZES = """
import os, signal, sys
from sqlalchemy import text
from balie.store import Store, StoreUnavailable
store = Store(sys.argv[1])
try:
    with store.writing() as session:
        session.execute(text("SELECT id FROM ledger_lane FOR UPDATE"))
        os.kill(os.getpid(), signal.SIGSTOP)
        session.execute(text("UPDATE ledger_lane SET due_at = NULL"))
except StoreUnavailable as error:
    sys.exit(str(error))
"""


def test_process_that_is_frozen_holds_up_no_webhook_for_longer_than_a_vendor_waits(
    paper: Paper, another_tenant
):
    another_tenant("bakker")
    paper.say("Hallo", sender=ANNA)
    command = [sys.executable, "-c", _FREEZES, paper.services.settings.database_url]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as frozen:
        try:
            assert os.WIFSTOPPED(os.waitpid(frozen.pid, os.WUNTRACED)[1])
            begun = time.monotonic()
            results = together(
                lambda: paper.say("Ben je daar?", sender=ANNA),
                lambda: paper.accept(paper.message(sender=BEN), tenant="bakker"),
            )
            took = time.monotonic() - begun
        finally:
            frozen.send_signal(signal.SIGCONT)
        _, said = frozen.communicate(timeout=10)

    assert results == [Accepted(new=1, duplicates=0)] * 2
    assert took < FROZEN_SECONDS + 2
    assert (frozen.returncode, said[:29]) == (1, "the database is not available")
    assert [lane.due_at for lane in paper.rows(Lane)] == [paper.clock.now()] * 2


def test_lane_that_stays_locked_fails_its_own_webhooks_only(paper: Paper, another_tenant):
    another_tenant("bakker")
    paper.say("Hallo", sender=ANNA)
    lane = paper.only(Lane).id
    hurry(paper.services.store)
    with locked(paper, lane, setting="idle_in_transaction_session_timeout TO 0"):
        results = together(
            lambda: paper.say("Ben je daar?", sender=ANNA),
            lambda: paper.say(sender=BEN),
            lambda: paper.accept(paper.message(sender=BEN), tenant="bakker"),
        )

    assert [type(result) for result in results] == [StoreBusy, Accepted, Accepted]
    assert paper.say("Ben je daar?", sender=ANNA) == Accepted(new=1, duplicates=0)


def test_locked_lane_keeps_no_worker(paper: Paper):
    """Sixteen are the places of a connection; there is one lane more, and a free one."""
    for number in range(17):
        paper.say(sender=f"+316555001{number:02}")
    paper.say("Hier Ben", sender=BEN)
    *kept, free = paper.rows(Lane)
    begun = time.monotonic()
    with locked(paper, *(lane.id for lane in kept)):
        drain = paper.services.drainer.drain
        together(*[lambda lane=lane: drain(lane.id) for lane in [*kept, free]])

    assert time.monotonic() - begun < FROZEN_SECONDS
    states = {item.lane_id: item.state for item in paper.items("message")}
    assert [lane_id for lane_id, state in states.items() if state == "delivered"] == [free.id]
    paper.settle()
    assert len(paper.filed()) == 18


def test_lane_that_is_locked_for_a_moment_is_taken_all_the_same(paper: Paper):
    paper.say()
    lane = paper.only(Lane).id
    taken: list[object] = []
    with locked(paper, lane):
        taker = threading.Thread(target=lambda: taken.append(paper.services.leases.take(lane)))
        taker.start()
        taker.join(0.1)
        assert taker.is_alive()
    taker.join()

    assert [lease is not None for lease in taken] == [True]


def test_locked_lane_lets_no_other_lease_lapse(paper: Paper):
    for sender in (ANNA, BEN):
        paper.say(sender=sender)
    first, second = paper.rows(Lane)
    leases = paper.services.leases
    for lane in (first, second):
        leases.take(lane.id)
    paper.clock.forward(LEASE_SECONDS - 1)
    with locked(paper, first.id):
        leases.renew()
    paper.clock.forward(2)

    others = Leases(paper.services.store, paper.clock)
    assert [others.take(lane.id) is not None for lane in (first, second)] == [True, False]


def test_worker_that_thaws_finds_its_work_undone_and_does_it_once(paper: Paper):
    """It is frozen while it settles, loses its transaction, and its lane to another worker."""
    paper.say()
    slow = Services(paper.services.settings, clock=paper.clock)
    lane = paper.only(Lane).id
    work = job(paper, slow.leases.take(lane))
    work.store, work.leases = slow.store, slow.leases

    def settle() -> None:
        with work.settle() as settlement:
            settlement.connection.execute(
                text("SET LOCAL idle_in_transaction_session_timeout TO '100ms'")
            )
            settlement.deliver(work.head)
            paper.clock.forward(LEASE_SECONDS + 1)
            paper.drain()  # waits until the server has ended the transaction

    with pytest.raises(StoreUnavailable):
        settle()
    with pytest.raises(LeaseLost), work.settle():
        pass
    paper.settle()

    assert paper.filed() == [["Hallo"]]
    assert len(paper.messages("inbound")) == 1
    slow.store.close()
