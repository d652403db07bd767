"""What a file is by its first bytes, and whether that is what it was said to be."""

from .kinds import ANIMATED_STICKER_BYTES, KINDS, OFFICE, STATIC_STICKER_BYTES, Kind, bare

#: (offset, bytes) to what the file is, the first that fits.
SIGNATURES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"GIF8", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (8, b"WAVE", "audio/wav"),
    (0, b"OggS", "audio/ogg"),
    (0, b"\x1aE\xdf\xa3", "video/webm"),
    (0, b"#!AMR", "audio/amr"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"PK\x03\x04", "application/zip"),
    (0, b"\xd0\xcf\x11\xe0", "application/x-ole-storage"),
    (4, b"ftyp3g", "video/3gpp"),
    (4, b"ftypM4A", "audio/mp4"),
    (4, b"ftyp", "video/mp4"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xf1", "audio/aac"),
    (0, b"\xff\xf9", "audio/aac"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"\xff\xf3", "audio/mpeg"),
)

#: Containers: what they are said to be can only be one of these.
CONTAINERS = {
    "application/zip": {
        f"{OFFICE}wordprocessingml.document",
        f"{OFFICE}spreadsheetml.sheet",
        f"{OFFICE}presentationml.presentation",
    },
    "application/x-ole-storage": {
        "application/msword",
        "application/vnd.ms-excel",
        "application/vnd.ms-powerpoint",
    },
    "video/mp4": {"video/mp4", "audio/mp4"},
    "video/3gpp": {"video/3gpp", "video/mp4"},
}


def sniff(data: bytes) -> str:
    """Return the MIME type that the first bytes show."""
    for offset, mark, mime_type in SIGNATURES:
        if data[offset : offset + len(mark)] == mark:
            return mime_type
    return "application/octet-stream" if b"\x00" in data[:4096] or not data else "text/plain"


def complaint(data: bytes, mime_type: str, kind: Kind) -> str | None:
    """Return what is wrong with sending this file as this kind, in Meta's words, or None.

    A failed status with code 131053 carries the sentence.
    """
    said, seen = bare(mime_type), sniff(data)
    if said not in kind.mime_types and kind.name != "document":
        return unsupported(kind, said)
    if said in kind.mime_types and seen not in (said, "text/plain"):
        if said not in CONTAINERS.get(seen, ()):
            return unsupported(kind, seen)
    elif said in kind.mime_types and seen != said:
        return unsupported(kind, "application/octet-stream")
    if said == "audio/ogg" and not is_mono_opus(data):
        return unsupported(kind, "audio/ogg; codecs=other")
    limit = limit_of(data, kind)
    if len(data) > limit:
        return f"Media file size too big. Max file size is {limit // 1024} KB."
    return None


def unsupported(kind: Kind, mime_type: str) -> str:
    """Return Meta's sentence about a file of the wrong type."""
    usable = ", ".join(kind.mime_types)
    return (
        f"Unsupported {kind.name.capitalize()} mime type {mime_type}. Please use one of {usable}."
    )


def limit_of(data: bytes, kind: Kind) -> int:
    """Return the most bytes this file may have as this kind."""
    if kind is not KINDS["sticker"]:
        return kind.max_bytes
    return ANIMATED_STICKER_BYTES if is_animated(data) else STATIC_STICKER_BYTES


def is_animated(data: bytes) -> bool:
    """Say whether a WebP picture moves: its extended header has the animation bit."""
    return data[12:16] == b"VP8X" and len(data) > 20 and bool(data[20] & 0x02)


def is_mono_opus(data: bytes) -> bool:
    """Say whether an Ogg file holds Opus with one channel, the only thing Meta takes in Ogg."""
    at = data.find(b"OpusHead", 0, 512)
    return at >= 0 and len(data) > at + 9 and data[at + 9] == 1
