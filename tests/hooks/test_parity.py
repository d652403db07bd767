"""The facade says in types what the hookspecs say; neither may drift from the other."""

import inspect
import re
from collections.abc import Sequence

import pytest

from balie.api import Context
from balie.hooks import Hooks
from balie.hooks.specs import SPECS, manager, type_hints

METHODS = {
    name: method
    for name, method in vars(Hooks).items()
    if inspect.isfunction(method) and not name.startswith("_")
}


def mode(hook: str) -> str:
    found = re.search(r"^Mode: (\w+)\.$", SPECS[hook].doc, re.MULTILINE)
    assert found, f"{hook} names no mode"
    return found[1]


def test_facade_has_one_method_for_each_hook():
    assert METHODS.keys() == SPECS.keys()
    assert SPECS.keys() == set(vars(manager().hook)) - {"__doc__"}


@pytest.mark.parametrize("hook", SPECS)
def test_facade_takes_what_the_spec_takes(hook):
    hints = type_hints(METHODS[hook])
    given = {
        name: hints[name] for name in inspect.signature(METHODS[hook]).parameters if name != "self"
    }
    due = dict(SPECS[hook].parameters)
    if mode(hook) == "start":
        due = {"plugin": str, **due}
    elif mode(hook) != "addressed":
        due = {"roster": Sequence[Context], **{name: due[name] for name in due if name != "ctx"}}

    assert list(given.items()) == list(due.items())


@pytest.mark.parametrize("hook", [hook for hook in SPECS if mode(hook) == "addressed"])
def test_facade_returns_what_an_addressed_spec_returns(hook):
    assert type_hints(METHODS[hook])["return"] == SPECS[hook].result


@pytest.mark.parametrize("hook", SPECS)
def test_spec_takes_a_context_first_and_at_most_one_fact(hook):
    names = list(SPECS[hook].parameters)

    assert names[0] == ("site" if mode(hook) == "start" else "ctx")
    assert len(names) <= 2


@pytest.mark.parametrize("hook", SPECS)
def test_spec_docstring_has_its_sections_in_order(hook):
    sections = re.findall(r"^(When|Mode|Result|On error): \S", SPECS[hook].doc, re.MULTILINE)

    assert sections == ["When", "Mode", "Result", "On error"]
    assert mode(hook) in {"addressed", "first", "each", "start"}
    assert SPECS[hook].doc.splitlines()[0].endswith(".")
