"""What stands inside a file, as far as that costs little to read: nothing is unpacked or drawn."""

import struct
import zipfile
from typing import IO

_MOST_ENTRIES = 10_000
_MOST_LIST = 1_000_000
"""Bytes of a zip's list of contents; zipfile reads all of it before it can be asked anything."""
_TAIL = 65_536 + 22
_MAIN = {"wordprocessingml": "word/", "spreadsheetml": "xl/", "presentationml": "ppt/"}
_MOST_PIXELS = 100_000_000
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_HEAD = 262_144


def is_office(file: IO[bytes], mime: str) -> bool:
    """Say whether a zip is the document that its type says."""
    main = next((folder for name, folder in _MAIN.items() if name in mime), None)
    try:
        if main is None or not _is_small_list(file):
            return False
        with zipfile.ZipFile(file) as zipped:
            names = zipped.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, struct.error):
        return False
    has_main = any(name.startswith(main) and name.endswith(".xml") for name in names)
    return "[Content_Types].xml" in names and has_main


def _is_small_list(file: IO[bytes]) -> bool:
    size = file.seek(0, 2)
    file.seek(max(0, size - _TAIL))
    tail = file.read(_TAIL)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + 22:
        return False
    entries, length = struct.unpack("<HL", tail[at + 10 : at + 16])
    file.seek(0)
    # All ones stand for "see the larger record", which no letter or sheet of a visitor needs.
    return bool(entries <= _MOST_ENTRIES and length <= _MOST_LIST)


def is_too_wide(file: IO[bytes], mime: str) -> bool:
    """Say whether a picture has so many pixels that to show it would cost its reader's memory.

    One whose size does not stand where it should is left to its reader.
    """
    head = file.read(_HEAD)
    try:
        width, height = _SIZES.get(mime, _unknown)(head)
    except (struct.error, IndexError):
        return False
    return width * height > _MOST_PIXELS


def _unknown(_: bytes) -> tuple[int, int]:
    return 0, 0


def _png(head: bytes) -> tuple[int, int]:
    width, height = struct.unpack(">LL", head[16:24])
    return width, height


def _gif(head: bytes) -> tuple[int, int]:
    width, height = struct.unpack("<HH", head[6:10])
    return width, height


def _webp(head: bytes) -> tuple[int, int]:
    kind = head[12:16]
    if kind == b"VP8X":
        plain = int.from_bytes(head[24:27], "little"), int.from_bytes(head[27:30], "little")
        return plain[0] + 1, plain[1] + 1
    if kind == b"VP8L":
        bits = int.from_bytes(head[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    width, height = struct.unpack("<HH", head[26:30])
    return width & 0x3FFF, height & 0x3FFF


def _jpeg(head: bytes) -> tuple[int, int]:
    at = 2
    while head[at] == 0xFF:
        if head[at + 1] in _FRAMES:
            height, width = struct.unpack(">HH", head[at + 5 : at + 9])
            return width, height
        at += 2 + int.from_bytes(head[at + 2 : at + 4], "big")
    return 0, 0


_SIZES = {"image/png": _png, "image/gif": _gif, "image/webp": _webp, "image/jpeg": _jpeg}
