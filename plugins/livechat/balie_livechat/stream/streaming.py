"""Server-Sent Events: news as they come. Costs no thread and, while it waits, no database."""

import random
from collections.abc import Callable, Generator, Iterator, Mapping
from typing import Any

import orjson

from balie.api import BalieError, Context, TransientError, Wake
from balie_livechat.identity.visitors import Visitor
from balie_livechat.stream import cursor, news

HEARTBEAT_SECONDS = 25.0
LONGEST_SECONDS = 3_600.0
_TYPING = "typing:"


def stream(
    now: Callable[[], Context], visitor: Visitor, places: Mapping[str, int] | None, ends: float
) -> Iterator[bytes]:
    """Go through a visitor's news from these places, until the token ends or something else does.

    ``now`` returns the context as it is now, and raises where there is none any more.
    """
    ctx = now()
    until = min(ends, ctx.clock.now().timestamp() + LONGEST_SECONDS * random.uniform(0.5, 1))  # noqa: S311 -- jitter
    # So that ten thousand do not beat in the same moment.
    seconds = HEARTBEAT_SECONDS * random.uniform(0.8, 1.0)  # noqa: S311 -- jitter
    with ctx.bus.subscribe([visitor.topic], seconds=seconds) as ear:
        try:
            # Before the first look somebody listens already, so nothing falls in between.
            here = dict(news.beginning(ctx, visitor) if places is None else places)
            yield _event("hello", {"heartbeat": HEARTBEAT_SECONDS}, here)
            here = yield from _unread(ctx, visitor, here)
            for wake in ear:
                if ctx.clock.now().timestamp() > until:
                    yield _event("end", {"why": "renew"})
                    return
                if wake is None:
                    ctx = now()
                    yield b": .\n\n"
                elif wake.text == f"over:{visitor.session}":
                    yield _event("end", {"why": "signed_out"})
                    return
                elif wake.text.startswith(_TYPING):
                    yield _typing(visitor, wake)
                else:
                    here = yield from _unread(ctx, visitor, here)
        except TransientError:
            yield _event("end", {"why": "away"})
            return
        except BalieError:  # the connection is gone or switched off
            yield _event("end", {"why": "stopping"})
            return
    yield _event("end", {"why": "stopping"})


def typing_text(visitor: Visitor, thread: str) -> str:
    """Return what is published when a visitor types."""
    return f"{_TYPING}{visitor.session}:{thread}"


def _unread(
    ctx: Context, visitor: Visitor, places: Mapping[str, int]
) -> Generator[bytes, None, dict[str, int]]:
    here, more = dict(places), True
    while more:
        found, here, more = news.since(ctx, visitor, here)
        for message, after in found:
            yield _event("message", message, after)
    return here


def _typing(visitor: Visitor, wake: Wake) -> bytes:
    who, _, thread = wake.text.removeprefix(_TYPING).partition(":")
    by = "agent" if who == "agent" else "customer"
    return _event("typing", {"thread": thread, "by": by, "own": who == visitor.session})


def _event(name: str, facts: Mapping[str, Any], places: Mapping[str, int] | None = None) -> bytes:
    # JSON holds no line break, so one data line holds it all.
    head = b"" if places is None else b"id: " + cursor.write(places).encode() + b"\n"
    return head + b"event: " + name.encode() + b"\ndata: " + orjson.dumps(facts) + b"\n\n"
