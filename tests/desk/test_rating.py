"""How was it? Asked once, when it is solved, and never of who has gone on."""

import pytest
from tests.ledger.paper import ANNA, BEN

from balie.api import (
    Absence,
    Address,
    AddressKind,
    Choice,
    EventKind,
    MessageReceived,
    Options,
    Rating,
    ServiceWindow,
    Text,
    TicketChanged,
    TicketState,
)

TICKET = "ticket-of-1"


@pytest.fixture
def asking(paper):
    """A counter that asks, where Anna wrote and was answered."""
    paper.desk.rating = Rating()
    paper.channel.abilities = {
        "sends": frozenset({"Options"}),
        "window": ServiceWindow(hours=24, closed_codes=frozenset({"late"})),
    }
    paper.say("Is de winkel open?")
    paper.drain()
    paper.answer(TICKET, ("c1", "Ja, tot zes uur."))
    paper.drain()
    paper.clock.forward(60)
    return paper


def change(paper, state=TicketState.SOLVED, at=None):
    event = TicketChanged(ticket_id=TICKET, at=at or paper.clock.now(), state=state)
    paper.happens(event, kind=EventKind.TICKET, lane=TICKET, plugin=paper.desk)
    paper.drain()


def questions(paper):
    return [reply.parts[0] for reply in paper.channel.sent if isinstance(reply.parts[0], Options)]


def tap(paper, option, sender=ANNA):
    event = MessageReceived(
        id=f"tap-{next(paper.numbers)}",
        sender=(Address(kind=AddressKind.PHONE, value=sender),),
        at=paper.clock.now(),
        parts=(Choice(text=option, id=option, title="tik"),),
    )
    paper.happens(event, kind=EventKind.MESSAGE, lane=sender)
    paper.drain()


def test_solved_ticket_asks_and_a_tap_is_a_note_with_a_tag(asking):
    change(asking)
    (question,) = questions(asking)
    assert question.text == "Uw vraag is afgehandeld. Bent u goed geholpen?"
    assert [one.id for one in question.options] == ["balie-rating:good:1", "balie-rating:bad:1"]

    tap(asking, "balie-rating:good:1")

    assert asking.filed(internal=True) == [["De klant beoordeelt de hulp zo: 👍 Ja, goed"]]
    assert asking.desk.batches[-1].tags == ("rating_good",)
    assert asking.filed() == [["Is de winkel open?"]]
    assert set(asking.differences()) == {0}


def test_nothing_is_asked_where_the_tenant_does_not_want_it(asking):
    asking.desk.rating = None
    change(asking)
    assert questions(asking) == []


@pytest.mark.parametrize(
    ("rules", "text"),
    [
        (Rating(tone="je"), "Je vraag is afgehandeld. Ben je goed geholpen?"),
        (Rating(question="En?"), "En?"),
    ],
    ids=["je", "own words"],
)
def test_question_is_in_the_tenants_words(asking, rules, text):
    asking.desk.rating = rules
    change(asking)
    assert questions(asking)[0].text == text


def test_solved_again_without_a_new_question_asks_no_more(asking):
    change(asking)
    change(asking, TicketState.OPEN)
    change(asking)
    change(asking)
    assert len(questions(asking)) == 1


def test_next_question_that_is_solved_is_asked_about_again(asking):
    change(asking)
    asking.clock.forward(60)
    asking.say("Nog een vraag")
    asking.drain()
    asking.clock.forward(60)
    change(asking)
    assert len(questions(asking)) == 2


def test_customer_who_wrote_meanwhile_is_not_asked(asking):
    solved = asking.clock.now()
    asking.clock.forward(60)
    asking.say("Wacht, nog iets")
    asking.drain()
    change(asking, at=solved)
    assert questions(asking) == []


def test_customer_who_wrote_before_it_was_sent_is_not_asked(asking):
    asking.channel.outcomes.append(RuntimeError("crash"))
    change(asking)
    asking.clock.forward(0.1)  # no retry comes as soon as this
    asking.say("Nog iets")
    asking.drain()
    asking.settle()
    assert questions(asking) == []
    assert set(asking.differences()) == {0}


def test_nobody_is_asked_out_of_the_window(asking):
    asking.clock.forward(25 * 3600)
    change(asking)
    assert (questions(asking), asking.messages("outbound")[1:]) == ([], [])


def test_channel_without_buttons_asks_nothing(asking):
    asking.channel.abilities |= {"sends": frozenset()}
    change(asking)
    assert questions(asking) == []


def test_text_in_answer_to_it_is_filed_as_ever(asking):
    change(asking)
    asking.clock.forward(5)
    asking.say("Nee, het klopt nog niet")
    asking.drain()
    assert asking.filed()[-1] == ["Nee, het klopt nog niet"]


def test_change_of_mind_is_told_too(asking):
    change(asking)
    tap(asking, "balie-rating:good:1")
    asking.clock.forward(5)
    tap(asking, "balie-rating:bad:1")
    assert [batch.tags for batch in asking.desk.batches if batch.internal] == [
        ("rating_good",),
        ("rating_bad",),
    ]


@pytest.mark.parametrize("option", ["balie-rating:good:99", "balie-rating:great:1", "other"])
def test_tap_on_what_was_never_asked_is_a_message(asking, option):
    change(asking)
    tap(asking, option)
    assert asking.filed(internal=True) == []
    assert asking.filed()[-1] == [option]


def test_tap_of_another_customer_rates_nothing(asking):
    """Whoever makes up an id must not rate somebody else's ticket."""
    change(asking)
    tap(asking, "balie-rating:bad:1", sender=BEN)
    assert asking.filed(internal=True) == []


def test_tap_that_comes_after_days_is_a_message(asking):
    change(asking)
    asking.clock.forward(4 * 86_400)
    tap(asking, "balie-rating:good:1")
    assert asking.filed()[-1] == ["balie-rating:good:1"]


def test_question_that_nobody_was_there_for_goes_no_other_way(asking):
    asking.channel.abilities |= {"absence": Absence(seconds=30)}
    change(asking)
    asking.clock.forward(60)
    asking.drain()
    assert len(questions(asking)) == 1
    assert asking.items("absent") == []


def test_agents_answer_comes_before_the_question(asking):
    at = asking.clock.now()
    asking.answer(TICKET, ("c2", "Tot dan."), at=at)
    change(asking, at=at)
    assert [type(reply.parts[0]) for reply in asking.channel.sent[1:]] == [Text, Options]
