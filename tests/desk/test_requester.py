"""A ticket that agents made somebody else's: who writes stays who writes, and agents are told."""

import pytest
from tests.desk.test_hops import chat, issue, text_from
from tests.desk.test_hops import paper as with_phone  # noqa: F401 -- a fixture, asked for by name
from tests.desk.test_privacy import erase
from tests.ledger.paper import ANNA, BEN

NOTE = (
    "De aanvrager van ticket ticket-of-1 is nu iemand anders dan de klant met wie dit gesprek is."
    " Antwoorden gaan nog steeds naar {who} via {channel}, en wat die schrijft komt in dit ticket."
    " Is het dezelfde persoon, voeg de twee gebruikers dan samen in de helpdesk. Zo niet, zet de"
    " aanvrager terug en antwoord de ander in een eigen ticket."
)


def told(paper):
    notes = [line for lines in paper.filed(internal=True) for line in lines]
    return [note for note in notes if "aanvrager" in note or "requester" in note]


def answer(paper, words="antwoord", ticket="ticket-of-1"):
    paper.clock.forward(1)
    paper.answer(ticket, (f"c{next(paper.numbers)}", words))
    paper.drain()


@pytest.fixture
def met(paper):
    paper.say("een", name="Anna")
    paper.drain()
    return paper


def the_note(paper, who="Anna"):
    live = paper.services.contexts.find("winkel", "chat")
    return NOTE.format(who=who, channel=live.ctx.connection.name)


def test_ticket_of_the_customer_says_nothing(met):
    answer(met)
    met.say("twee")
    met.drain()
    assert told(met) == []


@pytest.mark.parametrize("first", ["answer", "message"])
def test_first_thing_after_the_change_tells_once_and_all_goes_on(met, first):
    met.desk.requester = "user-77"
    if first == "message":
        met.say("twee", name="Anna")
        met.drain()
        assert told(met) == [the_note(met)]
    answer(met, "eerste")
    assert told(met) == [the_note(met)]
    met.say("drie", name="Anna")
    answer(met, "tweede")
    met.drain()

    assert told(met) == [the_note(met)]
    assert met.sent() == ["eerste", "tweede"]
    assert {reply.to[0].value for reply in met.channel.sent} == {ANNA}
    assert met.differences() == [0]


def test_next_change_is_told_again(met):
    for requester in ("user-77", "user-78", "user-77"):
        met.desk.requester = requester
        answer(met)
    assert told(met) == [the_note(met)] * 2


def test_customer_without_a_name_is_told_by_number(paper):
    paper.say("een", sender=BEN)
    paper.drain()
    paper.desk.requester = "user-77"
    answer(paper)
    assert told(paper) == [the_note(paper, BEN)]


def test_note_is_in_the_tenants_language(paper, another_tenant):
    another_tenant("shop", "en")
    paper.accept(paper.message("one", name="Anna"), tenant="shop")
    paper.drain()
    paper.desk.requester = "user-77"
    paper.clock.forward(1)
    paper.accept(paper.answered("ticket-of-1", ("c1", "Yes")), tenant="shop", connection="desk")
    paper.drain()
    (note,) = told(paper)
    assert note.startswith("The requester of ticket ticket-of-1 is now somebody else than")
    assert "Answers still go to Anna at " in note


def test_talk_that_went_on_elsewhere_is_told_with_where(with_phone):  # noqa: F811
    paper = with_phone
    chat(paper)
    text_from(paper, ANNA, f"Verder in de app {issue(paper)}", name="Anna")
    paper.desk.requester = "user-77"
    answer(paper)
    (note,) = told(paper)
    assert "naar Anna via Telefoon" in note


def test_somebody_who_was_erased_is_not_told_of(met):
    erase(met)
    met.drain()
    met.desk.requester = "user-77"
    answer(met)
    assert told(met) == []
