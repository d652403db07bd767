"""What was parked is said in the ticket that it belongs to."""

import pytest

from balie.api import PayloadInvalid, PermanentError
from balie.desk.outbound.cancel import cancel
from balie.ledger.inspect import CancelRefused
from balie.ledger.job import Job
from balie.ledger.leases import LEASE_SECONDS, LeaseLost, Leases


def test_unreadable_message_of_a_known_customer_leaves_a_visible_gap(paper):
    paper.say("een")
    paper.settle()
    paper.channel.parse_errors.append(PayloadInvalid("no text in it"))
    paper.say("twee")
    paper.say("drie")
    paper.settle()

    item = next(item for item in paper.items("message") if item.state == "parked")
    assert paper.filed() == [["een"], ["drie"]]
    assert paper.filed(internal=True) == [
        [
            (
                "Hier ontbreekt een bericht van de klant: Balie kon het niet lezen en bewaart het "
                f"(nummer {item.id} in het grootboek). Reden: no text in it"
            )
        ]
    ]


def test_unreadable_first_message_is_only_in_the_list(paper):
    paper.channel.parse_errors.append(PayloadInvalid("no text in it"))
    paper.say("een")
    paper.settle()

    assert [item.state for item in paper.items("message")] == ["parked"]
    assert paper.tickets() == []


def test_message_that_cannot_be_filed_is_quoted_in_a_note(paper):
    paper.say("een")
    paper.settle()
    paper.desk.outcomes.append(PermanentError("too long"))
    paper.say("twee")
    paper.settle()

    item = next(item for item in paper.items("file") if item.state == "parked")
    assert paper.filed(internal=True) == [
        [
            (
                "Dit bericht kon niet in het ticket worden gezet: “twee” "
                f"(nummer {item.id} in het grootboek). Reden: too long"
            )
        ]
    ]


def test_note_that_cannot_be_filed_makes_no_further_note(paper):
    paper.desk.outcomes.extend([PermanentError("no"), PermanentError("no")])
    paper.say("een")
    paper.settle()

    assert [item.state for item in paper.items("file")] == ["parked", "parked"]


@pytest.fixture
def waiting_answer(paper):
    """An answer that the channel cannot take at the moment."""
    paper.say("een")
    paper.settle()
    paper.channel.outcomes.append(ConnectionError("away"))
    paper.answer("ticket-of-1", ("c1", "Komt eraan."))
    paper.drain()
    (item,) = paper.items("send")
    assert item.state == "pending"
    return item


def test_cancelled_answer_is_never_sent_and_the_ticket_says_so(paper, waiting_answer):
    with paper.services.store.writing() as session:
        cancel(session, waiting_answer.id, "the agent called instead", paper.clock.now())
    paper.settle()

    (item,) = paper.items("send")
    assert (item.state, item.reason) == ("refused", "cancelled: the agent called instead")
    assert paper.sent() == []
    (note,) = paper.filed(internal=True)
    assert note == [
        (
            "Niet bezorgd bij de klant: the agent called instead\n"
            "Het gaat om dit antwoord: “Komt eraan.”"
        )
    ]
    assert paper.differences() == [0]


def test_what_has_ended_cannot_be_cancelled(paper):
    paper.say("een")
    paper.settle()

    with (
        pytest.raises(CancelRefused, match="delivered already"),
        paper.services.store.writing() as session,
    ):
        cancel(session, paper.items("file")[0].id, "no", paper.clock.now())


def test_what_is_being_worked_cannot_be_cancelled(paper, waiting_answer):
    paper.clock.forward(600)
    lease = paper.services.leases.take(waiting_answer.lane_id)

    with (
        pytest.raises(CancelRefused, match="being worked right now"),
        paper.services.store.writing() as session,
    ):
        cancel(session, waiting_answer.id, "no", paper.clock.now())
    assert lease is not None


def test_what_stood_behind_a_cancelled_answer_goes_at_once(paper, waiting_answer):
    paper.answer("ticket-of-1", ("c2", "Ook dit."))
    paper.drain()
    with paper.services.store.writing() as session:
        cancel(session, waiting_answer.id, "no", paper.clock.now())
    paper.drain()

    assert paper.sent() == ["Ook dit."]


def test_worker_that_was_thought_dead_commits_nothing_to_a_cancelled_answer(paper, waiting_answer):
    paper.clock.forward(600)
    services = paper.services
    lease, items = Leases(services.store, paper.clock).take_head(waiting_answer.lane_id)
    slow = Job(items, lease, services.store, services.leases, paper.clock, lambda *_: None)
    paper.clock.forward(LEASE_SECONDS + 1)
    with services.store.writing() as session:
        cancel(session, waiting_answer.id, "no", paper.clock.now())

    with pytest.raises(LeaseLost), slow.settle() as settlement:
        settlement.deliver(slow.head)
    (item,) = paper.items("send")
    assert (item.state, item.reason) == ("refused", "cancelled: no")
