"""What agents do with tickets beside answering, heard by webhooks alone: no stream is read."""

from collections.abc import Iterator
from typing import Any

import pytest
from tests.e2e.whole import Whole, new_customer, running, wait_until


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    settings = {"helpdesk_settings": {"reconcile_every": 3600, "ask_rating": True}}
    with running(tmp_path_factory.mktemp("desk_work"), **settings) as made:
        yield made


@pytest.fixture
def ticket(whole: Whole) -> dict[str, Any]:
    """A customer's ticket at rest, with the customer's number."""
    number = new_customer()
    whole.write(number, "Hallo via WhatsApp")
    found = whole.ticket(number)
    whole.settle()
    return found | {"number": number}


def shown(whole: Whole, ticket: dict[str, Any]) -> list[str]:
    return [message["text"] for message in whole.shown(ticket["number"])]


def look(whole: Whole, ticket: dict[str, Any]) -> dict[str, Any]:
    return whole.zendesk("GET", f"/tickets/{ticket['id']}")["ticket"]


def notes(whole: Whole, ticket: dict[str, Any]) -> list[str]:
    comments = whole.zendesk("GET", f"/tickets/{ticket['id']}/comments")["comments"]
    return [one["body"] for one in comments if not one["public"]]


def followed_up(whole: Whole, ticket: dict[str, Any]) -> dict[str, Any]:
    """Let Zendesk close a ticket, and an agent follow it up with the button that is there."""
    whole.set_status(ticket, "closed")
    made = {
        "via_followup_source_id": ticket["id"],
        "requester_id": ticket["requester"]["id"],
        "subject": "Re",
        "comment": {"body": "Even uitgezocht", "public": False},
    }
    return whole.zendesk("POST", "/tickets", {"ticket": made})["ticket"]


def heard(whole: Whole) -> int:
    """Return how many webhooks of Zendesk's have become work."""
    return sum(item.kind == "ticket" for item in whole.items())


def test_answers_in_the_ticket_that_took_over_reach_the_customer(whole, ticket):
    """The other ticket never had Balie's tag, without which no trigger calls Balie."""
    mail = whole.mail_of_the_same_customer(ticket)
    whole.answer(mail, "Per mail, van voor de samenvoeging")

    whole.merge(ticket, mail)
    wait_until(lambda: "balie" in look(whole, mail)["tags"])
    whole.answer(mail, "Van erna")
    wait_until(lambda: shown(whole, ticket))
    whole.write(ticket["number"], "Dank")
    wait_until(lambda: "Dank" in whole.comments(ticket["number"]))
    whole.settle()

    assert shown(whole, ticket) == ["Van erna"]
    assert sum("gaat hier verder" in note for note in notes(whole, mail)) == 1


def test_tag_that_an_agent_took_off_is_back_with_the_next_message(whole, ticket):
    whole.zendesk("DELETE", f"/tickets/{ticket['id']}/tags", {"tags": ["balie"]})

    whole.write(ticket["number"], "Bent u er nog?")
    wait_until(lambda: "balie" in look(whole, ticket)["tags"])
    whole.settle()
    whole.answer(ticket, "Jazeker")
    wait_until(lambda: shown(whole, ticket))

    assert shown(whole, ticket) == ["Jazeker"]


def test_agents_own_follow_up_goes_on_with_the_customer(whole, ticket):
    second = followed_up(whole, ticket)

    whole.answer(second, "Nog even hierover")
    wait_until(lambda: shown(whole, ticket))
    whole.write(ticket["number"], "Dank je")
    wait_until(lambda: "Dank je" in whole.comments(ticket["number"]))
    whole.settle()

    assert shown(whole, ticket) == ["Nog even hierover"]
    assert {one["id"] for one in whole.tickets(ticket["number"])} == {ticket["id"], second["id"]}


def test_message_goes_into_a_follow_up_that_nobody_told_of(whole, ticket):
    second = followed_up(whole, ticket)
    whole.settle()

    whole.write(ticket["number"], "Is er al nieuws?")
    wait_until(lambda: "Is er al nieuws?" in whole.comments(ticket["number"]))

    assert {one["id"] for one in whole.tickets(ticket["number"])} == {ticket["id"], second["id"]}


def test_agents_are_told_once_that_a_ticket_tagged_by_hand_reaches_nobody(whole, ticket):
    mail = whole.mail_of_the_same_customer(ticket)
    whole.zendesk("PUT", f"/tickets/{mail['id']}/tags", {"tags": ["balie"]})

    whole.answer(mail, "Komt dit aan?")
    wait_until(lambda: notes(whole, mail))
    whole.answer(mail, "En dit?")
    balance = whole.settle()

    [note] = notes(whole, mail)
    assert "stuurt Balie naar niemand" in note
    assert shown(whole, ticket) == []
    assert (balance.difference, balance.parked) == (0, 0)


def test_solving_by_another_tool_is_heard(whole, ticket):
    whole.zendesk("PUT", f"/tickets/{ticket['id']}", {"ticket": {"status": "solved"}})
    wait_until(lambda: whole.shown(ticket["number"]))

    assert [one["type"] for one in whole.shown(ticket["number"])] == ["interactive"]


def test_message_that_opens_a_solved_ticket_is_no_news_of_zendesks(whole, ticket):
    whole.set_status(ticket, "solved")
    wait_until(lambda: whole.shown(ticket["number"]))
    whole.settle()
    told = heard(whole)

    whole.write(ticket["number"], "Toch nog iets")
    wait_until(lambda: look(whole, ticket)["status"] == "open")
    whole.settle()

    assert heard(whole) == told


def test_command_to_close_solves_the_ticket_and_the_rest_follows(whole, ticket):
    whole.answer(ticket, "/sluiten", public=False)
    wait_until(lambda: shown(whole, ticket))
    balance = whole.settle()

    assert look(whole, ticket)["status"] == "solved"
    assert notes(whole, ticket)[-1].startswith("Het gesprek is gesloten")
    assert [one["type"] for one in whole.shown(ticket["number"])] == ["interactive"]
    assert (balance.difference, balance.parked) == (0, 0)


def test_ticket_that_zendesk_does_not_solve_stays_open_and_says_so(whole, ticket):
    path = f"tickets/{ticket['id']}$"
    whole.fault("zendesk", "status", status=422, method="PUT", path=path, count=1)

    whole.answer(ticket, "/close", public=False)
    wait_until(lambda: len(notes(whole, ticket)) == 2)
    whole.heal()
    whole.settle()

    assert notes(whole, ticket)[-1].startswith("Niet gesloten: Zendesk zet dit ticket niet op")
    assert look(whole, ticket)["status"] != "solved"
    assert shown(whole, ticket) == []
