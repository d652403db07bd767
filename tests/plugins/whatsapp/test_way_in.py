"""Links that open the chat, and the card for an address book."""

from balie_whatsapp.plugin import plugin
from balie_whatsapp.way_in import card

from .conftest import make_context
from .graph_api import Graph

NUMBER = {"display_phone_number": "+31 6 5550-9999", "verified_name": "Bakker"}
CARD = (
    "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Bakker\r\nORG:Bakker\r\n"
    "TEL;TYPE=CELL;waid=31655509999:+31655509999\r\nURL:https://wa.me/31655509999\r\n"
    "END:VCARD\r\n"
)


def test_card_holds_what_the_settings_say():
    made = card(
        "Bakker; Zn, 1\nEND:VCARD",
        "31655509999",
        link="https://wa.me/31655509999",
        email="a@b.example",
        address="Plein 1\r\nDen Haag",
        note="ma-vr",
    )
    assert made.count("\r\n") == 10
    assert "FN:Bakker\\; Zn\\, 1\\nEND:VCARD\r\n" in made
    assert "ADR;TYPE=WORK:;;Plein 1\\nDen Haag;;;;\r\n" in made


def test_way_in_is_the_chat(online, graph: Graph):
    graph.answers(200, NUMBER)
    (way,) = plugin.ways_in(online)
    assert (way.name, way.url, way.vcard) == ("WhatsApp", "https://wa.me/31655509999", CARD)
    assert way.text_url == "https://wa.me/31655509999?text={text}"


def test_links_lead_where_the_sandbox_is(clock, session, graph: Graph):
    graph.answers(200, NUMBER)
    ctx = make_context(
        clock, session, graph_url=graph.url, calling="on", link_url="http://127.0.0.1:8001/wa.me/"
    )
    chat, call = plugin.ways_in(ctx)
    assert (chat.url, call.url) == (
        "http://127.0.0.1:8001/wa.me/31655509999",
        "http://127.0.0.1:8001/wa.me/call/31655509999",
    )
    assert chat.text_url == "http://127.0.0.1:8001/wa.me/31655509999?text={text}"
    assert "URL:http://127.0.0.1:8001/wa.me/31655509999\r\n" in chat.vcard


def test_ways_in_are_calls_and_short_links_too(clock, session, graph: Graph):
    """S26: each place where the number stands is an entry point of its own."""
    graph.answers(200, NUMBER)
    link = {
        "code": "4O4YGZEG3RIVE1",
        "prefilled_message": "Vraag over mijn pakbon",
        "deep_link_url": "https://wa.me/message/4O4YGZEG3RIVE1",
    }
    graph.on("/message_qrdls", {"data": [link]})
    ctx = make_context(
        clock, session, graph_url=graph.url, calling="on", entry_points="Vraag over mijn pakbon"
    )
    assert [(way.name, way.url) for way in plugin.ways_in(ctx)] == [
        ("WhatsApp", "https://wa.me/31655509999"),
        ("call", "https://wa.me/call/31655509999"),
        ("Vraag over mijn pakbon", "https://wa.me/message/4O4YGZEG3RIVE1"),
    ]
