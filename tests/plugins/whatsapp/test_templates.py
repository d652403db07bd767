"""Templates listed, read and handed in."""

import orjson
import pytest

from balie.api import (
    Context,
    Rejected,
    Template,
    TransientError,
)
from balie_whatsapp.plugin import plugin
from balie_whatsapp.templates.reading import preview, template_of

from .graph_api import Graph
from .payloads import WABA_ID
from .template_pieces import BODY, BUTTONS, FOOTER, HEADER, IMAGE, NAMED, listed


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
