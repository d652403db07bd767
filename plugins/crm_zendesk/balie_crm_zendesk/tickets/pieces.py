"""A batch as comments: one, unless it is longer than Zendesk takes."""

from dataclasses import dataclass

from balie.api import Batch, Line, Media, Tenant

from . import wording

#: Zendesk takes about 64 KB a comment and gives no exact figure. The rest is for lines on files.
MOST_BYTES = 62_000


@dataclass(frozen=True, slots=True)
class Piece:
    """One comment to be. ``key`` is its own; ``files`` are those of the lines that begin in it."""

    key: str
    text: str
    files: tuple[Media, ...] = ()


def pieces(batch: Batch, tenant: Tenant) -> list[Piece]:
    """Return the comments, the same ones at every attempt."""
    packed: list[Piece] = []
    for line, text in zip(batch.lines, wording.lines(batch, tenant), strict=True):
        first, *rest = _parts(text)
        if packed and len(f"{packed[-1].text}\n{first}".encode()) <= MOST_BYTES:
            last = packed[-1]
            packed[-1] = Piece(last.key, f"{last.text}\n{first}", (*last.files, *_stored(line)))
        else:
            packed.append(Piece(_key(batch, packed), first, _stored(line)))
        for part in rest:
            packed.append(Piece(_key(batch, packed), part))
    return packed


def _key(batch: Batch, packed: list[Piece]) -> str:
    return batch.key if not packed else f"{batch.key}/{len(packed) + 1}"


def _stored(line: Line) -> tuple[Media, ...]:
    return tuple(part for part in line.parts if isinstance(part, Media) and part.stored)


def _parts(text: str) -> list[str]:
    """Cut a text where it is too long, between characters."""
    parts, rest = [], text.encode()
    while len(rest) > MOST_BYTES:
        part = rest[:MOST_BYTES].decode(errors="ignore")  # without half a character
        parts.append(part)
        rest = rest[len(part.encode()) :]
    return [*parts, rest.decode()]
