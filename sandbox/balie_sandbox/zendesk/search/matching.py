"""Whether a document fulfils a term."""

import re
from fnmatch import fnmatchcase

from balie_sandbox.zendesk.tickets.model import STATUSES

from .documents import Document
from .query import Term

#: Other names that queries use for a field.
ALIASES = {
    "tag": "tags",
    "phone_number": "phone",
    "created_at": "created",
    "updated_at": "updated",
    "user": "name",
}
DATES = ("created", "updated")


def matches(document: Document, terms: list[Term]) -> bool:
    """All terms hold, except that several tags: terms need only one of them (Zendesk ORs them)."""
    tags = [term for term in terms if term.field in ("tags", "tag") and not term.negated]
    others = [term for term in terms if term not in tags]
    return all(_holds(document, term) != term.negated for term in others) and (
        not tags or any(_holds(document, term) for term in tags)
    )


def _holds(document: Document, term: Term) -> bool:
    if term.field is None:
        return term.value.replace("*", "") in document.words
    name = ALIASES.get(term.field, term.field)
    if name == "type":
        return term.value in (document.kind, f"{document.kind}s")
    values = document.values.get(name, ())
    return bool(term.value) and any(_field_holds(name, value, term) for value in values)


def _field_holds(name: str, value: str, term: Term) -> bool:
    if name == "status":
        return _status_holds(value, term)
    if name in DATES:
        return _date_holds(value, term)
    return _value_holds(name, value, term.value)


def _value_holds(name: str, value: str, wanted: str) -> bool:
    if name == "phone":
        return same_number(value, wanted)
    if name in ("requester", "assignee") and same_number(value, wanted):
        return True
    if wanted == "none":
        return value in ("", "none")
    if name in ("name", "subject", "description", "notes", "details"):
        return wanted.replace("*", "") in value
    return fnmatchcase(value, wanted) if "*" in wanted else value == wanted


def same_number(stored: str, wanted: str) -> bool:
    """Digits against digits; a * stands for any. Other characters in the query find nothing,
    except one leading plus (developer docs, retrieving the Zendesk user id of a caller)."""
    if not re.fullmatch(r"\+?[0-9*]*[0-9][0-9*]*", wanted):
        return False
    found = "".join(re.findall(r"[0-9]", stored))
    return bool(found) and fnmatchcase(found, wanted.removeprefix("+"))


def _status_holds(value: str, term: Term) -> bool:
    if term.value not in STATUSES:
        return False
    return _compare(STATUSES.index(value), STATUSES.index(term.value), term.operator)


def _date_holds(value: str, term: Term) -> bool:
    # Dates may be sent to the day; both notations sort as text.
    wanted = term.value
    return _compare(value[: len(wanted)], wanted, term.operator)


def _compare(left: int | str, right: int | str, operator: str) -> bool:
    """Both are of one type: positions of a status, or dates as text."""
    if left == right:
        return operator in (":", "<=", ">=")
    first = min(left, right)
    return operator in (("<", "<=") if first == left else (">", ">="))
