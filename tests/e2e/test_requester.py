"""Somebody else was made the requester: answers go on to who wrote, and the ticket says so."""

from collections.abc import Iterator
from typing import Any

import pytest
from tests.e2e.whole import Whole, new_customer, running, wait_until

WORDS = "De aanvrager van ticket"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    with running(tmp_path_factory.mktemp("requester")) as made:
        yield made


def shown(whole: Whole, number: str) -> list[str]:
    return [message["text"] for message in whole.shown(number)]


def told_in(whole: Whole, ticket: dict[str, Any]) -> list[str]:
    """Return the notes on its requester. By its id: it is the customer's no more."""
    tickets = whole.stage.control("GET", "zendesk/tickets")["tickets"]
    (found,) = [one for one in tickets if one["id"] == ticket["id"]]
    notes = [one["body"] for one in found["comments"] if not one["public"]]
    return [one for one in notes if one.startswith(WORDS)]


def give_to_another(whole: Whole, ticket: dict[str, Any]) -> None:
    other = whole.stage.control("POST", "zendesk/users", {"name": "Iemand anders"})["user"]
    path = f"zendesk/tickets/{ticket['id']}/fields"
    whole.stage.control("POST", path, {"requester_id": other["id"]})
    whole.settle()


@pytest.fixture
def number(whole: Whole) -> str:
    number = new_customer()
    whole.write(number, "Is de winkel open?")
    whole.ticket(number)
    whole.settle()
    return number


def test_first_answer_after_the_change_is_told_of_and_arrives(whole, number):
    ticket = whole.ticket(number)
    give_to_another(whole, ticket)
    for words in ("Ja.", "Tot zes uur."):
        whole.answer(ticket, words)
    wait_until(lambda: len(shown(whole, number)) == 2)
    whole.settle()
    assert shown(whole, number) == ["Ja.", "Tot zes uur."]
    (note,) = told_in(whole, ticket)
    assert "Antwoorden gaan nog steeds naar" in note


def test_first_message_after_the_change_is_told_of(whole, number):
    ticket = whole.ticket(number)
    give_to_another(whole, ticket)
    for words in ("Bent u er?", "Hallo?"):
        whole.write(number, words)
        whole.settle()
    wait_until(lambda: told_in(whole, ticket))
    whole.answer(ticket, "Ja.")
    wait_until(lambda: shown(whole, number) == ["Ja."])
    whole.settle()
    assert len(told_in(whole, ticket)) == 1
