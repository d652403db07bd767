"""Every part that an agent can send, as the message that Graph gets."""

import pytest

from balie.api import (
    Address,
    AddressKind,
    Asked,
    Call,
    Contact,
    Context,
    Link,
    Location,
    Markup,
    Option,
    Options,
    Reaction,
    ReadMark,
    Receipt,
    Rejected,
    Reply,
    Request,
    Text,
)
from balie_whatsapp.plugin import plugin

from .conftest import make_context
from .graph_api import Graph
from .payloads import NUMBER_ID

PHONE = Address(kind=AddressKind.PHONE, value="+31655500001")
BSUID = Address(kind=AddressKind.BSUID, value="NL.1001")
GROUP = Address(kind=AddressKind.GROUP, value="Y2FwaV9ncm91cDo=")


def send(ctx: Context, *parts, to=(PHONE,), quotes=None) -> Receipt:
    return plugin.reply_dispatch(ctx, Reply(id="7", to=to, parts=parts, quotes=quotes))


def options(*titles, text="Wat?", **more):
    found = tuple(Option(id=f"o{n}", title=title) for n, title in enumerate(titles))
    return Options(text=text, options=found, **more)


LOCATION = Location(text="Plein 1", latitude=52.1, longitude=4.3, name="Balie", address="Plein 1")
CARD = Contact(
    text="Ans", name="Ans", phones=("+31 6 5550 0003", "intern 12"), emails=("a@b.example",)
)

SENT = [
    (
        "location",
        LOCATION,
        {"latitude": 52.1, "longitude": 4.3, "name": "Balie", "address": "Plein 1"},
    ),
    (
        "location",
        Location(text="x", latitude=1.0, longitude=2.0),
        {"latitude": 1.0, "longitude": 2.0},
    ),
    (
        "contacts",
        CARD,
        [
            {
                "name": {"formatted_name": "Ans", "first_name": "Ans"},
                "phones": [
                    {"phone": "+31 6 5550 0003", "type": "CELL", "wa_id": "31655500003"},
                    {"phone": "intern 12", "type": "CELL"},
                ],
                "emails": [{"email": "a@b.example", "type": "WORK"}],
            }
        ],
    ),
    (
        "interactive",
        options("Ja", "Nee"),
        {
            "type": "button",
            "body": {"text": "Wat?"},
            "action": {
                "buttons": [
                    {"type": "reply", "reply": {"id": "o0", "title": "Ja"}},
                    {"type": "reply", "reply": {"id": "o1", "title": "Nee"}},
                ]
            },
        },
    ),
    (
        "interactive",
        options("A", "B", "C", "D", button="Menu"),
        {
            "type": "list",
            "body": {"text": "Wat?"},
            "action": {
                "button": "Menu",
                "sections": [
                    {"rows": [{"id": f"o{n}", "title": title} for n, title in enumerate("ABCD")]}
                ],
            },
        },
    ),
    (
        "interactive",
        Options(text="Wat?", options=(Option(id="a", title="A", description="het eerste"),)),
        {
            "type": "list",
            "body": {"text": "Wat?"},
            "action": {
                "button": "Choose",
                "sections": [{"rows": [{"id": "a", "title": "A", "description": "het eerste"}]}],
            },
        },
    ),
    (
        "interactive",
        Link(text="Kijk hier", label="Bestelling", url="https://bakker.example/o/1?a=b"),
        {
            "type": "cta_url",
            "body": {"text": "Kijk hier"},
            "action": {
                "name": "cta_url",
                "parameters": {
                    "display_text": "Bestelling",
                    "url": "https://bakker.example/o/1?a=b",
                },
            },
        },
    ),
    (
        "interactive",
        Request(text="Waar bent u?", what=Asked.LOCATION),
        {
            "type": "location_request_message",
            "body": {"text": "Waar bent u?"},
            "action": {"name": "send_location"},
        },
    ),
    (
        "interactive",
        Request(text="Uw nummer?", what=Asked.PHONE),
        {
            "type": "request_contact_info",
            "body": {"text": "Uw nummer?"},
            "action": {"name": "request_contact_info"},
        },
    ),
]


@pytest.mark.parametrize(("kind", "part", "content"), SENT, ids=[str(n) for n in range(len(SENT))])
def test_part_is_a_message_of_its_type(online: Context, graph: Graph, kind, part, content):
    assert send(online, part, quotes="wamid.Q") == Receipt(message_id="wamid.SENT")
    assert graph.seen[0].json == {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": "+31655500001",
        "type": kind,
        kind: content,
        "context": {"message_id": "wamid.Q"},
        "biz_opaque_callback_data": "7",
    }


@pytest.mark.parametrize("emoji", ["👍", ""])
def test_reaction_names_its_message_and_quotes_none(online: Context, graph: Graph, emoji):
    send(online, Reaction(text="x", emoji=emoji), quotes="wamid.Q")
    sent = graph.seen[0].json
    assert sent["reaction"] == {"message_id": "wamid.Q", "emoji": emoji}
    assert "context" not in sent


def test_answer_tells_other_addresses_of_the_customer(online: Context, graph: Graph):
    answer = {
        "contacts": [{"input": "+5511987654321", "wa_id": "551187654321", "user_id": "BR.1"}],
        "messages": [{"id": "wamid.SENT"}],
    }
    graph.answers(200, answer)
    to = Address(kind=AddressKind.PHONE, value="+5511987654321")
    assert send(online, Text(text="Oi"), to=(to,)) == Receipt(
        message_id="wamid.SENT",
        addresses=(
            Address(kind=AddressKind.BSUID, value="BR.1"),
            Address(kind=AddressKind.PHONE, value="+551187654321"),
        ),
    )


def test_answer_that_tells_nothing_new_adds_nothing(online: Context, graph: Graph):
    contacts = [{"input": "x", "wa_id": "31655500001"}, {"wa_id": "31655500002"}]
    graph.answers(200, {"contacts": contacts, "messages": [{"id": "wamid.SENT"}]})
    assert send(online, Text(text="Ja")).addresses == ()


def test_group_is_written_to_as_one(online: Context, graph: Graph):
    graph.answers(200, {"contacts": [{"wa_id": "1"}], "messages": [{"id": "wamid.SENT"}]})
    assert send(online, Text(text="Dag"), to=(GROUP,)).addresses == ()
    sent = graph.seen[0].json
    assert (sent["recipient_type"], sent["to"]) == ("group", GROUP.value)


REFUSED = [
    ((options(),), "options_count"),
    ((options(*(f"optie {n}" for n in range(11))),), "options_count"),
    ((options("Ja", "Ja"),), "options_alike"),
    (
        (Options(text="?", options=(Option(id="a", title="Ja"), Option(id="a", title="Nee"))),),
        "options_alike",
    ),
    ((options("x" * 25),), "option_too_long"),
    ((options(" "),), "option_too_long"),
    ((Options(text="?", options=(Option(id="x" * 201, title="Ja"),)),), "option_too_long"),
    (
        (Options(text="?", options=(Option(id="a", title="Ja", description="x" * 73),)),),
        "description_too_long",
    ),
    ((options("A", "B", "C", "D", button="x" * 21),), "label_too_long"),
    ((options("Ja", text="x" * 1025),), "too_long"),
    ((options("Ja", text=" "),), "empty"),
    ((Link(text="x", label="", url="https://a.example"),), "label_too_long"),
    ((Link(text="x", label="Kijk", url="javascript:alert(1)"),), "no_web_address"),
    ((Link(text="x", label="Kijk", url="https://192.0.2.1/x"),), "no_web_address"),
    ((Link(text="x", label="Kijk", url="https://[::1]/x"),), "no_web_address"),
    ((Link(text="x", label="Kijk", url="https://a b"),), "no_web_address"),
    ((Link(text="x", label="Kijk", url="https:///x"),), "no_web_address"),
    ((Reaction(text="x", emoji="👍"),), "no_target"),
    ((Call(text="x", id="1"),), "not_sent_here"),
    ((LOCATION, CARD), "one_thing"),
    ((Text(text="Hier"), LOCATION), "one_thing"),
    ((), "empty"),
]


@pytest.mark.parametrize(("parts", "code"), REFUSED, ids=[str(n) for n in range(len(REFUSED))])
def test_what_whatsapp_would_refuse_is_refused_here(online: Context, graph: Graph, parts, code):
    with pytest.raises(Rejected) as caught:
        send(online, *parts)
    assert (caught.value.code, graph.seen) == (code, [])
    assert caught.value.text.endswith(".")


@pytest.mark.parametrize("part", [LOCATION, CARD, options("Ja"), Reaction(text="x", emoji="x")])
def test_group_takes_words_files_and_templates_only(online: Context, graph: Graph, part):
    with pytest.raises(Rejected) as caught:
        send(online, part, to=(GROUP,), quotes="wamid.Q")
    assert (caught.value.code, graph.seen) == ("not_in_groups", [])


def test_refusal_is_in_the_tenants_language(clock, session, graph: Graph):
    ctx = make_context(clock, session, graph_url=graph.url, locale="nl")
    with pytest.raises(Rejected) as caught:
        send(ctx, options("Ja", "Ja"))
    assert caught.value.text == "Twee keuzes heten hetzelfde; geef elke keuze een eigen naam."


def test_marked_words_are_sent_in_whatsapps_marks(online: Context, graph: Graph):
    send(online, Text(text="Dit is **echt** *waar*.", markup=Markup.MARKDOWN))
    assert graph.seen[0].json["text"]["body"] == "Dit is *echt* _waar_."


def test_plain_words_that_the_unseen_makes_too_long_are_sent_without(online: Context, graph: Graph):
    text = "*a* " * 1024
    send(online, Text(text=text))
    assert graph.seen[0].json["text"]["body"] == text.strip()


@pytest.mark.parametrize("typing", [False, True])
def test_message_is_marked_as_read(clock, session, graph: Graph, typing):
    graph.answers(200, {"success": True})
    ctx = make_context(clock, session, graph_url=graph.url, typing=typing)
    plugin.read_mark(ctx, ReadMark(message_id="wamid.IN"))
    (seen,) = graph.seen
    assert seen.path == f"/v24.0/{NUMBER_ID}/messages"
    assert seen.json == {
        "messaging_product": "whatsapp",
        "status": "read",
        "message_id": "wamid.IN",
        **({"typing_indicator": {"type": "text"}} if typing else {}),
    }


@pytest.mark.parametrize("message_id", ["wacid.1", "wamid.H1:file", "history:0a"])
def test_what_is_no_message_of_metas_is_not_marked(online: Context, graph: Graph, message_id):
    plugin.read_mark(online, ReadMark(message_id=message_id))
    assert graph.seen == []
