"""Who a customer is: found by any address, linked with evidence, never merged by itself."""

import threading

from sqlalchemy import select
from tests.ledger.paper import ANNA, BEN, NOON

from balie.desk.records.models import AddressRow, PersonRow
from balie.ledger.models import Item, Lane

BSUID = "NL.13491208655302741918"


def links(paper) -> list[tuple[int, str, str]]:
    return [
        (row.person_id, row.kind, row.value) for row in paper.rows(AddressRow) if row.scope == ""
    ]


def message(paper, *sender: tuple[str, str], **more):
    event = paper.message(lane=sender[0][1] if sender else "nobody", **more)
    event.body["sender"] = [list(address) for address in sender]
    paper.accept(event)
    paper.settle()


def test_person_is_found_by_any_address(paper):
    message(paper, ("phone", ANNA), ("bsuid", BSUID))
    message(paper, ("bsuid", BSUID))
    message(paper, ("phone", ANNA))

    anna = paper.only(PersonRow)
    assert links(paper) == [(anna.id, "phone", ANNA), (anna.id, "bsuid", BSUID)]
    assert len(paper.conversations()) == 1


def test_phone_that_comes_later_is_linked_with_its_evidence(paper):
    message(paper, ("bsuid", BSUID))
    message(paper, ("bsuid", BSUID), ("phone", ANNA), id="wamid-proof")

    anna = paper.only(PersonRow)
    phone = next(row for row in paper.rows(AddressRow) if row.kind == "phone")
    assert (phone.person_id, phone.value) == (anna.id, ANNA)
    assert (phone.evidence, phone.linked_at) == ("sender of message wamid-proof", NOON)


def test_two_people_are_never_made_one(paper):
    message(paper, ("phone", ANNA))
    message(paper, ("bsuid", BSUID))
    message(paper, ("phone", ANNA), ("bsuid", BSUID))
    message(paper, ("bsuid", BSUID), ("phone", ANNA))

    first, second = paper.people()
    assert links(paper) == [(first.id, "phone", ANNA), (second.id, "bsuid", BSUID)]
    assert [row.conversation_id for row in paper.messages("inbound")] == [1, 2, 1, 2]


def test_same_value_of_another_kind_is_another_address(paper):
    message(paper, ("phone", ANNA))
    message(paper, ("visitor", ANNA))

    assert len(paper.people()) == 2


def test_address_named_twice_is_linked_once(paper):
    message(paper, ("phone", ANNA), ("phone", ANNA))

    assert len(links(paper)) == 1


def test_message_from_nobody_is_parked_with_the_reason(paper, monkeypatch):
    event = paper.message()
    monkeypatch.setattr(paper.channel, "_sender", lambda _: ())
    paper.accept(event)
    paper.settle()

    item = paper.only(Item)
    assert (item.state, item.reason) == ("parked", "the message names no sender")
    assert paper.people() == []


def test_addresses_too_long_for_their_column_stay_apart(paper):
    message(paper, ("visitor", "v" * 300 + "1"))
    message(paper, ("visitor", "v" * 300 + "2"))
    message(paper, ("visitor", "v" * 300 + "1"))

    assert [row.conversation_id for row in paper.messages("inbound")] == [1, 2, 1]


def test_name_is_taken_over_and_an_empty_one_is_not(paper):
    message(paper, ("phone", ANNA), name="Anna")
    message(paper, ("phone", ANNA), name="")
    assert paper.only(PersonRow).name == "Anna"

    message(paper, ("phone", ANNA), name="Anna de Vries")
    assert paper.only(PersonRow).name == "Anna de Vries"


def test_conversation_is_one_per_person_and_channel(paper):
    paper.services.directory.add_connection(
        "winkel", "second", plugin="paper_channel", config={"secret": "c" * 20}, files_into="desk"
    )
    for connection in ("chat", "second", "chat", "second"):
        paper.accept(paper.message(), connection=connection)
        paper.settle()

    anna = paper.only(PersonRow)
    assert [row.person_id for row in paper.conversations()] == [anna.id, anna.id]
    assert [row.conversation_id for row in paper.messages("inbound")] == [1, 2, 1, 2]


def drained_by_threads(paper, workers: int) -> None:
    """Let workers race for all lanes until nothing is due."""

    def work() -> None:
        for _ in range(50):
            with paper.services.store.reading() as session:
                due = session.scalars(select(Lane.id).where(Lane.due_at.is_not(None))).all()
            if not due:
                return
            for lane_id in due:
                paper.services.drainer.drain(lane_id)

    threads = [threading.Thread(target=work) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    paper.settle()


def test_t4_ten_messages_of_a_new_sender_drained_by_four_threads_are_one_thread(paper):
    said = [f"foto {number}" for number in range(10)]
    paper.accept(*[paper.message(text) for text in said])

    drained_by_threads(paper, 4)

    assert len(paper.people()) == len(paper.conversations()) == len(paper.tickets()) == 1
    assert [line for comment in paper.filed() for line in comment] == said
    assert paper.differences() == [0]


def test_new_person_on_two_channels_at_the_same_moment_is_one_person(paper):
    directory = paper.services.directory
    channels = [f"chat-{number}" for number in range(4)]
    for slug in channels:
        directory.add_connection(
            "winkel", slug, plugin="paper_channel", config={"secret": "c" * 20}, files_into="desk"
        )
    for slug in channels:
        paper.accept(paper.message(slug), connection=slug)
    lanes = [row.id for row in paper.rows(Lane)]
    start = threading.Barrier(len(lanes))

    def work(lane_id: int) -> None:
        start.wait()
        paper.services.drainer.drain(lane_id)

    threads = [threading.Thread(target=work, args=[lane_id]) for lane_id in lanes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [item.attempts for item in paper.items("message")] == [0, 0, 0, 0]
    assert len(paper.people()) == 1
    assert len(paper.conversations()) == 4


# --- Tenants don't touch -------------------------------------------------------------------------


def test_a4_same_message_id_in_two_tenants_is_two_messages(paper, another_tenant):
    another_tenant("bakker")
    same = paper.message("Hallo", id="wamid-1")
    assert paper.accept(same).new == 1
    assert paper.accept(same, tenant="bakker").new == 1
    paper.settle()

    assert [row.tenant_id for row in paper.messages("inbound")] == [1, 2]
    assert paper.differences() == [0, 0]


def test_same_number_in_two_tenants_is_two_people(paper, another_tenant):
    another_tenant("bakker")
    paper.say()
    paper.accept(paper.message(name="Anders"), tenant="bakker")
    paper.settle()

    assert [(row.tenant_id, row.name) for row in paper.people()] == [(1, ""), (2, "Anders")]
    assert len({ticket.remote_id for ticket in paper.tickets()}) == 2


def test_status_of_another_tenants_message_changes_nothing(paper, another_tenant):
    another_tenant("bakker")
    paper.say()
    paper.settle()
    paper.answer("ticket-of-1", ("c1", "Dag"))
    paper.settle()
    sent = paper.messages("outbound")[0]
    event = paper.status("read", sent.channel_id, reference=str(sent.id))
    paper.accept(event, tenant="bakker")
    paper.settle()

    assert paper.messages("outbound")[0].status == "accepted"


def test_answer_to_another_tenants_ticket_reaches_nobody(paper, another_tenant):
    another_tenant("bakker")
    paper.say(sender=ANNA)
    paper.accept(paper.message(sender=BEN), tenant="bakker")
    paper.settle()
    mine = paper.tickets()[0].remote_id

    event = paper.answered(mine, ("c1", "voor een ander"))
    paper.accept(event, tenant="bakker", connection="desk")
    paper.settle()

    assert paper.sent() == []
    (item,) = paper.items("ticket")
    assert (item.state, item.reason) == ("refused", f"ticket {mine} is not one that Balie files in")
    assert paper.differences() == [0, 0]
