"""Settings whose words visitors read: the same in every language, or some for each."""

from collections.abc import Callable, Mapping, Sequence

import orjson
from marshmallow import ValidationError, fields

from balie_livechat.config.looks import EN, LANGUAGES, NL, described

_ROOM = 200
"""Letters for what is around the words of each language: braces, quotes, names."""


def spoken(what: str, *, most: int, also: Sequence[Callable[[str], None]] = ()) -> fields.String:
    """Return a setting that is some words, or JSON with words for each of our languages.

    ``also`` are more checks of what was written.
    """

    def check(value: str) -> None:
        for words in by_language(value).values():
            if len(words) > most:
                raise ValidationError(f"is longer than {most} letters.")

    more = ' For each language: {"nl": "…", "en": "…"}.'
    room = len(LANGUAGES) * most * 2 + _ROOM
    return described(what + more, most=room, validate=[check, *also])


def by_language(written: str) -> dict[str, str]:
    """Return words by language. Raises ValidationError for JSON that lacks one of ours.

    What is written plain is meant for everybody: it stands under every language.
    """
    if not written.lstrip().startswith("{"):
        return dict.fromkeys(LANGUAGES, written)
    try:
        found = orjson.loads(written)
    except orjson.JSONDecodeError as error:
        raise ValidationError(f"is no JSON: {error}") from error
    if not names_each(found):
        raise ValidationError('takes words, or words for each language: {"nl": …, "en": …}.')
    return dict(found)


def names_each(found: object) -> bool:
    """Say whether this has words for each of our languages, and for no other."""
    return (
        isinstance(found, Mapping)
        and set(found) == set(LANGUAGES)
        and all(isinstance(words, str) and words.strip() for words in found.values())
    )


def in_language(written: str, locale: str) -> str:
    """Return a setting's words in a language; English for one that is none of ours."""
    found = by_language(written)
    return found.get(locale, found[EN])


def language_of(written: str, locale: str) -> str:
    """Return which language such words are in; '' where one text stands for all."""
    if not written.lstrip().startswith("{"):
        return ""
    return NL if locale == NL else EN


def listed(words: str) -> list[str]:
    """Return what stands in words with a comma between."""
    return [one.strip() for one in words.split(",") if one.strip()]


def check_lists(value: str) -> None:
    """Raise ValidationError where languages list not as many: they are each other's words."""
    if len({len(listed(words)) for words in by_language(value).values()}) > 1:
        raise ValidationError("lists not as many in each language.")
