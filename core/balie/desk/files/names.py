"""What a file is called and taken for, whatever its sender says: pure."""

import mimetypes
import re
import unicodedata
from datetime import datetime

from balie.api import MediaKind

_LONGEST = 120
_EXTENSIONS = {
    "audio/aac": ".aac",
    "audio/amr": ".amr",
    "audio/mp4": ".m4a",
    "audio/ogg": ".ogg",
    "image/jpeg": ".jpg",
    "image/webp": ".webp",
    "video/3gpp": ".3gp",
}
#: What first bytes cannot tell from each other: one container, many contents.
_CONTAINERS = ("application/zip", "application/x-ole-storage", "application/xml", "text/plain")
_SAME = ("video/mp4", "audio/mp4", "video/3gpp", "audio/ogg", "application/ogg", "video/ogg")


def named(given: str, kind: MediaKind, mime: str, at: datetime) -> str:
    """Return a name that is safe to show and to save: the given one, or one made of the time."""
    last = re.split(r"[\\/]", given)[-1].replace("\ufffd", "")
    plain = "".join(c for c in last if unicodedata.category(c)[0] not in "CZ" or c == " ")
    plain = re.sub(r'[:*?"<>|]+', "_", plain).strip(" .")
    if plain:
        stem, dot, ending = plain.rpartition(".")
        return plain if len(plain) <= _LONGEST else f"{(stem or plain)[:100]}{dot}{ending[:10]}"
    return f"{kind}-{at:%Y%m%d-%H%M%S}{_extension(mime)}"


def size(count: int) -> str:
    """Return a number of bytes as people say it: ``5 MB``, ``100 kB``."""
    return f"{count // 1_000_000} MB" if count >= 1_000_000 else f"{count // 1_000} kB"


def true_type(told: str, shown: str) -> str:
    """Return the MIME type to use: what the bytes show, unless they only show its container.

    A picture that is none (a page with a script in it, say) must not be passed on as a picture.
    """
    plain = told.partition(";")[0].strip().lower()
    if not shown or shown == plain or shown in _CONTAINERS:
        if plain.startswith(("image/", "video/")) and not shown:
            return "application/octet-stream"
        return told or "application/octet-stream"
    if plain in _SAME and shown in _SAME:
        return told
    if shown.partition("/")[0] == plain.partition("/")[0] == "application":
        return told
    return shown


def _extension(mime: str) -> str:
    plain = mime.partition(";")[0].strip().lower()
    return _EXTENSIONS.get(plain) or mimetypes.guess_extension(plain) or ""
