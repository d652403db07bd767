"""What a file is called to be shown and saved, whatever its sender says: pure."""

import re
import unicodedata

from balie.api import MediaKind

_LONGEST = 120
_UNSAFE = re.compile(r'[<>:"|?*]')
_DEVICE = re.compile(r"(con|prn|aux|nul|com[\d¹²³]|lpt[\d¹²³])(\..*)?", re.IGNORECASE)
_OFFICE = "application/vnd.openxmlformats-officedocument."
_ENDINGS = {
    "application/json": ("json",),
    "application/msword": ("doc",),
    "application/pdf": ("pdf",),
    "application/vnd.ms-excel": ("xls",),
    "application/zip": ("zip",),
    f"{_OFFICE}presentationml.presentation": ("pptx",),
    f"{_OFFICE}spreadsheetml.sheet": ("xlsx",),
    f"{_OFFICE}wordprocessingml.document": ("docx",),
    "audio/aac": ("aac",),
    "audio/amr": ("amr",),
    "audio/mp4": ("m4a", "mp4"),
    "audio/mpeg": ("mp3",),
    "audio/ogg": ("ogg", "oga", "opus"),
    "audio/wav": ("wav",),
    "audio/webm": ("webm", "weba"),
    "image/gif": ("gif",),
    "image/heic": ("heic",),
    "image/jpeg": ("jpg", "jpeg"),
    "image/png": ("png",),
    "image/webp": ("webp",),
    "text/csv": ("csv",),
    "text/plain": ("txt", "log", "md"),
    "video/3gpp": ("3gp",),
    "video/mp4": ("mp4", "m4v"),
    "video/quicktime": ("mov",),
    "video/webm": ("webm",),
}
"""The endings that a type may have, and first the one it gets."""


def safe_name(name: str, mime: str) -> str:
    """Return a name to be shown: no folder, nothing invisible, no device, and its type's ending.

    What looked like an ending and is none of the type's becomes words: ``invoice exe.png``.
    """
    last = re.split(r"[/\\]", name)[-1]
    shown = "".join(c for c in last if unicodedata.category(c)[0] != "C")
    plain = _UNSAFE.sub("", shown).strip(". ")
    endings = _ENDINGS.get(mime.partition(";")[0].strip().lower(), ("bin",))
    stem, dot, ending = plain.rpartition(".")
    if not dot or ending.lower() not in endings:
        stem, ending = plain, endings[0]
    stem = stem.replace(".", " ").strip()[:_LONGEST].strip()
    if not stem or _DEVICE.fullmatch(stem):
        stem = kind_of(mime)
    return f"{stem}.{ending}"


def kind_of(mime: str) -> MediaKind:
    """Return what a file is to people."""
    kinds = {"image": MediaKind.IMAGE, "video": MediaKind.VIDEO, "audio": MediaKind.AUDIO}
    return kinds.get(mime.partition("/")[0], MediaKind.DOCUMENT)
