"""What vendors tell of customers and accounts, what is said past Balie, and tickets' ends."""

from datetime import timedelta

import pytest
from tests.ledger.paper import ANNA, BEN

from balie.api import (
    AccountNotice,
    Address,
    AddressKind,
    CustomerNotice,
    EventKind,
    MessageReceived,
    MessageSent,
    Severity,
    Text,
    TicketChanged,
    TicketState,
)
from balie.desk.records.models import AddressRow, NoticeRow
from balie.ledger.models import State

NEW = "+31655500009"


def phone(number):
    return Address(kind=AddressKind.PHONE, value=number)


def user(name):
    return Address(kind=AddressKind.BSUID, value=name)


def customer_notice(paper, *, old, new=(), text="Nieuw nummer.", key="n-1"):
    event = CustomerNotice(id=key, sender=old, at=paper.clock.now(), text=text, moves_to=new)
    paper.happens(event, kind=EventKind.MESSAGE, lane=old[0].value)
    paper.drain()


def reasons(paper, kind):
    return [item.reason for item in paper.items(kind) if item.state == State.REFUSED]


# --- Customers ------------------------------------------------------------------------------------


def test_customer_who_moves_to_another_number_keeps_conversation_and_ticket(paper):
    paper.say("Van mijn oude nummer")
    paper.drain()
    customer_notice(paper, old=(phone(ANNA),), new=(phone(NEW),))

    paper.say("Van mijn nieuwe nummer", sender=NEW)
    paper.drain()
    ticket = paper.tickets()[0].remote_id
    paper.answer(ticket, ("c-1", "Gezien."))
    paper.drain()

    assert len(paper.people()) == len(paper.conversations()) == len(paper.tickets()) == 1
    assert paper.channel.sent[0].to == (phone(NEW),)
    assert paper.filed(internal=True) == [["Nieuw nummer."]]


def test_old_number_belongs_to_whoever_gets_it_next(paper):
    paper.say("Anna hier")
    paper.drain()
    customer_notice(paper, old=(phone(ANNA),), new=(phone(NEW),))

    paper.say("Nee, Berend", sender=ANNA)
    paper.drain()

    assert len(paper.people()) == 2
    former = [row for row in paper.rows(AddressRow) if row.scope.startswith("former")]
    assert [(row.value, row.person_id) for row in former] == [(ANNA, paper.people()[0].id)]


def test_move_to_a_number_that_is_somebody_elses_merges_nobody(paper):
    paper.say("Anna hier")
    paper.say("Ben hier", sender=BEN)
    paper.drain()

    customer_notice(paper, old=(phone(ANNA),), new=(phone(BEN),))

    assert len(paper.people()) == 2
    assert paper.filed(internal=True)[-1][-1].startswith(f"{BEN} hoort hier al bij een andere")
    assert [row.scope for row in paper.rows(AddressRow, AddressRow.value == ANNA)] == [""]


def test_number_that_a_customer_shares_is_another_way_to_reach_them(paper):
    event = MessageReceived(
        id="m-1", sender=(user("NL.2"),), at=paper.clock.now(), parts=(Text(text="Hoi"),)
    )
    paper.happens(event, kind=EventKind.MESSAGE, lane="NL.2")
    paper.drain()

    customer_notice(paper, old=(user("NL.2"),), new=(phone(NEW),), text="Deelde nummer.")
    paper.say("Nu met nummer", sender=NEW)
    paper.drain()

    ways = [row.value for row in paper.rows(AddressRow, AddressRow.scope == "")]
    assert (ways, len(paper.people())) == (["NL.2", NEW], 1)


def test_notice_of_somebody_unknown_is_refused_with_a_reason(paper):
    customer_notice(paper, old=(phone("+31655500077"),))

    assert reasons(paper, "message") == ["it is about a customer who is not known here"]
    assert paper.people() == []


def test_notice_of_another_tenants_customer_is_refused(paper, another_tenant):
    another_tenant("bakker")
    paper.accept(paper.message("Hallo bakker"), tenant="bakker")
    paper.drain()

    customer_notice(paper, old=(phone(ANNA),), new=(phone(NEW),))

    assert reasons(paper, "message") == ["it is about a customer who is not known here"]
    assert [row.value for row in paper.rows(AddressRow, AddressRow.scope == "")] == [ANNA]


# --- Accounts -------------------------------------------------------------------------------------


def account_notice(paper, severity, *, topic="quality", key="a-1", text="", minutes=0):
    event = AccountNotice(
        id=key,
        at=paper.clock.now() + timedelta(minutes=minutes),
        topic=topic,
        severity=severity,
        text=text or f"{topic} {severity}.",
    )
    paper.happens(event, kind=EventKind.NOTICE, lane="account")
    paper.drain()


def alarm(paper):
    return paper.services.directory.connection("winkel", "chat").alarm


def test_alarm_stands_at_the_connection_until_it_is_taken_back(paper):
    account_notice(paper, Severity.ALARM, text="Kwaliteit is rood.")
    assert alarm(paper) == "Kwaliteit is rood."

    account_notice(paper, Severity.CLEARED, key="a-2", minutes=5)

    assert alarm(paper) == ""
    assert [row.severity for row in paper.rows(NoticeRow)] == ["alarm", "cleared"]


@pytest.mark.parametrize("severity", [Severity.INFO, Severity.WARNING])
def test_lesser_notice_is_kept_and_alarms_nobody(paper, severity):
    account_notice(paper, Severity.ALARM, text="Betaling.")
    account_notice(paper, severity, key="a-2", minutes=1)

    assert (alarm(paper), len(paper.rows(NoticeRow))) == ("Betaling.", 2)


def test_alarms_of_two_topics_both_stand(paper):
    account_notice(paper, Severity.ALARM, topic="payment", text="Betaling.")
    account_notice(paper, Severity.ALARM, topic="quality", key="a-2", text="Kwaliteit.")

    assert sorted(alarm(paper).split(" · ")) == ["Betaling.", "Kwaliteit."]


def test_alarm_that_arrives_after_it_was_taken_back_stays_taken_back(paper):
    account_notice(paper, Severity.CLEARED, minutes=5)
    account_notice(paper, Severity.ALARM, key="a-2")

    assert alarm(paper) == ""


# --- Said past Balie ------------------------------------------------------------------------------


def test_message_from_the_phone_is_a_note_in_the_ticket_and_leaves_the_window_alone(paper):
    paper.say("Zijn jullie open?")
    paper.drain()
    before = paper.conversations()[0].last_inbound_at
    paper.clock.forward(60)
    event = MessageSent(
        id="echo-1", to=(phone(ANNA),), at=paper.clock.now(), parts=(Text(text="Ja, tot 6."),)
    )

    paper.happens(event, kind=EventKind.MESSAGE, lane=ANNA)
    paper.drain()

    assert paper.filed(internal=True) == [
        ["[Gestuurd vanaf de telefoon, buiten de helpdesk om] Ja, tot 6."]
    ]
    assert (paper.channel.sent, paper.conversations()[0].last_inbound_at) == ([], before)


def test_echo_of_what_balie_sent_is_no_second_message(paper):
    paper.say()
    paper.drain()
    paper.answer(paper.tickets()[0].remote_id, ("c-1", "Goedemiddag."))
    paper.drain()
    sent_id = paper.messages("outbound")[0].channel_id

    event = MessageSent(
        id=sent_id, to=(phone(ANNA),), at=paper.clock.now(), parts=(Text(text="Goedemiddag."),)
    )
    paper.happens(event, kind=EventKind.MESSAGE, lane=ANNA)
    paper.drain()

    assert len(paper.messages("outbound")) == 1
    assert paper.filed(internal=True) == []


def test_quoted_message_is_told_beside_the_one_that_quotes_it(paper):
    paper.say("Wat kost het rode jasje in maat M?", id="m-1")
    event = MessageReceived(
        id="m-2",
        sender=(phone(ANNA),),
        at=paper.clock.now(),
        parts=(Text(text="Dat dus."),),
        quotes="m-1",
    )
    paper.happens(event, kind=EventKind.MESSAGE, lane=ANNA)
    paper.drain()

    assert [line.about for batch in paper.desk.batches for line in batch.lines] == [
        "",
        "Wat kost het rode jasje in maat M?",
    ]


# --- Tickets --------------------------------------------------------------------------------------


def ticket_changed(paper, state, **more):
    ticket = paper.tickets()[0].remote_id
    event = TicketChanged(ticket_id=ticket, at=paper.clock.now(), state=state, **more)
    paper.happens(event, kind=EventKind.TICKET, lane=ticket, plugin=paper.desk)
    paper.drain()


def test_after_a_merge_the_conversation_goes_on_in_the_other_ticket(paper):
    paper.say("Een")
    paper.drain()
    ticket_changed(paper, TicketState.MERGED, into="ticket-77")

    paper.say("Twee")
    paper.drain()
    paper.answer("ticket-77", ("c-1", "Ik lees mee."))
    paper.drain()

    assert paper.desk.batches[-1].ticket_id == "ticket-77"
    assert paper.sent() == ["Ik lees mee."]


def test_after_a_deletion_the_next_message_makes_a_new_ticket(paper):
    paper.say("Een")
    paper.drain()
    ticket_changed(paper, TicketState.GONE)

    paper.say("Twee")
    paper.drain()

    assert paper.desk.batches[-1].ticket_id is None


def test_state_of_a_ticket_is_known(paper):
    paper.say("Een")
    paper.drain()

    ticket_changed(paper, TicketState.SOLVED)

    assert paper.tickets()[0].state == TicketState.SOLVED


def test_ticket_of_somebody_else_is_refused(paper):
    event = TicketChanged(ticket_id="99", at=paper.clock.now(), state=TicketState.SOLVED)
    paper.happens(event, kind=EventKind.TICKET, lane="99", plugin=paper.desk)
    paper.drain()

    assert reasons(paper, "ticket") == ["ticket 99 is not one that Balie files in"]
