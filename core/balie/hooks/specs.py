"""The hookspecs as data: of each hook its parameters, their types and its result."""

import inspect
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import pluggy

import balie.api
from balie.api import hookspecs


@dataclass(frozen=True, slots=True)
class Spec:
    """One hook. ``parameters`` maps names to types, in order."""

    name: str
    parameters: Mapping[str, object]
    result: object
    doc: str


def manager() -> pluggy.PluginManager:
    """Return a new plugin manager that knows Balie's hooks."""
    made = pluggy.PluginManager(hookspecs.PROJECT)
    made.add_hookspecs(hookspecs)
    return made


def type_hints(function: Callable[..., Any]) -> dict[str, object]:
    """Return a function's annotations, resolved; none where they cannot be.

    Names that are imported for type checkers only are looked up in ``balie.api``; what is found
    nowhere counts as Any.
    """
    own = getattr(inspect.unwrap(function), "__globals__", {})
    known = {**vars(balie.api), **own}
    while True:
        try:
            return typing.get_type_hints(function, localns=known)
        except NameError as error:
            if error.name is None or error.name in known:
                return {}
            known[error.name] = Any
        except Exception:  # noqa: BLE001  # an annotation is any expression, run nowhere else
            return {}


def _spec(function: Callable[..., Any]) -> Spec:
    hints = type_hints(function)
    names = inspect.signature(function).parameters
    return Spec(
        name=function.__name__,
        parameters=MappingProxyType({name: hints[name] for name in names}),
        result=hints["return"],
        doc=inspect.getdoc(function) or "",
    )


def _all() -> Mapping[str, Spec]:
    pm = manager()
    marked = [
        function
        for name, function in vars(hookspecs).items()
        if pm.parse_hookspec_opts(hookspecs, name) is not None
    ]
    return MappingProxyType({function.__name__: _spec(function) for function in marked})


SPECS: Mapping[str, Spec] = _all()
"""Every hook by name, in the order of a message's way."""
