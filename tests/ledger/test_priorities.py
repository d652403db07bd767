"""What customers say goes before how it fared, and that before what was said in the past."""

from dataclasses import replace

from tests.ledger.paper import ANNA, BEN

from balie.api import Address, AddressKind, EventKind, MessageReceived, RawEvent, Text
from balie.ledger.inspect import due_lanes
from balie.ledger.models import Lane
from balie.ledger.priority import Priority


def due(paper) -> list[str]:
    with paper.services.store.reading() as session:
        found = [lane.id for lane in due_lanes(session, paper.clock.now(), 100)]
    names = {lane.id: lane.name for lane in paper.rows(Lane)}
    return [names[lane] for lane in found]


def past(paper, text: str = "Ooit", sender: str = ANNA) -> RawEvent:
    """A message from before Balie was there."""
    raw = replace(paper.message(text, sender=sender), kind=EventKind.HISTORY)
    said = MessageReceived(
        id=f"past-{raw.id}",
        sender=(Address(kind=AddressKind.PHONE, value=sender),),
        at=raw.at,
        parts=(Text(text=text),),
        opens_window=False,
    )
    paper.channel.readings[raw.id] = [said]
    return raw


def test_messages_go_before_statuses_before_imports_whichever_came_first(paper):
    paper.accept(past(paper))
    paper.clock.forward(1)
    paper.report("sent", "paper-1")
    paper.clock.forward(1)
    paper.say("Hallo", sender=BEN)

    assert due(paper) == [f"message:{BEN}", "status:paper-1", f"history:{ANNA}"]


def test_in_one_webhook_too(paper):
    paper.accept(past(paper), paper.status("sent", "paper-1"), paper.message("Hallo", sender=BEN))

    assert due(paper) == [f"message:{BEN}", "status:paper-1", f"history:{ANNA}"]


def test_what_follows_from_an_import_waits_as_it_does(paper):
    paper.accept(past(paper))
    (history,) = paper.rows(Lane)
    paper.services.drainer.drain(history.id)

    (file,) = [lane for lane in paper.rows(Lane) if lane.name.startswith("file:")]
    assert (file.priority, due(paper)) == (Priority.IMPORT, [file.name])
    paper.settle()
    assert paper.filed() == [["Ooit"]]
    assert paper.differences() == [0]


def test_lane_of_an_import_is_more_urgent_once_the_customer_writes(paper):
    paper.accept(past(paper))
    paper.drain()
    paper.say("Hallo")
    (new,) = [lane for lane in paper.rows(Lane) if lane.name.startswith("message:")]
    paper.services.drainer.drain(new.id)

    (file,) = [lane for lane in paper.rows(Lane) if lane.name.startswith("file:")]
    assert file.priority == Priority.MESSAGE
    paper.settle()
    assert paper.filed() == [["Ooit"], ["Hallo"]]


def test_import_that_cannot_be_read_leaves_a_gap_that_is_seen(paper):
    paper.say("Hallo")
    paper.settle()
    raw = past(paper)
    paper.channel.readings[raw.id] = ["no event"]
    paper.accept(raw)
    paper.settle()

    (item,) = paper.items("history")
    assert item.state == "parked"
    assert len(paper.filed(internal=True)) == 1
