"""A file of an agent's, as WhatsApp takes it: uploaded first, then sent by its id."""

from typing import Any

from balie.api import Context, Media, MediaKind, MediaRule, Text
from balie_whatsapp.graph.uploads import Uploads
from balie_whatsapp.outbound.refusals import refusal
from balie_whatsapp.outbound.text import CAPTION_LIMIT, body_of
from balie_whatsapp.untrusted import one_line

_MB = 1_000_000
_OFFICE = "application/vnd.openxmlformats-officedocument"
RULES = (
    MediaRule(kind=MediaKind.IMAGE, types=("image/jpeg", "image/png"), most_bytes=5 * _MB),
    MediaRule(kind=MediaKind.VIDEO, types=("video/mp4", "video/3gpp"), most_bytes=16 * _MB),
    MediaRule(
        kind=MediaKind.AUDIO,
        types=("audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"),
        most_bytes=16 * _MB,
    ),
    MediaRule(kind=MediaKind.VOICE, types=("audio/ogg",), most_bytes=16 * _MB),
    MediaRule(kind=MediaKind.STICKER, types=("image/webp",), most_bytes=100_000),
    MediaRule(
        kind=MediaKind.DOCUMENT,
        types=(
            "text/plain",
            "application/pdf",
            "application/msword",
            "application/vnd.ms-excel",
            "application/vnd.ms-powerpoint",
            f"{_OFFICE}.wordprocessingml.document",
            f"{_OFFICE}.spreadsheetml.sheet",
            f"{_OFFICE}.presentationml.presentation",
        ),
        most_bytes=100 * _MB,
    ),
)
"""From Meta's page "Media", the table of supported types."""
_VOICE_TYPE = "audio/ogg; codecs=opus"
"""Declared as plain audio/ogg or audio/opus a voice message is refused after it was taken."""
_TYPES = {
    "audio/ogg": _VOICE_TYPE,
    "audio/opus": _VOICE_TYPE,
    "audio/mp3": "audio/mpeg",
    "audio/m4a": "audio/mp4",
    "audio/x-m4a": "audio/mp4",
    "image/jpg": "image/jpeg",
}
_SENT_AS = {MediaKind.VOICE: "audio"}
_CAPTIONED = (MediaKind.IMAGE, MediaKind.VIDEO, MediaKind.DOCUMENT)
_LONGEST_NAME = 240


def file_content(
    ctx: Context, media: Media, words: list[Text], uploads: Uploads
) -> tuple[str, dict[str, Any]]:
    """Return the message's type and content for a file. Raises Rejected, and as an upload does."""
    caption = [Text(text=media.caption)] if media.caption.strip() else []
    caption += words
    if caption and media.kind not in _CAPTIONED:
        raise refusal(ctx, "no_caption")
    content: dict[str, Any] = {"id": media_id(ctx, media.stored, declared(media.type), uploads)}
    if caption:
        content["caption"] = body_of(ctx, caption, CAPTION_LIMIT)
    if media.kind is MediaKind.DOCUMENT:
        content["filename"] = file_name(media.name)
    if media.kind is MediaKind.VOICE:
        content["voice"] = True
    return _SENT_AS.get(media.kind, str(media.kind)), content


def media_id(ctx: Context, stored: str, mime: str, uploads: Uploads) -> str:
    """Return Meta's id for a stored file. Raises Rejected where none is stored."""
    if not stored:
        raise refusal(ctx, "no_file", why="")
    try:
        return uploads.media_id(stored, mime)
    except KeyError:
        raise refusal(ctx, "no_file", why="") from None


def declared(mime: str) -> str:
    """Return a MIME type as Meta wants it named."""
    plain = mime.partition(";")[0].strip().lower()
    return _TYPES.get(plain, plain or "application/octet-stream")


def file_name(name: str) -> str:
    """Return a file name without folders, on one line, never empty."""
    bare = one_line(name.replace("\\", "/").rpartition("/")[2], _LONGEST_NAME)
    return bare if bare.strip(". ") else "document"
