"""Visitors: a random id until they sign in, one of their own from then on."""

import base64
import hashlib
import secrets
from dataclasses import dataclass, replace
from typing import Any

from balie.api import Address, AddressKind, Context, topic_of
from balie_livechat.identity.claims import Identity

_SEED_LETTERS = 26
"""Of 32 letters each: 130 bits, so that nobody guesses one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Who sends a request, as the session's token says.

    ``phone`` and ``email`` are the site's word, which has verified them. ``session`` is what is
    signed out. ``consent`` (a version, with the mark of its words), ``consent_at`` and
    ``consent_language`` (empty where one text is for all) say what was agreed to, when, and in
    which language. ``has_spoken``: something is kept of this visitor. ``knows`` says that the
    questions before a talk were answered.
    """

    id: str
    session: str
    consent: str = ""
    consent_mark: str = ""
    consent_at: str = ""
    consent_language: str = ""
    name: str = ""
    phone: str = ""
    email: str = ""
    recognised: bool = False
    has_spoken: bool = False
    knows: bool = False

    @property
    def address(self) -> Address:
        """The address by which the core knows the visitor."""
        return Address(kind=AddressKind.VISITOR, value=self.id)

    @property
    def topic(self) -> str:
        """The bus's topic of all that happens for this visitor."""
        return topic_of(self.id)


def anonymous(ctx: Context, seed: str = "") -> Visitor:
    """Return a visitor whom nobody has seen.

    A browser that may not have had the answer to its first message comes with the same ``seed``
    again: then it is the same visitor, and what it sends again is the same message.
    """
    if len(seed) < _SEED_LETTERS:
        return Visitor(id="v" + _random(), session=_random())
    return Visitor(id="v" + _mark(ctx, f"seed:{seed}"), session=_random())


def recognised(ctx: Context, identity: Identity, visitor: Visitor) -> Visitor:
    """Return a visitor as the customer that a signed identity names, in a session of their own.

    The same customer is the same visitor on every device. Whoever knows the id has nothing by it.
    """
    return replace(
        visitor,
        id="u" + _mark(ctx, identity.subject),
        session=_random(),
        name=identity.name,
        phone=identity.phone,
        email=identity.email,
        recognised=True,
    )


def facts_of(visitor: Visitor) -> dict[str, Any]:
    """Return a visitor as a token holds one."""
    facts = {
        "v": visitor.id,
        "s": visitor.session,
        "c": visitor.consent,
        "cm": visitor.consent_mark,
        "ca": visitor.consent_at,
        "cl": visitor.consent_language,
        "n": visitor.name,
        "p": visitor.phone,
        "e": visitor.email,
        "r": visitor.recognised,
        "h": visitor.has_spoken,
        "k": visitor.knows,
    }
    return {name: value for name, value in facts.items() if value}


def visitor_of(facts: dict[str, Any]) -> Visitor:
    """Return the visitor that a token of ours holds."""
    return Visitor(
        id=facts["v"],
        session=facts["s"],
        consent=facts.get("c", ""),
        consent_mark=facts.get("cm", ""),
        consent_at=facts.get("ca", ""),
        consent_language=facts.get("cl", ""),
        name=facts.get("n", ""),
        phone=facts.get("p", ""),
        email=facts.get("e", ""),
        recognised=facts.get("r", False),
        has_spoken=facts.get("h", False),
        knows=facts.get("k", False),
    )


def _mark(ctx: Context, text: str) -> str:
    told = f"{ctx.connection.id}:{text}".encode()
    return base64.b32encode(hashlib.sha256(told).digest()[:15]).decode().lower()


def _random() -> str:
    return secrets.token_hex(13)
