"""What messages cost: counted once each, totalled by month, watched by a budget."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.ledger.paper import NOON

from balie.api import Address, AddressKind, Allowance, Cost, EventKind, Status, StatusReported
from balie.desk import costs
from balie.desk.records.models import NoticeRow

UTILITY = Cost(category="utility", type="regular", billable=True)
SERVICE = Cost(category="service", type="free_customer_service", billable=False)
GERMAN = (Address(kind=AddressKind.PHONE, value="+4915550000001"),)


def cost(paper, message: str, what: Cost | None = UTILITY, status: str = "sent", **more) -> None:
    """The channel reports a status that says what its message costs."""
    event = StatusReported(
        message_id=message,
        status=Status(status),
        at=more.pop("at", paper.clock.now()),
        cost=what,
        **more,
    )
    paper.happens(event, kind=EventKind.STATUS, lane=message)
    paper.drain()


def chat(paper) -> int:
    return paper.services.directory.connection("winkel", "chat").id


def totals(paper, month: str = "2026-03") -> list[tuple[Cost, int]]:
    with paper.services.store.reading() as session:
        return costs.totals(session, chat(paper), month)


def countries(paper) -> dict[str, int]:
    with paper.services.store.reading() as session:
        return costs.countries(session, chat(paper), "2026-03")


def test_message_counts_once_however_often_its_cost_is_told(paper):
    for status in ("sent", "delivered", "read", "delivered"):
        cost(paper, "paper-1", status=status)

    assert totals(paper) == [(UTILITY, 1)]


def test_first_word_on_a_message_stands(paper):
    cost(paper, "paper-1", UTILITY)
    cost(paper, "paper-1", SERVICE, status="delivered")

    assert totals(paper) == [(UTILITY, 1)]


def test_status_without_a_cost_counts_nothing(paper):
    cost(paper, "paper-1", None)

    assert totals(paper) == []


def test_totals_are_by_month_category_and_type(paper):
    cost(paper, "a")
    cost(paper, "b")
    cost(paper, "c", SERVICE)
    cost(paper, "d", at=datetime(2026, 2, 28, 23, 59, tzinfo=UTC))

    assert totals(paper) == [(UTILITY, 2), (SERVICE, 1)]
    assert totals(paper, "2026-02") == [(UTILITY, 1)]


def test_country_is_that_of_the_number_it_went_to(paper):
    paper.say()
    paper.drain()
    paper.answer("ticket-of-1", ("c1", "Dag"))
    paper.drain()
    cost(paper, "paper-1")
    cost(paper, "b", to=GERMAN)
    cost(paper, "c", to=GERMAN)
    cost(paper, "unknown")
    cost(paper, "free", SERVICE, to=GERMAN)

    assert countries(paper) == {"DE": 2, "": 1, "NL": 1}


def test_free_messages_are_counted_down_to_nothing():
    allowance = Allowance(type="free_customer_service", messages=1000)

    assert costs.left([], allowance) == 1000
    assert costs.left([(UTILITY, 5), (SERVICE, 990)], allowance) == 10
    assert costs.left([(SERVICE, 1001)], allowance) == 0


@pytest.fixture
def watched(paper):
    """The admin wants to know of the second charged message in a month."""
    with paper.services.store.writing() as session:
        costs.set_budget(session, chat(paper), 2)
    return paper


def test_budget_is_told_once_a_month(watched):
    cost(watched, "free", SERVICE)
    cost(watched, "a")
    assert watched.rows(NoticeRow) == []

    cost(watched, "b")
    cost(watched, "c")
    (notice,) = watched.rows(NoticeRow)
    assert (notice.topic, notice.severity) == ("budget", "warning")
    assert notice.text == (
        "In 2026-03 zijn 2 betaalde berichten verstuurd; de grens die is ingesteld is 2. "
        "Zie: balie costs."
    )

    for name in ("d", "e"):
        cost(watched, name, at=NOON + timedelta(days=30))
    assert len(watched.rows(NoticeRow)) == 2
    assert watched.services.contexts.find("winkel", "chat").state == "connected"


def test_budget_that_was_raised_is_told_anew(watched):
    cost(watched, "a")
    cost(watched, "b")
    with watched.services.store.writing() as session:
        costs.set_budget(session, chat(watched), 3)
    cost(watched, "c")

    assert len(watched.rows(NoticeRow)) == 2


def test_budget_that_was_taken_away_is_not_told(watched):
    with watched.services.store.writing() as session:
        costs.set_budget(session, chat(watched), 0)
        assert costs.budget(session, chat(watched)) is None
    cost(watched, "a")
    cost(watched, "b")

    assert watched.rows(NoticeRow) == []


def test_another_tenant_counts_apart(paper, another_tenant):
    another_tenant("shop", "en")
    cost(paper, "a")
    event = StatusReported(message_id="a", status=Status.SENT, at=paper.clock.now(), cost=UTILITY)
    raw = paper.status("sent", "a")
    paper.channel.readings[raw.id] = [event]
    paper.accept(raw, tenant="shop")
    paper.drain()

    assert totals(paper) == [(UTILITY, 1)]
    assert len(paper.rows(costs.CostRow)) == 2
