"""S42: an answer that is kept for a tap which never comes goes on by mail, and never twice."""

import threading
from datetime import timedelta

import pytest
from tests.desk.test_absent import VISITOR, answer, happens, leave_number, told, wait
from tests.desk.test_absent_by_mail import MAIL, chat
from tests.ledger.paper import ANNA as PHONE

from balie.api import (
    Absence,
    AddressProven,
    OutcomeUnknown,
    Rejected,
    ServiceWindow,
    TemplateUse,
)
from balie.desk.records.models import MessageRow

HOUR = 3600
WINDOW = ServiceWindow(
    hours=24, waiting_template=("answer_waiting", "nl"), closed_codes=frozenset({"131047"})
)
MAILED = (
    "De klant heeft op WhatsApp niet gereageerd. Dit bewaarde antwoord gaat nu per e-mail naar "
    "noor@example.org, een adres waarvan vaststaat dat het van de klant is; via WhatsApp komt het "
    "niet meer: “het antwoord”"
)


@pytest.fixture
def paper(paper):
    """The counter with WhatsApp, where only a template may begin, and e-mail after it."""
    for slug, name in (("phone", "WhatsApp"), ("post", "E-mail")):
        paper.services.directory.add_connection(
            "winkel",
            slug,
            plugin="paper_channel",
            config={"secret": "c" * 20},
            files_into="desk",
            name=name,
        )
    patience(paper, 4 * HOUR)
    paper.channel.abilities_of["phone"] = {"window": WINDOW, "sends": {"TemplateUse"}}
    paper.channel.abilities_of["post"] = {"stands_alone": True, "sends": {"Earlier"}}
    return paper


def patience(paper, seconds):
    rules = Absence(seconds=60, by="phone", mail="post", tap_seconds=seconds)
    paper.channel.abilities_of["chat"] = {"absence": rules}


@pytest.fixture
def kept(paper):
    """Noor has left; her answer waits on WhatsApp for her tap."""
    chat(paper, "hallo")
    leave_number(paper)
    answer(paper)
    wait(paper)
    return paper


def went(paper):
    """What went out after the chat's own: templates by name, letters and WhatsApp by their ways."""
    return [_said(reply) for reply in paper.channel.sent if not _is_of_chat(reply)]


def _is_of_chat(reply):
    return reply.thread == "t1"


def _said(reply):
    if isinstance(reply.parts[0], TemplateUse):
        return f"[{reply.parts[0].name}]"
    way = "letter" if any(type(part).__name__ == "Earlier" for part in reply.parts) else "phone"
    return f"{way}: {reply.parts[0].text}"


def tap(paper, text="ja graag"):
    template = next(
        place
        for place, reply in enumerate(paper.channel.sent, 1)
        if isinstance(reply.parts[0], TemplateUse)
    )
    tapped = paper.message(text, sender=PHONE, quotes=f"paper-{template}")
    paper.accept(tapped, connection="phone")


def has_accepted(paper):
    """Let whoever has the number have tapped before, so that answers are brought at once."""
    chat(paper, "eerder")
    leave_number(paper)
    answer(paper, "eerder")
    wait(paper)
    tap(paper)
    paper.drain()
    chat(paper, "hallo")


def looked(paper, seconds):
    """Let time go by, with a look each hour, as what is kept has one."""
    end = paper.clock.now() + timedelta(seconds=seconds)
    while paper.clock.now() < end:
        paper.clock.forward(min(HOUR, (end - paper.clock.now()).total_seconds()))
        paper.drain()


# --- Nobody taps ---------------------------------------------------------------------------


def test_answer_that_nobody_taps_for_goes_by_mail_after_the_stated_time(kept):
    looked(kept, 4 * HOUR - 1)
    before = went(kept)
    looked(kept, 1)

    assert before == ["[answer_waiting]"]
    assert went(kept) == ["[answer_waiting]", "letter: het antwoord"]
    by_number, held, mailed = told(kept)
    assert "via WhatsApp naar 06 55500001" in by_number
    assert "tot maandag 2 maart om 17:01; daarna gaat het per e-mail." in held
    assert mailed == MAILED
    assert set(kept.differences()) == {0}


def test_tap_that_comes_later_brings_nothing_again_and_stands_in_the_ticket(kept):
    looked(kept, 4 * HOUR)
    tap(kept)
    kept.settle()

    assert went(kept) == ["[answer_waiting]", "letter: het antwoord"]
    assert kept.filed()[-1] == ["ja graag"]
    assert len(kept.tickets()) == 1
    answer(kept, "Nog een vraag?")
    assert went(kept)[2:] == ["phone: Nog een vraag?"]


def test_tap_in_time_brings_the_answer_and_no_letter_follows(kept):
    looked(kept, 4 * HOUR - 1)
    tap(kept)
    kept.drain()
    wait(kept, 24 * HOUR)

    assert went(kept) == ["[answer_waiting]", "phone: het antwoord"]
    assert not any("gaat nu per e-mail" in line for line in told(kept))


def test_who_saw_the_answer_in_the_chat_meanwhile_gets_no_letter(kept):
    kept.report("delivered", "paper-1")
    looked(kept, 5 * HOUR)
    early = went(kept)
    tap(kept)
    kept.drain()

    assert early == ["[answer_waiting]"]
    assert went(kept) == ["[answer_waiting]", "phone: het antwoord"]


def test_without_a_verified_address_it_stays_kept_for_the_tap(paper):
    chat(paper, "hallo", mail=None)
    leave_number(paper)
    answer(paper)
    wait(paper)
    looked(paper, 5 * HOUR)
    tap(paper)
    paper.drain()

    assert went(paper) == ["[answer_waiting]", "phone: het antwoord"]
    assert "daarna" not in told(paper)[1]


def test_address_that_is_verified_while_the_answer_is_kept_gets_it(paper):
    chat(paper, "hallo", mail=None)
    leave_number(paper)
    answer(paper)
    wait(paper)
    looked(paper, 5 * HOUR)
    now = paper.clock.now()
    happens(paper, AddressProven(id="p1", sender=VISITOR, same_as=MAIL, at=now, evidence="a JWT"))
    looked(paper, HOUR)

    assert went(paper) == ["[answer_waiting]", "letter: het antwoord"]


def test_tenant_may_wait_for_as_long_as_whatsapp_keeps_it(paper):
    patience(paper, 0)
    chat(paper, "hallo")
    leave_number(paper)
    answer(paper)
    wait(paper)
    wait(paper, 6 * 24 * HOUR)
    early = went(paper)
    wait(paper, 24 * HOUR)

    assert early == ["[answer_waiting]"]
    assert went(paper) == ["[answer_waiting]", "letter: het antwoord"]


def test_each_answer_waits_for_its_own_time_and_the_template_is_sent_once(kept):
    looked(kept, HOUR)
    answer(kept, "en nog iets")
    wait(kept)
    looked(kept, 3 * HOUR)
    first = went(kept)
    looked(kept, HOUR)

    assert first == ["[answer_waiting]", "letter: het antwoord"]
    assert went(kept)[2:] == ["letter: en nog iets"]


def test_answer_in_several_pieces_is_one_letter(paper):
    paper.channel.abilities_of["phone"] |= {"text_limit": 10}
    chat(paper, "hallo")
    leave_number(paper)
    answer(paper, "een twee drie vier vijf")
    wait(paper)
    looked(paper, 4 * HOUR)
    tap(paper)
    paper.settle()

    assert went(paper) == ["[answer_waiting]", "letter: een twee drie vier vijf"]
    assert sum("gaat nu per e-mail" in line for line in told(paper)) == 1


def test_answer_of_which_a_piece_arrived_there_is_in_no_letter(paper):
    """The vendor takes the first piece, and says of the second that it comes too late."""
    paper.channel.abilities_of["phone"] |= {"text_limit": 10}
    has_accepted(paper)
    answer(paper, "een twee drie")
    paper.channel.outcomes.extend(["phone-1", Rejected("131047", "Te laat")])
    wait(paper)
    looked(paper, 5 * HOUR)

    assert went(paper)[2:] == ["phone: een twee", "[answer_waiting]"]


def test_answer_that_may_have_been_sent_there_goes_in_no_letter(paper):
    """Its outcome was lost in the window's last minute, and no status proves that it failed."""
    has_accepted(paper)
    paper.clock.forward(24 * HOUR - 70)
    answer(paper, "het late antwoord")
    paper.channel.outcomes.append(OutcomeUnknown("no answer came"))
    wait(paper)
    looked(paper, 5 * HOUR)

    assert went(paper)[2:] == ["[answer_waiting]"]


# --- The template itself fails -------------------------------------------------------------


def test_number_that_is_not_on_whatsapp_is_passed_at_once(paper):
    chat(paper, "hallo")
    leave_number(paper)
    answer(paper)
    paper.channel.outcomes.append(Rejected("131026", "Dit nummer heeft geen WhatsApp."))
    wait(paper)

    assert went(paper) == ["letter: het antwoord"]
    assert "Dit nummer heeft geen WhatsApp." in "\n".join(told(paper))
    assert "per e-mail naar noor@example.org" in told(paper)[-1]
    assert set(paper.differences()) == {0}


def test_template_that_is_told_later_not_to_have_arrived_is_not_waited_for(kept):
    template = kept.rows(MessageRow, MessageRow.note_key.startswith("waiting:"))[0]
    event = kept.status("failed", template.channel_id, code="131026", text="Niet op WhatsApp")
    kept.accept(event, connection="phone")
    kept.drain()

    assert went(kept) == ["[answer_waiting]", "letter: het antwoord"]
    looked(kept, 5 * HOUR)
    assert went(kept)[2:] == []


# --- Death and doubles ---------------------------------------------------------------------


class Died(BaseException):
    """The process ends here."""


def die():
    raise Died


def send_lane(paper):
    """The lane in which the answer is kept."""
    phone = paper.services.directory.connection("winkel", "phone").id
    kept = [item for item in paper.items("send") if item.connection_id == phone]
    return next(item.lane_id for item in kept if item.state == "pending")


def test_death_while_the_answer_is_let_go_loses_and_doubles_nothing(kept):
    lane = send_lane(kept)
    looked(kept, 4 * HOUR - 1)
    kept.clock.forward(1)
    kept.channel.before_stating.extend([lambda: None, die])
    with pytest.raises(Died):
        kept.services.drainer.drain(lane)
    assert [item.state for item in kept.items("send") if item.lane_id == lane] == ["pending"]
    kept.services.leases.clear()
    kept.settle()

    assert went(kept) == ["[answer_waiting]", "letter: het antwoord"]
    assert set(kept.differences()) == {0}


def test_death_before_the_letter_loses_and_doubles_nothing(kept):
    """The answer is let go; then nothing runs until after the customer's tap."""
    let_go(kept)
    tap(kept)
    kept.services.leases.clear()
    kept.services.drainer.drain(kept.items("message")[-1].lane_id)
    kept.settle()

    assert went(kept) == ["[answer_waiting]", "letter: het antwoord"]
    assert set(kept.differences()) == {0}


def let_go(paper):
    """Let the wait end, and nothing else be worked."""
    lane = send_lane(paper)
    looked(paper, 4 * HOUR - 1)
    paper.clock.forward(1)
    paper.services.drainer.drain(lane)


def switch_off(paper, slug):
    row = paper.services.directory.connection("winkel", slug)
    paper.services.directory.set_state(row.id, "off")


def test_way_that_is_gone_by_then_is_told(kept):
    let_go(kept)
    switch_off(kept, "post")
    kept.settle()

    assert went(kept) == ["[answer_waiting]"]
    (failed,) = told(kept)[2:]
    assert failed == (
        "Niet bezorgd bij de klant: Op WhatsApp mag nu geen vrij antwoord worden gestuurd: deze "
        "klant heeft daar nog niet geschreven. De klant heeft niet op tijd gereageerd.\nHet gaat "
        "om dit antwoord: “het antwoord”"
    )
    assert kept.items("absent")[-1].reason == "there is no further way"


def test_first_way_that_is_switched_off_stands_in_nobodys_way(kept):
    let_go(kept)
    switch_off(kept, "phone")
    kept.settle()

    assert went(kept) == ["[answer_waiting]", "letter: het antwoord"]
    assert told(kept)[2:] == [MAILED]


def test_tap_and_the_end_of_the_wait_at_the_same_moment_bring_it_once(paper):
    for number in range(6):
        chat(paper, f"vraag {number}")
        leave_number(paper)
        answer(paper, f"antwoord {number}")
        wait(paper)
        lane = send_lane(paper)
        looked(paper, 4 * HOUR - 1)
        paper.clock.forward(1)
        tap(paper)
        message = paper.items("message")[-1].lane_id
        together(paper, *([lane, message] if number % 2 else [message, lane]), lane, message)
        paper.drain()
        wait(paper, 25 * HOUR)

    brought = [one.partition(": ")[2] for one in went(paper) if one != "[answer_waiting]"]
    assert brought == [f"antwoord {number}" for number in range(6)]
    assert set(paper.differences()) == {0}


def together(paper, *lanes):
    """Drain these lanes at the same moment, each in a thread of its own."""
    start = threading.Barrier(len(lanes))

    def work(lane_id):
        start.wait()
        paper.services.drainer.drain(lane_id)

    threads = [threading.Thread(target=work, args=[lane_id]) for lane_id in lanes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
