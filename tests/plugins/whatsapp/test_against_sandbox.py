"""The plugin and the sandbox's Graph API, which know nothing of each other."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from balie.api import (
    AccountNotice,
    Address,
    AddressKind,
    Asked,
    Call,
    Choice,
    Contact,
    Context,
    CustomerNotice,
    Link,
    Location,
    Media,
    MediaKind,
    MessageReceived,
    MessageSent,
    Option,
    Options,
    PermanentError,
    Reaction,
    ReadMark,
    Rejected,
    Reply,
    Request,
    Severity,
    Status,
    StatusReported,
    Template,
    TemplateChanged,
    TemplateUse,
    Text,
    TransientError,
)
from balie_whatsapp.plugin import plugin

from .conftest import SettableClock, make_context
from .sandbox_meta import CUSTOMER, Door, Meta, door, meta

PHONE = Address(kind=AddressKind.PHONE, value=CUSTOMER)


@pytest.fixture(scope="module")
def running_meta():
    with meta() as running:
        yield running


@pytest.fixture
def opened(running_meta: Meta):
    running_meta.control("reset")
    with door() as opened:
        yield opened
        running_meta.control("reset")  # nothing more comes to a door that is closed


@pytest.fixture
def meta_api(running_meta: Meta, opened: Door) -> Meta:
    return running_meta


@pytest.fixture
def ctx(meta_api: Meta, opened: Door, session) -> Context:
    clock = SettableClock(datetime.now(UTC))
    made = make_context(
        clock,
        session,
        graph_url=f"{meta_api.url}/graph",
        media_url=meta_api.url,
        access_token="EAASANDBOXtoken",
        app_secret="sandbox-app-secret",
        verify_token="sandbox-verify-token",
    )
    opened.ctx = replace(made, hook_url=opened.url)
    return opened.ctx


@pytest.fixture
def heard(ctx: Context, opened: Door, meta_api: Meta) -> Door:
    """A door that Meta was told of."""
    token = ctx.config["verify_token"]
    meta_api.control("whatsapp/app", {"callback_url": opened.url, "verify_token": token})
    return opened


def send(ctx: Context, *parts, quotes=None, to=(PHONE,)):
    return plugin.reply_dispatch(ctx, Reply(id="7", to=to, parts=parts, quotes=quotes))


def test_setup_leads_the_messages_here(opened: Door, meta_api: Meta, ctx: Context):
    found = plugin.connection_setup(ctx)
    assert [step.text for step in found.steps if not step.ok] == []
    assert plugin.connection_check(ctx).ok is True
    meta_api.says("text", text="Hoi")
    event = opened.next(MessageReceived)
    assert (event.parts, PHONE in event.sender) == ((Text(text="Hoi"),), True)


def test_ways_in_are_the_numbers(ctx: Context):
    (way,) = plugin.ways_in(ctx)
    assert way.url == "https://wa.me/31855500100"


SAID = [
    ("image", {"caption": "kijk"}, Media),
    ("voice", {}, Media),
    ("location", {"location": {"latitude": 52.1, "longitude": 4.3}}, Location),
    ("contacts", {"contacts": [{"name": {"formatted_name": "Ans"}}]}, Contact),
    ("button", {"button": {"text": "Ja", "payload": "j"}}, Choice),
    (
        "interactive",
        {"interactive": {"type": "list_reply", "list_reply": {"id": "a", "title": "A"}}},
        Choice,
    ),
]


@pytest.mark.parametrize(("kind", "content", "part"), SAID, ids=[row[0] for row in SAID])
def test_what_a_customer_sends_is_a_part(heard: Door, meta_api: Meta, kind, content, part):
    meta_api.says(kind, **content)
    assert type(heard.next(MessageReceived).parts[0]) is part


def test_file_is_fetched_whole(heard: Door, meta_api: Meta, ctx: Context):
    meta_api.says("document", file={"text": "hallo", "name": "a.txt", "mime_type": "text/plain"})
    (media,) = heard.next(MessageReceived).parts
    stream = plugin.media_fetch(ctx, media)
    kept = ctx.files.keep(stream.chunks, most_bytes=1000)
    assert (kept.sha256, kept.size, stream.size) == (media.sha256, 5, 5)
    assert (media.kind, media.name) == (MediaKind.DOCUMENT, "a.txt")


@pytest.mark.parametrize(
    ("fault", "error"),
    [("gone", PermanentError), ("redirect", PermanentError), ("truncated", TransientError)],
)
def test_file_that_is_served_badly_is_an_error(heard, meta_api: Meta, ctx, fault, error):
    """A5, A7, A11: the sandbox redirects, cuts short and forgets files on demand."""
    meta_api.says("image", file={"size": 5000, "fault": fault})
    (media,) = heard.next(MessageReceived).parts
    with pytest.raises(error):
        b"".join(plugin.media_fetch(ctx, media).chunks)
    elsewhere = meta_api.control("whatsapp/elsewhere", method="GET")
    assert elsewhere["requests"] == []


def options(*titles):
    found = tuple(Option(id=title, title=title) for title in titles)
    return Options(text="Wat?", options=found)


SENT = [
    ("text", Text(text="Dag")),
    ("location", Location(text="x", latitude=52.1, longitude=4.3, name="Balie")),
    ("contacts", Contact(text="x", name="Ans", phones=("+31 6 5550 0003",))),
    ("interactive", options("Ja", "Nee")),
    ("interactive", options("a", "b", "c", "d")),
    ("interactive", Link(text="Kijk", label="Site", url="https://bakker.example")),
    ("interactive", Request(text="Waar?", what=Asked.LOCATION)),
    ("interactive", Request(text="Nummer?", what=Asked.PHONE)),
]


@pytest.mark.parametrize(
    ("kind", "part"), SENT, ids=[f"{n}-{row[0]}" for n, row in enumerate(SENT)]
)
def test_what_an_agent_sends_is_on_the_phone(heard: Door, meta_api: Meta, ctx, kind, part):
    meta_api.says("text", text="Hoi")
    heard.next(MessageReceived)
    receipt = send(ctx, part)
    report = heard.next(StatusReported)
    assert (report.message_id, report.status, report.reference) == (
        receipt.message_id,
        Status.SENT,
        "7",
    )
    assert report.cost is not None
    assert [(one["id"], one["type"]) for one in meta_api.shown()] == [(receipt.message_id, kind)]


def test_file_of_an_agent_is_on_the_phone(heard: Door, meta_api: Meta, ctx: Context):
    meta_api.says("text", text="Hoi")
    key = ctx.files.keep([b"%PDF-1.4 hallo"], most_bytes=1000).key
    media = Media(
        kind=MediaKind.DOCUMENT,
        ref="",
        text="x",
        type="application/pdf",
        name="a.pdf",
        stored=key,
    )
    send(ctx, media, Text(text="Zie bijlage"))
    (shown,) = meta_api.shown()
    assert shown["type"] == "document"
    assert shown["message"]["caption"] == "Zie bijlage"
    assert shown["message"]["filename"] == "a.pdf"


def test_reaction_and_read_mark_are_on_the_phone(heard: Door, meta_api: Meta, ctx: Context):
    said = meta_api.says("text", text="Hoi")["id"]
    send(ctx, Reaction(text="x", emoji="👍"), quotes=said)
    plugin.read_mark(ctx, ReadMark(message_id=said))
    (shown,) = meta_api.shown("out")
    assert shown["reactions"] == {"business": "👍"}
    assert shown["status"] == "read"


def test_answer_to_our_question_comes_back(heard: Door, meta_api: Meta, ctx: Context):
    meta_api.says("text", text="Hoi")
    heard.next(MessageReceived)
    asked = send(ctx, options("Ja", "Nee"))
    tap = {"message_id": asked.message_id, "index": 1}
    meta_api.control(f"whatsapp/phones/{CUSTOMER}/tap", tap)
    event = heard.next(MessageReceived)
    assert (event.parts, event.quotes) == (
        (Choice(text="[Button] Nee", id="Nee", title="Nee"),),
        asked.message_id,
    )


def test_number_shared_on_request_is_told(heard: Door, meta_api: Meta, ctx: Context):
    meta_api.control(f"whatsapp/phones/{CUSTOMER}", {"persona": "bsuid_only"})
    meta_api.says("text", text="Hoi")
    event = heard.next(MessageReceived)
    assert [address.kind for address in event.sender] == [AddressKind.BSUID]
    asked = send(ctx, Request(text="Nummer?", what=Asked.PHONE), to=event.sender)
    meta_api.control(
        f"whatsapp/phones/{CUSTOMER}/tap", {"message_id": asked.message_id, "index": 0}
    )
    assert heard.next(MessageReceived).parts[0].answers_request is True
    moved = heard.next(CustomerNotice)
    assert (moved.sender, moved.moves_to) == (event.sender, (PHONE,))


def test_change_of_number_is_told(heard: Door, meta_api: Meta):
    meta_api.says("text", text="Hoi")
    heard.next(MessageReceived)
    meta_api.control(f"whatsapp/phones/{CUSTOMER}/change_number", {"number": "+31655509998"})
    moved = heard.next(CustomerNotice)
    assert Address(kind=AddressKind.PHONE, value="+31655509998") in moved.moves_to
    assert PHONE in moved.sender


def test_template_is_handed_in_listed_and_sent(heard: Door, meta_api: Meta, ctx: Context):
    meta_api.control("whatsapp/settings", {"review_seconds": 0.01})
    draft = Template(
        id="",
        name="bestelling",
        language="nl",
        category="UTILITY",
        status="",
        text="",
        components=[
            {
                "type": "BODY",
                "text": "Dag {{1}}, je bestelling is klaar.",
                "example": {"body_text": [["Noor"]]},
            }
        ],
    )
    made = plugin.template_submit(ctx, draft)
    changed = heard.next(TemplateChanged)
    assert (changed.name, changed.language, changed.status) == ("bestelling", "nl", "APPROVED")
    (listed,) = [one for one in plugin.templates_list(ctx) if one.name == "bestelling"]
    assert (listed.id, listed.is_usable, listed.variables) == (made.id, True, made.variables)
    use = TemplateUse(text="x", name="bestelling", language="nl", values={"body.1": "Noor"})
    send(ctx, use)
    (shown,) = meta_api.shown()
    assert (shown["type"], shown["message"]["body"]) == (
        "template",
        "Dag Noor, je bestelling is klaar.",
    )
    with pytest.raises(Rejected):
        send(ctx, replace(use, values={}))


def test_answer_outside_the_window_fails_by_a_status(heard: Door, ctx: Context):
    receipt = send(ctx, Text(text="Te laat"))
    report = heard.next(StatusReported)
    assert (report.message_id, report.status, report.code) == (
        receipt.message_id,
        Status.FAILED,
        "131047",
    )


def test_call_is_a_message(heard: Door, meta_api: Meta):
    meta_api.control("whatsapp/calls", {"from": CUSTOMER})
    event = heard.next(MessageReceived)
    assert isinstance(event.parts[0], Call)
    assert event.opens_window


def test_rejected_call_has_ended(heard: Door, meta_api: Meta, ctx: Context):
    heard.ctx = replace(ctx, config={**ctx.config, "calls": "reject"})
    call = meta_api.control("whatsapp/calls", {"from": CUSTOMER})["id"]
    assert heard.next(MessageReceived).parts[0].outcome == "rejected"
    state = meta_api.control(f"whatsapp/calls/{call}", method="GET")["state"]
    assert state == "ended"


def test_message_from_the_app_is_one_that_was_sent(heard: Door, meta_api: Meta, ctx: Context):
    number = ctx.config["phone_number_id"]
    meta_api.control(f"whatsapp/numbers/{number}", {"coexists": True})
    meta_api.control("whatsapp/echoes", {"from": CUSTOMER, "type": "text", "text": "Tot zo"})
    event = heard.next(MessageSent)
    assert (event.parts, PHONE in event.to) == ((Text(text="Tot zo"),), True)


def test_group_is_a_conversation(heard: Door, meta_api: Meta, ctx: Context):
    made = {"subject": "Rit naar Texel", "participants": [CUSTOMER]}
    group = meta_api.control("whatsapp/groups", made)["id"]
    meta_api.says("text", text="Wie rijdt?", group=group)
    event = heard.next(MessageReceived)
    assert event.sender == (Address(kind=AddressKind.GROUP, value=group),)
    assert event.parts == (Text(text="Sanne de Wit: Wie rijdt?"),)
    send(ctx, Text(text="Ik"), to=event.sender)
    assert heard.next(StatusReported).to == event.sender


@pytest.mark.parametrize(
    ("field", "event", "severity"),
    [
        ("account_update", "DISABLED_UPDATE", Severity.ALARM),
        ("phone_number_quality_update", "FLAGGED", Severity.ALARM),
        ("security", None, Severity.WARNING),
    ],
)
def test_event_of_the_account_is_a_notice(heard: Door, meta_api: Meta, field, event, severity):
    meta_api.control("whatsapp/events", {"field": field, **({"event": event} if event else {})})
    assert heard.next(AccountNotice).severity is severity
