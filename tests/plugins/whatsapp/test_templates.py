"""Templates listed, read, handed in, and filled in; after the examples of Meta's pages."""

import orjson
import pytest

from balie.api import (
    Address,
    AddressKind,
    Context,
    Rejected,
    Reply,
    Template,
    TemplateUse,
    TransientError,
)
from balie_whatsapp.plugin import plugin
from balie_whatsapp.templates.reading import preview, template_of

from .conftest import make_context
from .graph_api import Graph
from .payloads import WABA_ID

PHONE = (Address(kind=AddressKind.PHONE, value="+31655500001"),)

BODY = {
    "type": "BODY",
    "text": "Thank you, {{1}}! Your order number is {{2}}.",
    "example": {"body_text": [["Pablo", "860198-230332"]]},
}
NAMED = {
    "type": "BODY",
    "text": "Hi {{first_name}}, order {{order_number}} is on its way.",
    "example": {
        "body_text_named_params": [
            {"param_name": "first_name", "example": "Pablo"},
            {"param_name": "order_number", "example": "860198-230332"},
        ]
    },
}
HEADER = {
    "type": "HEADER",
    "format": "TEXT",
    "text": "Our {{1}} is on!",
    "example": {"header_text": ["Summer Sale"]},
}
IMAGE = {"type": "HEADER", "format": "IMAGE", "example": {"header_handle": ["4::aW..."]}}
FOOTER = {"type": "FOOTER", "text": "Not interested? Tap Stop."}
BUTTONS = {
    "type": "BUTTONS",
    "buttons": [
        {"type": "QUICK_REPLY", "text": "Unsubscribe"},
        {
            "type": "URL",
            "text": "Track",
            "url": "https://bakker.example/track?code={{1}}",
            "example": ["https://bakker.example/track?code=9"],
        },
        {"type": "URL", "text": "Shop", "url": "https://bakker.example/"},
        {"type": "COPY_CODE", "example": "250FF"},
        {"type": "PHONE_NUMBER", "text": "Call", "phone_number": "31655509999"},
    ],
}


def listed(components, name="order", language="nl", status="APPROVED", **more):
    return {
        "id": "1",
        "name": name,
        "language": language,
        "status": status,
        "category": "UTILITY",
        "components": components,
        **more,
    }


def test_template_reads_as_its_customer_will(ctx: Context):
    found = template_of(listed([HEADER, BODY, FOOTER, BUTTONS]))
    assert found.text == (
        "Our {header.1} is on!\n\n"
        "Thank you, {body.1}! Your order number is {body.2}.\n\n"
        "Not interested? Tap Stop.\n\n"
        "[Unsubscribe]\n"
        "[Track] https://bakker.example/track?code={button.1}\n"
        "[Shop] https://bakker.example/\n"
        "[copy_code]\n"
        "[Call] 31655509999"
    )
    assert found.variables == (
        ("header.1", "Summer Sale"),
        ("body.1", "Pablo"),
        ("body.2", "860198-230332"),
        ("button.1", "https://bakker.example/track?code=9"),
        ("button.3", "250FF"),
    )


@pytest.mark.parametrize(
    ("components", "variables"),
    [
        ([NAMED], (("body.first_name", "Pablo"), ("body.order_number", "860198-230332"))),
        ([IMAGE], (("header.media", ""),)),
        ([{"type": "header", "format": "location"}], (("header.location", ""),)),
        (
            [
                {
                    "type": "LIMITED_TIME_OFFER",
                    "limited_time_offer": {"text": "Ends!", "has_expiration": True},
                }
            ],
            (("offer.expires", ""),),
        ),
        (
            [
                {
                    "type": "CAROUSEL",
                    "cards": [
                        {"components": [IMAGE, {"type": "BODY", "text": "A {{1}}"}]},
                        {"components": [IMAGE, BUTTONS]},
                    ],
                }
            ],
            (
                ("card.0.header.media", ""),
                ("card.0.body.1", ""),
                ("card.1.header.media", ""),
                ("card.1.button.1", "https://bakker.example/track?code=9"),
                ("card.1.button.3", "250FF"),
            ),
        ),
        ([{"type": "BODY", "text": "Nothing to fill in"}], ()),
        (None, ()),
        ([{"type": ["BODY"]}, 3, {"type": "BODY", "text": {"a": 1}}], ()),
    ],
)
def test_variables_are_named_by_where_they_stand(components, variables):
    assert template_of(listed(components)).variables == variables


def test_preview_shows_what_is_filled_in():
    found = template_of(listed([HEADER, BODY]))
    assert preview(found, {"header.1": "Sale", "body.1": "{body.2}", "other": "x"}) == (
        "Our Sale is on!\n\nThank you, {body.2}! Your order number is {body.2}."
    )


def test_all_pages_are_read(online: Context, graph: Graph):
    graph.on(
        "after=",
        {"data": [listed([BODY], name="b", language="en-US")], "paging": {"cursors": {}}},
    )
    first = {
        "data": [
            listed(
                [BODY],
                name="a",
                quality_score={"score": "GREEN"},
                rejected_reason="NONE",
            ),
            {"name": "no language"},
            3,
        ],
        "paging": {"cursors": {"after": "QVFI"}, "next": "https://graph/next"},
    }
    graph.on("limit=100", first)
    graph.routes.reverse()
    found = plugin.templates_list(online)
    assert [(each.name, each.language, each.quality, each.reason) for each in found] == [
        ("a", "nl", "GREEN", ""),
        ("b", "en_US", "", ""),
    ]
    assert found[0].components == [BODY]
    assert all(seen.path.startswith(f"/v24.0/{WABA_ID}/message_templates?") for seen in graph.seen)


def test_list_that_does_not_end_is_given_up(online: Context, graph: Graph, monkeypatch):
    monkeypatch.setattr("balie_whatsapp.templates.catalogue._MOST_PAGES", 3)
    number = iter(range(100))

    def more(handler):
        page = {"data": [], "paging": {"cursors": {"after": str(next(number))}, "next": "x"}}
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(orjson.dumps(page))))
        handler.end_headers()
        handler.wfile.write(orjson.dumps(page))

    graph.instead = more
    with pytest.raises(TransientError, match="does not end"):
        plugin.templates_list(online)
    assert len(graph.seen) == 3


@pytest.mark.parametrize(
    ("body", "more"), [(BODY, {}), (NAMED, {"parameter_format": "NAMED"})], ids=["numbers", "names"]
)
def test_template_is_handed_in(online: Context, graph: Graph, body, more):
    graph.answers(200, {"id": 987, "status": "PENDING", "category": "MARKETING"})
    draft = Template(
        id="",
        name="order",
        language="nl",
        category="UTILITY",
        status="",
        text="",
        components=[body, FOOTER],
    )
    found = plugin.template_submit(online, draft)
    assert graph.seen[0].json == {
        "name": "order",
        "language": "nl",
        "category": "UTILITY",
        "components": [body, FOOTER],
        **more,
    }
    assert (found.id, found.status, found.category) == ("987", "PENDING", "MARKETING")
    assert [name for name, _ in found.variables] == [
        name for name, _ in template_of({"components": [body]}).variables
    ]


def test_template_that_is_refused_says_why(online: Context, graph: Graph):
    graph.fails(100, 400, error_subcode=2388024)
    draft = Template(
        id="", name="a", language="nl", category="UTILITY", status="", text="", components=[]
    )
    with pytest.raises(Rejected) as caught:
        plugin.template_submit(online, draft)
    assert caught.value.text == "There is a template of this name in this language already."


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
