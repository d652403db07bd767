"""Lists in pages, with Graph's cursors."""

import base64
import binascii
from collections.abc import Sequence
from typing import Any

from flask import request

from .errors import GraphError, invalid_parameter
from .parameters import Parameters, text_of

USUAL_LIMIT = 25
LARGEST_LIMIT = 1000


def paged(items: Sequence[dict[str, Any]], found: Parameters) -> dict[str, Any]:
    """Return the page that ``limit``, ``after`` and ``before`` ask for. Raises 100 and 131059.

    ``paging.next`` is there while more follow, as at Meta.
    """
    limit = limit_of(found)
    after, before = text_of(found, "after"), text_of(found, "before")
    start = 0
    if after:
        start = place_of(after) + 1
    elif before:
        start = max(0, place_of(before) - limit)
    page = list(items[start : start + limit])
    if not page:
        return {"data": []}
    last = start + len(page) - 1
    paging: dict[str, Any] = {"cursors": {"before": cursor(start), "after": cursor(last)}}
    if last + 1 < len(items):
        paging["next"] = f"{request.base_url}?limit={limit}&after={cursor(last)}"
    return {"data": page, "paging": paging}


def limit_of(found: Parameters) -> int:
    """Return how many to show at once. Raises code 100."""
    text = text_of(found, "limit")
    if text is None:
        return USUAL_LIMIT
    if not (text.isascii() and text.isdecimal() and 0 < int(text[:9]) <= LARGEST_LIMIT):
        raise invalid_parameter(f"Param limit must be a number from 1 to {LARGEST_LIMIT}.")
    return int(text)


def cursor(place: int) -> str:
    """Return an opaque text for a place in a list."""
    return base64.urlsafe_b64encode(f"at {place}".encode()).decode() + "ZD"


def place_of(text: str) -> int:
    """Return the place that a cursor stands for. Raises 131059."""
    try:
        word, _, place = base64.urlsafe_b64decode(text.removesuffix("ZD")).decode().partition(" ")
        if word == "at" and len(place) < 12:
            return int(place)
    except (ValueError, binascii.Error):
        pass
    raise GraphError(131059)
