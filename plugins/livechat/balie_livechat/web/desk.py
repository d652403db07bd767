"""What all routes share: the connection, the visitor, the sentences, and how often is too often."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import orjson
from flask import Response, jsonify, request
from werkzeug.exceptions import RequestEntityTooLarge

from balie.api import Context, Site
from balie_livechat.availability import offer
from balie_livechat.identity import sessions
from balie_livechat.identity.visitors import Visitor
from balie_livechat.stream.cursor import read as read_cursor
from balie_livechat.stream.streaming import Source
from balie_livechat.texts import language, say, waiting_time
from balie_livechat.web import refusals
from balie_livechat.web.launching import Launches
from balie_livechat.web.origins import allow, require_origin
from balie_livechat.web.refusals import Refusal
from balie_livechat.web.shelf import Shelf
from balie_livechat.web.throttle import Throttle

_TALKS_SECONDS = 600.0
_MINUTE = 60.0
_HOUR = 3_600.0
_MEGABYTE = 1_000_000
_VISITOR_TALKS = 20.0
_ASKED_A_MINUTE = 300.0
_FRESH_SECONDS = 5.0
_MOST_BYTES = 200_000


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: its connection, and whose it is."""

    ctx: Context
    visitor: Visitor
    ends: float


@dataclass(slots=True)
class Desk:
    """Of one application. What it holds is worth nothing after a restart.

    Views get it first, then the connection's context or who asked.
    """

    site: Site
    throttle: Throttle = field(default_factory=Throttle)
    shelf: Shelf = field(default_factory=Shelf)
    source: Source = field(init=False)
    launches: Launches = field(init=False)
    _offers: dict[tuple[int, str], tuple[float, offer.Present]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Let streams and loaders find their connections."""
        self.source = Source(self.site)
        self.launches = Launches(self.shelf, self.site.context, self.present)

    def open(
        self,
        view: Callable[..., Response],
        find: Callable[[str, str], Context] | None = None,
    ) -> Callable[..., Response]:
        """Return a view that anybody may ask from an allowed site.

        ``find`` gives its context, where that is not to be the one of this very moment.
        """
        context = find or self.site.context

        def answer(tenant: str, connection: str, **more: Any) -> Response:
            # One connection that asks and asks must not keep the others waiting.
            time.sleep(0)
            ctx = context(tenant, connection)
            try:
                require_origin(ctx.config, request)
                response = view(self, ctx, **more)
            except Refusal as refusal:
                response = refused(ctx, refusal)
            allow(ctx.config, request, response)
            return response

        answer.__name__ = view.__name__
        # Else Flask would answer preflights itself, and allow nobody anything.
        answer.provide_automatic_options = False  # type: ignore[attr-defined]  # Flask reads it there
        return answer

    def known(self, view: Callable[..., Response]) -> Callable[..., Response]:
        """Return a view for visitors with a session."""

        def admit(desk: Desk, ctx: Context, **more: Any) -> Response:
            visitor, ends = visitor_of(ctx)
            return view(desk, Asked(ctx, visitor, ends), **more)

        admit.__name__ = view.__name__
        return self.open(admit)

    def present(self, ctx: Context, locale: str) -> offer.Present:
        """Return how busy it is, as it was a few seconds ago at most."""
        # By language too: a holiday has a name in each.
        key, now = (ctx.connection.id, locale), time.monotonic()
        seen = self._offers.get(key)
        if seen is None or now - seen[0] > _FRESH_SECONDS:
            seen = self._offers[key] = (now, offer.look(ctx, locale))
        return seen[1]

    def slow_down_messages(self, asked: Asked) -> None:
        """Refuse a visitor who writes too much. Raises Refusal."""
        self.slow_down(asked.ctx, "visitor", asked.visitor.id, "visitor_messages", _MINUTE)

    def slow_down_talks(self, asked: Asked) -> None:
        """Refuse where too many talks begin. Raises Refusal.

        An address gets many: a whole office may be behind one. A visitor, and one kind of browser
        there, get fewer, so that one who begins again and again leaves something for the others.
        """
        address = self.site.visitor_address()
        key = f"{asked.ctx.connection.id}:{asked.visitor.id}"
        wait = self.throttle.wait("talks", key, burst=_VISITOR_TALKS, seconds=_TALKS_SECONDS)
        if wait:
            raise Refusal(429, "slow_down", sentence="slow_visitor", retry_after=wait)
        browser = f"{address} {request.user_agent.string[:300]}"
        self.slow_down(asked.ctx, "browser", browser, "browser_talks", _TALKS_SECONDS)
        self.slow_down(asked.ctx, "address", address, "address_talks", _TALKS_SECONDS)
        self.slow_down(asked.ctx, "connection", "", "connection_talks", _TALKS_SECONDS)

    def slow_down_files(self, asked: Asked) -> Callable[[int], None]:
        """Refuse an address from which too much was sent. Raises Refusal.

        Returns what is to be told how many bytes it was: that is known once they have come.
        """
        address = self.site.visitor_address()
        self.slow_down(asked.ctx, "files", address, "address_megabytes", _TALKS_SECONDS)
        key = f"{asked.ctx.connection.id}:{address}"
        return lambda size: self.throttle.spend("files", key, size / _MEGABYTE - 1)

    def slow_down_sessions(self, ctx: Context) -> None:
        """Refuse where too many sessions begin. Raises Refusal."""
        address = self.site.visitor_address()
        self.slow_down(ctx, "sessions", address, "address_sessions", _TALKS_SECONDS)

    def slow_down_asking(self, asked: Asked, kind: str) -> None:
        """Refuse a visitor who asks far more often than a widget does. Raises Refusal."""
        key = f"{asked.ctx.connection.id}:{asked.visitor.id}"
        wait = self.throttle.wait(kind, key, burst=_ASKED_A_MINUTE, seconds=_MINUTE)
        if wait:
            raise Refusal(429, "slow_down", sentence="slow_asking", retry_after=wait)

    def ration(self, asked: Asked, kind: str, an_hour: float, name: str = "") -> None:
        """Refuse what costs much and is asked too often. Raises Refusal."""
        key = f"{asked.ctx.connection.id}:{name or asked.visitor.id}"
        wait = self.throttle.wait(kind, key, burst=an_hour, seconds=_HOUR)
        if wait:
            raise Refusal(429, "slow_down", sentence="slow_asking", retry_after=wait)

    def slow_down(self, ctx: Context, kind: str, name: str, setting: str, seconds: float) -> None:
        """Take one of a bucket. Raises Refusal, saying why and how long."""
        key = f"{ctx.connection.id}:{name}"
        wait = self.throttle.wait(kind, key, burst=ctx.config[setting], seconds=seconds)
        if wait:
            raise Refusal(429, "slow_down", sentence=f"slow_{kind}", retry_after=wait)


def visitor_of(ctx: Context) -> tuple[Visitor, float]:
    """Return whose request this is, and until when. Raises Refusal."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise Refusal(401, "token")
    try:
        visitor, ends = sessions.visitor_by(ctx, token.strip())
    except sessions.SignedOut:
        raise Refusal(401, "signed_out") from None
    except sessions.NotOurs:
        raise Refusal(401, "token") from None
    if ctx.config["identity_required"] and not visitor.recognised:
        raise Refusal(403, "identity")
    return visitor, ends


def body() -> dict[str, Any]:
    """Return the request's JSON object. Raises Refusal."""
    request.max_content_length = _MOST_BYTES
    try:
        found = orjson.loads(request.get_data(cache=False))
    except RequestEntityTooLarge:
        raise Refusal(413, "invalid") from None
    except orjson.JSONDecodeError:
        found = None
    if not isinstance(found, dict):
        raise refusals.invalid(body="invalid")
    return found


def locale_of(ctx: Context) -> str:
    """Return the language to speak to who made this request."""
    wanted = request.args.get("locale", "") or request.accept_languages.best_match(
        ["nl", "en"], ctx.config["locale"]
    )
    return language(ctx.config, wanted or "")


def places() -> dict[str, int] | None:
    """Return where the reader is, or None for one who comes with nothing."""
    text = request.headers.get("Last-Event-ID", "")
    return read_cursor(text) if text else None


def refused(ctx: Context, refusal: Refusal) -> Response:
    """Return a refusal in the visitor's language."""
    locale = locale_of(ctx)
    names = {refusal.sentence, *refusal.problems.values()}
    blanks = {"wait": waiting_time(refusal.retry_after, locale), **refusal.blanks}
    words = {name: say(ctx.config, name, locale, **blanks) for name in names}
    more = {"poll_seconds": 10} if refusal.code == "streams_full" else {}
    return refusals.answered(refusal, words, more)


def empty(status: int = 204) -> Response:
    """Return an answer without words."""
    return Response(status=status)


def json(facts: dict[str, Any], status: int = 200) -> Response:
    """Return facts."""
    response = jsonify(facts)
    response.status_code = status
    return response


def spoken(visitor: Visitor) -> Visitor:
    """Return a visitor of whom something is kept now."""
    return replace(visitor, has_spoken=True, knows=True)
