"""S42: the last way to who has left is a letter, to an address that is known to be theirs (A22)."""

import pytest
from tests.desk.test_absent import VISITOR, answer, happens, leave_number, told, wait

from balie.api import Absence, Address, AddressKind, MessageReceived, Rejected, Text, WayIn
from balie.desk.records.models import HopRow

MAIL = Address(kind=AddressKind.EMAIL, value="noor@example.org")
PAGE = "https://shop.example/contact"


@pytest.fixture
def paper(paper):
    """The counter with two further connections, by number and by letter."""
    for slug, name in (("phone", "WhatsApp"), ("post", "E-mail")):
        paper.services.directory.add_connection(
            "winkel",
            slug,
            plugin="paper_channel",
            config={"secret": "c" * 20},
            files_into="desk",
            name=name,
        )
    rules = Absence(seconds=60, by="phone", mail="post")
    paper.channel.abilities = {"absence": rules, "stands_alone": True, "sends": {"Link", "Earlier"}}
    paper.channel.ways = [WayIn(name="chat", url=PAGE, text_url=f"{PAGE}#balie-hop={{text}}")]
    return paper


def chat(paper, *said, thread="t1", mail=MAIL, language=""):
    for text in said:
        event = MessageReceived(
            id=f"m{next(paper.numbers)}",
            sender=(VISITOR, mail) if mail else (VISITOR,),
            at=paper.clock.now(),
            parts=(Text(text=text),),
            thread=thread,
            language=language,
        )
        happens(paper, event)


def parts(reply):
    return {type(part).__name__: part.text for part in reply.parts}


def test_letter_brings_what_was_asked_and_the_way_back(paper):
    chat(paper, "Is mijn fiets klaar?", "En wat kost het?")
    answer(paper)
    wait(paper)
    letter = paper.channel.sent[1]
    link = letter.parts[-1]

    assert parts(letter) == {
        "Text": "het antwoord",
        "Earlier": "Is mijn fiets klaar?\nEn wat kost het?",
        "Link": "Ga verder in Paper",
    }
    assert link.url.startswith(f"{PAGE}#balie-hop=BAL-")
    assert MAIL in letter.to
    (line,) = told(paper)
    assert line == (
        "De klant was niet meer in de chat. Dit antwoord gaat per e-mail naar noor@example.org, "
        "een adres waarvan vaststaat dat het van de klant is: “het antwoord”"
    )
    (code,) = paper.rows(HopRow)
    assert (code.expires_at - paper.clock.now()).days == 3
    assert paper.differences() == [0]


def test_way_back_is_in_the_customers_language(paper):
    chat(paper, "Is mijn fiets klaar?", language="nl")
    chat(paper, "Is my bike ready?", language="en")
    answer(paper)
    wait(paper)

    assert parts(paper.channel.sent[1])["Link"] == "Go on in Paper"


def test_a22_address_that_nobody_proved_gets_no_letter(paper):
    chat(paper, "hallo", mail=None)
    answer(paper)
    wait(paper)

    assert paper.sent() == ["het antwoord"]
    assert told(paper)[0].startswith("De klant is niet meer in de chat en liet geen nummer achter;")


def test_number_that_was_left_goes_before_the_letter(paper):
    chat(paper, "hallo")
    leave_number(paper)
    answer(paper)
    wait(paper)

    assert len(paper.channel.sent) == 2
    assert "via WhatsApp" in told(paper)[0]


def test_letter_goes_where_the_number_took_nothing(paper):
    chat(paper, "hallo")
    leave_number(paper)
    answer(paper)
    paper.channel.outcomes.append(Rejected("131026", "Dit nummer heeft geen WhatsApp."))
    wait(paper)

    assert parts(paper.channel.sent[1])["Earlier"] == "hallo"
    lines = told(paper)
    assert "via WhatsApp" in lines[0]
    assert any("Dit nummer heeft geen WhatsApp." in line for line in lines[1:-1])
    assert "per e-mail naar noor@example.org" in lines[-1]
    assert paper.differences() == [0]


def test_when_the_last_way_fails_that_is_told_once_and_it_ends(paper):
    chat(paper, "hallo")
    answer(paper)
    paper.channel.outcomes.append(Rejected("550", "Dit adres is er niet."))
    wait(paper)

    assert paper.sent() == ["het antwoord"]
    assert "Dit adres is er niet." in told(paper)[1]
    assert len(told(paper)) == 2
    assert [item.reason for item in paper.items("absent")][-1] == "there is no further way"


def test_each_talk_has_a_letter_of_its_own_ticket(paper):
    chat(paper, "een")
    chat(paper, "twee", thread="t2")
    for ticket in ("ticket-of-1", "ticket-of-2"):
        paper.answer(ticket, (f"c-{ticket}", "het antwoord"))
        paper.drain()
    wait(paper)

    assert [parts(letter)["Earlier"] for letter in paper.channel.sent[2:]] == ["een", "twee"]
    assert not any("loopt al een gesprek" in line for line in told(paper))


def test_without_a_page_the_letter_goes_without_a_link(paper):
    paper.channel.ways = []
    chat(paper, "hallo")
    answer(paper)
    wait(paper)

    assert parts(paper.channel.sent[1]) == {"Text": "het antwoord", "Earlier": "hallo"}
