import types
from dataclasses import dataclass

import pytest

from balie.api import ConfigSchema, Kind, Manifest, TransientError, hookimpl
from balie.hooks import Registry, UnknownPlugin, given


@dataclass
class Policy:
    """Compares by value and has no hash, as plain dataclasses do."""

    manifest: Manifest

    @hookimpl
    def message_received(self, ctx, event):
        return []


def policy(plugin_id: str, name: str = "A policy") -> Policy:
    return Policy(Manifest(id=plugin_id, name=name, kind=Kind.POLICY, config=ConfigSchema))


def test_plugins_are_in_order_of_their_ids():
    registry = Registry(given(policy("b"), policy("c"), policy("a")))

    assert list(registry.plugins) == ["a", "b", "c"]
    assert [report.id for report in registry.report.plugins] == ["a", "b", "c"]


def test_plugins_cannot_be_changed():
    registry = Registry(given(policy("a")))

    with pytest.raises(TypeError):
        registry.plugins["b"] = registry.plugins["a"]


def test_get_returns_what_the_author_wrote():
    plugin = policy("a")

    found = Registry(given(plugin)).get("a")

    assert found.object is plugin
    assert (found.id, found.manifest, found.source) == ("a", plugin.manifest, "given")
    assert found.hooks == {"message_received"}


def test_duplicate_id_keeps_the_first_and_names_both_sources():
    first, second = policy("a", "first"), policy("a", "second")

    registry = Registry(given(first, second))

    assert registry.get("a").object is first
    assert [report.reason for report in registry.report.failed] == [
        "plugin a is there twice, from given and given; give one of them another id."
    ]


def test_module_may_be_a_plugin():
    module = types.ModuleType("parrot")
    module.manifest = policy("parrot").manifest

    @hookimpl
    def message_received(ctx, event):
        return []

    module.message_received = message_received

    assert Registry(given(module)).get("parrot").object is module


def test_unknown_plugin_names_those_that_are_loaded():
    with pytest.raises(UnknownPlugin) as caught:
        Registry(given(policy("b"), policy("a"))).get("c")

    assert str(caught.value) == "no plugin c is installed; loaded are: a, b"
    assert isinstance(caught.value, TransientError)


def test_unknown_plugin_that_failed_says_why():
    broken = policy("a")
    broken.manifest = Manifest(id="a", name="", kind=Kind.POLICY, config=ConfigSchema)

    with pytest.raises(UnknownPlugin, match="its name is empty"):
        Registry(given(broken)).get("Policy")


def test_registries_share_nothing():
    one, other = Registry(given(policy("a"))), Registry(given(policy("b")))

    assert (list(one.plugins), list(other.plugins)) == (["a"], ["b"])


def test_refused_plugin_leaves_no_hook_behind():
    class Half:
        manifest = Manifest(id="half", name="Half", kind=Kind.CHANNEL, config=ConfigSchema)

        @hookimpl
        def event_parse(self, ctx, raw):
            return []

    registry = Registry(given(Half(), policy("a")))

    assert registry.function("half", "event_parse") is None
    assert list(registry.plugins) == ["a"]
