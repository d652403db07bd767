"""Readers of what a hook returned: the declared type, or a TypeError that says what came back.

Values stay out of the message: they may be a customer's words.
"""

from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")


def one(kind: type[T]) -> Callable[[object], T]:
    """Return a reader of exactly one ``kind``."""

    def read(value: object) -> T:
        if isinstance(value, kind):
            return value
        raise TypeError(f"it returned {_named(value)} where {kind.__name__} is due")

    return read


def one_or_none(kind: type[T]) -> Callable[[object], T | None]:
    """Return a reader of one ``kind``, or of None as an answer."""

    def read(value: object) -> T | None:
        if value is None or isinstance(value, kind):
            return value
        raise TypeError(f"it returned {_named(value)} where {kind.__name__} or None is due")

    return read


def nothing(value: object) -> None:
    """Read the result of a hook that has none."""
    if value is not None:
        raise TypeError(f"it returned {_named(value)} where nothing is due")


def many(kinds: Any) -> Callable[[object], list[Any]]:
    """Return a reader of a list of ``kinds``, a class or a union of classes."""
    due = " or ".join(kind.__name__ for kind in getattr(kinds, "__args__", (kinds,)))

    def read(value: object) -> list[Any]:
        if not isinstance(value, list):
            raise TypeError(f"it returned {_named(value)} where a list of {due} is due")
        for item in value:
            if not isinstance(item, kinds):
                raise TypeError(f"it returned a list with {_named(item)} in it, not {due}")
        return value

    return read


def _named(value: object) -> str:
    return "None (a forgotten return?)" if value is None else f"a {type(value).__name__}"
