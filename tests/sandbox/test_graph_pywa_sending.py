"""Everything pywa can send, received by the sandbox's phone."""

from pathlib import Path

import pytest
from pywa.errors import (
    InvalidParameter,
    TemplateNotExists,
    TemplateParamCountMismatch,
    WhatsAppError,
)
from pywa.types import (
    Button,
    CallPermissionRequestButton,
    Contact,
    FlowButton,
    ProductsSection,
    Section,
    SectionList,
    SectionRow,
    URLButton,
    VoiceCallButton,
)
from pywa.types import templates as t

CUSTOMER = "31655501234"
TO = f"+{CUSTOMER}"
SAMPLES = Path(__file__).parents[2] / "sandbox/balie_sandbox/graph/media/samples"


@pytest.fixture
def client(make_client):
    return make_client(app_id="670843887433847")


@pytest.fixture(autouse=True)
def in_touch(sandbox):
    """The customer has written, so that the window is open."""
    sandbox.control("whatsapp/messages", {"from": TO, "text": "Hoi"})


def shown(sandbox):
    """Return what the phone got, without the customer's own message."""
    return sandbox.look(f"whatsapp/phones/{CUSTOMER}")["messages"][1:]


@pytest.mark.parametrize(
    ("send", "type_", "file", "mime_type"),
    [
        ("image", "image", "photo.jpg", "image/jpeg"),
        ("video", "video", "film.mp4", "video/mp4"),
        ("document", "document", "invoice.pdf", "application/pdf"),
        ("audio", "audio", "voice.ogg", "audio/ogg"),
        ("voice", "audio", "voice.ogg", "audio/ogg; codecs=opus"),
        ("sticker", "sticker", "sticker.webp", "image/webp"),
    ],
)
def test_pywa_sends_file(sandbox, client, send, type_, file, mime_type):
    data = (SAMPLES / file).read_bytes()

    name = {"filename": file} if send == "document" else {}
    sent = getattr(client, f"send_{send}")(TO, data, mime_type=mime_type, **name)

    [message] = shown(sandbox)
    assert (message["id"], message["type"], message["status"]) == (sent.id, type_, "delivered")
    assert message["message"]["mime_type"] == mime_type
    assert message["message"].get("voice") is (True if send == "voice" else None)
    file_id = message["message"]["id"]
    path = f"{sandbox.url}/control/whatsapp/media/{file_id}/file"
    assert sandbox.session.get(path, timeout=5).content == data


def test_pywa_sends_caption_name_and_link(sandbox, client):
    pdf = (SAMPLES / "invoice.pdf").read_bytes()
    client.send_document(TO, pdf, filename="factuur.pdf", caption="Uw factuur")
    client.send_image(TO, "https://example.org/a.jpg", caption="Kijk")

    document, image = shown(sandbox)
    assert document["message"]["filename"] == "factuur.pdf"
    assert document["message"]["caption"] == "Uw factuur"
    assert image["message"] == {"link": "https://example.org/a.jpg", "caption": "Kijk"}


def test_pywa_handles_files(client):
    data = (SAMPLES / "photo.jpg").read_bytes()
    media = client.upload_media(data, mime_type="image/jpeg", filename="a.jpg")

    url = client.get_media_url(media.id)

    assert (url.mime_type, int(url.file_size)) == ("image/jpeg", len(data))
    assert client.get_media_bytes(url.url) == data
    assert client.delete_media(media.id)
    with pytest.raises(WhatsAppError):
        client.get_media_url(media.id)


INTERACTIVE = {
    "buttons": lambda c: c.send_message(TO, "Kiest u maar", buttons=[Button("Ja", "y")]),
    "list": lambda c: c.send_message(
        TO,
        "Kies",
        header="Kop",
        footer="Voet",
        buttons=SectionList(
            "Opties", [Section("Bezorging", [SectionRow("Morgen", "m", "v.a. 9")])]
        ),
    ),
    "url": lambda c: c.send_message(TO, "Volg", buttons=URLButton("Volgen", "https://a.example")),
    "flow": lambda c: c.send_message(
        TO,
        "Vul in",
        buttons=FlowButton(
            "Start",
            flow_id="1",
            flow_token="t",
            flow_action_type="navigate",
            flow_action_screen="A",
        ),
    ),
    "voice": lambda c: c.send_message(TO, "Bel ons", buttons=VoiceCallButton("Bellen", 60)),
    "calls": lambda c: c.send_message(
        TO, "Mogen wij bellen?", buttons=CallPermissionRequestButton()
    ),
    "place": lambda c: c.request_location(TO, "Waar bent u?"),
    "contact": lambda c: c.request_contact_info(TO, "Wat is uw nummer?"),
    "catalog": lambda c: c.send_catalog(TO, "Onze winkel", thumbnail_product_sku="s1"),
    "product": lambda c: c.send_product(TO, "cat", "s1", body="Deze?"),
    "products": lambda c: c.send_products(
        TO, "cat", [ProductsSection("Manden", ["s1", "s2"])], title="Manden", body="Kies"
    ),
}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("buttons", "button"),
        ("list", "list"),
        ("url", "cta_url"),
        ("flow", "flow"),
        ("voice", "voice_call"),
        ("calls", "call_permission_request"),
        ("place", "location_request_message"),
        ("contact", "request_contact_info"),
        ("catalog", "catalog_message"),
        ("product", "product"),
        ("products", "product_list"),
    ],
)
def test_pywa_sends_interactive(sandbox, client, name, kind):
    sent = INTERACTIVE[name](client)

    [message] = shown(sandbox)
    assert (message["id"], message["type"]) == (sent.id, "interactive")
    assert message["message"]["type"] == kind


def test_pywa_sends_location_contact_and_reaction(sandbox, client):
    client.send_location(TO, latitude=52.09, longitude=5.12, name="De Balie", address="Domplein 1")
    card = Contact(
        name=Contact.Name(formatted_name="Joost Prins", first_name="Joost"),
        phones=[Contact.Phone(phone="+31655509876", type="CELL")],
    )
    client.send_contact(TO, card)
    question = sandbox.look(f"whatsapp/phones/{CUSTOMER}")["messages"][0]["id"]
    client.send_reaction(TO, "👍", message_id=question)

    before = sandbox.look(f"whatsapp/phones/{CUSTOMER}")["messages"][0]["reactions"]
    client.remove_reaction(TO, message_id=question)

    place, contacts = shown(sandbox)
    assert place["message"]["name"] == "De Balie"
    assert contacts["message"][0]["name"]["formatted_name"] == "Joost Prins"
    assert before == {"business": "👍"}
    assert "reactions" not in sandbox.look(f"whatsapp/phones/{CUSTOMER}")["messages"][0]


ORDER = t.Template(
    name="order_update",
    category=t.TemplateCategory.UTILITY,
    language=t.TemplateLanguage.DUTCH,
    parameter_format=t.ParamFormat.NAMED,
    components=[
        t.HeaderText(text="Bestelling {{number}}", number="42"),
        t.BodyText(
            text="Dag {{name}}, uw bestelling komt op {{day}} aan.", name="S", day="vrijdag"
        ),
        t.FooterText(text="De Balie"),
        t.Buttons(
            buttons=[
                t.QuickReplyButton(text="Prima"),
                t.URLButton(text="Volg", url="https://a.example/{{1}}", example="x"),
            ]
        ),
    ],
)


def test_pywa_creates_template_and_sends_it(sandbox, client, wait_until):
    sandbox.control("whatsapp/settings", {"review_seconds": 0})
    created = client.create_template(ORDER)
    wait_until(lambda: client.get_template(created.id).status == t.TemplateStatus.APPROVED)

    client.send_template(
        TO,
        "order_update",
        t.TemplateLanguage.DUTCH,
        [
            t.HeaderText.params(number="77"),
            t.BodyText.params(name="Sanne", day="maandag"),
            t.QuickReplyButton.params(callback_data="ok", index=0),
            t.URLButton.params(url_variable="77", index=1),
        ],
    )

    [message] = shown(sandbox)
    assert message["message"] == {
        "name": "order_update",
        "language": "nl",
        "body": "Dag Sanne, uw bestelling komt op maandag aan.",
        "header": {"type": "text", "text": "Bestelling 77"},
        "footer": "De Balie",
        "buttons": [
            {"type": "QUICK_REPLY", "text": "Prima", "payload": "ok"},
            {"type": "URL", "text": "Volg", "url": "https://a.example/77"},
        ],
    }


def test_pywa_creates_template_with_a_picture(sandbox, client, wait_until):
    sandbox.control("whatsapp/settings", {"review_seconds": 0})
    photo = (SAMPLES / "photo.jpg").read_bytes()
    template = t.Template(
        name="foto",
        category=t.TemplateCategory.MARKETING,
        language=t.TemplateLanguage.DUTCH,
        components=[
            t.HeaderImage(photo, mime_type="image/jpeg"),
            t.BodyText(text="Kijk eens hier."),
        ],
    )
    created = client.create_template(template)
    wait_until(lambda: client.get_template(created.id).status == t.TemplateStatus.APPROVED)

    sent = client.send_template(
        TO,
        "foto",
        t.TemplateLanguage.DUTCH,
        [t.HeaderImage.params(image=photo, mime_type="image/jpeg")],
        use_mm_lite_api=True,
    )

    [message] = shown(sandbox)
    assert message["id"] == sent.id
    assert message["message"]["header"]["image"]["mime_type"] == "image/jpeg"


def test_pywa_manages_templates(sandbox, client):
    sandbox.control("whatsapp/settings", {"review": "hold"})
    created = client.create_template(ORDER)
    template_id = created.id

    names = [one.name for one in client.get_templates()]
    sandbox.control(f"whatsapp/templates/{template_id}", {"status": "PAUSED", "quality": "RED"})
    paused = client.get_template(template_id)
    unpaused = client.unpause_template(template_id)
    updated = client.update_template(
        template_id, new_components=[t.BodyText(text="Dag {{name}}, alles goed?", name="S")]
    )

    assert sorted(names) == ["hello_world", "order_update"]
    assert (paused.status, paused.quality_score.score) == (
        t.TemplateStatus.PAUSED,
        t.QualityScoreType.RED,
    )
    assert (bool(unpaused), bool(updated)) == (True, True)
    assert client.delete_template("order_update")
    assert [one.name for one in client.get_templates()] == ["hello_world"]


def test_pywa_raises_template_errors(sandbox, client):
    sandbox.control("whatsapp/templates", {"name": "hi", "body": "Dag {{1}}, tot straks."})

    with pytest.raises(TemplateNotExists):
        client.send_template(TO, "none", t.TemplateLanguage.DUTCH)
    with pytest.raises(TemplateParamCountMismatch):
        client.send_template(TO, "hi", t.TemplateLanguage.DUTCH)


def test_pywa_answers_with_too_long_a_button(client):
    with pytest.raises(InvalidParameter, match="Button title length"):
        client.send_message(TO, "Kies", buttons=[Button("x" * 21, "y")])
