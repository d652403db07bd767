"""The checks that a plugin's hooks pass before it may register.

pluggy would let most of these mistakes through until the call; see tests/hooks/test_checks.py.
"""

import difflib
import inspect
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

import pluggy

from balie.api import Kind
from balie.hooks.errors import RegistrationRefused
from balie.hooks.specs import SPECS, Spec, type_hints

REQUIRED: Mapping[Kind, tuple[str, ...]] = MappingProxyType(
    {
        Kind.CHANNEL: ("channel_ingress", "event_parse", "reply_dispatch"),
        Kind.HELPDESK: ("channel_ingress", "event_parse", "ticket_file"),
        Kind.POLICY: (),
    }
)
"""What a plugin of each kind cannot do without."""

_NAMED = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)


def check_hooks(pm: pluggy.PluginManager, plugin: object, plugin_id: str, kind: Kind) -> None:
    """Raise RegistrationRefused, with every fault in one message, unless the hooks are sound."""
    faults: list[str] = []
    seen: dict[str, str] = {}
    for attribute, options in marked(pm, plugin):
        hook = options["specname"] or attribute
        if hook not in SPECS:
            if not options["optionalhook"]:
                faults.append(_unknown(hook))
            continue
        if hook in seen:
            faults.append(f"{hook} is implemented by both {seen[hook]} and {attribute}; keep one.")
        seen[hook] = attribute
        function = getattr(plugin, attribute)
        faults += [f"{hook}: {fault}" for fault in _faults(SPECS[hook], function, options)]
    faults += _missing(plugin, kind, seen)
    if faults:
        raise RegistrationRefused(f"plugin {plugin_id}: {' '.join(faults)}")


def marked(pm: pluggy.PluginManager, plugin: object) -> Iterator[tuple[str, pluggy.HookimplOpts]]:
    """Yield the attributes that are marked with @hookimpl, and the marks."""
    for attribute in dir(plugin):
        options = pm.parse_hookimpl_opts(plugin, attribute)
        if options is not None:
            yield attribute, options


def _unknown(hook: str) -> str:
    near = difflib.get_close_matches(hook, SPECS, n=1)
    advice = f"did you mean {near[0]}?" if near else f"the hooks are {', '.join(SPECS)}."
    return f"{hook} is no hook; {advice}"


def _missing(plugin: object, kind: Kind, seen: Mapping[str, str]) -> Iterator[str]:
    for hook in REQUIRED[kind]:
        if hook not in seen:
            unmarked = callable(getattr(plugin, hook, None))
            advice = f"put @hookimpl above its {hook}." if unmarked else "write it."
            yield f"a {kind} needs {hook}; {advice}"
    if not seen and not REQUIRED[kind]:
        yield "it implements no hook; put @hookimpl above those that it means to implement."


def _faults(
    spec: Spec, function: Callable[..., Any], options: pluggy.HookimplOpts
) -> Iterator[str]:
    if options["wrapper"] or options["hookwrapper"]:
        yield "it is a wrapper; plugins do not wrap each other, write a plain @hookimpl."
        return
    if inspect.iscoroutinefunction(function) or inspect.isgeneratorfunction(function):
        yield "it is async or yields; write a plain function that returns its result."
    yield from _parameter_faults(spec, function)
    yield from _annotation_faults(spec, function)


def _parameter_faults(spec: Spec, function: Callable[..., Any]) -> Iterator[str]:
    wanted = ", ".join(spec.parameters)
    if inspect.ismethod(function) and _first(function) in spec.parameters:
        yield f"its first parameter is not self; write (self, {wanted})."
        return
    for parameter in inspect.signature(function).parameters.values():
        name = parameter.name
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY:
            yield f"{name} is keyword-only and would never be given; take the * away."
        elif parameter.kind not in _NAMED:
            yield f"*{name} would never be given anything; name what you need of ({wanted})."
        elif name not in spec.parameters:
            yield f"it has no parameter {name}; take any of ({wanted}), by these names."


def _annotation_faults(spec: Spec, function: Callable[..., Any]) -> Iterator[str]:
    hints = type_hints(function)
    for name, due in spec.parameters.items():
        given = hints.get(name, due)
        if given not in (due, Any, object):
            wanted = getattr(due, "__name__", due)
            yield f"{name} is annotated {_called(given)}; write balie.api.{wanted}."


def _first(function: Callable[..., Any]) -> str:
    return next(iter(inspect.signature(inspect.unwrap(function.__func__)).parameters), "")  # type: ignore[attr-defined]  # asked of methods only


def _called(annotation: object) -> str:
    if isinstance(annotation, type):
        return f"{annotation.__module__}.{annotation.__qualname__}"
    return str(annotation)
