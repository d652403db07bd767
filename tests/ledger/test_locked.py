"""A lane that somebody keeps locked delays itself, and others only for a moment.

On SQLite one process writes at a time, and nobody else is there to keep anything locked.
"""

import os
import signal
import subprocess
import sys
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
from balie.ledger.leases import LEASE_SECONDS, LeaseLost
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
