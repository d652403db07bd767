"""Where is this message? Asked by what a ticket's field says."""

from datetime import timedelta

import pytest

from balie.desk.records.models import ConversationRow
from balie.desk.trace import trace


def told(paper, sought, tenant=None):
    with paper.services.store.reading() as session:
        return [one["said"] for one in trace(session, tenant, sought)]


def test_ticket_tells_of_all_that_is_filed_in_it_in_order(paper):
    paper.say("een")
    paper.say("twee")
    paper.say("van een ander", sender="+31655500009")
    paper.drain()
    paper.answer("ticket-of-1", ("c1", "drie"))
    paper.drain()

    field = f"balie-{paper.rows(ConversationRow)[0].reference}"
    assert told(paper, field) == ["een", "twee", "drie"]
    assert told(paper, field, tenant=1) == ["een", "twee", "drie"]
    assert told(paper, field, tenant=2) == []
    assert told(paper, field[:-1]) == []


def test_conversation_of_another_database_is_another_one(paper):
    paper.say("een")
    paper.drain()
    paper.clock.at += timedelta(seconds=1)
    paper.say("twee", sender="+31655500009")
    paper.drain()

    first, second = (one.reference.partition("-") for one in paper.rows(ConversationRow))
    assert (first[0], second[0]) == ("1", "2")
    assert int(second[2], 16) - int(first[2], 16) == 1_000_000


@pytest.mark.parametrize("sought", ["balie-1", "balie-99-1", "balie-1-x", "balie-" + "9" * 40])
def test_ticket_that_is_none_tells_nothing(paper, sought):
    paper.say("een")
    paper.drain()
    assert told(paper, sought) == []
