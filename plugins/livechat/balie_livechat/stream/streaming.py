"""Server-Sent Events: news as they come. Costs no thread and, while it waits, no database."""

import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from balie.api import BalieError, Context, TransientError, Wake
from balie_livechat.identity.visitors import Visitor
from balie_livechat.stream import cursor, news

HEARTBEAT_SECONDS = 25.0
LONGEST_SECONDS = 3_600.0
_TYPING = "typing:"
_BEAT = b": .\n\n"


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads a stream: from these places (None: from the beginning), until the token ends.

    ``now`` returns the context as it is now, and raises where there is none any more. ``open``
    counts the streams; ``begun`` is called when the first event is asked for.
    """

    now: Callable[[], Context]
    visitor: Visitor
    places: dict[str, int] | None
    ends: float
    open: "Open"
    begun: Callable[[], None]


class Open:
    """How many streams are open, by connection and by visitor."""

    def __init__(self) -> None:
        self._streams: Counter[object] = Counter()

    def of(self, key: object) -> int:
        """Return how many streams there are of a connection, or of a visitor."""
        return self._streams[key]

    def count(self, keys: Sequence[object], more: int) -> None:
        """One more, or one less."""
        for key in keys:
            self._streams[key] += more
            if not self._streams[key]:
                del self._streams[key]


def stream(reader: Reader) -> Iterator[bytes]:
    """Go through a visitor's news, until the token ends or something else does.

    One generator and no more: what a stream has on the stack while it waits is kept in memory, of
    ten thousand.
    """
    reader.begun()
    ctx, visitor = reader.now(), reader.visitor
    until = min(reader.ends, ctx.clock.now().timestamp() + LONGEST_SECONDS * random.uniform(0.5, 1))  # noqa: S311 -- jitter
    # So that ten thousand do not beat in the same moment.
    seconds = HEARTBEAT_SECONDS * random.uniform(0.8, 1.0)  # noqa: S311 -- jitter
    keys = (ctx.connection.id, visitor.id)
    reader.open.count(keys, 1)
    why = ""
    try:
        with ctx.bus.subscribe([visitor.topic], seconds=seconds) as ear:
            # Before the first look somebody listens already, so nothing falls in between.
            here = reader.places
            if here is None:
                here = news.beginning(ctx, visitor)
            head, here = _unread(ctx, visitor, here)
            yield _event("hello", {"heartbeat": HEARTBEAT_SECONDS}, reader.places or {}) + head
            while not why:
                wakes = ear.wait()
                if not wakes:
                    ctx = reader.now()
                found, here, why = _told(ctx, visitor, here, wakes)
                if ctx.clock.now().timestamp() > until:
                    why = why or "renew"
                elif found or not wakes:
                    yield found or _BEAT
    except TransientError:
        why = "away"
    except BalieError:  # the process stops, or the connection is gone or switched off
        why = "stopping"
    finally:
        reader.open.count(keys, -1)
    yield _event("end", {"why": why})


def _told(
    ctx: Context, visitor: Visitor, here: dict[str, int], wakes: Sequence[Wake]
) -> tuple[bytes, dict[str, int], str]:
    """Return what is told because of these, where the reader is then, and why it ends."""
    told = b""
    if any(wake.text == f"over:{visitor.session}" for wake in wakes):
        return b"", here, "signed_out"
    typing = [wake for wake in wakes if wake.text.startswith(_TYPING)]
    if len(typing) < len(wakes):
        told, here = _unread(ctx, visitor, here)
    return told + b"".join(_typing(visitor, wake) for wake in typing), here, ""


def typing_text(visitor: Visitor, thread: str) -> str:
    """Return what is published when a visitor types."""
    return f"{_TYPING}{visitor.session}:{thread}"


def _unread(
    ctx: Context, visitor: Visitor, places: Mapping[str, int]
) -> tuple[bytes, dict[str, int]]:
    """Return all messages after these places, and where the reader is then."""
    here, more, events = dict(places), True, []
    while more:
        found, here, more = news.since(ctx, visitor, here)
        events += [_event("message", message, after) for message, after in found]
    return b"".join(events), here


def _typing(visitor: Visitor, wake: Wake) -> bytes:
    who, _, thread = wake.text.removeprefix(_TYPING).partition(":")
    by = "agent" if who == "agent" else "customer"
    return _event("typing", {"thread": thread, "by": by, "own": who == visitor.session})


def _event(name: str, facts: Mapping[str, Any], places: Mapping[str, int] | None = None) -> bytes:
    # JSON holds no line break, so one data line holds it all.
    head = b"" if places is None else b"id: " + cursor.write(places).encode() + b"\n"
    return head + b"event: " + name.encode() + b"\ndata: " + orjson.dumps(facts) + b"\n\n"
