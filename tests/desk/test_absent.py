"""S42: an answer that came when nobody was there goes another way, and the ticket says which."""

import pytest
from tests.ledger.paper import ANNA as PHONE

from balie.api import (
    Absence,
    Address,
    AddressKind,
    EventKind,
    MessageReceived,
    NumberLeft,
    ServiceWindow,
    Text,
)
from balie.desk.records.models import ConversationRow

VISITOR = Address(kind=AddressKind.VISITOR, value="visitor-1")


@pytest.fixture
def paper(paper):
    """The counter with a channel for those who have left the first one."""
    paper.services.directory.add_connection(
        "winkel",
        "phone",
        plugin="paper_channel",
        config={"secret": "c" * 20},
        files_into="desk",
        name="WhatsApp",
    )
    paper.channel.abilities = {"absence": Absence(seconds=60, by="phone")}
    return paper


def chat(paper, text="hallo"):
    number = next(paper.numbers)
    event = MessageReceived(
        id=f"m{number}",
        sender=(VISITOR,),
        at=paper.clock.now(),
        parts=(Text(text=text),),
        thread="t1",
    )
    happens(paper, event)


def leave_number(paper):
    happens(
        paper,
        NumberLeft(
            id="n1", sender=VISITOR, at=paper.clock.now(), number=PHONE, consent="agreed to text 3"
        ),
    )


def happens(paper, event):
    paper.happens(event, kind=EventKind.MESSAGE, lane=VISITOR.value)
    paper.clock.forward(1)
    paper.drain()


def answer(paper, text="het antwoord"):
    paper.answer("ticket-of-1", (f"c{next(paper.numbers)}", text))
    paper.clock.forward(1)
    paper.drain()


def wait(paper, seconds=61):
    paper.clock.forward(seconds)
    paper.drain()


def told(paper):
    return [line for lines in paper.filed(internal=True) for line in lines]


def test_answer_that_was_delivered_goes_no_other_way(paper):
    chat(paper)
    leave_number(paper)
    answer(paper)
    paper.report("delivered", "paper-1")
    wait(paper)

    assert paper.sent() == ["het antwoord"]
    assert told(paper) == []
    assert paper.items("absent")[0].reason == "the customer was there"


def test_answer_that_was_not_goes_to_the_number_that_was_left(paper):
    chat(paper)
    leave_number(paper)
    answer(paper)
    wait(paper)

    assert paper.sent() == ["het antwoord", "het antwoord"]
    assert [address.value for address in paper.channel.sent[1].to] == [PHONE]
    (line,) = told(paper)
    assert line == (
        "De klant was niet meer in de chat. Dit antwoord gaat via WhatsApp naar 06 55500001, zoals"
        " de klant goedvond: “het antwoord”"
    )


def test_what_comes_back_from_a_new_number_is_in_the_same_ticket(paper):
    chat(paper)
    leave_number(paper)
    answer(paper)
    paper.channel.abilities = {}
    wait(paper, 0)
    paper.channel.abilities = {"absence": Absence(seconds=60, by="phone")}
    wait(paper)
    paper.accept(paper.message("dank u", sender=PHONE), connection="phone")
    paper.clock.forward(1)
    paper.drain()
    answer(paper, "graag gedaan")

    assert [batch.ticket_id for batch in paper.desk.batches if not batch.internal] == [
        None,
        "ticket-of-1",
    ]
    assert [address.value for address in paper.channel.sent[-1].to] == [PHONE]


def test_a_number_somebody_writes_from_keeps_its_own_ticket(paper):
    paper.accept(paper.message("een eigen vraag", sender=PHONE), connection="phone")
    paper.drain()
    chat(paper)
    leave_number(paper)
    paper.answer("ticket-of-2", ("c1", "het antwoord"))
    paper.drain()
    wait(paper)

    assert paper.rows(ConversationRow, ConversationRow.files_with.is_not(None)) == []
    assert told(paper)[0].endswith("wat daar terugkomt, staat in dat ticket.")


def test_without_a_number_the_ticket_says_so_once(paper):
    chat(paper)
    answer(paper, "een")
    answer(paper, "twee")
    wait(paper)

    (line,) = told(paper)
    assert line == (
        "De klant is niet meer in de chat en liet geen nummer achter. Antwoorden staan klaar voor"
        " als de klant terugkomt: “een”"
    )


def test_way_that_is_switched_off_is_none(paper):
    row = paper.services.directory.connection("winkel", "phone")
    chat(paper)
    leave_number(paper)
    answer(paper)
    paper.services.directory.set_state(row.id, "off")
    wait(paper)

    assert len(paper.sent()) == 1
    assert told(paper)[0].startswith("De klant is niet meer in de chat")


def test_outside_the_window_it_is_held_for_the_customers_tap(paper):
    """The other channel's rules hold: an answer is kept, and the customer asked, by a template."""
    chat(paper)
    leave_number(paper)
    answer(paper)
    paper.channel.abilities |= {
        "window": ServiceWindow(hours=24, waiting_template=("answer_waiting", "nl")),
        "sends": frozenset({"TemplateUse"}),
    }
    wait(paper)
    held = paper.sent()
    paper.accept(paper.message("ja graag", sender=PHONE), connection="phone")
    paper.drain()

    assert len(held) == 2
    assert "answer_waiting" in held[1]
    assert paper.sent()[2:] == ["het antwoord"]
