"""Sessions: short tokens for requests, a longer one to come back with, and signing out.

A token is good for one connection, one visitor and a quarter of an hour. Of a session something is
kept only once the visitor has said something; then it can be resumed, and by each resumption the
token to resume with is another. Who comes with an old one has a copy of it: then it ends for both.
"""

from dataclasses import replace
from typing import Any

import orjson

from balie.api import Context
from balie_livechat.identity.signing import NotOurs, read, sign
from balie_livechat.identity.visitors import Visitor, facts_of, visitor_of

TOKEN_SECONDS = 900.0
_TOKEN, _RESUME = "session", "resume"
_DAY = 24 * 3600.0


class SignedOut(Exception):
    """The session has ended: by signing out, by erasure, or because a copy of it was used."""


def token_for(ctx: Context, visitor: Visitor) -> str:
    """Return a token for a visitor's requests."""
    return sign(ctx, _TOKEN, facts_of(visitor), seconds=TOKEN_SECONDS)


def visitor_by(ctx: Context, token: str) -> tuple[Visitor, float]:
    """Return whose token this is, and until when. Raises NotOurs, SignedOut."""
    facts = read(ctx, _TOKEN, token)
    visitor = visitor_of(facts)
    if is_over(ctx, visitor):
        raise SignedOut
    return visitor, float(facts["end"])


def is_over(ctx: Context, visitor: Visitor) -> bool:
    """Say whether a session has ended before its token did."""
    return bool(_kept(ctx, visitor.session).get("over"))


def resume_for(ctx: Context, visitor: Visitor) -> str | None:
    """Return what opens the talk again the next time; None where there is none.

    Recognised customers come back by their identity, not by what a browser keeps.
    """
    days = ctx.config["remember_days"]
    if visitor.recognised or not visitor.has_spoken or not days:
        return None
    kept = _kept(ctx, visitor.session, fresh=True)
    count = kept.get("count", 0)
    if "count" not in kept:
        _keep(ctx, visitor.session, {"count": count})
    return sign(ctx, _RESUME, {**facts_of(visitor), "i": count}, seconds=days * _DAY)


def resumed(ctx: Context, text: str) -> Visitor:
    """Return the visitor who comes back with this. Raises NotOurs, SignedOut.

    The one that was given last is good, and the one before it, whose answer may have been lost.
    """
    facts = read(ctx, _RESUME, text)
    visitor = replace(visitor_of(facts), recognised=False)
    # Another process may just have given the one that comes back now.
    kept = _kept(ctx, visitor.session, fresh=True)
    count = kept.get("count")
    if kept.get("over") or count is None:
        raise SignedOut
    if facts["i"] == count:
        _keep(ctx, visitor.session, {"count": count + 1})
    elif facts["i"] != count - 1:
        end(ctx, visitor)
        raise SignedOut
    return visitor


def end(ctx: Context, visitor: Visitor) -> None:
    """End a session; its tokens are good for nothing, and its streams hear of it."""
    _keep(ctx, visitor.session, {"over": True})
    ctx.bus.publish(visitor.topic, f"over:{visitor.session}")


def _kept(ctx: Context, session: str, *, fresh: bool = False) -> dict[str, Any]:
    text = ctx.kv.get(_name(session), fresh=fresh)
    return {} if text is None else dict(orjson.loads(text))


def _keep(ctx: Context, session: str, facts: dict[str, Any]) -> None:
    seconds = max(ctx.config["remember_days"] * _DAY, 2 * TOKEN_SECONDS)
    ctx.kv.set(_name(session), orjson.dumps(facts).decode(), seconds=seconds)


def _name(session: str) -> str:
    return f"session:{session}"


__all__ = [
    "TOKEN_SECONDS",
    "NotOurs",
    "SignedOut",
    "end",
    "is_over",
    "resume_for",
    "resumed",
    "token_for",
    "visitor_by",
]
