"""What a file is called and what it is, as far as Zendesk should be told."""

import re
import unicodedata

from balie.api import Media

LONGEST_NAME = 120
UNKNOWN_TYPE = "application/octet-stream"

_TYPE = re.compile(r"[a-z0-9][a-z0-9.+-]{0,60}/[a-z0-9][a-z0-9.+-]{0,100}")
_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_ENDINGS = {
    "application/pdf": ".pdf",
    "audio/aac": ".aac",
    "audio/amr": ".amr",
    "audio/mp4": ".m4a",
    "audio/mpeg": ".mp3",
    "audio/ogg": ".ogg",
    "image/gif": ".gif",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "text/plain": ".txt",
    "text/vcard": ".vcf",
    "video/3gpp": ".3gp",
    "video/mp4": ".mp4",
}


def media_type(written: str) -> str:
    """Return the MIME type without its parameters; a neutral one for what is none."""
    bare = written.split(";", maxsplit=1)[0].strip().lower()
    return bare if _TYPE.fullmatch(bare) else UNKNOWN_TYPE


def safe_name(media: Media) -> str:
    """Return a name that is only a name: no path, nothing invisible, not too long, never empty."""
    last = re.split(r"[/\\]", media.name)[-1]
    shown = "".join(c for c in last if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co"))
    name = re.sub(r'[<>:"|?*]', "_", " ".join(shown.split())).strip(" .")
    if not name or _DEVICE.fullmatch(name):
        name = f"{media.kind}{_ENDINGS.get(media_type(media.type), '')}"
    elif "." not in name:
        name += _ENDINGS.get(media_type(media.type), "")
    stem, dot, ending = name.rpartition(".")
    if len(name) > LONGEST_NAME and dot and len(ending) <= 10:
        return f"{stem[: LONGEST_NAME - len(ending) - 1]}.{ending}"
    return name[:LONGEST_NAME]
