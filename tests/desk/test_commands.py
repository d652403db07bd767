"""Commands in internal notes: carried out once, and answered in the ticket."""

import pytest
from tests.databases import ON_SQLITE
from tests.ledger.paper import NOON

from balie.api import (
    AgentCommanded,
    EventKind,
    Option,
    Options,
    Reaction,
    ServiceWindow,
    Template,
    TemplateUse,
    Text,
    TransientError,
)

from .commanding import command, note, parts

SHIPPED = Template(
    id="1",
    name="order_shipped",
    language="nl",
    category="UTILITY",
    status="APPROVED",
    text="Hoi {body.1}, bestelling {body.2} is onderweg.",
    variables=(("body.1", "Noor"), ("body.2", "4711")),
)
YES_NO = (Option(id="1", title="Ja"), Option(id="2", title="Nee"))


@pytest.fixture
def desk(paper):
    """Anna wrote, on a channel with templates and choices."""
    paper.channel.abilities = {"sends": frozenset({"TemplateUse", "Options"})}
    paper.channel.templates = [SHIPPED]
    paper.services.templates.sync(paper.services.directory.connection("winkel", "chat").id)
    paper.say("Hallo", name="Anna")
    paper.drain()
    return paper


def test_template_is_sent_with_its_values_and_written_back(desk):
    command(desk, '/template order_shipped 1={naam} 2="47 11"')

    assert parts(desk) == [
        TemplateUse(
            text="Hoi Anna, bestelling 47 11 is onderweg.",
            name="order_shipped",
            language="nl",
            values={"body.1": "Anna", "body.2": "47 11"},
        )
    ]
    assert note(desk) == (
        "Wordt verstuurd als sjabloon order_shipped (nl): “Hoi Anna, bestelling 47 11 is onderweg.”"
    )
    assert desk.messages("outbound")[0].author == "Sam"
    assert desk.differences() == [0]


def test_command_is_carried_out_once(desk):
    for _ in range(3):
        command(desk, "/buttons Klopt dit? | Ja | Nee")

    assert parts(desk) == [Options(text="Klopt dit?", options=YES_NO)]
    assert len(desk.filed(internal=True)) == 1
    assert [item.reason for item in desk.items("ticket")] == [
        "",
        "comment c1 was heard before",
        "comment c1 was heard before",
    ]


def test_choices_are_sent_and_written_back(desk):
    command(desk, "/list Wat? | Kies | Ruilen: andere maat | Geld terug")

    (question,) = parts(desk)
    assert (question.button, [option.title for option in question.options]) == (
        "Kies",
        ["Ruilen", "Geld terug"],
    )
    assert note(desk) == "Wordt verstuurd: “Wat?” met de keuzes Ruilen, Geld terug"


def test_reaction_is_put_on_the_customers_last_message(desk):
    desk.channel.abilities = {"sends": frozenset({"Reaction"})}
    last = desk.messages("inbound")[-1].channel_id

    command(desk, "/reageer 👍")

    assert [(reply.parts, reply.quotes) for reply in desk.channel.sent] == [
        ((Reaction(text="👍", emoji="👍"),), last)
    ]
    assert note(desk) == "Wordt verstuurd: “👍”"


def test_channel_that_cannot_send_a_place_says_so(desk):
    command(desk, "/plaats Winkel | Straat 1 | 52.09, 5.12")

    assert desk.channel.sent == []
    assert note(desk).endswith("kan dit niet sturen; zeg het in een gewoon antwoord.")


@ON_SQLITE
@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("/template order_shiped 1=a 2=b", "Bedoeld is misschien: order_shipped."),
        ("/template order_shipped/fr 1=a 2=b", "is er niet in de taal “fr”, wel in: nl."),
        ("/template order_shipped 1=a", "ontbreekt nog: body.2."),
        ("/template order_shipped 1=a 2=b 3=c", "heeft geen variabele “3”."),
        ("/template", "Noem het sjabloon: /template NAAM 1=WAARDE"),
        ("/template order_shipped los", "“los” is niet te lezen."),
        ("/buttons Ja?", "Schrijf een vraag en een tot drie verschillende knoppen:"),
        ("/list Ja?", "Schrijf een vraag, het woord op de knop,"),
        ("/verstuur", "“/verstuur” is geen opdracht. Opdrachten in een interne notitie:"),
        ("/close", "hoeft niet te worden gesloten: zet het ticket op opgelost."),
        ("/whatsapp", "Er is geen ander kanaal om op verder te gaan"),
    ],
    ids=lambda value: value.split()[0] if value.startswith("/") else "",
)
def test_what_cannot_be_done_is_said_and_nothing_is_sent(desk, text, says):
    command(desk, text)

    assert note(desk).startswith("Niet verstuurd. ")
    assert says in note(desk)
    assert parts(desk) == []
    assert desk.differences() == [0]


def test_conversation_is_closed_with_its_ticket_and_the_note_says_so(desk):
    desk.desk.solves = True
    command(desk, "/help", "c0")
    command(desk, "/sluiten")
    command(desk, "/sluiten")

    assert note(desk) == (
        "Het gesprek is gesloten: dit ticket is opgelost. Schrijft de klant weer, dan gaat het "
        "weer open."
    )
    assert [(one.internal, one.solves) for one in desk.desk.batches] == [
        (False, False),
        (True, False),
        (True, True),
    ]
    assert desk.differences() == [0]


def test_note_that_closes_stands_alone(desk):
    """What else waits is no part of it: it may have to say that it could not."""
    desk.desk.solves = True
    desk.desk.outcomes.append(TransientError("the helpdesk is away", retry_after=60))
    command(desk, "/help", "c0")
    command(desk, "/close")
    command(desk, "/help", "c2")
    desk.clock.forward(600)
    desk.settle()

    batches = [one for one in desk.desk.batches if one.internal]
    assert [(len(one.lines), one.solves) for one in batches] == [
        (1, False),
        (1, True),
        (1, False),
    ]


def test_conversation_in_which_the_customer_wrote_again_stays_open(desk):
    desk.desk.solves = True
    written = desk.clock.now()
    desk.clock.forward(60)
    desk.say("Wacht, nog iets")
    desk.drain()
    event = AgentCommanded(ticket_id="ticket-of-1", comment_id="c1", at=written, text="/close")
    desk.happens(event, kind=EventKind.TICKET, lane="ticket-of-1", plugin=desk.desk)
    desk.drain()

    assert note(desk).startswith("Niet gesloten: het gesprek is intussen verdergegaan")
    assert not any(one.solves for one in desk.desk.batches)


def test_conversation_whose_last_message_is_not_in_the_ticket_yet_stays_open(desk):
    desk.desk.solves = True
    desk.clock.forward(60)
    desk.desk.outcomes.append(TransientError("the helpdesk is away", retry_after=60))
    desk.say("Nog iets")
    desk.drain()
    command(desk, "/close")
    desk.clock.forward(600)
    desk.settle()

    assert note(desk).startswith("Niet gesloten: ")
    assert not any(one.solves for one in desk.desk.batches)


def test_command_to_close_in_an_older_ticket_does_not_close_the_newer_one(desk):
    desk.desk.solves = True
    desk.desk.closed.add("ticket-of-1")
    desk.say("En nu?")
    desk.drain()
    command(desk, "/close")

    assert note(desk).startswith("Niet gesloten: ")
    assert not any(one.solves for one in desk.desk.batches)


def test_paused_template_is_not_sent(desk):
    desk.channel.templates = [
        Template(
            id="1",
            name="order_shipped",
            language="nl",
            category="UTILITY",
            status="PAUSED",
            text="",
        )
    ]
    desk.services.templates.sync(desk.services.directory.connection("winkel", "chat").id)
    command(desk, "/template order_shipped")

    assert "noemt het PAUSED" in note(desk)
    assert parts(desk) == []


def test_help_names_the_templates(desk):
    command(desk, "/help")

    assert note(desk).endswith(
        "In een waarde staat {naam} voor de naam van de klant en {ticket} voor het nummer. "
        "Sjablonen: order_shipped."
    )


def test_help_in_english(paper, another_tenant):
    another_tenant("shop", "en")
    paper.accept(paper.message(), tenant="shop")
    paper.drain()
    event = AgentCommanded(
        ticket_id="ticket-of-1", comment_id="c1", at=paper.clock.now(), text="/help"
    )
    raw = paper.answered("ticket-of-1")
    paper.desk.readings[raw.id] = [event]
    paper.accept(raw, tenant="shop", connection="desk")
    paper.drain()

    assert note(paper).startswith("Commands in an internal note: /template NAME 1=VALUE")


def test_channel_without_templates_and_choices_says_so(desk):
    desk.channel.abilities = {}
    command(desk, "/template order_shipped 1=a 2=b")
    assert note(desk) == "Niet verstuurd. Paper kent geen sjablonen."

    command(desk, "/buttons Ja? | Ja", "c2")
    assert note(desk).startswith("Niet verstuurd. Paper kan geen keuzes sturen;")
    assert parts(desk) == []


def test_command_in_another_ticket_is_refused(desk):
    command(desk, "/help", ticket="not-ours")

    assert desk.items("ticket")[0].reason == "ticket not-ours is not one that Balie files in"
    assert desk.filed(internal=True) == []


def test_comment_that_balie_wrote_is_never_obeyed(desk):
    command(desk, "/buttons Ja? | Ja", "comment-1")

    assert parts(desk) == []


def test_template_passes_an_answer_that_is_held(desk):
    desk.channel.abilities["window"] = ServiceWindow(
        hours=24, waiting_template=("order_shipped", "nl"), hold_days=7
    )
    desk.channel.templates = [
        Template(
            id=name,
            name=name,
            language="nl",
            category="UTILITY",
            status="APPROVED",
            text=name,
        )
        for name in ("order_shipped", "other")
    ]
    desk.services.templates.sync(desk.services.directory.connection("winkel", "chat").id)
    desk.clock.at = NOON.replace(day=4)
    desk.answer("ticket-of-1", ("a1", "Vrij antwoord"))
    desk.drain()
    command(desk, "/template other", "c2")
    assert [part.text for part in parts(desk)] == ["order_shipped", "other"]

    desk.say("Ja?")
    desk.drain()
    assert parts(desk)[-1] == Text(text="Vrij antwoord")


def test_template_that_stood_behind_an_answer_passes_it_when_the_window_closes(desk):
    desk.channel.abilities["window"] = ServiceWindow(
        hours=24, waiting_template=("order_shipped", "nl")
    )
    desk.channel.templates = [
        Template(
            id="1",
            name="order_shipped",
            language="nl",
            category="UTILITY",
            status="APPROVED",
            text="Hoi",
        )
    ]
    desk.services.templates.sync(desk.services.directory.connection("winkel", "chat").id)
    desk.clock.at = NOON.replace(day=4)
    answer = desk.answered("ticket-of-1", ("a1", "Vrij antwoord"))
    desk.accept(answer, connection="desk")
    event = AgentCommanded(
        ticket_id="ticket-of-1",
        comment_id="c2",
        at=desk.clock.now(),
        text="/template order_shipped",
    )
    desk.happens(event, kind=EventKind.TICKET, lane="ticket-of-1", plugin=desk.desk)
    desk.drain()

    assert [part.text for part in parts(desk)] == ["Hoi", "Hoi"]
    assert [item.state for item in desk.items("send")].count("pending") == 1
    assert set(desk.differences()) == {0}
