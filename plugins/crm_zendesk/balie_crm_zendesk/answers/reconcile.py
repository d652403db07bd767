"""What no webhook told us of: Zendesk's stream of ticket events, read on and on.

Zendesk gives a webhook up after a few tries, and sends none at all for a while when too many have
failed. https://developer.zendesk.com/api-reference/ticketing/ticket-management/incremental_exports/
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from balie.api import Context, EventKind, RawEvent, Reconciled, Since, TicketState
from balie_crm_zendesk import records
from balie_crm_zendesk.client import Client

from . import states, webhook
from .sieve import API, is_command

PATH = "/incremental/ticket_events"
#: Where the look begins when nothing was looked at yet. Before, nothing could be missed.
FIRST = timedelta(hours=1)
#: So far the last look is overlapped: events that are written at the same moment need not show at
#: the same moment. It keeps clear of the last minute, too, which Zendesk shows nobody.
OVERLAP_SECONDS = 120
#: Between pages of what has piled up. Ten a minute are allowed, to all who ask this account.
NEXT_PAGE_SECONDS = 10.0


def missed(ctx: Context, since: Since) -> Reconciled:
    """Return the tickets with answers, commands or a new status in the next page, one event each.

    Whose comments they are is not asked here: the events fall away where all is known, and the
    ticket is read otherwise.
    """
    start = _start(ctx, since)
    answer = Client(ctx).get(PATH, start_time=start, include="comment_events")
    page = records.export(answer)
    if page.odd:
        ctx.log.warning("events_not_understood", count=page.odd)
    tickets = _by_ticket(page.events, by_api=ctx.config["api_answers"])
    every: float = ctx.config["reconcile_every"]
    return Reconciled(
        events=tuple(one.event() for one in tickets),
        comments={one.event_id: one.comments for one in tickets if one.comments},
        states={one.event_id: one.states for one in tickets if one.status},
        cursor=str(_following(page, start)),
        again_in=every if page.is_last else min(every, NEXT_PAGE_SECONDS),
    )


@dataclass(frozen=True, slots=True)
class _Ticket:
    """What a page tells of a ticket: its comments of concern, the oldest first, and its status.

    ``changed`` is the update that set the status. Where ``is_merge``, one of them may have merged
    the ticket.
    """

    id: int
    at: datetime
    comments: tuple[str, ...] = ()
    status: str = ""
    changed: int = 0
    is_merge: bool = False

    @property
    def event_id(self) -> str:
        """The newest of each names the event: it is read together with those before it."""
        comment = [f"comment:{one}" for one in self.comments[-1:]]
        status = [f"status:{self.changed}"] if self.status else []
        return ",".join([*comment, *status])

    @property
    def states(self) -> tuple[TicketState, ...]:
        """How the ticket may stand for Balie, where this is no news."""
        if self.is_merge:
            return (TicketState.MERGED,)
        if self.status == "closed":
            # What was solved is closed some days later by itself, everywhere: nothing follows.
            return (TicketState.CLOSED, TicketState.MERGED, TicketState.SOLVED)
        return (states.NAMED[self.status],)

    def event(self) -> RawEvent:
        of_the_ticket = {"event": webhook.STATUS} if self.status else {}
        return RawEvent(
            id=self.event_id,
            kind=EventKind.TICKET,
            lane=str(self.id),
            at=self.at,
            body={"ticket_id": str(self.id), **of_the_ticket},
        )


def _start(ctx: Context, since: Since) -> int:
    if since.cursor.isdecimal():
        return int(since.cursor)
    return int((ctx.clock.now() - FIRST).timestamp())


def _by_ticket(events: Sequence[records.TicketEvent], *, by_api: bool) -> list[_Ticket]:
    """Return the tickets in the order in which they come first."""
    found: dict[int, _Ticket] = {}
    for event in sorted(events, key=lambda one: (one.second, one.id)):
        comments = tuple(_of_concern(event, by_api=by_api))
        has_status = event.status in states.NAMED
        if not comments and not has_status:
            continue
        at = datetime.fromtimestamp(event.second, UTC)
        ticket = found.get(event.ticket_id, _Ticket(event.ticket_id, at))
        ticket = replace(ticket, comments=ticket.comments + comments)
        if has_status:
            ticket = replace(ticket, status=event.status, changed=event.id, is_merge=event.is_merge)
        found[event.ticket_id] = ticket
    return list(found.values())


def _of_concern(event: records.TicketEvent, *, by_api: bool) -> Iterator[str]:
    """Return the comments that may be answers, and internal notes that are commands."""
    for one in event.comments:
        if (one.public and (by_api or one.channel != API)) or (
            not one.public and one.channel != API and is_command(one.text)
        ):
            yield str(one.id)


def _following(page: records.Export, start: int) -> int:
    """Return where the next page begins; never before this one."""
    if page.end is None:
        return start
    if page.is_last:
        return max(start, page.end - OVERLAP_SECONDS)
    # A whole page of one second would come again for ever.
    return max(start + 1, page.end)
