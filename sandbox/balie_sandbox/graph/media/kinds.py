"""Which files the Cloud API takes for which type of message (reference/whatsapp.md 7)."""

from dataclasses import dataclass

MEGABYTE = 1024 * 1024
#: No upload may be larger, whatever it is.
MAX_UPLOAD_BYTES = 100 * MEGABYTE
STATIC_STICKER_BYTES = 100 * 1024
ANIMATED_STICKER_BYTES = 500 * 1024

OFFICE = "application/vnd.openxmlformats-officedocument."


@dataclass(frozen=True, slots=True)
class Kind:
    """A media type of messages, the MIME types that fit, and its limit in bytes."""

    name: str
    mime_types: tuple[str, ...]
    max_bytes: int


KINDS = {
    kind.name: kind
    for kind in (
        Kind(
            "audio",
            ("audio/aac", "audio/mp4", "audio/mpeg", "audio/amr", "audio/ogg"),
            16 * MEGABYTE,
        ),
        Kind(
            "document",
            (
                "text/plain",
                "application/pdf",
                "application/msword",
                f"{OFFICE}wordprocessingml.document",
                "application/vnd.ms-excel",
                f"{OFFICE}spreadsheetml.sheet",
                "application/vnd.ms-powerpoint",
                f"{OFFICE}presentationml.presentation",
            ),
            MAX_UPLOAD_BYTES,
        ),
        Kind("image", ("image/jpeg", "image/png"), 5 * MEGABYTE),
        Kind("sticker", ("image/webp",), ANIMATED_STICKER_BYTES),
        Kind("video", ("video/mp4", "video/3gpp"), 16 * MEGABYTE),
    )
}

#: The name of the file that a message without one gets, by MIME type.
EXTENSIONS = {
    "application/pdf": "pdf",
    "audio/mpeg": "mp3",
    "audio/ogg": "ogg",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "text/plain": "txt",
    "video/mp4": "mp4",
}


def bare(mime_type: str) -> str:
    """Return a MIME type without its parameters, in lower case."""
    return mime_type.partition(";")[0].strip().lower()


def kind_of(mime_type: str) -> Kind | None:
    """Return the kind of message a file of this MIME type is for, or None."""
    return next((kind for kind in KINDS.values() if bare(mime_type) in kind.mime_types), None)


def every_mime_type() -> list[str]:
    """Return all MIME types that can be uploaded."""
    return [mime_type for kind in KINDS.values() for mime_type in kind.mime_types]
