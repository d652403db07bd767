"""Text that both databases take, whatever a vendor sent.

PostgreSQL refuses U+0000 and what is too long; neither database takes a lone surrogate.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

import orjson

_NUL_ESCAPE = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")
_DIGEST_LENGTH = 32


class Unstorable(ValueError):
    """A value that JSON cannot hold, such as one nested too deeply."""


def plain(text: str) -> str:
    """Return text with U+FFFD in place of what a database refuses."""
    if text.isascii():
        return text.replace("\0", "\ufffd") if "\0" in text else text
    # Two halves of a pair are one character, however they came to stand apart.
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return whole.replace("\0", "\ufffd")


def fitted(text: str, limit: int) -> str:
    """Return a key as a column of this length takes it.

    What is too long, or holds what a database refuses, keeps its start and gets a digest, so that
    two keys never become one.
    """
    kept = plain(text)
    if kept == text and len(text) <= limit:
        return text
    digest = hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:_DIGEST_LENGTH]
    return kept[: limit - _DIGEST_LENGTH] + digest


def as_json(value: Any) -> str:
    """Return JSON that both databases take and that reads back. Raises Unstorable."""
    try:
        text = orjson.dumps(value, default=_as_dict).decode()
    except TypeError:  # a lone surrogate, an integer beyond 64 bits, or many levels
        text = _patiently(value)
    return _NUL_ESCAPE.sub(r"\1\\ufffd", text) if "\\u0000" in text else text


def _patiently(value: Any) -> str:
    try:
        text = json.dumps(value, default=_as_dict, ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise Unstorable(f"it cannot be stored as JSON: {error}") from error
    return plain(text)


def _as_dict(value: object) -> dict[Any, Any]:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"a {type(value).__name__} is no JSON")
