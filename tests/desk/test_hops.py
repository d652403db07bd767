"""Going on elsewhere by a code: the same ticket, answers to where the customer wrote last."""

import threading
from typing import Any

import pytest
from tests.ledger.paper import ANNA as PHONE
from tests.ledger.paper import BEN as OTHER_PHONE

from balie.api import (
    Address,
    AddressKind,
    AddressProven,
    EventKind,
    MessageReceived,
    NumberLeft,
    RawEvent,
    Text,
)
from balie.desk.elsewhere.codes import HopCodes
from balie.desk.elsewhere.hops import issue as issue_for
from balie.desk.records.models import AddressRow, ConversationRow, HopRow
from balie.tenants.secrets import SecretBox

VISITOR = Address(kind=AddressKind.VISITOR, value="visitor-1")
LATER = Address(kind=AddressKind.VISITOR, value="visitor-2")


@pytest.fixture
def paper(paper):
    """The counter with two channels into one desk: ``chat`` on the site, ``phone`` by number."""
    paper.services.directory.add_connection(
        "winkel",
        "phone",
        plugin="paper_channel",
        config={"secret": "c" * 20},
        files_into="desk",
        name="Telefoon",
    )
    return paper


def chat(paper, text="hallo", *, by=VISITOR, thread="t1", hop=""):
    happens(paper, "chat", by, text, thread=thread, hop=hop)


def text_from(paper, number, text, **more):
    happens(paper, "phone", Address(kind=AddressKind.PHONE, value=number), text, **more)


def happens(paper, connection, sender, text, **more):
    number = next(paper.numbers)
    at = paper.clock.now()
    event = MessageReceived(
        id=f"m{number}", sender=(sender,), at=at, parts=(Text(text=text),), **more
    )
    raw = RawEvent(id=f"e{number}", kind=EventKind.MESSAGE, lane=sender.value, at=at)
    paper.channel.readings[raw.id] = [event]
    paper.accept(raw, connection=connection)
    paper.clock.forward(1)
    paper.drain()


def context(paper, connection="chat"):
    return paper.services.contexts.find("winkel", connection).ctx


def issue(paper, by=VISITOR, thread="t1"):
    return context(paper).hops.issue(by, thread).code


def answers(paper, ticket="ticket-of-1"):
    """Let an agent answer; return where it went."""
    before = len(paper.channel.sent)
    paper.answer(ticket, (f"c{next(paper.numbers)}", "antwoord"))
    paper.clock.forward(1)
    paper.drain()
    return [reply.thread or "phone" for reply in paper.channel.sent[before:]]


def tickets_of(batches):
    return [batch.ticket_id for batch in batches if not batch.internal]


def test_first_message_with_a_code_joins_the_ticket_and_answers_follow(paper):
    chat(paper)
    first = answers(paper)
    text_from(paper, PHONE, f"Verder in de app {issue(paper)}")
    second = answers(paper)
    text_from(paper, PHONE, "zonder code")
    chat(paper, "toch weer hier")
    third = answers(paper)
    text_from(paper, PHONE, "en weer daar")
    fourth = answers(paper)

    assert [first, second, third, fourth] == [["t1"], ["phone"], ["t1"], ["phone"]]
    assert tickets_of(paper.desk.batches) == [None, *["ticket-of-1"] * 4]
    assert len(paper.tickets()) == 1
    (told,) = paper.filed(internal=True)
    assert told[0].startswith("De klant gaat verder op Telefoon, met een code uit Paper. ")


def test_code_links_the_person_with_evidence(paper):
    chat(paper)
    text_from(paper, PHONE, issue(paper))

    rows = paper.rows(AddressRow, AddressRow.scope == "")
    assert len({row.person_id for row in rows}) == 1
    visitor = next(row for row in rows if row.kind == AddressKind.VISITOR)
    assert visitor.evidence.startswith("brought a code of conversation 1 to conversation 2")
    assert "was person 1" in visitor.evidence


def test_code_given_by_a_customer_who_wrote_before_joins_from_then_on(paper):
    text_from(paper, PHONE, "een oude vraag")
    chat(paper)
    text_from(paper, PHONE, issue(paper))
    text_from(paper, PHONE, "en nog iets")

    assert tickets_of(paper.desk.batches) == [None, None, "ticket-of-2", "ticket-of-2"]
    # An answer in the old ticket too goes to where the customer wrote last.
    assert answers(paper, "ticket-of-1") == ["phone"]
    assert len({row.person_id for row in paper.conversations()}) == 1


def test_way_back_with_a_code_joins_another_visit(paper):
    chat(paper)
    text_from(paper, PHONE, issue(paper))
    code = back(paper)

    chat(paper, "ik ben er weer", by=LATER, thread="t9", hop=code)

    assert answers(paper) == ["t9"]
    assert tickets_of(paper.desk.batches)[-1] == "ticket-of-1"
    assert len({row.person_id for row in paper.conversations()}) == 1


def back(paper):
    """Return a code for the conversation on the phone, as a link back to the site holds it."""
    phone = next(row for row in paper.conversations() if not row.thread)
    with paper.services.store.writing() as session:
        row = session.get_one(ConversationRow, phone.id)
        return issue_for(session, paper.services.codes, row, paper.clock).code


def test_code_opens_once(paper):
    chat(paper)
    code = issue(paper)
    text_from(paper, PHONE, code)
    text_from(paper, OTHER_PHONE, code)

    assert tickets_of(paper.desk.batches) == [None, "ticket-of-1", None]
    assert len({row.person_id for row in paper.conversations()}) == 2


def test_code_ends(paper):
    chat(paper)
    code = issue(paper)
    paper.clock.forward(31 * 60)
    text_from(paper, PHONE, code)

    assert tickets_of(paper.desk.batches) == [None, None]
    assert paper.rows(HopRow)[0].used_at is None


def test_a17_code_of_another_tenant_or_of_nobody_opens_nothing(paper, another_tenant):
    another_tenant("buren")
    chat(paper)
    code = issue(paper)
    strange = HopCodes(SecretBox([paper.services.settings.secret_keys[0]])).make()
    paper.accept(paper.message(code, sender=OTHER_PHONE), tenant="buren")
    paper.drain()
    text_from(paper, PHONE, strange)
    wrong = code[:-1] + ("A" if code[-1] != "A" else "B")
    text_from(paper, PHONE, wrong)

    assert paper.rows(HopRow)[0].used_at is None
    assert {row.files_with for row in paper.conversations()} == {None}


def test_code_keeps_no_more_than_its_digest(paper):
    chat(paper)
    code = issue(paper)

    (row,) = paper.rows(HopRow)
    assert code not in (row.digest, str(vars(row)))
    assert len(row.digest) == 64


def test_nobody_gets_a_code_for_what_another_began(paper):
    chat(paper)

    with pytest.raises(LookupError):
        context(paper).hops.issue(LATER, "t1")
    with pytest.raises(LookupError):
        context(paper, "phone").hops.issue(VISITOR, "t1")


@pytest.mark.parametrize(
    ("text", "finds"),
    [
        ("{code}", True),
        ("Hallo! {code}.", True),
        ("code:{lower}", True),
        ("{code}-AAAA", False),
        ("X{code}", False),
        ("BAL-AAAA-AAAA-AAAA-AAAA en {code}", True),
        ("BAL-AAAA-AAAA-AAAA-AAAA", False),
        ("BAL-" * 2_000, False),
    ],
    ids=range(8),
)
def test_code_is_found_in_a_text_if_it_is_ours(text, finds):
    codes = HopCodes(SecretBox(["u" * 43 + "="]))
    code = codes.make()

    found = codes.find(text.format(code=code, lower=code.lower()))

    assert found == (code if finds else "")


def test_codes_of_older_keys_still_open():
    old, new = "u" * 43 + "=", "k" * 43 + "="
    code = HopCodes(SecretBox([old])).make()

    assert HopCodes(SecretBox([new, old])).find(code) == code
    assert HopCodes(SecretBox([new])).find(code) == ""


def test_two_who_bring_one_code_at_once_are_decided_by_the_database(paper):
    chat(paper)
    code = issue(paper)
    events: list[Any] = []
    for number in (PHONE, OTHER_PHONE):
        event = paper.message(code, sender=number)
        paper.accept(event, connection="phone")
        events.append(event)
    lanes = {item.lane_id for item in paper.items("message") if item.state == "pending"}
    workers = [
        threading.Thread(target=paper.services.drainer.drain, args=[lane_id]) for lane_id in lanes
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    paper.settle()

    joined = [row for row in paper.conversations() if row.files_with is not None]
    assert len(workers) == 2
    assert len(joined) == 1
    assert paper.differences() == [0]


def test_sign_in_links_what_was_said_before(paper):
    known = Address(kind=AddressKind.VISITOR, value="customer-42")
    chat(paper, "van de klant", by=known, thread="t0")
    chat(paper, "anoniem", thread="t1")
    proof = AddressProven(
        id="p1", sender=VISITOR, same_as=known, at=paper.clock.now(), evidence="a signed token"
    )
    paper.happens(proof, kind=EventKind.MESSAGE, lane=VISITOR.value)
    paper.drain()
    chat(paper, "nog anoniem onderweg", thread="t1")

    reader = context(paper).threads
    assert [thread.id for thread in reader.begun_by(known)] == ["t0", "t1"]
    assert reader.begun_by(VISITOR) == ()
    assert len({row.person_id for row in paper.conversations()}) == 1
    assert len(reader.page(known, "t1", most=10)) == 2


def test_sign_in_of_a_new_customer_takes_the_visit_along(paper):
    known = Address(kind=AddressKind.VISITOR, value="customer-42")
    chat(paper)
    proof = AddressProven(
        id="p1", sender=VISITOR, same_as=known, at=paper.clock.now(), evidence="a signed token"
    )
    paper.happens(proof, kind=EventKind.MESSAGE, lane=VISITOR.value)
    paper.drain()

    assert [thread.id for thread in context(paper).threads.begun_by(known)] == ["t1"]
    assert len(paper.people()) == 1


def test_two_known_customers_are_never_made_one(paper):
    text_from(paper, OTHER_PHONE, "een ander")
    chat(paper)
    text_from(paper, OTHER_PHONE, issue(paper))
    chat(paper, "tweede bezoek", by=LATER, thread="t2")
    text_from(paper, PHONE, issue(paper, LATER, "t2"))
    third = issue(paper)
    text_from(paper, PHONE, third)

    owners = {row.value: row.person_id for row in paper.rows(AddressRow) if not row.scope}
    assert owners[PHONE] != owners[OTHER_PHONE]
    assert "Beide kanalen hoorden al bij een bekende klant." in paper.filed(internal=True)[-1][0]


def test_number_that_was_left_recognises_nobody(paper):
    chat(paper)
    left = NumberLeft(
        id="n1", sender=VISITOR, at=paper.clock.now(), number=PHONE, consent="agreed to text 3"
    )
    for _ in range(2):
        paper.happens(left, kind=EventKind.MESSAGE, lane=VISITOR.value)
    paper.drain()
    text_from(paper, PHONE, "ik ben een ander")

    owners = {row.value: row.person_id for row in paper.rows(AddressRow) if not row.scope}
    assert owners[PHONE] != owners[VISITOR.value]
    kept = [row.evidence for row in paper.rows(AddressRow) if row.scope.startswith("left")]
    assert kept == ["agreed to text 3"]


def test_desks_that_differ_are_not_joined(paper):
    paper.services.directory.add_connection(
        "winkel", "desk2", plugin="paper_desk", config={"secret": "d" * 20}
    )
    paper.services.directory.add_connection(
        "winkel", "far", plugin="paper_channel", config={"secret": "c" * 20}, files_into="desk2"
    )
    chat(paper)
    happens(paper, "far", Address(kind=AddressKind.PHONE, value=PHONE), issue(paper))

    assert {row.files_with for row in paper.conversations()} == {None}
    assert "andere helpdesk" in paper.filed(internal=True)[-1][0]
