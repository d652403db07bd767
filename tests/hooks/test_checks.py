# ruff: noqa: ARG004, ARG005 -- a hook takes what its spec gives, whether it uses it or not
from typing import TYPE_CHECKING, Any

import pytest

from balie.api import ConfigSchema, Context, Kind, Manifest, MessageReceived, Reply, hookimpl
from balie.hooks import Registry, given

if TYPE_CHECKING:
    from somewhere_else import Sort

MANIFEST = Manifest(id="parrot", name="Parrot", kind=Kind.POLICY, config=ConfigSchema)


def refusal(plugin: object) -> str:
    registry = Registry(given(plugin))
    assert dict(registry.plugins) == {}
    [report] = registry.report.failed
    return report.reason


def policy(*functions):
    """Make a policy plugin whose methods are these functions."""
    body = {function.__name__: function for function in functions}
    return type("Parrot", (), {"manifest": MANIFEST, **body})()


def described(**changes: Any) -> object:
    """Make a sound policy whose manifest has these changes."""
    fields = {"id": "parrot", "name": "Parrot", "kind": Kind.POLICY, "config": ConfigSchema}
    plugin = policy(sound)
    type(plugin).manifest = Manifest(**{**fields, **changes})
    return plugin


@hookimpl
def message_received(self, ctx, event):
    return []


sound = message_received


def test_sound_plugin_registers():
    assert Registry(given(policy(sound))).plugins["parrot"].hooks == {"message_received"}


# --- The manifest -------------------------------------------------------------------------------


def test_manifest_absent_says_what_to_write():
    assert refusal(object()) == (
        "plugin object has no manifest; write `manifest = Manifest(id=…, name=…, kind=…, "
        "config=…)` in it (found: NoneType)."
    )


def test_class_instead_of_object_names_the_brackets():
    assert refusal(type(policy(sound))) == (
        "plugin Parrot is a class; write `plugin = Parrot()`, with the brackets."
    )


@pytest.mark.parametrize(
    "bad", ["", "Parrot", "my-parrot", "1parrot", "parrot ", "pärrot", "p" * 64, 7]
)
def test_manifest_id_not_lower_snake_is_refused(bad):
    assert f"its id {bad!r} is not lower_snake" in refusal(described(id=bad))


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"name": " "}, "its name is empty; write what people should read."),
        (
            {"kind": "parrot"},
            "its kind 'parrot' is none of Kind.CHANNEL, Kind.HELPDESK, Kind.POLICY.",
        ),
        (
            {"config": dict},
            "its config is no subclass of ConfigSchema; write `class Config(ConfigSchema)`.",
        ),
        (
            {"config": ConfigSchema()},
            "its config is no subclass of ConfigSchema; write `class Config(ConfigSchema)`.",
        ),
        (
            {"api_version": 2},
            (
                "it is written for API version 2, this Balie speaks 1; install a version of it "
                "made for 1."
            ),
        ),
    ],
    ids=["name", "kind", "config", "config object", "api version"],
)
def test_manifest_fault_is_refused(changes, fault):
    assert refusal(described(**changes)) == f"plugin Parrot: {fault}"


def test_manifest_faults_are_told_at_once():
    message = refusal(described(id="", api_version=0))

    assert "lower_snake" in message
    assert "API version 0" in message


def test_manifest_that_raises_is_reported():
    class Sulking:
        @property
        def manifest(self):
            raise RuntimeError("not today")

    assert refusal(Sulking()) == "could not be read: RuntimeError: not today"


# --- The hooks ----------------------------------------------------------------------------------


def test_unknown_hook_is_refused_with_a_suggestion():
    @hookimpl
    def mesage_received(self, ctx, event):
        return []

    assert refusal(policy(mesage_received, sound)) == (
        "plugin parrot: mesage_received is no hook; did you mean message_received?"
    )


def test_unknown_hook_that_is_optional_is_let_be():
    @hookimpl(optionalhook=True)
    def hook_of_the_future(self, ctx):
        return []

    registry = Registry(given(policy(hook_of_the_future, sound)))

    assert registry.plugins["parrot"].hooks == {"message_received"}


def test_unmarked_method_of_any_name_does_not_count():
    def mesage_received(self, anything):
        return anything

    def event_parse(self):
        return None

    registry = Registry(given(policy(mesage_received, event_parse, sound)))

    assert registry.plugins["parrot"].hooks == {"message_received"}


def test_hook_implemented_twice_is_refused():
    @hookimpl(specname="message_received")
    def also(self, ctx, event):
        return []

    assert refusal(policy(also, sound)) == (
        "plugin parrot: message_received is implemented by both also and message_received; "
        "keep one."
    )


def keyword_only():
    @hookimpl
    def message_received(self, ctx, *, event):
        return []

    return message_received


def foreign_name():
    @hookimpl
    def message_received(self, ctx, message):
        return []

    return message_received


def foreign_default():
    @hookimpl
    def message_received(self, ctx, event, limit=3):
        return []

    return message_received


def starred():
    @hookimpl
    def message_received(self, **facts):
        return []

    return message_received


def no_self():
    @hookimpl
    def message_received(ctx, event):
        return []

    return message_received


def other_type():
    @hookimpl
    def message_received(self, ctx: Context, event: Reply):
        return []

    return message_received


def coroutine():
    @hookimpl
    async def message_received(self, ctx, event):
        return []

    return message_received


def yielding():
    @hookimpl
    def message_received(self, ctx, event):
        yield

    return message_received


def wrapping():
    @hookimpl(wrapper=True)
    def message_received(self, ctx, event):
        return (yield)

    return message_received


def wrapping_as_of_old():
    @hookimpl(hookwrapper=True)
    def message_received(self, ctx, event):
        yield

    return message_received


@pytest.mark.parametrize(
    ("make", "fault"),
    [
        (keyword_only, "event is keyword-only and would never be given; take the * away."),
        (foreign_name, "it has no parameter message; take any of (ctx, event), by these names."),
        (foreign_default, "it has no parameter limit; take any of (ctx, event), by these names."),
        (starred, "*facts would never be given anything; name what you need of (ctx, event)."),
        (no_self, "its first parameter is not self; write (self, ctx, event)."),
        (
            other_type,
            "event is annotated balie.api.channel.Reply; write balie.api.MessageReceived.",
        ),
        (coroutine, "it is async or yields; write a plain function that returns its result."),
        (yielding, "it is async or yields; write a plain function that returns its result."),
        (wrapping, "it is a wrapper; plugins do not wrap each other, write a plain @hookimpl."),
        (
            wrapping_as_of_old,
            "it is a wrapper; plugins do not wrap each other, write a plain @hookimpl.",
        ),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_bad_signature_is_refused(make, fault):
    assert refusal(policy(make())) == f"plugin parrot: message_received: {fault}"


def test_every_fault_is_told_at_once():
    assert refusal(policy(keyword_only(), hookimpl(specname="ticket_fil")(lambda self: None))) == (
        "plugin parrot: ticket_fil is no hook; did you mean ticket_file? "
        "message_received: event is keyword-only and would never be given; take the * away."
    )


def test_annotations_of_the_spec_are_taken():
    @hookimpl
    def message_received(self, ctx: "Context", event: MessageReceived) -> "list[Sort]":
        return []

    assert "parrot" in Registry(given(policy(message_received))).plugins


def test_annotation_of_the_plugins_own_name_is_not_taken_for_the_apis():
    module = {"Context": type("Context", (), {}), "hookimpl": hookimpl}
    exec("@hookimpl\ndef message_received(self, ctx: 'Context', event): return []", module)

    assert refusal(policy(module["message_received"])) == (
        f"plugin parrot: message_received: ctx is annotated {__name__}.Context; "
        "write balie.api.Context."
    )


@pytest.mark.parametrize("annotation", ["api.Context", "the context", "Context[int]", "1 / 0"])
def test_annotation_that_cannot_be_resolved_is_let_be(annotation):
    def message_received(self, ctx, event):
        return []

    message_received.__annotations__["ctx"] = annotation

    assert "parrot" in Registry(given(policy(hookimpl(message_received)))).plugins


def test_annotations_wider_than_the_spec_are_taken():
    @hookimpl
    def message_received(self, ctx: Any, event: object) -> list[Any]:
        return []

    assert "parrot" in Registry(given(policy(message_received))).plugins


def test_fewer_parameters_are_taken():
    @hookimpl
    def message_received(self, event):
        return []

    assert "parrot" in Registry(given(policy(message_received))).plugins


def test_static_method_is_taken():
    class Parrot:
        manifest = MANIFEST

        @staticmethod
        @hookimpl
        def message_received(ctx, event):
            return []

    assert "parrot" in Registry(given(Parrot())).plugins


# --- Kinds --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "missing"),
    [
        (Kind.CHANNEL, ["channel_ingress", "event_parse", "reply_dispatch"]),
        (Kind.HELPDESK, ["channel_ingress", "event_parse", "ticket_file"]),
    ],
)
def test_kind_without_its_hooks_is_refused(kind, missing):
    told = " ".join(f"a {kind} needs {hook}; write it." for hook in missing)

    assert refusal(described(kind=kind)) == f"plugin parrot: {told}"


def test_forgotten_mark_is_named():
    def channel_ingress(self, ctx, request):
        return None

    plugin = described(kind=Kind.HELPDESK)
    type(plugin).channel_ingress = channel_ingress

    assert "a helpdesk needs channel_ingress; put @hookimpl above its channel_ingress." in refusal(
        plugin
    )


def test_policy_without_any_hook_is_refused():
    assert refusal(policy()) == (
        "plugin parrot: it implements no hook; put @hookimpl above those that it means to "
        "implement."
    )
