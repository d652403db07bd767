"""Whatever stands in a signed delivery, it is named, read, refused or invalid, and no more."""

import io
import json
from contextlib import suppress
from typing import Any

import requests
from hypothesis import given, settings
from hypothesis import strategies as st
from urllib3 import HTTPResponse

from balie.api import (
    AccountNotice,
    Address,
    AddressKind,
    Context,
    CustomerNotice,
    Event,
    EventKind,
    Media,
    MediaKind,
    MessageReceived,
    MessageSent,
    PayloadInvalid,
    PluginError,
    Reply,
    StatusReported,
    TemplateChanged,
    Text,
)
from balie_whatsapp.plugin import plugin
from balie_whatsapp.templates.reading import preview, template_of

from .conftest import SettableClock, make_context
from .payloads import NUMBER_ID, WABA_ID, a_message, post

KINDS = [
    *("text", "image", "audio", "document", "location", "contacts", "interactive", "button"),
    *("reaction", "order", "system", "unsupported", "edit", "revoke", "errors", "hologram"),
]
FIELDS = [
    *("messages", "history", "calls", "smb_message_echoes", "smb_app_state_sync", "standby"),
    *("user_preferences", "group_lifecycle_update", "group_settings_update", "account_update"),
    *("account_alerts", "message_template_status_update", "template_category_update", "flows"),
    *("phone_number_quality_update", "security", "account_settings_update", "hologram"),
]
KEYS = st.sampled_from(
    [
        *(
            "object",
            "entry",
            "changes",
            "field",
            "value",
            "metadata",
            "phone_number_id",
            "contacts",
        ),
        *("messages", "statuses", "errors", "profile", "name", "wa_id", "user_id", "from", "id"),
        *("from_user_id", "timestamp", "type", "status", "body", "caption", "context", "code"),
        *("calls", "message_echoes", "history", "threads", "groups", "user_preferences", "to"),
        *("event", "direction", "duration", "alert_info", "restriction_info", "decision"),
        *("message_template_name", "system", "previous_user_id", "origin", "standby"),
        *("error_data", "message", "title", "emoji", "phones", "product_items", "group_id"),
        *KINDS,
    ]
)
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**64 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(codec="utf-8"), max_size=8),
    st.sampled_from(["messages", "sent", "failed", NUMBER_ID, WABA_ID, "1790000000", *KINDS]),
)
JSON = st.recursive(
    LEAVES,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(KEYS, inner, max_size=6)),
    max_leaves=20,
)

SOMEBODY = (Address(kind=AddressKind.PHONE, value="+31655500001"),)
# A slow machine is no failure.
PATIENT = settings(deadline=None, max_examples=100)


def offline() -> Context:
    return make_context(SettableClock(), requests.Session(), import_history=True)


def let_in_and_read(body: Any) -> int:
    """Return how many events the delivery gave; each has been read."""
    ctx = offline()
    raws = plugin.channel_ingress(ctx, post(body)).events
    for raw in raws:
        assert raw.id
        assert raw.lane
        assert raw.kind is not EventKind.TICKET
        assert raw.body or raw.refused
        events = plugin.event_parse(ctx, raw)
        assert events
        for event in events:
            check(event)
    return len(raws)


def check(event: Event) -> None:
    """Fail for an event that says nothing, or to nobody."""
    if isinstance(event, MessageReceived | MessageSent):
        assert event.parts
        assert all(part.text for part in event.parts)
        assert event.sender if isinstance(event, MessageReceived) else event.to
    elif isinstance(event, CustomerNotice):
        assert event.text
        assert event.sender
    elif isinstance(event, AccountNotice):
        assert event.text
        assert 0 < len(event.topic) <= 100
    elif isinstance(event, TemplateChanged):
        assert event.name
    else:
        assert isinstance(event, StatusReported) or event.reason


@PATIENT
@given(JSON)
def test_any_json_is_read_or_invalid(document):
    with suppress(PayloadInvalid):
        let_in_and_read(document)


@PATIENT
@given(st.binary(max_size=40))
def test_any_bytes_are_read_or_invalid(body):
    with suppress(PayloadInvalid):
        let_in_and_read(body)


@PATIENT
@given(st.lists(JSON, max_size=3))
def test_any_entry_gives_an_event(entries):
    document = {"object": "whatsapp_business_account", "entry": entries}
    assert let_in_and_read(document) >= len(entries)


@PATIENT
@given(st.dictionaries(st.one_of(KEYS, st.text(max_size=5)), JSON, max_size=5), st.data())
def test_any_value_of_our_number_gives_an_event(value, data):
    value["metadata"] = {"phone_number_id": NUMBER_ID}
    inner = data.draw(st.sampled_from(["groups", "calls", "history", "user_preferences", "x"]))
    value[inner] = data.draw(st.lists(st.dictionaries(KEYS, JSON, max_size=4), max_size=2))
    change = {"field": data.draw(st.sampled_from(FIELDS)), "value": value}
    entry = {"id": WABA_ID, "changes": [change]}
    assert let_in_and_read({"object": "whatsapp_business_account", "entry": [entry]}) >= 1


@PATIENT
@given(st.sampled_from(KINDS), JSON, st.dictionaries(KEYS, JSON, max_size=4), st.randoms())
def test_any_message_is_one_event_in_any_order_of_keys(kind, content, odd, random):
    message = {**a_message(type=kind), **odd, kind: content, "type": kind}
    pairs = list(message.items())
    random.shuffle(pairs)
    value = {"messages": [dict(pairs)], "metadata": {"phone_number_id": NUMBER_ID}}
    entry = {"changes": [{"value": value, "field": "messages"}]}
    body = {"entry": [entry], "object": "whatsapp_business_account"}
    assert let_in_and_read(json.dumps(body).encode()) == 1


@PATIENT
@given(JSON, st.dictionaries(KEYS, JSON, max_size=6))
def test_any_status_is_one_event(errors, odd):
    status = {"id": "wamid.A", "status": "failed", **odd, "errors": errors}
    value = {"statuses": [status], "metadata": {"phone_number_id": NUMBER_ID}}
    entry = {"changes": [{"value": value, "field": "messages"}]}
    assert let_in_and_read({"object": "whatsapp_business_account", "entry": [entry]}) == 1


COMPONENTS = st.lists(
    st.one_of(
        JSON,
        st.dictionaries(
            st.sampled_from(
                ["type", "format", "text", "example", "buttons", "url", "cards", "components"]
            ),
            st.one_of(
                JSON,
                st.sampled_from(["HEADER", "BODY", "BUTTONS", "CAROUSEL", "URL", "IMAGE", "{{1}}"]),
                st.lists(
                    st.dictionaries(st.sampled_from(["type", "url", "text"]), JSON), max_size=3
                ),
            ),
        ),
    ),
    max_size=4,
)


@settings(PATIENT, max_examples=40)
@given(COMPONENTS, JSON)
def test_any_template_can_be_read_and_shown(components, odd):
    template = template_of({"name": "a", "language": odd, "components": components, "id": odd})
    assert preview(template, {}) == template.text
    assert all(name for name, _ in template.variables)


@PATIENT
@given(JSON, st.sampled_from([200, 400, 401, 500]))
def test_any_answer_of_metas_is_an_outcome(document, status):
    """Whatever Graph answers, a plugin's error or a result comes of it, and no crash."""
    ctx = offline()
    ctx.http.mount("https://", Answering(json.dumps(document).encode(), status))
    reply = Reply(id="1", to=SOMEBODY, parts=(Text(text="Ja"),))
    media = Media(kind=MediaKind.IMAGE, ref="1", text="x")
    for ask in (
        lambda: plugin.reply_dispatch(ctx, reply),
        lambda: plugin.media_fetch(ctx, media),
        lambda: plugin.templates_list(ctx),
        lambda: plugin.ways_in(ctx),
    ):
        with suppress(PluginError):
            ask()
    assert plugin.connection_setup(ctx).steps
    assert plugin.connection_check(ctx).text


class Answering(requests.adapters.BaseAdapter):
    """A Graph API that answers everything alike."""

    def __init__(self, content: bytes, status: int) -> None:
        super().__init__()
        self.content = content
        self.status = status

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        response = requests.Response()
        response.status_code = self.status
        response.raw = HTTPResponse(
            io.BytesIO(self.content), status=self.status, preload_content=False
        )
        response.request = request
        return response

    def close(self) -> None:
        """Nothing is open."""
