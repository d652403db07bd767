"""Read JSON that somebody else wrote: any key may be missing, and any value of any type."""

import base64
import binascii
import hashlib
import math
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
# They reorder what stands after them, so that a name or a file name reads as another one.
_DIRECTION_CONTROLS = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
# Meta gives no lengths for ids; its longest known is a user id of 3 + 128 characters.
_IDENTIFIER = re.compile(r"[!-~]{1,256}")
_SECONDS = re.compile(r"[0-9]{1,11}")
_AHEAD = timedelta(minutes=5)
_LONGEST_TEXT = 300  # of one value where no vendor's limit is known
_DEEPEST = 6


def mapping(value: Any) -> Mapping[str, Any]:
    """Return an object as it is, and anything else as an empty one."""
    return value if isinstance(value, Mapping) else {}


def mappings(value: Any) -> list[Mapping[str, Any]]:
    """Return the objects in a list; empty for what is no list."""
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []


def written(value: Any) -> str:
    """Return a text or number as text without control characters, and anything else as ''."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return _CONTROLS.sub("", str(value))


def one_line(value: Any, limit: int) -> str:
    """Return a text as one line of at most ``limit`` characters that cannot disguise itself."""
    line = " ".join(_DIRECTION_CONTROLS.sub("", written(value)).split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def identifier(value: Any) -> str:
    """Return an id of 1 to 256 visible ASCII characters, and '' for what cannot be an id."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    return value if isinstance(value, str) and _IDENTIFIER.fullmatch(value) else ""


def moment(value: Any, now: datetime) -> datetime:
    """Return Unix seconds as UTC; ``now`` for what is none or lies over five minutes ahead."""
    seconds = value if isinstance(value, str) else identifier(value)
    if not _SECONDS.fullmatch(seconds):
        return now
    if int(seconds) > (now + _AHEAD).timestamp():
        return now
    return datetime.fromtimestamp(int(seconds), UTC)


def fingerprint(value: Any) -> str:
    """Return 32 hex digits that are the same for the same JSON, whatever its keys' order."""
    canonical = orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(canonical).hexdigest()[:32]


def decimal(value: Any) -> float | None:
    """Return a number that is given as one or as text; None for what is none."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def sha256_hex(value: Any) -> str:
    """Return a file's hash in lower-case hex; Meta writes it in base64 too. '' for what is none."""
    text = value if isinstance(value, str) else ""
    if re.fullmatch(r"[0-9a-fA-F]{64}", text):
        return text.lower()
    try:
        found = base64.b64decode(text.encode(), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        return ""
    return found.hex() if len(found) == 32 else ""


def short_texts(
    value: Any, key: str = "", *, longest: int = _LONGEST_TEXT, depth: int = 0
) -> Iterator[str]:
    """Yield every text in any JSON that is not too long, each after the key it stands under."""
    if depth > _DEEPEST:
        return
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from short_texts(inner, one_line(name, 60), longest=longest, depth=depth + 1)
    elif isinstance(value, list):
        for inner in value:
            yield from short_texts(inner, key, longest=longest, depth=depth + 1)
    elif (text := one_line(value, longest + 1)) and len(text) <= longest:
        yield f"{key}: {text}" if key else text


def joined(*values: Any, by: str = ", ") -> str:
    """Return short texts as one, without those that are missing."""
    return by.join(text for value in values if (text := one_line(value, _LONGEST_TEXT)))
