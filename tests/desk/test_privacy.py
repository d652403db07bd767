"""A person is erased, here and at the helpdesk, and nothing that leads back to them stays."""

from collections import deque
from datetime import timedelta

import pytest
from sqlalchemy import text
from tests.ledger.paper import ANNA, BEN, NOON

from balie.api import (
    Address,
    AddressKind,
    AgentCommanded,
    Concerned,
    Erased,
    EventKind,
    Later,
    Media,
    MediaKind,
    MessageReceived,
    Note,
    PermanentError,
    TransientError,
)
from balie.desk.costs import CostRow
from balie.desk.privacy.export import Exporting
from balie.desk.privacy.who import Asked, NobodyFound, find
from balie.desk.records.models import AddressRow, MessageRow, PersonRow, StatusRow
from balie.ledger.inspect import replay
from balie.ledger.models import Item, State

WAMID = "wamid.HBgLMzE2NTU1MDAwMDE="
SECRETS = ("31655500001", "HBgLMzE2NTU1MDAwMDE", "Mijn geheim", "Ons antwoord", "Anna")


def everything(paper):
    """All that stands in the database, as one text."""
    with paper.services.store.reading() as session:
        if paper.services.store.is_sqlite:
            names = "SELECT name FROM sqlite_master WHERE type = 'table'"
        else:
            names = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        tables = session.scalars(text(names)).all()
        rows = [row for one in tables for row in session.execute(text(f'SELECT * FROM "{one}"'))]
    return "\n".join(sorted(map(str, rows)))


def person(paper, words=ANNA):
    row = paper.services.directory.tenant("winkel")
    with paper.services.store.reading() as session:
        return find(session, Asked(row.id, row.region, words))


def erase(paper, words=ANNA):
    return paper.services.erasures.erase(person(paper, words))


@pytest.fixture
def talked(paper):
    """Anna wrote, was answered, and the answer was read; Ben wrote too."""
    paper.say("Mijn geheim", id=WAMID, name="Anna")
    paper.say("Ik ben Ben", sender=BEN)
    paper.drain()
    paper.answer("ticket-of-1", ("c1", "Ons antwoord"))
    paper.drain()
    sent = paper.messages("outbound")[0].channel_id
    paper.report("read", sent, lane=ANNA.removeprefix("+"), recipient=ANNA)
    paper.drain()
    return paper


def test_erased_person_leaves_nothing_behind_once_nothing_can_come_again(talked):
    assert all(one in everything(talked) for one in SECRETS)

    counts = erase(talked)
    talked.drain()
    talked.clock.forward(timedelta(days=8, minutes=1).total_seconds())
    talked.drain()

    left = everything(talked)
    assert [one for one in SECRETS if one in left] == []
    assert "Ik ben Ben" in left
    assert (counts.conversations, counts.addresses) == (1, 1)
    assert set(talked.differences()) == {0}


def test_erased_person_is_gone_at_once_but_for_what_makes_a_second_delivery_fall_away(talked):
    erase(talked)
    talked.drain()

    left = everything(talked)
    assert [one for one in SECRETS if one in left] == ["HBgLMzE2NTU1MDAwMDE"]
    assert talked.rows(StatusRow) == []
    assert {row.kind for row in talked.rows(AddressRow, AddressRow.person_id == 1)} == set()


def test_message_that_comes_again_after_erasure_falls_away(talked):
    erase(talked)
    talked.drain()

    again = talked.say("Mijn geheim", id=WAMID, name="Anna")
    talked.drain()

    assert (again.new, again.duplicates) == (0, 1)
    assert "Mijn geheim" not in everything(talked)


def test_late_status_of_an_erased_message_is_forgotten_in_time(talked):
    sent = talked.messages("outbound")[0].channel_id
    erase(talked)
    talked.report("delivered", sent, lane="31655500001", reference="2", id="late")
    talked.drain()
    talked.clock.forward(timedelta(days=8, minutes=1).total_seconds())
    talked.drain()

    assert talked.rows(StatusRow) == []
    assert "31655500001" not in everything(talked)


def test_helpdesk_is_told_whose_tickets_and_comments_and_then_the_user_is_forgotten(talked):
    erase(talked)
    talked.drain()

    (who,) = talked.desk.forgotten
    assert who == Concerned(
        users=("user-of-1",),
        tickets={"ticket-of-1": ("comment-1", "c1")},
        conversations=(talked.desk.batches[0].conversation_id,),
    )
    (outcome,) = [
        one for one in talked.services.erasures.outcomes(row(talked)) if one.connection == "desk"
    ]
    assert (outcome.state, outcome.done) == (State.DELIVERED, ["alles"])


def row(paper, person_id=1):
    (found,) = paper.rows(PersonRow, PersonRow.id == person_id)
    return found


def test_what_the_helpdesk_could_not_erase_is_parked_and_tried_again(talked):
    talked.desk.erasures.append(Erased(done=("een deel",), left=("ticket 1",)))
    erase(talked)
    talked.drain()
    (item,) = talked.items("erase")
    assert (item.state, item.reason) == (State.PARKED, "ticket 1")
    assert item.body["report"]["done"] == ["een deel"]

    with talked.services.store.writing() as session:
        replay(session, item.id, talked.clock.now())
    talked.drain()

    assert talked.desk.forgotten[1] == talked.desk.forgotten[0]
    assert talked.items("erase")[0].state == State.DELIVERED


@pytest.mark.parametrize(
    ("error", "state"),
    [(TransientError("down"), State.PENDING), (PermanentError("no"), State.PARKED)],
    ids=["transient", "permanent"],
)
def test_helpdesk_that_fails_keeps_the_work(talked, error, state):
    talked.desk.erasures.append(error)
    erase(talked)
    talked.drain()

    (item,) = talked.items("erase")
    assert (item.state, item.reason) == (state, str(error))
    assert talked.rows(AddressRow, AddressRow.person_id == 1)[0].value == "user-of-1"


def test_waiting_and_parked_work_is_cancelled_with_a_reason(paper):
    paper.say("Eerst", name="Anna")
    paper.drain()
    paper.channel.outcomes.append(TransientError("down"))
    paper.answer("ticket-of-1", ("c1", "Wacht nog"))
    paper.channel.parse_errors.append(PermanentError("cannot be read"))
    paper.say("Geparkeerd")
    paper.drain()
    assert {item.state for item in paper.rows(Item)} >= {State.PENDING, State.PARKED}

    counts = erase(paper)
    paper.drain()
    paper.settle()

    cancelled = paper.rows(Item, Item.reason.like("cancelled%"))
    assert {item.kind for item in cancelled} == {"send", "message"}
    assert (counts.waiting, {item.body is None for item in cancelled}) == (2, {True})
    assert paper.sent() == []
    assert set(paper.differences()) == {0}


def test_work_in_hand_is_lost_to_erasure_and_waited_for(paper):
    """A worker files while its customer is erased: it commits nothing of them any more."""
    paper.say("Mijn geheim", name="Anna")
    paper.drain()

    class Meanwhile(deque[str]):
        def popleft(self) -> str:
            erase(paper)
            return super().popleft()

    paper.answer("ticket-of-1", ("c1", "Ons antwoord"))
    paper.channel.outcomes = Meanwhile(["sent-meanwhile"])
    paper.drain()

    assert "sent-meanwhile" not in everything(paper)
    assert paper.desk.forgotten == []
    paper.clock.forward(61)
    paper.drain()
    assert len(paper.desk.forgotten) == 1


def test_timer_of_an_erased_person_never_rings_and_says_nothing_any_more(paper):
    at = paper.clock.now() + timedelta(hours=1)
    paper.services.directory.add_connection("winkel", "rules", plugin="paper_policy", config={})
    paper.policy.actions = [Later(key="nag", at=at, action=Note(key="nag", text="Bel Anna"))]
    paper.say("Hallo", name="Anna")
    paper.drain()
    erase(paper)
    paper.clock.forward(7200)
    paper.drain()

    assert paper.filed(internal=True) == []
    assert "Bel Anna" not in everything(paper)


def test_files_are_deleted(paper):
    paper.channel.files["photo"] = [b"\x89PNG geheim"]
    photo = Media(kind=MediaKind.IMAGE, ref="photo", text="[Foto]")
    anna = Address(kind=AddressKind.PHONE, value=ANNA)
    event = MessageReceived(id="m-1", sender=(anna,), at=paper.clock.now(), parts=(photo,))
    paper.happens(event, kind=EventKind.MESSAGE, lane=ANNA)
    paper.drain()
    stored = [one["stored"] for one in paper.messages("inbound")[0].parts if one.get("stored")]
    assert len(stored) == 1

    counts = erase(paper)

    assert counts.files == 1
    with pytest.raises(KeyError):
        paper.services.erasures.files.of_tenant(1).open(stored[0])


def test_erasing_twice_changes_nothing_more(talked):
    someone = person(talked)
    erase(talked)
    talked.drain()
    before = everything(talked)

    again = talked.services.erasures.erase(someone)
    talked.drain()

    assert (again.addresses, again.waiting, len(talked.desk.forgotten)) == (0, 0, 1)
    assert everything(talked) == before


def test_answer_to_somebody_erased_goes_nowhere_and_the_agent_is_told(talked):
    erase(talked)
    talked.drain()
    talked.answer("ticket-of-1", ("c2", "Bent u er nog?"))
    talked.drain()

    assert talked.sent() == ["Ons antwoord"]
    assert "gewist" in talked.filed(internal=True)[-1][0]


def test_command_for_somebody_erased_goes_nowhere_and_the_agent_is_told(talked):
    erase(talked)
    talked.drain()
    command = AgentCommanded(
        ticket_id="ticket-of-1", comment_id="c3", at=talked.clock.now(), text="/help"
    )
    talked.happens(command, kind=EventKind.TICKET, lane="ticket-of-1", plugin=talked.desk)
    talked.drain()

    assert talked.sent() == ["Ons antwoord"]
    assert "gewist" in talked.filed(internal=True)[-1][0]


def test_erased_person_who_writes_again_is_a_new_one(talked):
    erase(talked)
    talked.drain()
    talked.say("Daar ben ik weer", name="Anna")
    talked.drain()
    talked.clock.forward(timedelta(days=9).total_seconds())
    talked.drain()

    assert person(talked).id == 3
    assert "Daar ben ik weer" in everything(talked)


def test_costs_stay_without_the_message(talked):
    sent = talked.messages("outbound")[0].channel_id
    cost = {"category": "service", "type": "regular", "billable": True}
    talked.report("delivered", sent, cost=cost)
    talked.drain()
    there = talked.rows(CostRow)
    erase(talked)

    assert [one.category for one in talked.rows(CostRow)] == [one.category for one in there]
    assert all(one.channel_id.startswith("erased:") for one in talked.rows(CostRow))


def test_tenants_do_not_touch(talked, another_tenant):
    another_tenant("bakker")
    talked.accept(talked.message("Bij de bakker", name="Anna"), tenant="bakker")
    talked.drain()
    erase(talked)
    talked.drain()

    assert "Bij de bakker" in everything(talked)
    with pytest.raises(NobodyFound):
        person(talked, "person:3")


@pytest.mark.parametrize(
    "words", ["06 5550 0001", ANNA, "31655500001", "person:1", "user:user-of-1"]
)
def test_person_is_found_however_named(talked, words):
    assert person(talked, words).id == 1


@pytest.mark.parametrize("words", ["06 5550 9999", "person:99", "user:x", "", "%", "person:1e9"])
def test_nobody_is_found_for_what_names_nobody(talked, words):
    with pytest.raises(NobodyFound):
        person(talked, words)


def test_export_holds_all_that_is_known(talked):
    services = talked.services
    holding = Exporting(services.store, services.hooks, services.contexts).of(person(talked), NOON)
    facts = holding.facts

    (talk,) = facts["conversations"]
    assert [one["parts"][0]["text"] for one in talk["messages"]] == ["Mijn geheim", "Ons antwoord"]
    assert facts["person"]["name"] == "Anna"
    assert {one["value"] for one in facts["addresses"]} == {ANNA, "user-of-1"}
    assert talk["messages"][1]["statuses"][-1]["status"] == "read"
    assert facts["elsewhere"]["desk"]["tickets"] == {"ticket-of-1": ("comment-1", "c1")}
    assert "Ben" not in str(facts)


def test_blank_messages_keep_their_time_and_direction(talked):
    before = [(one.id, one.at, one.direction) for one in talked.rows(MessageRow)]
    erase(talked)

    assert [(one.id, one.at, one.direction) for one in talked.rows(MessageRow)] == before
