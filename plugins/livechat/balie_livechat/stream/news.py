"""What a visitor has not got yet, and how the talks stand, from the database."""

from collections.abc import Mapping, Sequence
from typing import Any

from balie.api import Context, Thread
from balie_livechat.identity.visitors import Visitor
from balie_livechat.web import shapes

AT_ONCE = 100
AT_FIRST = 200


def since(
    ctx: Context, visitor: Visitor, places: Mapping[str, int]
) -> tuple[list[tuple[dict[str, Any], dict[str, int]]], dict[str, int], bool]:
    """Return messages after these places, each with where the reader is after it.

    Also where the reader is after all of them, and whether there is more.
    """
    news = ctx.threads.news(visitor.address, after=dict(places), most=AT_ONCE)
    here = {thread: places.get(thread, 0) for thread in news.places}
    found = []
    for thread, said in news.said:
        here = {**here, thread: max(here[thread], said.place)}
        found.append((shapes.message(thread, said), here))
    return found, news.places, news.more


def standing(ctx: Context, visitor: Visitor) -> Sequence[Thread]:
    """Return all talks of a visitor, as they stand now."""
    if not (visitor.has_spoken or visitor.recognised):
        return ()
    return ctx.threads.begun_by(visitor.address)


def beginning(threads: Sequence[Thread]) -> dict[str, int]:
    """Return from where to read for a reader who comes with nothing: not all that ever was."""
    return {thread.id: max(0, thread.place - AT_FIRST) for thread in threads}
