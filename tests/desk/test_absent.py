"""S42: an answer that came when nobody was there goes another way, and the ticket says which."""

import pytest
from tests.ledger.paper import ANNA as PHONE

from balie.api import (
    Absence,
    Address,
    AddressKind,
    EventKind,
    MessageReceived,
    NumberLeft,
    Options,
    ServiceWindow,
    TemplateUse,
    Text,
)
from balie.desk.records.models import ConversationRow

INVITATION = (
    "In de chat van De Winkel is gevraagd om op dit nummer te antwoorden. Klopt dat? Tik dan op de"
    " knop, of beantwoord dit bericht. Zo niet, dan hoeft er niets te gebeuren."
)
VISITOR = Address(kind=AddressKind.VISITOR, value="visitor-1")


@pytest.fixture
def paper(paper):
    """The counter with a channel for those who have left the first one."""
    paper.services.directory.add_connection(
        "winkel",
        "phone",
        plugin="paper_channel",
        config={"secret": "c" * 20},
        files_into="desk",
        name="WhatsApp",
    )
    paper.channel.abilities = {"absence": Absence(seconds=60, by="phone")}
    return paper


def chat(paper, text="hallo"):
    number = next(paper.numbers)
    event = MessageReceived(
        id=f"m{number}",
        sender=(VISITOR,),
        at=paper.clock.now(),
        parts=(Text(text=text),),
        thread="t1",
    )
    happens(paper, event)


def leave_number(paper):
    happens(
        paper,
        NumberLeft(
            id="n1", sender=VISITOR, at=paper.clock.now(), number=PHONE, consent="agreed to text 3"
        ),
    )


def happens(paper, event):
    paper.happens(event, kind=EventKind.MESSAGE, lane=VISITOR.value)
    paper.clock.forward(1)
    paper.drain()


def accepts(paper, connection="phone", text="Ja, dat was ik"):
    """Let whoever has the number reply to the last invitation they got."""
    invitation = f"paper-{invitations(paper)[-1]}"
    paper.accept(paper.message(text, sender=PHONE, quotes=invitation), connection=connection)
    paper.clock.forward(1)
    paper.drain()


def invitations(paper):
    """Return the places, from 1, of what was sent that asks whether a number is the customer's."""
    return [
        place
        for place, reply in enumerate(paper.channel.sent, 1)
        if isinstance(reply.parts[0], TemplateUse) or reply.parts[0].text.startswith("In de chat")
    ]


def answer(paper, text="het antwoord"):
    paper.answer("ticket-of-1", (f"c{next(paper.numbers)}", text))
    paper.clock.forward(1)
    paper.drain()


def wait(paper, seconds=61):
    paper.clock.forward(seconds)
    paper.drain()


def told(paper):
    return [line for lines in paper.filed(internal=True) for line in lines]


def test_answer_that_was_delivered_goes_no_other_way(paper):
    chat(paper)
    leave_number(paper)
    answer(paper)
    paper.report("delivered", "paper-1")
    wait(paper)

    assert paper.sent() == ["het antwoord"]
    assert told(paper) == []
    assert paper.items("absent")[0].reason == "the customer was there"


def test_answer_that_was_not_goes_to_the_number_that_was_left(paper):
    chat(paper)
    leave_number(paper)
    answer(paper)
    wait(paper)
    before = paper.sent()
    accepts(paper)

    assert before == ["het antwoord", INVITATION]
    assert paper.sent()[2:] == ["het antwoord"]
    assert [address.value for address in paper.channel.sent[2].to] == [PHONE]
    line, kept, released = told(paper)
    assert "Pas als wie dat nummer heeft het goedvindt" in kept
    assert released.startswith("De klant heeft gereageerd")
    assert line == (
        "De klant was niet meer in de chat. Dit antwoord gaat via WhatsApp naar 06 55500001, zoals"
        " de klant goedvond: “het antwoord”"
    )


def test_what_comes_back_from_a_new_number_is_in_the_same_ticket(paper):
    chat(paper)
    leave_number(paper)
    answer(paper)
    paper.channel.abilities = {}
    wait(paper, 0)
    paper.channel.abilities = {"absence": Absence(seconds=60, by="phone")}
    wait(paper)
    accepts(paper)
    answer(paper, "graag gedaan")

    assert [batch.ticket_id for batch in paper.desk.batches if not batch.internal] == [
        None,
        "ticket-of-1",
    ]
    assert [address.value for address in paper.channel.sent[-1].to] == [PHONE]


def test_a_number_somebody_writes_from_keeps_its_own_ticket(paper):
    paper.accept(paper.message("een eigen vraag", sender=PHONE), connection="phone")
    paper.drain()
    chat(paper)
    leave_number(paper)
    paper.answer("ticket-of-2", ("c1", "het antwoord"))
    paper.drain()
    wait(paper)

    assert paper.rows(ConversationRow, ConversationRow.files_with.is_not(None)) == []
    assert told(paper)[0].endswith("wat daar terugkomt, staat in dat ticket.")


def test_without_a_number_the_ticket_says_so_once(paper):
    chat(paper)
    answer(paper, "een")
    answer(paper, "twee")
    wait(paper)

    (line,) = told(paper)
    assert line == (
        "De klant is niet meer in de chat en liet geen nummer achter. Antwoorden staan klaar voor"
        " als de klant terugkomt: “een”"
    )


def test_way_that_is_switched_off_is_none(paper):
    row = paper.services.directory.connection("winkel", "phone")
    chat(paper)
    leave_number(paper)
    answer(paper)
    paper.services.directory.set_state(row.id, "off")
    wait(paper)

    assert len(paper.sent()) == 1
    assert told(paper)[0].startswith("De klant is niet meer in de chat")


def test_outside_the_window_it_is_held_for_the_customers_tap(paper):
    """The other channel's rules hold: an answer is kept, and the customer asked, by a template."""
    chat(paper)
    leave_number(paper)
    answer(paper)
    paper.channel.abilities |= {
        "window": ServiceWindow(hours=24, waiting_template=("answer_waiting", "nl")),
        "sends": frozenset({"TemplateUse"}),
    }
    wait(paper)
    held = paper.sent()
    accepts(paper, text="ja graag")

    assert len(held) == 2
    assert "answer_waiting" in held[1]
    assert paper.sent()[2:] == ["het antwoord"]


# --- A number that was only typed may be anybody's -------------------------------------------

OPEN = {"window": ServiceWindow(hours=24, waiting_template=("answer_waiting", "nl"))}


@pytest.fixture
def stranger(paper):
    """Somebody talks with us on WhatsApp, so answers may be sent; a visitor types their number."""
    paper.channel.abilities_of["phone"] = OPEN | {"sends": frozenset({"TemplateUse", "Options"})}
    write(paper, "waar is mijn pakje?")
    chat(paper, "ik heb een nare vraag")
    leave_number(paper)
    paper.answer("ticket-of-2", ("c1", "een antwoord dat niemand anders mag lezen"))
    paper.drain()
    wait(paper)
    return paper


def write(paper, text, **more):
    paper.accept(paper.message(text, sender=PHONE, **more), connection="phone")
    paper.clock.forward(1)
    paper.drain()


def on_the_phone(paper):
    return [reply.parts[0] for reply in paper.channel.sent if reply.to[0].value == PHONE]


def test_a22_stranger_whose_number_was_typed_reads_nothing_of_the_answer(stranger):
    for later in range(200):  # as long as it is kept, with all that the stranger says
        if later in (1, 30):
            write(stranger, "wie is dit?")
        wait(stranger, 3600)

    (invitation,) = [part for part in on_the_phone(stranger) if isinstance(part, Options)]
    assert invitation.text == INVITATION
    assert [option.title for option in invitation.options] == ["Ja, dat was ik"]
    assert "niemand anders" not in str([reply.parts for reply in stranger.channel.sent[1:]])
    assert any("heeft in 7 dagen niet gereageerd" in line for line in told(stranger))
    assert [batch.ticket_id for batch in stranger.desk.batches if not batch.internal][2:] == [
        "ticket-of-1",  # what the stranger says is in the stranger's ticket
        "ticket-of-1",
    ]
    assert set(stranger.differences()) == {0}


def test_a22_strangers_own_answers_wait_for_nothing(stranger):
    stranger.answer("ticket-of-1", ("c2", "uw pakje komt morgen"))
    stranger.drain()

    assert on_the_phone(stranger)[-1].text == "uw pakje komt morgen"


@pytest.mark.parametrize("by", ["button", "reply"])
def test_a22_whoever_accepts_has_the_answer_and_the_next_ones(stranger, by):
    option = on_the_phone(stranger)[-1].options[0]
    if by == "button":
        write(stranger, option.title, option=option.id)
    else:
        accepts(stranger)
    stranger.answer("ticket-of-2", ("c3", "en nog iets"))
    stranger.drain()
    wait(stranger)

    assert [part.text for part in on_the_phone(stranger)[1:]] == [
        "een antwoord dat niemand anders mag lezen",
        "en nog iets",
    ]


def test_a22_tap_of_somebody_else_accepts_nothing(stranger):
    option = on_the_phone(stranger)[-1].options[0]
    other = stranger.message("ja", sender="+31655500009", option=option.id)
    stranger.accept(other, connection="phone")
    stranger.drain()
    wait(stranger, 3600)

    assert len(on_the_phone(stranger)) == 1


def test_a22_words_after_a_template_are_asked_about_once_more(paper):
    """Who never wrote is asked by a template; words that are no tap on it may be of a stranger."""
    paper.channel.abilities_of["phone"] = OPEN | {"sends": frozenset({"TemplateUse", "Options"})}
    chat(paper)
    leave_number(paper)
    answer(paper)
    wait(paper)
    write(paper, "wie is dit?")
    asked = [type(part).__name__ for part in on_the_phone(paper)]
    accepts(paper)

    assert asked == ["TemplateUse", "Options"]
    assert [part.text for part in on_the_phone(paper)[2:]] == ["het antwoord"]


def test_a22_code_of_the_talk_accepts_too(stranger):
    live = stranger.services.contexts.find("winkel", "chat")
    write(stranger, live.ctx.hops.issue(VISITOR, "t1").code)
    wait(stranger, 3600)

    assert on_the_phone(stranger)[-1].text == "een antwoord dat niemand anders mag lezen"
