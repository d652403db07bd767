"""What visitors agreed to: the version, the time, and the very words and their language.

A version is what the tenant calls it; should the words change under the same name, the mark beside
it tells which were meant. The words are the tenant's and hold nothing of a visitor.
"""

import hashlib
from dataclasses import replace

from balie.api import Context
from balie_livechat.config.languages import in_language, language_of
from balie_livechat.identity.visitors import Visitor
from balie_livechat.moments import iso

_TEN_YEARS = 10 * 365 * 24 * 3600.0


def agreed(ctx: Context, visitor: Visitor, version: str, locale: str) -> Visitor:
    """Return the visitor as one who agrees to the present words of a language, which are kept."""
    written = ctx.config["consent_text"]
    words, language = in_language(written, locale), language_of(written, locale)
    mark = hashlib.sha256(words.encode()).hexdigest()[:12]
    if ctx.kv.get(_key(version, mark)) is None:
        ctx.kv.add(_key(version, mark), words, seconds=_TEN_YEARS)
    at = iso(ctx.clock.now())
    return replace(
        visitor,
        consent=version,
        consent_mark=mark,
        consent_at=at,
        consent_language=language,
    )


def words_of(ctx: Context, visitor: Visitor) -> str:
    """Return the words that a visitor agreed to, or ''."""
    return ctx.kv.get(_key(visitor.consent, visitor.consent_mark)) or ""


def note(ctx: Context, visitor: Visitor, seconds: float) -> None:
    """Write down what was agreed to before anything else of this visitor is on disk.

    With a message that is done in one commit; a file may come before the first of them.
    """
    if visitor.consent and not visitor.has_spoken:
        told = f"{visitor.consent} {visitor.consent_mark} {visitor.consent_at}"
        if visitor.consent_language:
            told += f" {visitor.consent_language}"
        ctx.kv.set(f"agreed:{visitor.id}", told, seconds=seconds)


def _key(version: str, mark: str) -> str:
    return f"consent:{version}:{mark}"
