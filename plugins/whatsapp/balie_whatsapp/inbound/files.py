"""Files that a customer sends: what is told of them, and the id to fetch them by."""

from collections.abc import Mapping
from typing import Any

from balie.api import Media, MediaKind, Part
from balie_whatsapp.inbound.lines import line_of
from balie_whatsapp.untrusted import identifier, mapping, one_line, sha256_hex, written

KINDS = {
    "image": MediaKind.IMAGE,
    "video": MediaKind.VIDEO,
    "audio": MediaKind.AUDIO,
    "document": MediaKind.DOCUMENT,
    "sticker": MediaKind.STICKER,
}
_LONGEST_NAME = 255


def read_file(message: Mapping[str, Any], locale: str) -> list[Part]:
    """Return the file; nothing where it has no id that it could be fetched by."""
    kind = KINDS[str(message.get("type"))]
    content = mapping(message.get(message["type"]))
    ref = identifier(content.get("id"))
    if not ref:
        return []
    if kind is MediaKind.AUDIO and content.get("voice") is True:
        kind = MediaKind.VOICE
    return [
        Media(
            kind=kind,
            ref=ref,
            text=line_of(message, locale),
            caption=written(content.get("caption")),
            type=one_line(content.get("mime_type"), 100),
            name=one_line(content.get("filename"), _LONGEST_NAME),
            sha256=sha256_hex(content.get("sha256")),
        )
    ]
