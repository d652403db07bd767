"""Merging tickets: the sources close and point to the target (reference 3.4)."""

from balie_sandbox.zendesk import fields
from balie_sandbox.zendesk.errors import Json, closed_ticket, invalid

from .model import Actor, Ticket, Via
from .writing import TicketWriting

MERGED_TAG = "closed_by_merge"


def check_merge(target: Ticket, sources: list[Ticket]) -> None:
    """Raises ApiError (422): a closed ticket, none to merge, or one into itself."""
    if not sources or target in sources:
        raise invalid("ids", "Ids: is invalid", "InvalidValue")
    if any(one.status == "closed" for one in (target, *sources)):
        raise closed_ticket()


def merge(
    writing: TicketWriting, actor: Actor, target: Ticket, sources: list[Ticket], words: Json
) -> None:
    """Close each source with a comment, and tell in the target what came in.

    `words` are those of the API: target_comment, source_comment, and whether each is public. Both
    are private unless it says so, and where any of the tickets is private.
    """
    open_to_all = all(one.is_public for one in (target, *sources))
    for source in sources:
        own = f'This request was closed and merged into request #{target.id} "{target.subject}".'
        text = fields.text(words, "source_comment") or own
        public = open_to_all and bool(fields.flag(words, "source_comment_is_public"))
        _close_into(writing, actor, source, target, {"body": text, "public": public})
    names = ", ".join(f'#{one.id} "{one.subject}"' for one in sources)
    last = sources[-1].comments[-2] if len(sources[-1].comments) > 1 else sources[-1].comments[-1]
    own = f"Requests {names} were closed and merged into this request. Last comment:\n\n{last.body}"
    text = fields.text(words, "target_comment") or own
    public = open_to_all and bool(fields.flag(words, "target_comment_is_public"))
    _take_in(writing, actor, target, sources, {"body": text, "public": public})


def _close_into(
    writing: TicketWriting, actor: Actor, source: Ticket, target: Ticket, comment: Json
) -> None:
    change = writing.open(actor, source, {})
    change.audit.via = Via(actor.channel, "merge", {"ticket_id": target.id})
    writing.commenting.say(change, comment, actor.user.id)
    source.comments[-1].via = change.audit.via
    change.set("tags", list(dict.fromkeys([*source.tags, MERGED_TAG])))
    change.set("status", "closed")
    event = {"type": "TicketMerge", "target_ticket_id": target.id}
    change.happen(event, "ticket.merged", {"target_ticket_id": str(target.id)})
    writing.finish(change)


def _take_in(
    writing: TicketWriting, actor: Actor, target: Ticket, sources: list[Ticket], comment: Json
) -> None:
    change = writing.open(actor, target, {})
    origin = {"ticket_ids": [one.id for one in sources]}
    change.audit.via = Via(actor.channel, "merge", origin)
    writing.commenting.say(change, comment, actor.user.id)
    target.comments[-1].via = change.audit.via
    writing.commenting.copy_files(target.comments[-1], sources)
    writing.finish(change)
