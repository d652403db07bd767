"""What Zendesk's webhooks lost, or gave up while Balie was down, is found all the same."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select
from tests.e2e.whole import Whole, new_customer, running, wait_until

from balie.desk.records.models import TicketRow

EVERY_SECONDS = 1


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    """A Balie that asks every second, and a Zendesk that withholds nothing."""
    settings = {"helpdesk_settings": {"reconcile_every": EVERY_SECONDS, "ask_rating": True}}
    with running(tmp_path_factory.mktemp("reconcile"), **settings) as made:
        limits = {"incremental_lag_seconds": 0, "incremental_limit": 1000}
        made.stage.control("POST", "zendesk/settings", limits)
        yield made


def shown(whole: Whole, number: str) -> list[str]:
    return [message["text"] for message in whole.shown(number)]


def deliveries(whole: Whole) -> list[dict]:
    found = whole.stage.control("GET", "deliveries")
    return [] if found["pending"] else found["deliveries"]


def test_answers_whose_webhooks_are_dropped_arrive_once_and_in_order(whole):
    number = new_customer()
    whole.write(number, "Is de winkel open?")
    ticket = whole.ticket(number)
    whole.settle()
    whole.fault("webhook:zendesk", "drop")

    for words in ("Ja.", "Tot zes uur.", "Tot zo!"):
        whole.answer(ticket, words)
    wait_until(lambda: len(shown(whole, number)) == 3)
    dropped = whole.struck()
    whole.heal()
    whole.answer(ticket, "Bent u er nog?")
    wait_until(lambda: len(shown(whole, number)) == 4)
    balance = whole.settle()

    assert dropped[0] >= 3
    assert shown(whole, number) == ["Ja.", "Tot zes uur.", "Tot zo!", "Bent u er nog?"]
    assert (balance.difference, balance.parked) == (0, 0)


def test_answer_given_up_while_balie_was_down_arrives_after_the_start(whole):
    number = new_customer()
    whole.write(number, "Is de winkel open?")
    ticket = whole.ticket(number)
    whole.settle()
    whole.stage.stop_balie()

    whole.answer(ticket, "Ja, tot zes uur.")
    tries = wait_until(lambda: [one for one in deliveries(whole) if one["error"]])
    whole.stage.start_balie()
    wait_until(lambda: shown(whole, number))
    whole.settle()

    assert len(tries) > 1
    assert shown(whole, number) == ["Ja, tot zes uur."]


def test_internal_note_whose_webhook_is_dropped_stays_inside(whole):
    """A29, by the other way in."""
    number = new_customer()
    whole.write(number, "Is de winkel open?")
    ticket = whole.ticket(number)
    whole.settle()
    whole.fault("webhook:zendesk", "drop")

    whole.answer(ticket, "Let op: slechte betaler.", public=False)
    whole.answer(ticket, "Ja.")
    wait_until(lambda: shown(whole, number))
    whole.heal()
    whole.settle()

    assert shown(whole, number) == ["Ja."]


@pytest.fixture
def ticket(whole: Whole) -> Iterator[dict]:
    """A customer's ticket at rest, with the customer's number, in a Zendesk of lost webhooks."""
    number = new_customer()
    whole.write(number, "Hallo via WhatsApp")
    found = whole.ticket(number)
    whole.settle()
    whole.fault("webhook:zendesk", "drop")
    yield found | {"number": number}
    whole.heal()


def states(whole: Whole) -> dict[str, tuple[str, bool]]:
    """Return how each ticket stands for Balie, and whether it is filed in now."""
    with whole.database() as session:
        rows = session.scalars(select(TicketRow))
        return {row.remote_id: (row.state, row.is_current) for row in rows}


def test_merge_whose_webhook_was_lost_brings_the_answers_in_the_other_ticket(whole, ticket):
    mail = whole.mail_of_the_same_customer(ticket)
    whole.answer(mail, "Per mail, van voor de samenvoeging")

    whole.merge(ticket, mail)
    whole.answer(mail, "Van erna")
    wait_until(lambda: shown(whole, ticket["number"]))
    whole.answer(mail, "En nog een")
    wait_until(lambda: len(shown(whole, ticket["number"])) == 2)
    lost = whole.struck()
    balance = whole.settle()

    assert lost[0] >= 2
    assert shown(whole, ticket["number"]) == ["Van erna", "En nog een"]
    assert (balance.difference, balance.parked) == (0, 0)


def test_solving_whose_webhook_was_lost_asks_for_the_rating_once(whole, ticket):
    whole.set_status(ticket, "solved")
    wait_until(lambda: whole.shown(ticket["number"]))
    for _ in range(3):
        whole.reconcile()
    whole.settle()

    assert [one["type"] for one in whole.shown(ticket["number"])] == ["interactive"]


def test_deletion_that_no_trigger_tells_of_is_found(whole, ticket):
    whole.stage.control("DELETE", f"zendesk/tickets/{ticket['id']}")

    wait_until(lambda: states(whole)[str(ticket["id"])] == ("gone", False))


def test_status_that_is_known_makes_no_work_again(whole, ticket):
    """Nor does what Balie changed itself: the customer's message opens the ticket again."""
    whole.heal()
    whole.set_status(ticket, "solved")
    wait_until(lambda: whole.shown(ticket["number"]))
    whole.write(ticket["number"], "Nog iets")
    wait_until(lambda: "Nog iets" in whole.comments(ticket["number"]))
    whole.settle()
    told = len(whole.items())

    for _ in range(3):
        whole.reconcile()

    assert states(whole)[str(ticket["id"])] == ("open", True)
    assert len(whole.items()) == told


def test_comment_of_another_tool_is_no_answer_and_no_work(whole, ticket):
    told = len(whole.items())
    concept = {"body": "Concept", "public": True}
    whole.zendesk("PUT", f"/tickets/{ticket['id']}", {"ticket": {"comment": concept}})
    for _ in range(3):
        whole.reconcile()

    assert len(whole.items()) == told
    assert shown(whole, ticket["number"]) == []
