"""Commands in internal notes: read, carried out once, and answered in the ticket."""

import re
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.databases import ON_SQLITE
from tests.ledger.paper import NOON

from balie.api import (
    AgentCommanded,
    Asked,
    Contact,
    EventKind,
    Link,
    Location,
    Option,
    Options,
    PermanentError,
    Reaction,
    Request,
    ServiceWindow,
    Template,
    TemplateUse,
    Text,
    TransientError,
    WayIn,
)
from balie.desk.commands.grammar import (
    Ask,
    Close,
    Help,
    Misread,
    MoveToWhatsApp,
    Send,
    SendTemplate,
    read,
)
from balie.tenants.models import State

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


# --- Read ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "part"),
    [
        (
            "/link Volg het pakket | Bekijk | https://example.org/4711?a=1",
            Link(text="Volg het pakket", label="Bekijk", url="https://example.org/4711?a=1"),
        ),
        ("/vraag locatie Waar bent u?", Request(text="Waar bent u?", what=Asked.LOCATION)),
        ("/ask phone Your number?", Request(text="Your number?", what=Asked.PHONE)),
        (
            "/plaats Winkel | Straat 1 | 52.09, -5.1",
            Location(
                text="Winkel, Straat 1",
                latitude=52.09,
                longitude=-5.1,
                name="Winkel",
                address="Straat 1",
            ),
        ),
        (
            "/contact Monteur | +31 6 5550 0001",
            Contact(text="Monteur, +31 6 5550 0001", name="Monteur", phones=("+31 6 5550 0001",)),
        ),
        ("/reageer 👍🏽", Reaction(text="👍🏽", emoji="👍🏽")),
    ],
    ids=["link", "location", "phone", "place", "contact", "reaction"],
)
def test_what_is_no_words_is_read(text, part):
    found = read(text)

    assert isinstance(found, Send)
    assert (found.part, found.answers) == (part, isinstance(part, Reaction))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("/link Tekst | Knop | javascript:alert(1)", "how_link"),
        ("/link https://example.org", "how_link"),
        ("/vraag Waar bent u?", "how_ask"),
        ("/vraag locatie", "how_ask"),
        ("/plaats Winkel | Straat | 95.0, 5.0", "how_place"),
        ("/plaats Winkel", "how_place"),
        ("/contact Monteur", "how_contact"),
        ("/contact Monteur | nummer volgt", "how_contact"),
        ("/react ok", "how_react"),
        ("/react", "how_react"),
    ],
)
def test_what_is_no_words_and_cannot_be_read_says_how(text, problem):
    assert read(text) == Misread(problem)


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("/template hello", SendTemplate("hello")),
        ("  /Template   hello  ", SendTemplate("hello")),
        ("/sjabloon hello/nl_NL", SendTemplate("hello", "nl_NL")),
        ("/template a 1=4711", SendTemplate("a", "", {"1": "4711"})),
        (
            "/template a 1=\"Noor de Vries\" body.2=x naam='O K' t=“krul” d=„laag”",
            SendTemplate(
                "a",
                "",
                {"1": "Noor de Vries", "body.2": "x", "naam": "O K", "t": "krul", "d": "laag"},
            ),
        ),
        ("/template a 1 = x", SendTemplate("a", "", {"1": "x"})),
        ("/template a\n1=x\n2=y", SendTemplate("a", "", {"1": "x", "2": "y"})),
        ('/template a 1=""', SendTemplate("a", "", {"1": ""})),
        ('/template a 1="open', SendTemplate("a", "", {"1": '"open'})),
        ("/template a 1=x=y", SendTemplate("a", "", {"1": "x=y"})),
        ("/buttons Klopt dit? | Ja | Nee", Ask(Options(text="Klopt dit?", options=YES_NO))),
        ("/knoppen Klopt dit?|Ja|Nee", Ask(Options(text="Klopt dit?", options=YES_NO))),
        (
            "/list Wat? | Kies | Ruilen: andere maat: M | Geld terug",
            Ask(
                Options(
                    text="Wat?",
                    button="Kies",
                    options=(
                        Option(id="1", title="Ruilen", description="andere maat: M"),
                        Option(id="2", title="Geld terug"),
                    ),
                )
            ),
        ),
        ("/close", Close()),
        ("/sluiten nu", Close()),
        ("/whatsapp", MoveToWhatsApp()),
        ("/help", Help()),
    ],
)
def test_command_is_read(text, command):
    assert read(text) == command


@pytest.mark.parametrize(
    ("text", "misread"),
    [
        ("", Misread("unknown", "")),
        ("geen opdracht, gewoon een notitie", Misread("unknown", "geen opdracht, gewoo")),
        ("/", Misread("unknown", "/")),
        ("/templates a", Misread("unknown", "templates")),
        ("/template", Misread("how_template")),
        ("/template 1=x", Misread("how_template")),
        ("/template a los", Misread("how_value", "los")),
        ("/template a =x", Misread("how_value", "=x")),
        ("/buttons Vraag", Misread("how_buttons")),
        ("/buttons Vraag | Ja |", Misread("how_buttons")),
        ("/buttons Vraag | a | b | c | d", Misread("how_buttons")),
        ("/buttons Vraag | Ja | Ja", Misread("how_buttons")),
        ("/list Vraag | Kies", Misread("how_list")),
        ("/list Vraag | Kies | : zonder titel", Misread("how_list")),
        ("/list Vraag | Kies | a: x | a: y", Misread("how_list")),
        ("/list V | K | " + " | ".join("abcdefghijk"), Misread("how_list")),
    ],
)
def test_what_cannot_be_read_says_how_to_write_it(text, misread):
    assert read(text) == misread


@given(st.text(max_size=200), st.sampled_from(["", "/template ", "/buttons ", "/list ", "/"]))
def test_every_note_has_a_reading(text, start):
    read(start + text)


# --- Carried out ---------------------------------------------------------------------------


@pytest.fixture
def desk(paper):
    """Anna wrote, on a channel with templates and choices."""
    paper.channel.abilities = {"sends": frozenset({"TemplateUse", "Options"})}
    paper.channel.templates = [SHIPPED]
    paper.services.templates.sync(paper.services.directory.connection("winkel", "chat").id)
    paper.say("Hallo", name="Anna")
    paper.drain()
    return paper


def command(paper, text: str, comment: str = "c1", ticket: str = "ticket-of-1") -> None:
    event = AgentCommanded(
        ticket_id=ticket, comment_id=comment, at=paper.clock.now(), text=text, author="Sam"
    )
    paper.happens(event, kind=EventKind.TICKET, lane=ticket, plugin=paper.desk)
    paper.drain()


def note(paper) -> str:
    """The last internal note."""
    return paper.filed(internal=True)[-1][-1]


def parts(paper):
    return [part for reply in paper.channel.sent for part in reply.parts]


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
        "comment c1 was obeyed before",
        "comment c1 was obeyed before",
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


# --- Going on elsewhere --------------------------------------------------------------------

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
