"""A customer is shown the way to another channel, by a command in an internal note."""

import re
from urllib.parse import unquote

import pytest
from tests.databases import ON_SQLITE
from tests.desk.test_absent import happens
from tests.ledger.paper import ANNA

from balie.api import (
    Address,
    AddressKind,
    MessageReceived,
    PermanentError,
    Text,
    TransientError,
    WayIn,
)
from balie.tenants.models import State

from .commanding import command, note, parts

WAY = WayIn(name="phone", url="https://x.test/1", text_url="https://x.test/1?text={text}")


@pytest.fixture
def two(paper):
    """Anna wrote in the chat of a tenant that also has a phone."""
    directory = paper.services.directory
    directory.add_connection(
        "winkel", "phone", plugin="paper_phone", config={}, files_into="desk", name="Telefoon"
    )
    paper.say("Hallo", name="Anna")
    paper.drain()
    phone(paper).ways = [WAY]
    return paper


def phone(paper):
    return paper.services.registry.get("paper_phone").object


def test_customer_is_shown_the_way_and_what_follows_is_in_the_same_ticket(two):
    command(two, "/whatsapp")

    (text,) = [part.text for part in parts(two)]
    found = re.fullmatch(
        r"U kunt dit gesprek voortzetten op Telefoon: https://x\.test/1\?text=(\S+)", text
    )
    words = unquote(found[1])
    assert re.fullmatch(r"Hallo, ik ga hier verder: BAL(-[A-Z2-7]{4}){4}", words)
    assert note(two).startswith("De klant krijgt een link om verder te gaan op Telefoon.")

    two.accept(two.message(words, sender="+31655500077"), connection="phone")
    two.drain()
    assert [line for comment in two.filed() for line in comment][-1] == words
    assert {ticket.remote_id for ticket in two.tickets()} == {"ticket-of-1"}
    two.answer("ticket-of-1", ("c2", "Daar bent u"), at=two.clock.now())
    two.drain()
    assert [part.text for reply in phone(two).sent for part in reply.parts] == ["Daar bent u"]


def test_channel_with_buttons_gets_a_link(two):
    two.channel.abilities = {"sends": frozenset({"Link"})}
    command(two, "/whatsapp")

    (link,) = parts(two)
    assert (link.text, link.label) == (
        "U kunt dit gesprek voortzetten op Telefoon:",
        "Naar Telefoon",
    )
    assert link.url.startswith("https://x.test/1?text=Hallo%2C%20ik%20ga")


@pytest.mark.parametrize(
    ("here", "there", "language", "said"),
    [
        ("je", "u", "", "Je kunt dit gesprek voortzetten op Telefoon:"),
        ("", "je", "nl", "Je kunt dit gesprek voortzetten op Telefoon:"),
        ("", "", "nl", "U kunt dit gesprek voortzetten op Telefoon:"),
        ("je", "", "en", "You can go on with this talk in Telefoon:"),
    ],
)
def test_way_is_shown_in_the_chats_tone_and_the_customers_language(
    two, here, there, language, said
):
    two.channel.abilities = {"tone": here}
    phone(two).abilities = {"tone": there}
    event = MessageReceived(
        id="m-language",
        sender=(Address(kind=AddressKind.PHONE, value=ANNA),),
        at=two.clock.now(),
        parts=(Text(text="Nog iets"),),
        language=language,
    )
    happens(two, event)
    command(two, "/whatsapp")

    assert parts(two)[-1].text.startswith(said)
    greeting = "Hello, I go on here" if language == "en" else "Hallo, ik ga hier verder"
    assert greeting in unquote(parts(two)[-1].text)
    assert note(two).startswith("De klant krijgt een link")


def test_way_is_shown_once_and_a_vendor_that_is_away_is_waited_for(two):
    phone(two).ways = TransientError("away", retry_after=60)
    for _ in range(2):
        command(two, "/whatsapp")
    assert parts(two) == []

    phone(two).ways = [WAY]
    two.settle()
    assert len(parts(two)) == 1
    assert two.differences() == [0]


@ON_SQLITE
@pytest.mark.parametrize(
    ("ways", "says"),
    [
        ([], "Er is geen ander kanaal om op verder te gaan dat in deze helpdesk uitkomt."),
        ([WayIn(name="x", url="https://x.test/1")], "Er is geen ander kanaal"),
        (
            PermanentError("no number"),
            "De link om verder te gaan op Telefoon kon niet worden gemaakt (no number).",
        ),
    ],
    ids=["none", "none that takes words", "refused"],
)
def test_way_that_cannot_be_shown_is_said(two, ways, says):
    phone(two).ways = ways
    command(two, "/whatsapp")

    assert note(two).startswith(says)
    assert parts(two) == []


def test_phone_of_another_helpdesk_or_that_is_off_is_no_way_to_go(two):
    services = two.services
    services.directory.set_state(
        services.directory.connection("winkel", "phone").id, State.OFF, "by hand"
    )
    services.contexts.forget(services.directory.connection("winkel", "phone").id)
    command(two, "/whatsapp")

    assert note(two).startswith("Niet verstuurd. Er is geen ander kanaal")
