"""Sessions: begun, renewed, signed in, signed out."""

from typing import Any

from flask import Blueprint, Response, request

from balie.api import Context
from balie_livechat.config.looks import LANGUAGES
from balie_livechat.identity import claims, sessions
from balie_livechat.identity.consent import agreed
from balie_livechat.identity.visitors import Visitor, anonymous, recognised
from balie_livechat.inbound import events
from balie_livechat.web import shapes
from balie_livechat.web.desk import Asked, Desk, body, empty, json, locale_of, spoken
from balie_livechat.web.origins import require_page
from balie_livechat.web.refusals import Refusal, invalid


def add(routes: Blueprint, desk: Desk) -> None:
    """Add the routes of sessions."""
    at = "/<tenant>/<connection>/session"
    routes.add_url_rule(at, "begin", desk.open(_begin), methods=["POST"])
    routes.add_url_rule(f"{at}/renew", "renew", desk.known(_renew), methods=["POST"])
    routes.add_url_rule(f"{at}/identify", "identify", desk.known(_identify), methods=["POST"])
    routes.add_url_rule(at, "end", desk.known(_end), methods=["DELETE"])


def _begin(desk: Desk, ctx: Context) -> Response:
    desk.slow_down_sessions(ctx)
    given = body()
    require_page(ctx.config, request, _text(given, "page"))
    before = _resumed(ctx, _text(given, "resume", most=4_000))
    visitor = _agreed(ctx, before or anonymous(ctx, _text(given, "seed")), given)
    identity = _text(given, "identity", most=8_000)
    if identity:
        visitor = _sign_in(ctx, visitor, identity)
    elif ctx.config["identity_required"]:
        # To leave the identity out is no way around it (landscape A14).
        raise Refusal(403, "identity")
    return _session(ctx, visitor)


def _renew(_: Desk, asked: Asked) -> Response:
    # Who never leaves the page is asked for what is new, too.
    return json(token_of(asked.ctx, _agreed(asked.ctx, asked.visitor, {})))


def _identify(_: Desk, asked: Asked) -> Response:
    ctx, visitor = asked.ctx, asked.visitor
    if not visitor.has_spoken and ctx.threads.begun_by(visitor.address):
        visitor = spoken(visitor)  # the answer that would have said so got lost
    return _session(ctx, _sign_in(ctx, visitor, _text(body(), "identity", most=8_000)))


def _end(_: Desk, asked: Asked) -> Response:
    sessions.end(asked.ctx, asked.visitor)
    return empty()


def _resumed(ctx: Context, text: str) -> Visitor | None:
    if not text:
        return None
    try:
        return sessions.resumed(ctx, text)
    except sessions.SignedOut:
        raise Refusal(401, "signed_out") from None
    except sessions.NotOurs:
        raise Refusal(401, "token") from None


def _agreed(ctx: Context, visitor: Visitor, given: dict[str, Any]) -> Visitor:
    """Return the visitor with what was agreed to. Raises Refusal where that is missing.

    It is kept with the first message, and nothing is kept before.
    """
    if not ctx.config["consent_text"]:
        return visitor
    version = ctx.config["consent_version"] or "1"
    if _text(given, "consent") == version:
        shown = _text(given, "consent_language")
        return agreed(ctx, visitor, version, shown if shown in LANGUAGES else locale_of(ctx))
    if visitor.consent != version:
        raise Refusal(403, "consent")
    return visitor


def _sign_in(ctx: Context, visitor: Visitor, token: str) -> Visitor:
    """Return the visitor as a customer; what was said before is the customer's from now on."""
    try:
        identity = claims.read_identity(ctx, token)
    except claims.IdentityInvalid as error:
        ctx.log.warning("identity_refused", reason=str(error))
        raise Refusal(403, "identity") from None
    customer = recognised(ctx, identity, visitor)
    if visitor.has_spoken and not visitor.recognised:
        ctx.accept([events.signed_in(ctx, visitor, customer)])
        sessions.end(ctx, visitor)
    return customer


def _session(ctx: Context, visitor: Visitor) -> Response:
    may_have = visitor.has_spoken or visitor.recognised
    threads = ctx.threads.begun_by(visitor.address) if may_have else ()
    return json(
        {
            **token_of(ctx, visitor),
            "recognised": visitor.recognised,
            "name": visitor.name,
            "threads": shapes.threads(ctx, threads),
        }
    )


def token_of(ctx: Context, visitor: Visitor) -> dict[str, Any]:
    """Return what a visitor's next requests need."""
    return {
        "token": sessions.token_for(ctx, visitor),
        "expires_in": int(sessions.TOKEN_SECONDS),
        "resume": sessions.resume_for(ctx, visitor),
    }


def _text(given: dict[str, Any], name: str, *, most: int = 300) -> str:
    value = given.get(name)
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > most:
        raise invalid(**{name: "invalid"})
    return value
