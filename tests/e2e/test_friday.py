"""A question on Friday evening, answered on Monday morning, and what came of it, in one ticket.

Balie and the stand-ins run as processes of their own, on a clock that the tests move.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
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


QUESTION = "Kan ik mijn bestelling nog wijzigen?"
ANSWER = "Ja, tot vanavond. Wat wilt u wijzigen?"


@dataclass(frozen=True, slots=True)
class Talk:
    """One customer, and what phone and desk show of the talk."""

    whole: OnTime
    number: str

    def ticket(self) -> dict[str, Any]:
        """The ticket, while there is only one."""
        [ticket] = self.whole.tickets(self.number)
        return ticket

    def phone(self) -> list[tuple[str, str]]:
        """What the business sent, as the customer sees it."""
        return [
            (one["type"], one["text"] or one["message"]["body"])
            for one in self.whole.shown(self.number)
        ]

    def thread(self) -> list[tuple[str, str]]:
        """Who said what in the ticket, for the customer to read."""
        return public(self.ticket())

    def notes(self) -> list[str]:
        return [one["body"] for one in self.ticket()["comments"] if not one["public"]]

    def delivery(self) -> list[str]:
        """What the ticket's own field says of its delivery."""
        values = self.ticket()["custom_fields"].values()
        return [value for value in values if value and value.startswith("balie_")]

    def desk(self, what: str, **body: Any) -> None:
        """Let an agent do something in the ticket."""
        path = f"zendesk/tickets/{self.ticket()['id']}/{what}"
        self.whole.stage.control("POST", path, body)

    def touch(self, what: str, **body: Any) -> None:
        """Let the customer do something with the phone."""
        self.whole.stage.control("POST", f"whatsapp/phones/{self.number}/{what}", body)

    def shows(self, messages: int) -> None:
        """Wait until the phone shows so many of the business's messages, and nothing goes on."""
        wait_until(lambda: len(self.phone()) >= messages)
        self.whole.settle()


def public(ticket: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one["author"]["role"], one["body"]) for one in ticket["comments"] if one["public"]]


def test_friday_evening_to_monday_morning_and_on_in_one_ticket(whole):
    talk = Talk(whole, new_customer())
    asked_on_friday_at_five_past_five(talk)
    answered_on_monday_at_ten_past_nine(talk)
    tapped_and_read(talk)
    solved_and_asked_again(talk)
    closed_and_followed_up(talk)
    balance = whole.settle()
    assert (balance.difference, balance.parked) == (0, 0)


def asked_on_friday_at_five_past_five(talk: Talk) -> None:
    talk.whole.go_to(FRIDAY, 17, 5)
    asked = talk.whole.write(talk.number, QUESTION, name="Noor")
    ticket = talk.whole.ticket(talk.number)
    talk.whole.settle()

    assert talk.thread() == [("end-user", QUESTION)]
    assert (ticket["status"], ticket["requester"]["name"]) == ("new", "Noor")
    shown = talk.whole.shown(talk.number, "out")
    assert [(one["id"], one["status"]) for one in shown] == [(asked, "read")]


def answered_on_monday_at_ten_past_nine(talk: Talk) -> None:
    """The window has closed on Saturday: the answer is kept, and the customer asked to respond."""
    talk.whole.go_to(MONDAY, 9, 10)
    talk.desk("comments", body=ANSWER)
    wait_until(talk.phone)
    talk.touch("read")
    wait_until(talk.notes)

    assert talk.phone() == [("template", "Hallo Noor, uw antwoord staat klaar.")]
    [held] = talk.notes()
    assert held.startswith(f"Nog niet verstuurd: “{ANSWER}”")
    assert re.search(r"dat kon tot zaterdag \d+ \w+ om 17:05\.", held)
    assert re.search(r"gaat weg zodra de klant reageert, tot maandag \d+ \w+ om 09:10\.", held)
    assert "“Hallo Noor, uw antwoord staat klaar." in held
    assert talk.delivery() == ["balie_window_closed"]


def tapped_and_read(talk: Talk) -> None:
    [template] = talk.whole.shown(talk.number)
    talk.touch("tap", message_id=template["id"], index=0)
    talk.shows(2)

    assert talk.phone()[1] == ("text", ANSWER)
    asked, answered, (author, tapped) = talk.thread()
    assert (asked, answered) == (("end-user", QUESTION), ("agent", ANSWER))
    assert (author, tapped.splitlines()[-1]) == ("end-user", "[Knop] Lees het antwoord")
    assert talk.ticket()["status"] == "open"
    _, released = wait_until(lambda: len(talk.notes()) == 2 and talk.notes())
    assert released == (
        f"De klant heeft gereageerd; dit bewaarde antwoord is nu verstuurd: “{ANSWER}”"
    )
    assert talk.delivery() == ["balie_answer_sent"]


def solved_and_asked_again(talk: Talk) -> None:
    talk.desk("comments", body="Het is gewijzigd. Fijne dag!", solve=True)
    talk.shows(3)
    assert talk.phone()[2] == ("text", "Het is gewijzigd. Fijne dag!")
    assert talk.ticket()["status"] == "solved"

    talk.whole.go_on(3600)
    talk.whole.write(talk.number, "Toch nog iets: mag het ook blauw?")
    wait_until(lambda: talk.ticket()["status"] == "open")
    talk.desk("comments", body="Blauw kan ook.")
    talk.shows(4)
    assert talk.phone()[3] == ("text", "Blauw kan ook.")
    assert talk.thread()[-2:] == [
        ("end-user", "Toch nog iets: mag het ook blauw?"),
        ("agent", "Blauw kan ook."),
    ]


def closed_and_followed_up(talk: Talk) -> None:
    """Zendesk's automation closes what was solved four days ago; a closed ticket takes nothing."""
    for status, seconds in (("solved", 4 * 86_400), ("closed", 60)):
        talk.desk("status", status=status)
        talk.whole.settle()
        talk.whole.go_on(seconds)
    before = talk.ticket()
    talk.whole.write(talk.number, "Hij is er nog niet, hoe kan dat?")
    wait_until(lambda: len(talk.whole.tickets(talk.number)) == 2)
    talk.whole.settle()

    first, second = sorted(talk.whole.tickets(talk.number), key=lambda one: one["id"])
    assert (first["status"], first["followup_ids"]) == ("closed", [second["id"]])
    assert public(first) == public(before)
    assert second["followup_source_id"] == first["id"]
    assert second["requester"] == first["requester"]
    assert public(second) == [("end-user", "Hij is er nog niet, hoe kan dat?")]
    talk.whole.answer(second, "Wij zoeken het uit.")
    # Four days later, so that the window was shut again; the question just now opened it.
    talk.shows(5)
    assert talk.phone()[4] == ("text", "Wij zoeken het uit.")


# --- An hour with 500 messages --------------------------------------------------------------------

MESSAGES, STEPS, STEP_SECONDS = 500, 180, 20
TEN_MINUTES = timedelta(minutes=10)


def test_500_messages_in_an_hour_stay_within_the_budget_in_order_none_lost(whole):
    """Zendesk takes thirty updates of a ticket in ten minutes, and so does the sandbox."""
    number = new_customer()
    for step in range(STEPS):
        for one in range(step * MESSAGES // STEPS, (step + 1) * MESSAGES // STEPS):
            whole.write(number, f"Regel {one}.")
        whole.go_on(STEP_SECONDS)
    whole.go_on_until(lambda: not whole.balance().in_flight, STEP_SECONDS)
    balance = whole.settle()

    [ticket] = whole.tickets(number)
    comments = ticket["comments"]
    told = re.findall(r"Regel (\d+)\.", "\n".join(one["body"] for one in comments))
    assert [int(one) for one in told] == list(range(MESSAGES))
    written = [datetime.fromisoformat(one["created_at"]) for one in comments]
    busiest = max(sum(at <= one < at + TEN_MINUTES for one in written) for at in written)
    assert busiest <= 30
    assert [item.reason for item in whole.items() if item.attempts] == []
    assert (balance.difference, balance.parked) == (0, 0)
