"""T7: where nothing proves what became of a send, it is sent once more, and the ticket says so."""

import pytest
from tests.desk.test_window import notes

from balie.api import AuthFailed, OutcomeUnknown, Rejected, TransientError
from balie.ledger import inspect
from balie.ledger.models import State

LOST = OutcomeUnknown("no answer came")
TWICE = (
    "Onzeker of dit antwoord is aangekomen: “Dag”\nToen het verstuurd was, brak de verbinding af, "
    "en Paper kan niet nagaan wat ervan werd. Balie stuurt het daarom nog één keer; het kan dus "
    "twee keer aankomen."
)
NEVER_KNOWN = (
    "Nog steeds onzeker of dit antwoord is aangekomen: “Dag”\nHet kan niet, één of meer keren "
    "zijn aangekomen, en Balie stuurt het niet nog eens ({why}). Vraag het de klant langs een "
    "andere weg."
)


@pytest.fixture
def blind(paper):
    """A channel that learns nothing of what it sent; Anna's ticket is there."""
    paper.channel.abilities = {"proves_sends": False}
    paper.say()
    paper.drain()
    return paper


def answered(paper, *outcomes):
    """Let an agent answer; these are the outcomes of trying to send it."""
    paper.channel.outcomes.extend(outcomes)
    paper.answer("ticket-of-1", ("c1", "Dag"))
    paper.settle()
    return paper.items("send")[0]


def test_second_try_is_told_and_is_the_last_word_where_it_is_taken(blind):
    item = answered(blind, LOST)

    assert blind.sent() == ["Dag"]
    assert notes(blind) == [TWICE]
    assert blind.desk.batches[-1].tags == ("delivery_unknown",)
    assert item.state == State.DELIVERED
    assert blind.differences() == [0]


@pytest.mark.parametrize(
    ("second", "why"),
    [
        (LOST, "no answer came"),
        (KeyError("x"), "plugin paper_channel failed in reply_dispatch: KeyError: 'x'"),
    ],
    ids=["lost", "crash"],
)
def test_end_that_stays_unclear_is_parked_and_told(blind, second, why):
    item = answered(blind, LOST, second)

    assert blind.sent() == []
    assert notes(blind) == [TWICE, NEVER_KNOWN.format(why=why)]
    assert (item.state, item.attempted_at is not None) == (State.PARKED, True)
    assert blind.messages("outbound")[0].status == "failed"
    assert blind.differences() == [0]


def test_tries_of_which_it_is_known_that_they_failed_are_no_second_try(blind):
    item = answered(blind, LOST, TransientError("busy"), AuthFailed("who are you?"))

    assert blind.sent() == ["Dag"]
    assert notes(blind) == [TWICE]
    assert item.state == State.DELIVERED


def test_refusal_of_the_second_is_told_as_any_other(blind):
    item = answered(blind, LOST, Rejected("550", "Dit adres is er niet."))

    assert notes(blind)[0] == TWICE
    assert notes(blind)[1].startswith("Niet bezorgd bij de klant: Dit adres is er niet.")
    assert item.state == State.REFUSED


def test_server_that_is_away_for_long_after_it_is_not_called_unsent(blind):
    """That it was not sent yet is not known."""
    blind.channel.outcomes.extend([LOST, *[TransientError("away")] * 30])
    blind.answer("ticket-of-1", ("c1", "Dag"))
    for _ in range(12):
        blind.clock.forward(301)
        blind.drain()

    assert notes(blind) == [TWICE]


def test_death_within_a_try_is_an_unclear_end_too(blind):
    """The process ends between the mark of the attempt and its outcome."""
    blind.channel.outcomes.append(Died())
    blind.answer("ticket-of-1", ("c1", "Dag"))
    with pytest.raises(Died):
        blind.drain()
    blind.services.leases.clear()
    blind.settle()

    assert blind.sent() == ["Dag"]
    assert notes(blind) == [TWICE]
    assert blind.differences() == [0]


def test_person_who_replays_it_lets_it_go_once_more(blind):
    item = answered(blind, LOST, LOST)
    with blind.services.store.writing() as session:
        inspect.replay(session, item.id, blind.clock.now())
    blind.settle()

    assert blind.sent() == ["Dag"]
    assert blind.messages("outbound")[0].status == "accepted"


def test_channel_that_proves_what_it_sent_goes_on_as_before(blind):
    blind.channel.abilities = {}
    answered(blind, LOST, LOST, LOST)

    assert blind.sent() == ["Dag"]
    assert notes(blind) == []


class Died(BaseException):
    """The process ends here."""
