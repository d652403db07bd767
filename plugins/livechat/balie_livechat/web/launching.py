"""The loader as it is served: with what the launcher shows in it, so that it asks for nothing.

Made once in a few seconds for a connection, so that page views cost the database nothing.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from balie.api import Context, NoSuchConnection, TransientError
from balie_livechat.availability import offer
from balie_livechat.config.looks import LANGUAGES, json_object
from balie_livechat.moments import iso_or_none
from balie_livechat.web.shelf import Held, Shelf

FRESH_SECONDS = 5.0
"""How long a changed setting may take to be seen in the loader."""
_MARK = b"/*settings*/{}"
_WORDS = "launcher"
_LONGEST = 200
_MOST_KEPT = 1_000


@dataclass(frozen=True, slots=True)
class _Launch:
    ctx: Context
    held: Held | None
    at: float


class Launches:
    """The loaders of all connections, by the slugs in their addresses."""

    def __init__(
        self,
        shelf: Shelf,
        find: Callable[[str, str], Context],
        present: Callable[[Context, str], offer.Present],
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """``find`` and ``present`` are asked where nothing fresh is kept."""
        self._shelf = shelf
        self._find = find
        self._present = present
        self._now = now
        self._kept: dict[tuple[str, str], _Launch] = {}

    def context(self, tenant: str, connection: str) -> Context:
        """Return a connection as it was a few seconds ago at most. Raises what ``find`` raises.

        While the store is away, what is kept is good.
        """
        return self._launch(tenant, connection).ctx

    def loader(self, ctx: Context) -> Held | None:
        """Return a connection's loader, or None where there is no such file."""
        return self._launch(ctx.tenant.slug, ctx.connection.slug).held

    def _launch(self, tenant: str, connection: str) -> _Launch:
        kept, now = self._kept.get((tenant, connection)), self._now()
        if kept is not None and now - kept.at < FRESH_SECONDS:
            return kept
        try:
            ctx = self._find(tenant, connection)
            held = self._made(ctx, kept)
        except TransientError:
            if kept is None:
                raise
            ctx, held = kept.ctx, kept.held
        except NoSuchConnection:
            self._kept.pop((tenant, connection), None)
            raise
        if len(self._kept) >= _MOST_KEPT:
            self._kept.clear()
        launch = self._kept[tenant, connection] = _Launch(ctx, held, now)
        return launch

    def _made(self, ctx: Context, kept: _Launch | None) -> Held | None:
        file = self._shelf.loader
        if file is None:
            return None
        made = filled_in(file, shown(ctx, self._present(ctx, ctx.config["locale"])))
        # One that says the same is the same: it is compressed already.
        same = kept is not None and kept.held is not None and kept.held.data == made.data
        return kept.held if kept is not None and same else made


def shown(ctx: Context, present: offer.Present) -> dict[str, Any]:
    """Return what the launcher shows: nothing secret, as everybody reads it."""
    config = ctx.config
    return {
        "base": f"/livechat/{ctx.tenant.slug}/{ctx.connection.slug}",
        "name": ctx.tenant.name,
        "locale": config["locale"],
        "tone": config["tone"],
        "theme": json_object(config["theme"], "theme"),
        "texts": {locale: _words(config, locale) for locale in LANGUAGES},
        "availability": present.state(config),
        "opens_at": iso_or_none(present.opens_at),
        "closes_at": iso_or_none(present.closes_at) if config["opening_hours"] else None,
    }


def filled_in(file: Held, facts: Mapping[str, Any]) -> Held:
    """Return the loader with these settings in it."""
    return Held(file.data.replace(_MARK, written(facts), 1), file.type)


def written(facts: Mapping[str, Any]) -> bytes:
    """Return facts as a script may hold them, whatever words are in them.

    A ``</script>`` would end a script that a page holds inline, and two line ends of Unicode are
    line ends in old JavaScript.
    """
    text = orjson.dumps(facts)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign.encode(), f"\\u{ord(sign):04x}".encode())
    return text


def _words(config: Mapping[str, Any], locale: str) -> dict[str, str]:
    """Return the tenant's own words of the launcher."""
    found = {}
    for name, words in json_object(config["texts"], "texts").items():
        said = words.get(locale, "") if isinstance(words, dict) else words
        if name.startswith(_WORDS) and said and len(said) <= _LONGEST:
            found[name] = said
    return found
