"""Zendesk's search syntax: words, and field:value terms with operators."""

import re
from dataclasses import dataclass

_TERM = re.compile(r"""(-?)(?:([\w.]+)(:|<=|>=|<|>))?("[^"]*"|\S+)?""")


@dataclass(frozen=True, slots=True)
class Term:
    """One condition. `field` is None for a bare word; `negated` for a leading minus."""

    field: str | None
    operator: str
    value: str
    negated: bool = False


def parse(query: str) -> list[Term]:
    """The terms of a query, lower case. Never fails: what is no term is a word."""
    terms = []
    for negated, field, operator, value in _TERM.findall(query):
        plain = value.strip('"').lower()
        if field or plain:
            terms.append(Term(field.lower() or None, operator or ":", plain, bool(negated)))
    return terms


def kind_of(terms: list[Term]) -> str | None:
    """The `type:` asked for, if any."""
    return next((term.value for term in terms if term.field == "type"), None)
