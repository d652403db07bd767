"""A file that a visitor sends: kept, looked at, named by a text that only they can use."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote

from balie.api import Context, TooLarge
from balie_livechat.config.talking import types
from balie_livechat.files.insides import is_office, is_too_wide
from balie_livechat.files.names import kind_of, safe_name
from balie_livechat.identity import consent
from balie_livechat.identity.signing import NotOurs, read, sign
from balie_livechat.identity.visitors import Visitor
from balie_livechat.web.refusals import Refusal

_PURPOSE = "file"
_DAY = 24 * 3600.0
_UNUSED_SECONDS = _DAY + 3_600.0
"""A little longer than the reference that the visitor sends along is good."""
_MEGABYTE = 1_000_000
# What begins like this has no first bytes that show it: it is words if it reads as words.
_TEXTS = frozenset({"text/plain", "text/csv"})
_SNIFFED_AS = {"audio/mp4": {"video/mp4", "audio/x-m4a"}, "video/mp4": {"audio/mp4"}}


def keep(
    ctx: Context, visitor: Visitor, chunks: Iterable[bytes], *, name: str, told: str
) -> dict[str, Any]:
    """Keep what comes; return what the visitor may know of it. Raises Refusal; then it is gone."""
    megabytes = ctx.config["file_megabytes"]
    if not megabytes:
        raise Refusal(415, "file_type")
    consent.note(ctx, visitor, _UNUSED_SECONDS)
    try:
        kept = ctx.files.keep(
            chunks, most_bytes=int(megabytes * _MEGABYTE), seconds=_UNUSED_SECONDS
        )
    except TooLarge:
        raise Refusal(413, "file_too_large", megabytes=f"{megabytes:g}") from None
    mime = _type(ctx, kept.key, told.partition(";")[0].strip().lower(), kept.type)
    if not kept.size or not mime:
        ctx.files.delete(kept.key)
        raise Refusal(400, "file_empty") if not kept.size else Refusal(415, "file_type")
    if mime.startswith("image/"):
        with ctx.files.open(kept.key) as file:
            too_wide = is_too_wide(file, mime)
        if too_wide:
            ctx.files.delete(kept.key)
            raise Refusal(413, "image_too_wide")
    facts = {
        "key": kept.key,
        "name": safe_name(unquote(name), mime),
        "type": mime,
        "kind": kind_of(mime),
        "size": kept.size,
        "sha256": kept.sha256,
    }
    ref = sign(ctx, _PURPOSE, {**facts, "by": visitor.id}, seconds=_DAY)
    told_of = {name: facts[name] for name in ("name", "type", "kind", "size")}
    return {"ref": ref, **told_of}


def opened(ctx: Context, visitor: Visitor, ref: str) -> dict[str, Any]:
    """Return what is known of a file that this visitor sent. Raises NotOurs."""
    facts = read(ctx, _PURPOSE, ref)
    if facts.pop("by") != visitor.id:
        raise NotOurs("it is another visitor's file")
    facts.pop("end")
    return facts


def _type(ctx: Context, key: str, told: str, seen: str) -> str:
    """Return the file's type if it may be sent, else ''. First bytes count, not what is told."""
    allowed = types(ctx.config["file_types"])
    if told in allowed and "openxmlformats" in told and _is_zip(seen):
        with ctx.files.open(key) as file:
            return told if is_office(file, told) else ""
    if seen in allowed and seen not in _TEXTS and "openxmlformats" not in seen:
        return seen
    if told in allowed and told in _SNIFFED_AS and seen in _SNIFFED_AS[told]:
        return told
    if told in allowed and told in _TEXTS and not seen.startswith(("image/", "video/", "audio/")):
        return told if _reads_as_words(ctx, key) else ""
    return ""


def _is_zip(seen: str) -> bool:
    # A zip may be guessed to be some document by its first bytes alone.
    return seen == "application/zip" or "openxmlformats" in seen


def _reads_as_words(ctx: Context, key: str) -> bool:
    with ctx.files.open(key) as file:
        first = file.read(4096)
    if b"\0" in first or first.lstrip()[:1] == b"<":
        return False
    try:
        first.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start > len(first) - 4  # cut off within a letter
    return True
