"""Answers whose webhook Zendesk lost, or gave up while Balie was down, arrive all the same."""

from collections.abc import Iterator

import pytest
from tests.e2e.whole import Whole, new_customer, running, wait_until

EVERY_SECONDS = 1


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    """A Balie that asks every second, and a Zendesk that withholds nothing."""
    settings = {"helpdesk_settings": {"reconcile_every": EVERY_SECONDS}}
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
