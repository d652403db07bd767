"""Which words of a comment stay, where several people's stand in it: those known to be others'.

Nothing is asked about what is to go, for its words are gone here already: what is not surely
somebody else's goes. Comments are compared without spaces and breaks, which Zendesk may change.
"""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from balie.api import Among, Tenant
from balie_crm_zendesk.tickets import wording

from .redaction import TAG, TELLING

Spans = Sequence[tuple[int, int]]
"""Where something begins and ends, counted in characters that are no spaces."""

_UNIT = re.compile(r"&(?:#[0-9]+|#x[0-9a-f]+|[a-z][a-z0-9]*);|.", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Staying:
    """What stays of a comment, in order; ``None`` between it where something goes."""

    blocks: tuple[str | None, ...]
    to_the_end: bool

    def gaps(self, told: str) -> Spans | None:
        """Return where in ``told``, without spaces, what goes is; None where that is not sure.

        Whichever way what stays is found in it: what stays visible is just that.
        """
        found, at, gap = [], 0, False
        known = [one for one in self.blocks if one is not None]
        for block in self.blocks:
            if block is None:
                gap = True
                continue
            # The last one as late as can be: what goes may hold the same words.
            is_last = len(known) == 1
            place = told.rfind(block, at) if is_last and gap else told.find(block, at)
            if place == -1:
                return None
            if gap:
                found.append((at, place))
            at, gap = place + len(block), False
            known.pop(0)
        if gap or self.to_the_end:
            found.append((at, len(told)))
        return [(start, end) for start, end in found if start < end]


def staying(lines: Sequence[Among], tenant: Tenant) -> Staying:
    """Return what stays of a comment of these lines.

    What follows the last line is of files that could not be attached, nobody knows whose: it goes
    where a line does.
    """
    blocks: list[str | None] = []
    heads = wording.stamps([one.line.at for one in lines], tenant.region)
    for head, one in zip(heads, lines, strict=True):
        if one.goes:
            told: tuple[str | None, ...] = (None,)
        elif one.quote_goes:
            told = (head, None, wording.said(replace(one.line, about=""), tenant.locale))
        else:
            told = (head + wording.said(one.line, tenant.locale),)
        blocks += (None if text is None else bare(text) for text in told)
    joined = (
        ["".join(map(str, some))] if stays else [None]
        for stays, some in groupby(blocks, key=lambda one: one is not None)
    )
    return Staying(tuple(one for some in joined for one in some), any(one.goes for one in lines))


def bare(text: str) -> str:
    """Return a text without its spaces and breaks."""
    return "".join(text.split())


def bare_html(shown: str) -> str:
    """Return the words of HTML, without spaces and breaks."""
    return bare("".join(html.unescape(one) for one in TAG.split(shown) if not TAG.fullmatch(one)))


def cut(text: str, spans: Spans) -> tuple[tuple[str, ...], str]:
    """Return the words of a text that lie within spans, a line each, and the others, joined."""
    at, inside, outside = 0, [""], ""
    for one in text:
        if one.isspace():
            inside[-1] += one
            outside += one
            continue
        if _covers(spans, at):
            inside[-1] += one
        else:
            outside += one
            inside.append("")
        at += 1
    words = (line.strip() for one in inside for line in one.splitlines())
    return tuple(dict.fromkeys(line for line in words if line)), outside


def marked(shown: str, spans: Spans) -> str:
    """Return HTML with the words that lie within spans marked to be redacted."""
    at, made = 0, []
    for one in TAG.split(shown):
        if TAG.fullmatch(one):
            made.append(TELLING.sub(r"<\1 redact", one) if _covers(spans, at) else one)
            continue
        units = []
        for unit in _UNIT.findall(one):
            width = len(bare(html.unescape(unit)))
            units.append((unit, _covers(spans, at)))
            at += width
        for goes, some in groupby(units, key=lambda unit: unit[1]):
            words = "".join(unit for unit, _ in some)
            is_word = goes and bool(html.unescape(words).strip())
            made.append(f"<redact>{words}</redact>" if is_word else words)
    return "".join(made)


def _covers(spans: Spans, at: int) -> bool:
    return any(start <= at < end for start, end in spans)
