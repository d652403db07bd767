"""Zendesk's two ways to page: by cursor (preferred) and by offset (older, and the search's)."""

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from .errors import Json, bad_request

MAX_SIZE = 100
#: Offset paging ends at 100 pages of 100 rows (developer docs, pagination).
MAX_OFFSET_ROWS = 10_000

Args = MultiDict[str, str]
Row = TypeVar("Row")


def wants_cursor(args: Args) -> bool:
    return any(name.startswith("page[") for name in args)


def page(rows: Sequence[Row], args: Args, url: str, key: str, show: Callable[[Row], Json]) -> Json:
    """One page of rows with ids, by cursor where the client asks for it, else by offset."""
    if wants_cursor(args):
        return cursor_page(rows, args, url, key, show)
    return offset_page(rows, args, url, key, show)


def offset_page(
    rows: Sequence[Row], args: Args, url: str, key: str, show: Callable[[Row], Json]
) -> Json:
    """Raises ApiError (400) on a page that is no number or lies past 10,000 rows."""
    number, size = (
        page_number(args, "page", 1),
        min(page_number(args, "per_page", MAX_SIZE), MAX_SIZE),
    )
    start = (number - 1) * size
    if start >= MAX_OFFSET_ROWS:
        raise bad_request("InvalidPaginationDepth", "Number of pages is too high, use cursors")
    more = start + size < len(rows)
    return {
        key: [show(row) for row in rows[start : start + size]],
        "next_page": _link(url, args, {"page": number + 1}) if more else None,
        "previous_page": _link(url, args, {"page": number - 1}) if number > 1 else None,
        "count": len(rows),
    }


def cursor_page(
    rows: Sequence[Row], args: Args, url: str, key: str, show: Callable[[Row], Json]
) -> Json:
    """Raises ApiError (400) on a cursor that this account never gave out."""
    size = min(page_number(args, "page[size]", MAX_SIZE), MAX_SIZE)
    after, before = args.get("page[after]"), args.get("page[before]")
    if before:
        end = _position(rows, before)
        start = max(0, end - size)
        more = start > 0
    else:
        start = _position(rows, after) + 1 if after else 0
        end = min(start + size, len(rows))
        more = end < len(rows)
    shown = rows[start:end]
    first = _cursor(shown[0]) if shown else None
    last = _cursor(shown[-1]) if shown else None
    return {
        key: [show(row) for row in shown],
        "meta": {"has_more": more, "after_cursor": last, "before_cursor": first},
        "links": {
            "next": _link(url, args, {"page[after]": last}) if end < len(rows) else None,
            "prev": _link(url, args, {"page[before]": first}) if start > 0 else None,
        },
    }


def page_number(args: Args, name: str, default: int) -> int:
    """A number of one or more from the query. Raises ApiError (400)."""
    given = args.get(name, str(default))
    if not (given.isascii() and given.isdigit() and len(given) < 10 and int(given) > 0):
        raise bad_request("InvalidPaginationParameter", f"{name} must be an integer")
    return int(given)


def _cursor(row: Any) -> str:
    return base64.urlsafe_b64encode(f"id:{row.id}".encode()).decode()


def _position(rows: Sequence[Any], cursor: str) -> int:
    try:
        wanted = base64.urlsafe_b64decode(cursor.encode()).decode().removeprefix("id:")
    except (binascii.Error, UnicodeError):
        wanted = ""
    for position, row in enumerate(rows):
        if str(row.id) == wanted:
            return position
    raise bad_request("InvalidPaginationParameter", "page[after] is not valid")


def _link(url: str, args: Args, changed: dict[str, Any]) -> str:
    dropped = {"page", "page[after]", "page[before]"} | set(changed)
    kept = [(name, value) for name, value in args.items(multi=True) if name not in dropped]
    return f"{url}?{urlencode([*kept, *changed.items()])}"
