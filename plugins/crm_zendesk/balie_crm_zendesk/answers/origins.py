"""How a conversation of ours came into a ticket that Balie did not open: what counts there."""

from collections.abc import Sequence

from balie.api import Context
from balie_crm_zendesk import records
from balie_crm_zendesk.client import Client
from balie_crm_zendesk.tickets import standing, traces


def of_ours(
    ticket: records.Ticket, comments: Sequence[records.Comment], *, is_merged: bool
) -> Sequence[records.Comment]:
    """Leave out what was said before a merge brought our conversation into the ticket.

    It went to somebody else, or by mail. ``comments`` are oldest first; ``is_merged``: a ticket
    of ours was merged into this one.
    """
    if traces.is_external_id(ticket.external_id) or ticket.follows is not None:
        return comments
    places = (place for place, one in enumerate(comments) if one.is_of_a_merge or _is_ours(one))
    first = next(places, len(comments) if is_merged else 0)
    return comments[first:]


def followed(
    client: Client, ticket: records.Ticket, comments: Sequence[records.Comment]
) -> records.Ticket | None:
    """Return the closed ticket that an agent goes on from in this one, of the same customer.

    Where Balie wrote, it knows the ticket already.
    """
    if ticket.follows is None or any(map(_is_ours, comments)):
        return None
    closed = standing.find(client, ticket.follows)
    is_same = closed is not None and closed.requester_id == ticket.requester_id
    return closed if is_same else None


def looks_ours(
    ctx: Context,
    ticket: records.Ticket,
    comments: Sequence[records.Comment],
    closed: records.Ticket | None,
) -> bool:
    """Say whether agents take the ticket for one of Balie's, though nothing of Balie's is in it.

    ``closed`` is the one that it follows.
    """
    known = (ticket, *([] if closed is None else [closed]))
    return (
        ctx.config["tag"] in ticket.tags
        and not any(traces.is_external_id(one.external_id) for one in known)
        and not any(map(_is_ours, comments))
    )


def _is_ours(comment: records.Comment) -> bool:
    return traces.BATCH in comment.custom
