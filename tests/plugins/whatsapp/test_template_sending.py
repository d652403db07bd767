"""Templates filled in and sent; after the examples of Meta's pages."""

import pytest

from balie.api import (
    Address,
    AddressKind,
    Context,
    Rejected,
    Reply,
    TemplateUse,
)
from balie_whatsapp.plugin import plugin

from .conftest import make_context
from .graph_api import Graph
from .template_pieces import BODY, BUTTONS, HEADER, IMAGE, NAMED, listed

PHONE = (Address(kind=AddressKind.PHONE, value="+31655500001"),)


def use(values, name="order", language="nl"):
    return TemplateUse(text="x", name=name, language=language, values=values)


def send(ctx: Context, part):
    return plugin.reply_dispatch(ctx, Reply(id="7", to=PHONE, parts=(part,), quotes="wamid.Q"))


def sent(graph: Graph):
    (seen,) = graph.asked("/messages")
    assert "context" not in seen.json
    return seen.json["template"]


def text(value, **more):
    return {"type": "text", **more, "text": value}


FILLED = [
    (
        [HEADER, BODY],
        {"header.1": "Sale", "body.1": "Pablo\n  V.", "body.2": "\t1    2"},
        [
            {"type": "header", "parameters": [text("Sale")]},
            {"type": "body", "parameters": [text("Pablo V."), text("1 2")]},
        ],
    ),
    (
        [NAMED],
        {"body.first_name": "Noor", "body.order_number": "7"},
        [
            {
                "type": "body",
                "parameters": [
                    text("Noor", parameter_name="first_name"),
                    text("7", parameter_name="order_number"),
                ],
            }
        ],
    ),
    (
        [IMAGE, {"type": "BODY", "text": "Look"}],
        {"header.media": "https://bakker.example/a.jpg"},
        [
            {
                "type": "header",
                "parameters": [
                    {"type": "image", "image": {"link": "https://bakker.example/a.jpg"}}
                ],
            }
        ],
    ),
    (
        [{"type": "HEADER", "format": "LOCATION"}],
        {"header.location": "52.1, 4.3, Balie, Plein 1, Den Haag"},
        [
            {
                "type": "header",
                "parameters": [
                    {
                        "type": "location",
                        "location": {
                            "latitude": "52.1",
                            "longitude": "4.3",
                            "name": "Balie",
                            "address": "Plein 1, Den Haag",
                        },
                    }
                ],
            }
        ],
    ),
    (
        [BUTTONS],
        {"button.0": "stop", "button.1": "9", "button.3": "25OFF"},
        [
            {
                "type": "button",
                "sub_type": "quick_reply",
                "index": "0",
                "parameters": [{"type": "payload", "payload": "stop"}],
            },
            {"type": "button", "sub_type": "url", "index": "1", "parameters": [text("9")]},
            {
                "type": "button",
                "sub_type": "copy_code",
                "index": "3",
                "parameters": [{"type": "coupon_code", "coupon_code": "25OFF"}],
            },
        ],
    ),
    (
        [{"type": "BUTTONS", "buttons": [{"type": "FLOW", "text": "Go"}, {"type": "CATALOG"}]}],
        {},
        [
            {
                "type": "button",
                "sub_type": "flow",
                "index": "0",
                "parameters": [{"type": "action", "action": {}}],
            }
        ],
    ),
    (
        [
            {
                "type": "LIMITED_TIME_OFFER",
                "limited_time_offer": {"text": "Ends!", "has_expiration": True},
            }
        ],
        {"offer.expires": "2026-10-01T12:00:00+00:00"},
        [
            {
                "type": "limited_time_offer",
                "parameters": [
                    {
                        "type": "limited_time_offer",
                        "limited_time_offer": {"expiration_time_ms": 1790856000000},
                    }
                ],
            }
        ],
    ),
    (
        [
            {
                "type": "CAROUSEL",
                "cards": [{"components": [IMAGE, {"type": "BODY", "text": "A {{1}}"}]}],
            }
        ],
        {"card.0.header.media": "https://a.example/a.png", "card.0.body.1": "b"},
        [
            {
                "type": "carousel",
                "cards": [
                    {
                        "card_index": 0,
                        "components": [
                            {
                                "type": "header",
                                "parameters": [
                                    {"type": "image", "image": {"link": "https://a.example/a.png"}}
                                ],
                            },
                            {"type": "body", "parameters": [text("b")]},
                        ],
                    }
                ],
            }
        ],
    ),
]


@pytest.mark.parametrize(
    ("components", "values", "filled"), FILLED, ids=[str(n) for n in range(len(FILLED))]
)
def test_template_is_filled_in(online: Context, graph: Graph, components, values, filled):
    graph.on("message_templates", {"data": [listed(components)]})
    send(online, use(values))
    assert sent(graph) == {
        "name": "order",
        "language": {"code": "nl"},
        "components": filled,
    }


def test_template_without_variables_is_sent_as_it_is(online: Context, graph: Graph):
    graph.on("message_templates", {"data": [listed([{"type": "BODY", "text": "Dag"}])]})
    send(online, use({}))
    assert sent(graph) == {"name": "order", "language": {"code": "nl"}}


@pytest.mark.parametrize(
    ("layout", "content", "mime"),
    [
        ("IMAGE", b"\x89PNG\r\n\x1a\n", "image/png"),
        ("IMAGE", b"\xff\xd8\xff\xe0", "image/jpeg"),
        ("VIDEO", b"\x00\x00\x00\x18ftypmp42", "video/mp4"),
        ("DOCUMENT", b"%PDF-1.7", "application/pdf"),
        ("DOCUMENT", b"?", "application/pdf"),
    ],
)
def test_stored_file_is_the_templates_header(online: Context, graph: Graph, layout, content, mime):
    graph.on("message_templates", {"data": [listed([{"type": "HEADER", "format": layout}])]})
    graph.on("/media", {"id": "900"})
    key = online.files.keep([content], most_bytes=1000).key
    send(online, use({"header.media": key}))
    kind = layout.lower()
    assert sent(graph)["components"][0]["parameters"] == [{"type": kind, kind: {"id": "900"}}]
    assert f"Content-Type: {mime}\r\n".encode() in graph.asked("/media")[0].body


def test_template_is_asked_for_once_an_hour(online: Context, graph: Graph):
    graph.on("message_templates", {"data": [listed([BODY])]})
    for _ in range(3):
        send(online, use({"body.1": "a", "body.2": "b"}))
    assert len(graph.asked("message_templates")) == 1
    assert "name=order" in graph.asked("message_templates")[0].path


REFUSED = [
    ([], use({}), "template_missing", "There is no approved template 'order' in 'nl'."),
    (
        [listed([BODY], language="en"), listed([BODY], name="order_2")],
        use({}),
        "template_missing",
        "There is no approved template 'order' in 'nl'. order/en",
    ),
    (
        [listed([BODY], status="PAUSED")],
        use({"body.1": "a", "body.2": "b"}),
        "template_status",
        "Template 'order' cannot be used now; at WhatsApp it is PAUSED.",
    ),
    (
        [listed([BODY])],
        use({"body.1": " "}),
        "template_values",
        "Template 'order' lacks: body.1, body.2.",
    ),
    (
        [listed([BODY])],
        use({"body.1": "a", "body.2": "b", "body.3": "c"}),
        "template_unknown",
        "Template 'order' has no body.3; what can be filled in is: body.1, body.2.",
    ),
    (
        [listed([{"type": "BUTTONS", "buttons": [{"type": "MPM", "text": "View"}]}])],
        use({}),
        "template_kind",
        "Template 'order' has a mpm, which Balie cannot fill in.",
    ),
    (
        [listed([{"type": "HEADER", "format": "LOCATION"}])],
        use({"header.location": "here"}),
        "template_value",
        "'here' does not fit header.location of template 'order'.",
    ),
    (
        [listed([{"type": "LIMITED_TIME_OFFER", "limited_time_offer": {"has_expiration": True}}])],
        use({"offer.expires": "soon"}),
        "template_value",
        "'soon' does not fit offer.expires of template 'order'.",
    ),
    (
        [listed([IMAGE])],
        use({"header.media": "t9/2026/01/" + "0" * 32}),
        "no_file",
        "The file is not there (any more), so nothing was sent.",
    ),
]


@pytest.mark.parametrize(
    ("there", "part", "code", "told"), REFUSED, ids=[str(n) for n in range(len(REFUSED))]
)
def test_template_that_cannot_be_sent_says_why(online, graph: Graph, there, part, code, told):
    graph.on("message_templates", {"data": there})
    with pytest.raises(Rejected) as caught:
        send(online, part)
    assert (caught.value.code, caught.value.text) == (code, told)
    assert graph.asked("/messages") == []


def test_value_is_never_more_than_a_value(online: Context, graph: Graph):
    """A8, A23: what an agent or a customer typed is text, in whatever syntax."""
    graph.on("message_templates", {"data": [listed([BODY])]})
    send(online, use({"body.1": "{{2}} {body.2} {{7*7}} %s", "body.2": "<b>\u202ex</b>"}))
    assert sent(graph)["components"][0]["parameters"] == [
        text("{{2}} {body.2} {{7*7}} %s"),
        text("<b>x</b>"),
    ]


def test_missing_template_is_told_in_the_tenants_language(clock, session, graph: Graph):
    ctx = make_context(clock, session, graph_url=graph.url, locale="nl")
    graph.on("message_templates", {"data": []})
    with pytest.raises(Rejected) as caught:
        send(ctx, use({}))
    assert caught.value.text == "Er is geen goedgekeurd sjabloon 'order' in 'nl'."
