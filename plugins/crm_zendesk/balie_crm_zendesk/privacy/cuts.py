"""Taking a part out of comments, and looking what is there afterwards."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from balie.api import Context, Erased
from balie_crm_zendesk import records
from balie_crm_zendesk.client import Client

from . import redaction
from .redaction import Part
from .texts import tell


@dataclass(frozen=True, slots=True)
class Cut:
    """What of one comment is to go; ``is_whole`` where that could not be told from the rest."""

    comment: records.Comment
    part: Part
    is_whole: bool = False

    @property
    def is_there(self) -> bool:
        """Whether anything of it can still be read or fetched."""
        return self.part.is_readable or bool(self.part.files)


def erase(
    client: Client,
    ticket: records.Ticket,
    found: Iterable[Cut],
    again: Callable[[], Iterable[Cut] | None],
    *,
    said: tuple[str, str],
    rehearsal: bool,
) -> Erased:
    """Redact what was found in a ticket, or say what would be; then look at it ``again``.

    ``said`` names the sentences of what was done, and of what would be.
    """
    ctx = client.ctx
    cuts = [one for one in found if one.is_there]
    counts = {
        "ticket": ticket.id,
        "comments": sum(one.part.is_readable for one in cuts),
        "files": sum(len(one.part.files) for one in cuts),
    }
    if rehearsal:
        whole = [_told(ctx, "others_would", ticket, one) for one in cuts if one.is_whole]
        return Erased(done=(tell(ctx, said[1], **counts), *whole))
    why = {one.comment.id: redaction.redact(client, ticket, one.comment, one.part) for one in cuts}
    done, left = [tell(ctx, said[0], **counts)], []
    # What can still be read, or has gone with it, is seen in what there is now.
    for now in again() or ():
        values = {"why": why.get(now.comment.id) or tell(ctx, "no_reason")}
        if now.part.is_readable:
            left.append(_told(ctx, "visible", ticket, now, **values))
        elif now.is_whole:
            done.append(_told(ctx, "others_too", ticket, now))
        if now.part.files:
            left.append(_told(ctx, "file_there", ticket, now, **values))
    return Erased(done=tuple(done), left=tuple(left))


def _told(ctx: Context, what: str, ticket: records.Ticket, cut: Cut, **values: str) -> str:
    return tell(ctx, what, ticket=ticket.id, comment=cut.comment.id, **values)
