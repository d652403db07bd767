"""Containment: a hook's exception names its plugin, is counted, and is one of ours."""

import threading
import time
from collections.abc import Callable
from functools import cache
from typing import TypeVar
from weakref import WeakKeyDictionary

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Histogram

from balie.api import (
    AuthFailed,
    OutcomeUnknown,
    PayloadInvalid,
    PermanentError,
    PluginCrashed,
    PluginError,
    RateLimited,
    Rejected,
    SignatureInvalid,
    TransientError,
)

T = TypeVar("T")

# By class and not by name, so that a plugin's own subclasses add no label values.
_OUTCOMES: dict[type, str] = {
    SignatureInvalid: "signature_invalid",
    PayloadInvalid: "payload_invalid",
    AuthFailed: "auth_failed",
    RateLimited: "rate_limited",
    OutcomeUnknown: "outcome_unknown",
    PluginCrashed: "crashed",
    TransientError: "transient",
    Rejected: "rejected",
    PermanentError: "permanent",
    PluginError: "error",
}


class HookMetrics:
    """Counts and durations of hook calls, by plugin and hook and never by tenant."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.calls = Counter(
            "balie_hook_calls",
            "Calls of a plugin's hook, by how they ended.",
            ["plugin", "hook", "outcome"],
            registry=registry,
        )
        self.seconds = Histogram(
            "balie_hook_seconds",
            "How long a plugin's hook took.",
            ["plugin", "hook"],
            registry=registry,
            buckets=(0.001, 0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60),
        )

        self._children = cache(self._make_children)

    def record(self, plugin: str, hook: str, outcome: str, seconds: float) -> None:
        """Count one call."""
        call, duration = self._children(plugin, hook, outcome)
        call.inc()
        duration.observe(seconds)

    def _make_children(self, plugin: str, hook: str, outcome: str) -> tuple[Counter, Histogram]:
        return self.calls.labels(plugin, hook, outcome), self.seconds.labels(plugin, hook)


_made: WeakKeyDictionary[CollectorRegistry, HookMetrics] = WeakKeyDictionary()
_making = threading.Lock()


def hook_metrics(registry: CollectorRegistry = REGISTRY) -> HookMetrics:
    """Return the registry's hook metrics, made at the first asking.

    A name can be taken once per registry, and one process may hold several applications.
    """
    with _making:
        if registry not in _made:
            _made[registry] = HookMetrics(registry)
        return _made[registry]


def guarded(plugin_id: str, hook: str, call: Callable[[], T], *, metrics: HookMetrics) -> T:
    """Return what ``call`` returns; count it and time it.

    A PluginError passes through with a note that names plugin and hook. Any other Exception is
    raised as PluginCrashed from it, and so is SystemExit: no plugin ends the process. What else is
    no Exception (a gevent time-out, an interrupt) is the caller's and passes untouched.
    """
    outcome = "interrupted"
    start = time.perf_counter()
    try:
        result = call()
    except PluginError as error:
        outcome = _outcome(error)
        _note(error, f"in plugin {plugin_id}, hook {hook}")
        raise
    except (Exception, SystemExit) as error:
        outcome = "crashed"
        raise PluginCrashed(plugin_id, hook, error) from error
    else:
        outcome = "ok"
        return result
    finally:
        metrics.record(plugin_id, hook, outcome, time.perf_counter() - start)


def _outcome(error: PluginError) -> str:
    return next(_OUTCOMES[kind] for kind in type(error).__mro__ if kind in _OUTCOMES)


def _note(error: PluginError, note: str) -> None:
    # A plugin may raise one and the same object again and again.
    if note not in getattr(error, "__notes__", ()):
        error.add_note(note)
