"""One connection to the database is enough for all that a process does, one thing at a time.

Whoever held one while asking for another could lock out everybody, itself among them.
"""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from tests.ledger.paper import HandClock, Paper

from balie.api import OutcomeUnknown, Reconciled, Rejected
from balie.run.services import Services
from balie.tenants import contexts, values


@pytest.fixture
def narrow(paper: Paper, clock: HandClock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Paper]:
    """The counter on paper, with one connection, where the database counts them.

    What is kept in memory for a second is read anew each time, as it may be at any time.
    """
    monkeypatch.setattr(contexts, "FRESH_SECONDS", 0.0)
    monkeypatch.setattr(values, "FRESH_SECONDS", 0.0)
    made = Services(replace(paper.services.settings, database_connections=1), clock=clock)
    made.store.engine.pool._timeout = 0.5  # noqa: SLF001 -- half a minute is the default
    yield Paper(made, clock)
    made.store.close()


def test_story_with_all_its_troubles_takes_one_connection(narrow):
    paper = narrow
    paper.desk.lost.append(OutcomeUnknown("no answer"))
    paper.say("Is de winkel open?")
    paper.settle()
    (ticket,) = paper.tickets()
    paper.channel.outcomes.append(OutcomeUnknown("no answer"))
    paper.channel.outcomes.append(Rejected("131026", "Niet te bereiken"))
    paper.answer(ticket.remote_id, ("c-1", "Ja."), ("c-2", "Tot zes uur."))
    paper.settle()
    paper.report("delivered", "paper-1")
    lost = paper.answered(ticket.remote_id, ("c-3", "Bent u er nog?"))
    paper.desk.missed.append(Reconciled(events=(lost,), cursor="1"))
    paper.services.reconciling.ask(ticket.helpdesk_id)
    paper.settle()

    assert paper.sent() == ["Tot zes uur.", "Bent u er nog?"]
    assert paper.differences() == [0]
