"""Live chat with Zendesk's stand-in behind it, over the wire."""

import time
from collections.abc import Iterator
from uuid import uuid4

import pytest
import requests
from tests.e2e.chatting import Browser, add_widget, ticket_with
from tests.e2e.whole import Whole, new_customer, running, wait_until

PROMPT_SECONDS = 15.0


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    with running(tmp_path_factory.mktemp("livechat"), log="info") as started:
        add_widget(started, absent_seconds=0.0)  # no timer, so that all ends
        yield started


@pytest.fixture
def visitor(whole: Whole) -> Browser:
    return Browser.of(whole)


def test_visitor_and_agent_talk(whole, visitor):
    question = f"Is mijn fiets klaar? {uuid4().hex}"
    visitor.listen()
    visitor.say(question)
    ticket = ticket_with(whole, question)
    whole.answer(ticket, "Ja, u kunt hem halen.")

    visitor.hears(question, "Ja, u kunt hem halen.")
    ids = [data["id"] for name, data in visitor.heard if data.get("by") == "agent"]
    visitor.ask("POST", "receipts", {"delivered": ids, "read": ids})
    balance = whole.settle()

    own = [data for name, data in visitor.heard if data.get("by") == "customer"]
    assert own[-1]["state"] == "filed"
    assert (balance.difference, balance.parked) == (0, 0)
    assert ticket["requester"]["phone"] is None


def test_t9_network_that_drops_loses_nothing_and_doubles_nothing(whole, visitor):
    question = f"Blijft dit staan? {uuid4().hex}"
    message = {"id": uuid4().hex, "thread": "thread-1", "text": question}
    visitor.listen()
    for _ in range(3):  # no answer came, so the widget sends it again
        visitor.keep(visitor.ask("POST", "messages", message))
    ticket = ticket_with(whole, question)
    visitor.hears(question)
    visitor.cut()
    whole.answer(ticket, "Ja, ook zonder netwerk.")
    whole.settle()
    visitor.listen()
    visitor.hears(question, "Ja, ook zonder netwerk.")
    visitor.cut()
    heard = len(visitor.heard)
    visitor.listen()
    wait_until(lambda: len(visitor.heard) > heard)

    assert [name for name, _ in visitor.heard[heard:]] == ["hello"]
    comments = [comment["body"] for comment in ticket_with(whole, question)["comments"]]
    assert sum(question in comment for comment in comments) == 1


def test_s43_talk_goes_on_in_whatsapp_in_the_same_ticket(whole, visitor):
    question = f"Mag ik verder in WhatsApp? {uuid4().hex}"
    visitor.listen()
    visitor.say(question)
    ticket = ticket_with(whole, question)
    number = new_customer()

    hop = visitor.ask("POST", "hop", {"thread": "thread-1"}).json()
    whole.write(number, f"Hallo! Mijn code is {hop['code']}")
    whole.settle()
    whole.answer(ticket, "Natuurlijk, hier ben ik.")
    wait_until(lambda: whole.shown(number))
    whole.settle()

    comments = [comment["body"] for comment in ticket_with(whole, question)["comments"]]
    assert any(hop["code"] in comment for comment in comments)
    assert [one["text"] for one in whole.shown(number)] == ["Natuurlijk, hier ben ik."]
    assert whole.tickets(number) in ([], [ticket_with(whole, question)])
    assert visitor.messages() == [question]


def test_file_of_a_visitor_stands_in_the_ticket(whole, visitor):
    words = f"Kijk eens {uuid4().hex}"
    sent = requests.post(
        f"{visitor.url}/files",
        data=b"Bonnetje van vandaag.",
        headers={
            "Authorization": f"Bearer {visitor.token}",
            "Content-Type": "text/plain",
            "X-File-Name": "bon.txt",
        },
        timeout=30,
    )
    visitor.say(words, files=[sent.json()["ref"]])
    ticket = ticket_with(whole, words)

    assert sent.status_code == 201
    names = [
        attachment["file_name"]
        for comment in ticket["comments"]
        for attachment in comment["attachments"]
    ]
    assert names == ["bon.txt"]


def test_stop_does_not_wait_for_streams_and_they_come_back(whole, visitor):
    question = f"Tot zo! {uuid4().hex}"
    visitor.listen()
    visitor.say(question)
    visitor.hears(question)
    ticket = ticket_with(whole, question)
    whole.settle()
    started = time.monotonic()
    whole.stage.stop_balie()
    took = time.monotonic() - started
    ended = visitor.heard[-1]
    whole.stage.start_balie()

    visitor.listen()
    whole.answer(ticket, "Daar zijn we weer.")
    visitor.hears(question, "Daar zijn we weer.")

    assert ended == ("end", {"why": "stopping"})
    assert took < PROMPT_SECONDS
    assert "Traceback" not in whole.log()
