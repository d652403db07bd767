"""What is asked before a talk: read from the settings, and checked when it is answered. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

KINDS = ("text", "email", "tel", "choice", "textarea")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_MAIL = re.compile(r"[^@\s<>\"']{1,64}@[^@\s<>\"']{1,190}\.[^@\s<>\"'.]{2,63}")
_PHONE = re.compile(r"[+0-9() ./-]{6,25}")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
_MOST_FIELDS = 12
_MOST_OPTIONS = 30


class FieldsInvalid(Exception):
    """The settings describe no form. The message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One question. ``label`` and each option are by language; ``most`` is in characters."""

    name: str
    label: Mapping[str, str]
    kind: str = "text"
    required: bool = False
    options: tuple[Mapping[str, str], ...] = ()
    most: int = 200

    def options_in(self, locale: str) -> list[str]:
        """Return the options in a language."""
        return [_in(one, locale) for one in self.options]

    def label_in(self, locale: str) -> str:
        """Return the question in a language."""
        return _in(self.label, locale) or self.name


def read_fields(written: object) -> tuple[Field, ...]:
    """Return the questions that the settings describe. Raises FieldsInvalid."""
    if not isinstance(written, list) or len(written) > _MOST_FIELDS:
        raise FieldsInvalid(f"is no list of at most {_MOST_FIELDS} fields.")
    found = tuple(_field(one) for one in written)
    if len({field.name for field in found}) != len(found):
        raise FieldsInvalid("names a field twice.")
    return found


def answers(
    fields: Sequence[Field], given: object, locale: str
) -> tuple[dict[str, str], list[str]]:
    """Return the answers that can be kept, and the names of fields that are missing or wrong.

    What was chosen in one language is kept in ``locale``: the agents'.
    """
    values = given if isinstance(given, dict) else {}
    kept: dict[str, str] = {}
    wrong: list[str] = []
    for field in fields:
        value = values.get(field.name, "")
        text = _CONTROL.sub("", value).strip() if isinstance(value, str) else ""
        fits = isinstance(value, str) and len(text) <= field.most and _is(field, text)
        if not fits or (field.required and not text):
            wrong.append(field.name)
        elif text:
            kept[field.name] = _chosen(field, text, locale)
    return kept, wrong


def _is(field: Field, text: str) -> bool:
    if not text:
        return True
    match field.kind:
        case "email":
            return _MAIL.fullmatch(text) is not None
        case "tel":
            return _PHONE.fullmatch(text) is not None
        case "choice":
            return any(text in one.values() for one in field.options)
        case "text":
            return "\n" not in text
    return True


def _chosen(field: Field, text: str, locale: str) -> str:
    found = (_in(one, locale) for one in field.options if text in one.values())
    return next(found, text)


def _in(words: Mapping[str, str], locale: str) -> str:
    return words.get(locale) or next(iter(words.values()), "")


def _field(written: Any) -> Field:
    known = {"name", "label", "type", "required", "options", "most"}
    if not isinstance(written, dict) or set(written) - known:
        raise FieldsInvalid(f"a field has {', '.join(sorted(known))}.")
    name, kind = written.get("name"), written.get("type", "text")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise FieldsInvalid("a field's name is small letters, digits and _.")
    if kind not in KINDS:
        raise FieldsInvalid(f"{name}: type is one of {', '.join(KINDS)}.")
    options = written.get("options", [])
    is_list = isinstance(options, list) and len(options) <= _MOST_OPTIONS
    if not is_list or (kind == "choice") != bool(options):
        raise FieldsInvalid(f"{name}: a choice has options, and nothing else has.")
    most = written.get("most", 2_000 if kind == "textarea" else 200)
    if not isinstance(most, int) or not 1 <= most <= 4_000:
        raise FieldsInvalid(f"{name}: most is between 1 and 4000.")
    return Field(
        name=name,
        label=_words(name, "label", written.get("label", name)),
        kind=kind,
        required=bool(written.get("required", False)),
        options=_options(name, options),
        most=most,
    )


def _options(name: str, written: list[Any]) -> tuple[dict[str, str], ...]:
    found = tuple(_words(name, "an option", one) for one in written)
    said = [words for one in found for words in set(one.values())]
    if any(isinstance(one, dict) for one in written) and len(set(said)) != len(said):
        # What was chosen is known by its words, in whatever language.
        raise FieldsInvalid(f"{name}: two options have the same words.")
    return found


def _words(name: str, what: str, written: Any) -> dict[str, str]:
    labels = {"nl": written, "en": written} if isinstance(written, str) else written
    if not isinstance(labels, dict) or not all(
        language in ("nl", "en") and isinstance(words, str) and 0 < len(words) <= 200
        for language, words in labels.items()
    ):
        raise FieldsInvalid(f'{name}: {what} is words, or {{"nl": …, "en": …}}.')
    return labels
