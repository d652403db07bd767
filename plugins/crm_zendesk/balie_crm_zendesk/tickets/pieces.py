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
        _add(packed, batch, Piece("", first, _stored(line)))
        for part in rest:
            _add(packed, batch, Piece("", part))
    return packed


def _add(packed: list[Piece], batch: Batch, piece: Piece) -> None:
    """Add to the last comment where that takes it, or begin another."""
    if packed:
        last = packed[-1]
        joined = f"{last.text}\n{piece.text}"
        if len(joined.encode()) <= MOST_BYTES:
            packed[-1] = Piece(last.key, joined, (*last.files, *piece.files))
            return
    key = batch.key if not packed else f"{batch.key}/{len(packed) + 1}"
    packed.append(Piece(key, piece.text, piece.files))


def _stored(line: Line) -> tuple[Media, ...]:
    return tuple(part for part in line.parts if isinstance(part, Media) and part.stored)


def _parts(text: str) -> list[str]:
    if len(text.encode()) <= MOST_BYTES:
        return [text]
    step = MOST_BYTES // 4  # no character has more than four bytes
    return [text[start : start + step] for start in range(0, len(text), step)]
