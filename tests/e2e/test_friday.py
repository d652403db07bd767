"""A question on Friday evening, answered on Monday morning, and what came of it, in one ticket.

Balie and the stand-ins run as processes of their own, on a clock that the tests move.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from tests.e2e.on_time import OnTime, balie, running_on_time
from tests.e2e.whole import new_customer, wait_until

FRIDAY, MONDAY = 4, 0
WAITING = "answer_waiting"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OnTime]:
    settings = {"waiting_template": f"{WAITING}/nl"}
    with running_on_time(tmp_path_factory.mktemp("friday"), channel_settings=settings) as made:
        template = {
            "name": WAITING,
            "body": "Hallo {{1}}, uw antwoord staat klaar.",
            "buttons": ["Lees het antwoord"],
        }
        made.stage.control("POST", "whatsapp/templates", template)
        assert balie(made, "template", "sync", "demo/whatsapp") == (0, {"templates": 2})
        yield made


def thread(ticket: dict[str, Any]) -> list[tuple[str, bool, str]]:
    """Who said what in a ticket, publicly or not, without the notes that Balie wrote."""
    return [
        (comment["author"]["role"], comment["public"], comment["body"])
        for comment in ticket["comments"]
        if comment["public"]
    ]


def delivery(ticket: dict[str, Any]) -> list[str]:
    """What the ticket's own field says of its delivery."""
    return [value for value in ticket["custom_fields"].values() if value]


def notes(ticket: dict[str, Any]) -> list[str]:
    return [comment["body"] for comment in ticket["comments"] if not comment["public"]]


def test_friday_evening_to_monday_morning_and_on(whole):
    number = new_customer()

    def ticket() -> dict[str, Any]:
        return whole.tickets(number)[0]

    def phone() -> list[tuple[str, str]]:
        return [(one["type"], one["text"] or one["message"]["body"]) for one in whole.shown(number)]

    # Friday 17:05, everybody has gone home.
    friday = whole.go_to(FRIDAY, 17, 5)
    asked = whole.write(number, "Kan ik mijn bestelling nog wijzigen?", name="Noor")
    ticket_id = whole.ticket(number)["id"]
    whole.settle()
    assert thread(ticket()) == [("end-user", True, "Kan ik mijn bestelling nog wijzigen?")]
    assert (ticket()["status"], ticket()["requester"]["name"]) == ("new", "Noor")
    assert [(one["id"], one["status"]) for one in whole.shown(number, "out")] == [(asked, "read")]

    # Monday 09:10: the window has closed on Saturday. The answer is kept, the customer asked.
    assert (whole.go_to(MONDAY, 9, 10) - friday).days == 2
    whole.answer(ticket(), "Ja, tot vanavond. Wat wilt u wijzigen?")
    wait_until(phone)
    whole.stage.control("POST", f"whatsapp/phones/{number}/read")
    wait_until(lambda: len(notes(ticket())) == 1)
    assert phone() == [("template", "Hallo Noor, uw antwoord staat klaar.")]
    [held] = notes(ticket())
    assert held.startswith("Nog niet verstuurd: “Ja, tot vanavond. Wat wilt u wijzigen?”")
    assert re.search(r"dat kon tot zaterdag \d+ \w+ om 17:05\.", held)
    assert "Hallo Noor, uw antwoord staat klaar." in held
    assert delivery(ticket()) == ["balie_window_closed"]

    # The customer taps, and has the answer.
    [template] = whole.shown(number)
    tap = {"message_id": template["id"], "index": 0}
    whole.stage.control("POST", f"whatsapp/phones/{number}/tap", tap)
    wait_until(lambda: len(phone()) == 2)
    whole.settle()
    assert phone()[1] == ("text", "Ja, tot vanavond. Wat wilt u wijzigen?")
    assert thread(ticket())[1:] == [
        ("agent", True, "Ja, tot vanavond. Wat wilt u wijzigen?"),
        (
            "end-user",
            True,
            "> In antwoord op: Hallo Noor, uw antwoord staat klaar. [Lees het antwoord]\n"
            "[Knop] Lees het antwoord",
        ),
    ]
    assert ticket()["status"] == "open"

    # The agent solves it; the customer has another question, and it is open again.
    said = {"body": "Het is gewijzigd. Fijne dag!", "solve": True}
    whole.stage.control("POST", f"zendesk/tickets/{ticket_id}/comments", said)
    wait_until(lambda: len(phone()) == 3)
    whole.settle()
    assert (phone()[2][1], ticket()["status"]) == ("Het is gewijzigd. Fijne dag!", "solved")
    whole.go_on(3600)
    whole.write(number, "Toch nog iets: mag het ook blauw?")
    wait_until(lambda: ticket()["status"] == "open")
    whole.answer(ticket(), "Blauw kan ook.")
    wait_until(lambda: len(phone()) == 4)
    assert [one["id"] for one in whole.tickets(number)] == [ticket_id]

    # Solved again, closed by the automation after four days; the next question is a follow-up.
    for status, seconds in (("solved", 4 * 86_400), ("closed", 60)):
        path = f"zendesk/tickets/{ticket_id}/status"
        whole.stage.control("POST", path, {"status": status})
        whole.settle()
        whole.go_on(seconds)
    whole.write(number, "Hij is er nog niet, hoe kan dat?")
    wait_until(lambda: len(whole.tickets(number)) == 2)
    whole.settle()
    first, second = sorted(whole.tickets(number), key=lambda one: one["id"])
    assert (first["id"], first["status"], first["followup_ids"]) == (
        ticket_id,
        "closed",
        [second["id"]],
    )
    assert second["followup_source_id"] == ticket_id
    assert thread(second) == [("end-user", True, "Hij is er nog niet, hoe kan dat?")]
    assert second["requester"]["id"] == first["requester"]["id"]

    # What is answered there arrives, and so does what comes in the closed one's stead.
    whole.answer(second, "Wij zoeken het uit.")
    wait_until(lambda: len(phone()) == 5)
    balance = whole.settle()
    assert phone()[4] == ("text", "Wij zoeken het uit.")
    assert (balance.difference, balance.parked) == (0, 0)
