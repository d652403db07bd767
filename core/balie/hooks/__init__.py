"""Plugins: found, checked, and asked in typed and isolated ways.

::

    registry = Registry(discover(plugins_dir=None, without=()))   # registry.report tells all
    hooks = Hooks(registry, hook_metrics(), is_enabled=...)
"""

from balie.hooks.discovery import Discovery, discover, given
from balie.hooks.dispatch import Answer, Hooks
from balie.hooks.errors import ConnectionDisabled, NotImplementedByPlugin, UnknownPlugin
from balie.hooks.isolation import HookMetrics, hook_metrics
from balie.hooks.registry import RegisteredPlugin, Registry
from balie.hooks.report import BootReport, PluginReport, State

__all__ = [
    "Answer",
    "BootReport",
    "ConnectionDisabled",
    "Discovery",
    "HookMetrics",
    "Hooks",
    "NotImplementedByPlugin",
    "PluginReport",
    "RegisteredPlugin",
    "Registry",
    "State",
    "UnknownPlugin",
    "discover",
    "given",
    "hook_metrics",
]
