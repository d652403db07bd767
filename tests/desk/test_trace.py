"""Where is this message? Asked by what a ticket's field says."""

import pytest

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

    assert told(paper, "balie-1") == ["een", "twee", "drie"]
    assert told(paper, "balie-1", tenant=1) == ["een", "twee", "drie"]
    assert told(paper, "balie-1", tenant=2) == []


@pytest.mark.parametrize("sought", ["balie-99", "balie-", "balie-1x", "balie-" + "9" * 40])
def test_ticket_that_is_none_tells_nothing(paper, sought):
    paper.say("een")
    paper.drain()
    assert told(paper, sought) == []
