"""A template with its variables filled in. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from balie.api import BalieError
from balie.desk.templates import texts

Variables = Sequence[tuple[str, str]]
"""Names of variables as a template has them (``body.1``), each with an example."""

_PLACES = ("body", "header", "button")
_HOLE = re.compile(r"\{([^{}\s]+)\}")
_NAMES = frozenset({"name", "naam", "first_name", "voornaam", "customer_name", "klantnaam"})


class TemplateUnusable(BalieError):
    """A template cannot be used as wished. :meth:`said` says why, in a tenant's language."""

    def __init__(self, text: str, /, **values: str) -> None:
        super().__init__(texts.say(text, "en", **values))
        self._text = text
        self._values = values

    def said(self, locale: str) -> str:
        """Return what is wrong and what to do, for an agent."""
        return texts.say(self._text, locale, **self._values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What may stand in a value as ``{name}`` (or ``{naam}``) and ``{ticket}``."""

    name: str = ""
    ticket: str = ""

    def put_into(self, value: str) -> str:
        """Return a value with the facts in it."""
        known = {"name": self.name, "naam": self.name, "ticket": self.ticket}
        return render(value, known)


def render(text: str, values: Mapping[str, str]) -> str:
    """Return a text with ``{name}`` filled in; a hole that nothing is known for stays."""
    return _HOLE.sub(lambda hole: values.get(hole[1], hole[0]), text)


def filled(
    template: str, variables: Variables, given: Mapping[str, str], facts: Facts
) -> dict[str, str]:
    """Return the values by the template's own names. Raises TemplateUnusable.

    ``1`` stands for ``body.1``, then for ``header.1``, then for ``button.1``.
    """
    values = {
        name: facts.put_into(value) for name, value in own_names(template, variables, given).items()
    }
    missing = [name for name, _ in variables if not values.get(name, "").strip()]
    if missing:
        raise TemplateUnusable(
            "unfilled",
            name=template,
            missing=", ".join(missing),
            example=example(template, variables),
        )
    return values


def own_names(template: str, variables: Variables, given: Mapping[str, str]) -> dict[str, str]:
    """Return what was given under the template's own names. Raises TemplateUnusable."""
    names = [name for name, _ in variables]
    return {_own_name(template, names, short): value for short, value in given.items()}


def by_itself(template: str, variables: Variables, facts: Facts) -> dict[str, str]:
    """Return the values of a template that nobody fills in: the customer's name is all we know.

    It goes where a variable is called so, or where there is one variable. Raises TemplateUnusable.
    """
    given = {
        name: facts.name
        for name, _ in variables
        if len(variables) == 1 or name.rpartition(".")[2].lower() in _NAMES
    }
    return filled(template, variables, given, facts)


def example(template: str, variables: Variables) -> str:
    """Return the command that sends this template, with its examples."""
    words = [f'{_short(name)}="{text or "…"}"' for name, text in variables]
    return " ".join(["/template", template, *words])


def _own_name(template: str, names: Sequence[str], short: str) -> str:
    for name in (short, *(f"{place}.{short}" for place in _PLACES)):
        if name in names:
            return name
    known = ", ".join(names)
    if not known:
        raise TemplateUnusable("takes_none", name=template, given=short)
    raise TemplateUnusable("unknown_value", name=template, given=short, known=known)


def _short(name: str) -> str:
    place, dot, rest = name.partition(".")
    return rest if dot and place == "body" else name
