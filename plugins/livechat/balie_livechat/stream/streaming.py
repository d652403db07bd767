"""Server-Sent Events: news as they come. Costs no thread and, while it waits, no database."""

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from balie.api import THREADS_TURNED, BalieError, Context, Site, TransientError, Wake
from balie_livechat.identity.visitors import Visitor
from balie_livechat.stream import cursor, news
from balie_livechat.web import shapes

HEARTBEAT_SECONDS = 25.0
LONGEST_SECONDS = 3_600.0
_TYPING = "typing:"
_BEAT = b": .\n\n"


class Open:
    """How many streams are open, by connection and by visitor."""

    def __init__(self) -> None:
        self._streams: Counter[object] = Counter()

    def of(self, key: object) -> int:
        """Return how many streams there are of a connection, or of a visitor."""
        return self._streams[key]

    def count(self, more: int, *keys: object) -> None:
        """One more, or one less."""
        for key in keys:
            self._streams[key] += more
            if not self._streams[key]:
                del self._streams[key]


@dataclass(frozen=True, slots=True)
class Source:
    """What all streams share: where contexts are found, and how many streams are open."""

    site: Site
    open: Open = field(default_factory=Open)

    def now(self, ctx: Context) -> Context:
        """Return a context as it is now. Raises where there is none any more."""
        return self.site.context(ctx.tenant.slug, ctx.connection.slug)


def stream(
    source: Source,
    ctx: Context,
    visitor: Visitor,
    here: dict[str, int] | None,
    until: float,
    environ: dict[str, Any],
) -> Iterator[bytes]:
    """Go through a visitor's news from here (None: from the beginning), until the token ends.

    One generator, and few names in it: what a stream holds while it waits is kept of ten thousand.
    So what is known of the request, ``environ``, is let go.
    """
    environ.clear()
    del environ
    until = min(until, ctx.clock.now().timestamp() + LONGEST_SECONDS * random.uniform(0.5, 1))  # noqa: S311 -- jitter
    why = ""
    source.open.count(1, ctx.connection.id, visitor.id)
    try:
        with ctx.bus.subscribe([visitor.topic], seconds=_heartbeat()) as ear:
            # Before the first look somebody listens already, so nothing falls in between.
            head, here = _beginning(ctx, visitor, here)
            yield head
            del head
            while not why:
                wakes = ear.wait()
                if not wakes:
                    ctx = source.now(ctx)
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
        source.open.count(-1, ctx.connection.id, visitor.id)
    yield _event("end", {"why": why})


def _heartbeat() -> float:
    """Return after how many seconds to beat: ten thousand do not beat in the same moment."""
    return HEARTBEAT_SECONDS * random.uniform(0.8, 1.0)  # noqa: S311 -- jitter


def _beginning(
    ctx: Context, visitor: Visitor, here: dict[str, int] | None
) -> tuple[bytes, dict[str, int]]:
    """Return a greeting, how the talks stand and what is unread, and where the reader is then."""
    threads = news.standing(ctx, visitor)
    greeting = {"heartbeat": HEARTBEAT_SECONDS, "threads": shapes.threads(ctx, threads)}
    hello = _event("hello", greeting, here or {})
    unread, after = _unread(ctx, visitor, news.beginning(threads) if here is None else here)
    return hello + unread, after


def _told(
    ctx: Context, visitor: Visitor, here: dict[str, int], wakes: Sequence[Wake]
) -> tuple[bytes, dict[str, int], str]:
    """Return what is told because of these, where the reader is then, and why it ends."""
    told = b""
    if any(wake.text == f"over:{visitor.session}" for wake in wakes):
        return b"", here, "signed_out"
    typing = [wake for wake in wakes if wake.text.startswith(_TYPING)]
    # Without words it is the bus's own: something may have been missed.
    if any(wake.text in (THREADS_TURNED, "") for wake in wakes):
        threads = shapes.threads(ctx, ctx.threads.begun_by(visitor.address))
        told = _event("threads", {"threads": threads})
    if len(typing) < len(wakes):
        unread, here = _unread(ctx, visitor, here)
        told += unread
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
