"""Read JSON that somebody else wrote: any key may be missing, and any value of any type."""

import hashlib
import re
from collections.abc import Mapping
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
