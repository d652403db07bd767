"""A file of each type, for messages that bring none: drawn and recorded for this sandbox."""

from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "samples"

#: By type: the file, its MIME type, and the name under which a customer sends it.
SAMPLES = {
    "image": ("photo.jpg", "image/jpeg", None),
    "video": ("film.mp4", "video/mp4", None),
    "audio": ("voice.ogg", "audio/ogg; codecs=opus", None),
    "voice": ("voice.ogg", "audio/ogg; codecs=opus", None),
    "document": ("invoice.pdf", "application/pdf", "factuur.pdf"),
    "sticker": ("sticker.webp", "image/webp", None),
}


@cache
def sample(type_: str) -> tuple[bytes, str, str | None]:
    """Return bytes, MIME type and file name of this sandbox's own file of a type."""
    name, mime_type, filename = SAMPLES[type_]
    return (FOLDER / name).read_bytes(), mime_type, filename
