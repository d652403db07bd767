"""How the widget looks and what it says."""

import re
from typing import Any

import orjson
from marshmallow import ValidationError, fields, validate, validates

from balie.api import ConfigSchema

NL, EN = "nl", "en"
LANGUAGES = (NL, EN)
_COLOUR = re.compile(r"#[0-9a-f]{6}", re.IGNORECASE)
# Its host stands in a header beside other words, so nothing in it may end a word there.
_ADDRESS = re.compile(r"https://[a-z0-9.-]+(:\d{1,5})?(/[^\s\"'<>]*)?", re.IGNORECASE)
_THEME = {"colour", "colour_dark", "logo", "position", "mode", "launcher"}
_MOST_TEXTS = 200
_MOST_LETTERS = 1_000


def described(what: str, **more: Any) -> fields.String:
    """Return a setting that is some words, empty where nothing is said."""
    most = more.pop("most", _MOST_LETTERS)
    return fields.String(
        load_default="",
        validate=[validate.Length(max=most), *more.pop("validate", [])],
        metadata={"description": what},
        **more,
    )


class Looks(ConfigSchema):
    """Settings with several values are JSON, so that one line on the command line can hold them."""

    locale = fields.String(
        load_default=NL,
        validate=validate.OneOf(LANGUAGES),
        metadata={"description": "The language where the visitor's is none of ours: nl or en."},
    )
    tone = fields.String(
        load_default="u",
        validate=validate.OneOf(("u", "je")),
        metadata={"description": "How Dutch customers are addressed: u or je."},
    )
    texts = described(
        'Your own words in place of Balie\'s, as JSON: {"greeting": {"nl": "Hoi!", "en": "Hi!"}}.',
        most=50_000,
    )
    theme = described(
        'Looks, as JSON: {"colour": "#0a5", "logo": "https://…", "position": "left"}.', most=2_000
    )

    @validates("texts")
    def _texts_can_be_read(self, value: str, data_key: str) -> None:
        found = json_object(value, data_key)
        right = len(found) <= _MOST_TEXTS and all(_is_text(words) for words in found.values())
        if not right:
            raise ValidationError(f'{data_key} takes names with words, or {{"nl": …, "en": …}}.')

    @validates("theme")
    def _theme_can_be_read(self, value: str, data_key: str) -> None:
        found = json_object(value, data_key)
        if set(found) - _THEME or not all(isinstance(one, str) for one in found.values()):
            raise ValidationError(f"{data_key} takes {', '.join(sorted(_THEME))}, each some words.")
        for name in ("colour", "colour_dark"):
            if name in found and not _COLOUR.fullmatch(found[name]):
                raise ValidationError(f"{data_key}: {name} is no colour; write it as #00aa55.")
        if found.get("position", "right") not in ("left", "right"):
            raise ValidationError(f"{data_key}: position is left or right.")
        if found.get("mode", "auto") not in ("auto", "light", "dark"):
            raise ValidationError(f"{data_key}: mode is auto, light or dark.")
        if "logo" in found and not _ADDRESS.fullmatch(found["logo"]):
            raise ValidationError(f"{data_key}: logo is an address that begins with https://.")


def json_object(value: str, data_key: str) -> dict[str, Any]:
    """Return a JSON object; empty for ''. Raises ValidationError."""
    try:
        found = orjson.loads(value) if value.strip() else {}
    except orjson.JSONDecodeError as error:
        raise ValidationError(f"{data_key} is no JSON: {error}") from error
    if not isinstance(found, dict):
        raise ValidationError(f"{data_key} is JSON, yet no object in braces.")
    return found


def _is_text(words: object) -> bool:
    if isinstance(words, dict):
        return set(words) <= set(LANGUAGES) and all(_is_text(one) for one in words.values())
    return isinstance(words, str) and len(words) <= _MOST_LETTERS
