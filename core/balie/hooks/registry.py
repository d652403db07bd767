"""The plugins of one application, checked and ready to be asked."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import pluggy

from balie.api import Manifest
from balie.api.errors import described
from balie.hooks.checks import check_hooks
from balie.hooks.discovery import Discovery, Found, NotFound
from balie.hooks.errors import RegistrationRefused, UnknownPlugin
from balie.hooks.manifests import read_manifest
from balie.hooks.report import BootReport, PluginReport, State
from balie.hooks.specs import SPECS, manager


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredPlugin:
    """A plugin that keeps the contract. ``object`` is what the plugin's author wrote."""

    id: str
    manifest: Manifest
    object: object
    source: str
    hooks: frozenset[str]


class Registry:
    """The plugins of one application, by id in alphabetical order.

    Built once, before serving: it does not change afterwards, so threads may share it. A plugin
    that breaks the contract is left out and stands in ``report`` with the reason.
    """

    def __init__(self, discovery: Discovery) -> None:
        self._pm = manager()
        self._without = discovery.without
        found: dict[str, RegisteredPlugin] = {}
        reports = [_unfound(failure) for failure in discovery.failures]
        for candidate in discovery.found:
            reports.append(self._admit(candidate, found))
        matched = {report.id for report in reports}
        reports += [_unmatched(name) for name in discovery.without - matched]
        self.plugins: Mapping[str, RegisteredPlugin] = MappingProxyType(dict(sorted(found.items())))
        self.report = BootReport(plugins=tuple(sorted(reports, key=lambda r: (r.id, r.source))))
        self._functions = self._bound()

    def get(self, plugin_id: str) -> RegisteredPlugin:
        """Return the plugin; raise UnknownPlugin, with the reason if it failed to load."""
        plugin = self.plugins.get(plugin_id)
        if plugin is None:
            raise UnknownPlugin(self._absence(plugin_id))
        return plugin

    def function(self, plugin_id: str, hook: str) -> Callable[..., Any] | None:
        """Return the plugin's implementation, taking the hook's arguments by keyword, or None.

        Arguments that the plugin did not ask for are left out for it.
        """
        return self._functions.get((plugin_id, hook))

    def _absence(self, plugin_id: str) -> str:
        for report in self.report.plugins:
            if report.id == plugin_id:
                return f"plugin {plugin_id} is {report.state}: {report.reason}"
        loaded = ", ".join(self.plugins) or "none"
        return f"no plugin {plugin_id} is installed; loaded are: {loaded}"

    def _admit(self, candidate: Found, found: dict[str, RegisteredPlugin]) -> PluginReport:
        start = time.perf_counter()
        name, state, reason, hooks = candidate.name, State.OK, "", frozenset[str]()
        try:
            manifest = read_manifest(candidate.plugin, name)
            name = manifest.id
            if name in self._without:
                state, reason = State.OFF, "is switched off"
            else:
                hooks = self._register(candidate, manifest, found)
        except (RegistrationRefused, pluggy.PluginValidationError) as refusal:
            state, reason = State.FAILED, str(refusal)
        except Exception as error:  # noqa: BLE001  # a plugin's own attributes ran: report, go on
            state, reason = State.FAILED, f"could not be read: {described(error)}"
        return PluginReport(
            id=name,
            source=candidate.source,
            state=state,
            reason=reason,
            hooks=tuple(hook for hook in SPECS if hook in hooks),
            milliseconds=candidate.milliseconds + (time.perf_counter() - start) * 1000,
        )

    def _register(
        self, candidate: Found, manifest: Manifest, found: dict[str, RegisteredPlugin]
    ) -> frozenset[str]:
        first = found.get(manifest.id)
        if first is not None:
            raise RegistrationRefused(
                f"plugin {manifest.id} is there twice, from {first.source} and "
                f"{candidate.source}; give one of them another id."
            )
        plugin = candidate.plugin
        check_hooks(self._pm, plugin, manifest.id, manifest.kind)
        self._pm.register(plugin, name=manifest.id)
        try:
            self._pm.check_pending()
        except pluggy.PluginValidationError:
            self._pm.unregister(name=manifest.id)
            raise
        hooks = frozenset(caller.name for caller in self._pm.get_hookcallers(plugin) or ())
        found[manifest.id] = RegisteredPlugin(
            id=manifest.id,
            manifest=manifest,
            object=plugin,
            source=candidate.source,
            hooks=hooks & SPECS.keys(),
        )
        return hooks

    def _bound(self) -> Mapping[tuple[str, str], Callable[..., Any]]:
        """One implementation at a time is asked, so that each one's failure is its own."""
        return MappingProxyType(
            {
                (impl.plugin_name, hook): _by_keyword(impl)
                for hook in SPECS
                for impl in getattr(self._pm.hook, hook).get_hookimpls()
            }
        )


def _by_keyword(impl: pluggy.HookImpl) -> Callable[..., Any]:
    # The checks saw to it that every one of these is a parameter of the hook.
    names = (*impl.argnames, *impl.kwargnames)

    def call(**arguments: object) -> Any:
        return impl.function(*(arguments[name] for name in names))

    return call


def _unfound(failure: NotFound) -> PluginReport:
    return PluginReport(
        id=failure.name,
        source=failure.source,
        state=State.OFF if failure.off else State.FAILED,
        reason=failure.reason,
        milliseconds=failure.milliseconds,
    )


def _unmatched(name: str) -> PluginReport:
    reason = "is switched off, yet no plugin of this name was found"
    return PluginReport(id=name, source="settings", state=State.OFF, reason=reason)
