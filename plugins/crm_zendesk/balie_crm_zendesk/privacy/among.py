"""What a person said in a talk of several, such as a group: their lines go, others' stay.

Where it cannot be told whose a line is, the whole comment goes, and the report says so.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from balie.api import Among, Context, Erased, Media
from balie_crm_zendesk import records
from balie_crm_zendesk.client import Client
from balie_crm_zendesk.files.names import safe_name
from balie_crm_zendesk.tickets import standing, traces

from . import cuts, lines, redaction
from .cuts import Cut
from .redaction import Part
from .texts import tell

Shared = Mapping[str, Sequence[Among]]
"""The lines of each comment, by its id."""


def erase(client: Client, number: int, shared: Shared, *, rehearsal: bool) -> Erased:
    """Redact what is the person's in one ticket, or say what would be."""
    ctx = client.ctx
    ticket = standing.find(client, number)
    found = None if ticket is None else _cuts(client, number, shared)
    if ticket is None or found is None:
        return Erased(done=(tell(ctx, "ticket_gone", ticket=number),))

    def again() -> list[Cut] | None:
        return _cuts(client, number, shared)

    texts = ("among_redacted", "among_to_redact")
    erased = cuts.erase(client, ticket, found, again, said=texts, rehearsal=rehearsal)
    # Of what a merge copied it cannot be told whose it is.
    kept = (tell(ctx, "shared_merged", ticket=number),) if ticket.is_merged else ()
    return replace(erased, kept=kept)


def said(client: Client, number: int, shared: Shared) -> list[dict[str, Any]]:
    """Return the person's words in one ticket, as they stand there.

    ``whole`` where they could not be told from what others said: then they are left out.
    """
    return [
        {"ticket": number, "comment": one.comment.id}
        | ({"whole": True} if one.is_whole else {"words": [*one.part.words]})
        | {"files": [file.url for file in one.part.files]}
        for one in _cuts(client, number, shared) or ()
    ]


def _cuts(client: Client, number: int, shared: Shared) -> list[Cut] | None:
    """Return what is to go in a ticket's comments; None where the ticket is gone."""
    comments = redaction.comments_in(client, number)
    if comments is None:
        return None
    return [_cut(client.ctx, comment, said) for comment, said in _listed(comments, shared)]


def _listed(
    comments: Sequence[records.Comment], shared: Shared
) -> Iterator[tuple[records.Comment, Sequence[Among]]]:
    """Return the comments that are known, and those that go on with one that was too long."""
    batches = {
        _batch(comment): shared[str(comment.id)]
        for comment in comments
        if str(comment.id) in shared and _batch(comment)
    }
    for comment in comments:
        found = shared.get(str(comment.id)) or batches.get(_batch(comment))
        if found is not None:
            yield comment, found


def _batch(comment: records.Comment) -> str:
    return str(comment.custom.get(traces.BATCH, "")).partition("/")[0]


def _cut(ctx: Context, comment: records.Comment, said: Sequence[Among]) -> Cut:
    everything = redaction.whole(comment)
    theirs = _files(comment, said)
    if all(one.goes for one in said):
        return Cut(comment, replace(everything, files=theirs))
    stays = lines.staying(said, ctx.tenant)
    shown = redaction.shown(comment)
    marks = stays.gaps(lines.bare_html(shown))
    gaps = stays.gaps(lines.bare(comment.text))
    if marks is None or gaps is None:
        return Cut(comment, replace(everything, files=theirs), is_whole=True)
    words, others = lines.cut(comment.text, gaps)
    # By the older way, words go wherever they stand: then better all than bits of others' words.
    hits = any(redaction.can_be_read(one) and one in others for one in words)
    asked = everything.asked if hits else words
    part = Part(html=lines.marked(shown, marks), words=words, asked=asked, files=theirs)
    return Cut(comment, part)


def _files(comment: records.Comment, said: Sequence[Among]) -> tuple[records.File, ...]:
    """Return the files that are not known to be others'. Of two that look the same, both."""
    if not any(one.goes for one in said):
        return ()
    there = redaction.files(comment)
    others = Counter(
        (safe_name(part), part.size)
        for one in said
        if not one.goes
        for part in one.line.parts
        if isinstance(part, Media) and part.stored
    )
    seen = Counter((file.name, file.size) for file in there)
    return tuple(
        file for file in there if seen[file.name, file.size] > others[file.name, file.size]
    )
