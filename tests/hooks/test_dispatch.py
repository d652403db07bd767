from datetime import UTC, datetime

import pytest

from balie.api import (
    Address,
    AddressKind,
    Batch,
    Capabilities,
    ConfigSchema,
    Customer,
    EventKind,
    Filed,
    Fixture,
    Health,
    Ingress,
    Kind,
    Manifest,
    MessageReceived,
    Note,
    PermanentError,
    PluginCrashed,
    RateLimited,
    RawEvent,
    Receipt,
    Refused,
    Reply,
    Text,
    TransientError,
    WebRequest,
    hookimpl,
)
from balie.hooks import Answer, ConnectionDisabled, NotImplementedByPlugin, UnknownPlugin

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
PHONE = Address(kind=AddressKind.PHONE, value="+31655500101")
REQUEST = WebRequest(method="POST", headers={}, query={}, body=b"{}")
RAW = RawEvent(id="e1", kind=EventKind.MESSAGE, lane="31655500101", at=NOON)
REPLY = Reply(id="m1", to=(PHONE,), parts=(Text(text="hello"),))
FIXTURE = Fixture(payload=b"{}")
BATCH = Batch(
    key="k1",
    conversation_id="c1",
    channel="Service",
    person_name="Jo",
    addresses=(PHONE,),
    lines=(),
)
MESSAGE = MessageReceived(id="e1", sender=(PHONE,), at=NOON, parts=(Text(text="hello"),))


def manifest(plugin_id: str, kind: Kind = Kind.POLICY) -> Manifest:
    return Manifest(id=plugin_id, name=plugin_id, kind=kind, config=ConfigSchema)


class Desk:
    """Answers every addressed hook with what proves that it got what was meant for it."""

    manifest = manifest("desk", Kind.HELPDESK)

    @hookimpl
    def channel_ingress(self, ctx, request):
        assert request is REQUEST
        return Ingress(events=(RAW,))

    @hookimpl
    def event_parse(self, raw):
        return [Refused(reason=raw.id)]

    @hookimpl
    def ticket_file(self, batch, ctx):
        return Filed(ticket_id=batch.key, comment_id=ctx.connection.slug, customer_id="u")

    @hookimpl
    def reply_dispatch(self, ctx, reply):
        return Receipt(message_id=f"{ctx.connection.slug}-{reply.id}")

    @hookimpl
    def capabilities(self):
        return Capabilities(text_limit=7)

    @hookimpl
    def connection_check(self, ctx):
        return Health(ok=True, text=ctx.connection.slug)

    @hookimpl
    def fixture_prepare(self, ctx, fixture):
        assert fixture is FIXTURE
        return REQUEST


class Policy:
    """Answers what it is given, or raises it."""

    def __init__(self, plugin_id: str, answer: object = None) -> None:
        self.manifest = manifest(plugin_id)
        self.answer = [] if answer is None else answer
        self.asked = []

    @hookimpl
    def message_received(self, event):
        self.asked.append(event)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


class Directory:
    """Knows one customer, or none, or fails."""

    def __init__(self, plugin_id: str, answer: object) -> None:
        self.manifest = manifest(plugin_id)
        self.answer = answer
        self.asked = []

    @hookimpl
    def customer_lookup(self, ctx, address):
        self.asked.append((ctx.connection.slug, address))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


ADDRESSED = [
    ("channel_ingress", (REQUEST,), Ingress(events=(RAW,))),
    ("event_parse", (RAW,), [Refused(reason="e1")]),
    ("ticket_file", (BATCH,), Filed(ticket_id="k1", comment_id="desk", customer_id="u")),
    ("reply_dispatch", (REPLY,), Receipt(message_id="desk-m1")),
    ("capabilities", (), Capabilities(text_limit=7)),
    ("connection_check", (), Health(ok=True, text="desk")),
    ("fixture_prepare", (FIXTURE,), REQUEST),
]
BY_HOOK = [hook for hook, _, _ in ADDRESSED]


# --- Addressed ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("hook", "facts", "result"), ADDRESSED, ids=BY_HOOK)
def test_addressed_asks_the_connections_plugin(hooks_of, ctx_of, calls_of, hook, facts, result):
    hooks = hooks_of(Policy("another"), Desk())

    assert getattr(hooks, hook)(ctx_of("desk"), *facts) == result
    assert calls_of("desk", hook, "ok") == 1


@pytest.mark.parametrize(
    ("hook", "facts"),
    [(hook, facts) for hook, facts, _ in ADDRESSED if hook != "capabilities"],
)
def test_addressed_without_the_hook_is_permanent(hooks_of, ctx_of, hook, facts):
    hooks = hooks_of(Policy("parrot"))

    with pytest.raises(NotImplementedByPlugin) as caught:
        getattr(hooks, hook)(ctx_of("parrot"), *facts)

    assert str(caught.value) == f"plugin parrot does not implement {hook}"
    assert isinstance(caught.value, PermanentError)


@pytest.mark.parametrize(("hook", "facts", "_"), ADDRESSED, ids=BY_HOOK)
def test_addressed_of_no_loaded_plugin_waits(hooks_of, ctx_of, hook, facts, _):
    with pytest.raises(UnknownPlugin, match="no plugin gone is installed; loaded are: desk"):
        getattr(hooks_of(Desk()), hook)(ctx_of("gone"), *facts)


@pytest.mark.parametrize(
    ("hook", "facts"),
    [(hook, facts) for hook, facts, _ in ADDRESSED if hook != "connection_check"],
)
def test_addressed_of_a_disabled_connection_waits(hooks_of, ctx_of, calls_of, hook, facts):
    hooks = hooks_of(Desk(), off=("second",))

    with pytest.raises(ConnectionDisabled) as caught:
        getattr(hooks, hook)(ctx_of("desk", "second"), *facts)

    assert isinstance(caught.value, TransientError)
    assert calls_of("desk", hook, "ok") == 0


def test_connection_check_is_asked_of_a_disabled_connection(hooks_of, ctx_of):
    hooks = hooks_of(Desk(), off=("desk",))

    assert hooks.connection_check(ctx_of("desk")) == Health(ok=True, text="desk")


def test_enablement_is_asked_anew_at_every_call(hooks_of, ctx_of):
    off = ["desk"]
    hooks = hooks_of(Desk(), off=off)
    with pytest.raises(ConnectionDisabled):
        hooks.reply_dispatch(ctx_of("desk"), REPLY)

    off.clear()

    assert hooks.reply_dispatch(ctx_of("desk"), REPLY) == Receipt(message_id="desk-m1")


def test_addressed_error_names_plugin_and_hook(hooks_of, ctx_of):
    class Busy(Desk):
        @hookimpl
        def reply_dispatch(self, reply):
            raise RateLimited("slower", retry_after=30)

    with pytest.raises(RateLimited) as caught:
        hooks_of(Busy()).reply_dispatch(ctx_of("desk"), REPLY)

    assert caught.value.retry_after == 30
    assert caught.value.__notes__ == ["in plugin desk, hook reply_dispatch"]


def test_addressed_result_of_another_type_is_a_crash(hooks_of, ctx_of, calls_of):
    class Careless(Desk):
        @hookimpl
        def reply_dispatch(self, reply):
            return reply.id

    with pytest.raises(PluginCrashed) as caught:
        hooks_of(Careless()).reply_dispatch(ctx_of("desk"), REPLY)

    assert str(caught.value) == (
        "plugin desk failed in reply_dispatch: TypeError: it returned a str where Receipt is due"
    )
    assert calls_of("desk", "reply_dispatch", "crashed") == 1


def test_default_of_a_hooks_own_never_wins_over_the_fact(hooks_of, ctx_of):
    class Defaulting(Desk):
        @hookimpl
        def event_parse(self, ctx, raw=None):
            return [Refused(reason=raw.id)]

    assert hooks_of(Defaulting()).event_parse(ctx_of("desk"), RAW) == [Refused(reason="e1")]


# --- Capabilities -------------------------------------------------------------------------------


def test_capabilities_not_stated_are_the_defaults(hooks_of, ctx_of):
    assert hooks_of(Policy("parrot")).capabilities(ctx_of("parrot")) == Capabilities()


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [(ValueError("oops"), "crashed"), (TransientError("later"), "transient"), ({}, "crashed")],
)
def test_capabilities_that_fail_are_the_defaults_and_counted(
    hooks_of, ctx_of, calls_of, answer, outcome
):
    class Unable(Desk):
        @hookimpl
        def capabilities(self):
            if isinstance(answer, Exception):
                raise answer
            return answer

    ctx = ctx_of("desk")

    assert hooks_of(Unable()).capabilities(ctx) == Capabilities()
    assert calls_of("desk", "capabilities", outcome) == 1
    assert [event for event, _ in ctx.log.lines] == ["capabilities_defaulted"]


# --- First --------------------------------------------------------------------------------------


def test_first_answer_wins_in_the_order_given(hooks_of, ctx_of):
    known = Customer(id="1", name="Jo")
    a, b, c = Directory("a", None), Directory("b", known), Directory("c", Customer(id="2"))
    roster = [ctx_of("c", "last"), ctx_of("a"), ctx_of("b")]
    hooks = hooks_of(a, b, c)

    assert hooks.customer_lookup([roster[1], roster[2], roster[0]], PHONE) == (roster[2], known)
    assert a.asked == [("a", PHONE)]
    assert c.asked == []
    assert hooks.customer_lookup(roster, PHONE) == (roster[0], Customer(id="2"))


def test_first_is_none_where_nobody_knows(hooks_of, ctx_of):
    hooks = hooks_of(Directory("a", None), Policy("b"))

    assert hooks.customer_lookup([ctx_of("a"), ctx_of("b")], PHONE) is None
    assert hooks.customer_lookup([], PHONE) is None


def test_first_passes_over_disabled_unable_and_unloaded(hooks_of, ctx_of):
    known = Customer(id="1")
    directory = Directory("a", known)
    hooks = hooks_of(directory, Policy("b"), off=("old",))
    roster = [ctx_of("a", "old"), ctx_of("b"), ctx_of("gone"), ctx_of("a", "new")]

    assert hooks.customer_lookup(roster, PHONE) == (roster[3], known)
    assert directory.asked == [("new", PHONE)]


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (TransientError("later"), TransientError),
        (KeyError("x"), PluginCrashed),
        ("Jo", PluginCrashed),
    ],
)
def test_first_error_ends_the_asking(hooks_of, ctx_of, answer, error):
    later = Directory("b", Customer(id="1"))
    hooks = hooks_of(Directory("a", answer), later)

    with pytest.raises(error):
        hooks.customer_lookup([ctx_of("a"), ctx_of("b")], PHONE)

    assert later.asked == []


# --- Each ---------------------------------------------------------------------------------------


def test_each_collects_who_said_what_in_the_order_given(hooks_of, ctx_of):
    note = Note(key="k", text="closed today")
    hooks = hooks_of(Policy("a"), Policy("b", [note]), Directory("c", None))
    roster = [ctx_of("b"), ctx_of("c"), ctx_of("a")]

    assert hooks.message_received(roster, MESSAGE) == [
        Answer(plugin="b", connection=roster[0].connection, actions=(note,)),
        Answer(plugin="a", connection=roster[2].connection, actions=()),
    ]


def test_each_asks_once_per_connection(hooks_of, ctx_of):
    policy = Policy("a")
    roster = [ctx_of("a", "one"), ctx_of("a", "two")]

    answers = hooks_of(policy).message_received(roster, MESSAGE)

    assert [answer.connection.slug for answer in answers] == ["one", "two"]
    assert policy.asked == [MESSAGE, MESSAGE]


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (ZeroDivisionError(), "crashed"),
        (TransientError("later"), "transient"),
        ("no list", "crashed"),
    ],
)
def test_each_leaves_out_who_fails_and_goes_on(hooks_of, ctx_of, calls_of, answer, outcome):
    sound = Policy("b", [Note(key="k", text="t")])
    roster = [ctx_of("a"), ctx_of("b")]

    answers = hooks_of(Policy("a", answer), sound).message_received(roster, MESSAGE)

    assert [answer.plugin for answer in answers] == ["b"]
    assert calls_of("a", "message_received", outcome) == 1
    [(event, facts)] = roster[0].log.lines
    assert (event, facts["plugin"], facts["hook"]) == ("plugin_left_out", "a", "message_received")
    assert roster[1].log.lines == []


def test_each_passes_over_the_disabled(hooks_of, ctx_of):
    policy = Policy("a")

    assert hooks_of(policy, off=("a",)).message_received([ctx_of("a")], MESSAGE) == []
    assert policy.asked == []
