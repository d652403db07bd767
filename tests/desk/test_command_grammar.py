"""Commands in internal notes, read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balie.api import (
    Asked,
    Contact,
    Link,
    Location,
    Option,
    Options,
    Reaction,
    Request,
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

YES_NO = (Option(id="1", title="Ja"), Option(id="2", title="Nee"))


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
