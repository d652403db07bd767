"""Comments that no webhook told us of: Zendesk's stream of ticket events, read on and on.

Zendesk gives a webhook up after a few tries, and sends none at all for a while when too many have
failed. https://developer.zendesk.com/api-reference/ticketing/ticket-management/incremental_exports/
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from balie.api import Context, EventKind, RawEvent, Reconciled, Since
from balie_crm_zendesk import records
from balie_crm_zendesk.client import Client

from .sieve import is_command

PATH = "/incremental/ticket_events"
#: Where the look begins when nothing was looked at yet. Before, nothing could be missed.
FIRST = timedelta(hours=1)
#: So far the last look is overlapped: events that are written at the same moment need not show at
#: the same moment. It keeps clear of the last minute, too, which Zendesk shows nobody.
OVERLAP_SECONDS = 120
#: Between pages of what has piled up. Ten a minute are allowed, to all who ask this account.
NEXT_PAGE_SECONDS = 10.0


def missed(ctx: Context, since: Since) -> Reconciled:
    """Return the tickets with answers or commands in the next page of the stream, one event each.

    Whose comments they are is not asked here: the events fall away where all are known, and the
    ticket is read otherwise.
    """
    start = _start(ctx, since)
    answer = Client(ctx).get(PATH, start_time=start, include="comment_events")
    page = records.export(answer)
    if page.odd:
        ctx.log.warning("events_not_understood", count=page.odd)
    tickets = _by_ticket(page.events)
    every: float = ctx.config["reconcile_every"]
    return Reconciled(
        events=tuple(one.event() for one in tickets),
        comments={one.event_id: one.comments for one in tickets},
        cursor=str(_following(page, start)),
        again_in=every if page.is_last else min(every, NEXT_PAGE_SECONDS),
    )


@dataclass(frozen=True, slots=True)
class _Ticket:
    """A ticket and its comments of concern in a page, the oldest first."""

    id: int
    at: datetime
    comments: tuple[str, ...]

    @property
    def event_id(self) -> str:
        """The newest comment names the event: it is read together with those before it."""
        return f"comment:{self.comments[-1]}"

    def event(self) -> RawEvent:
        return RawEvent(
            id=self.event_id,
            kind=EventKind.TICKET,
            lane=str(self.id),
            at=self.at,
            body={"ticket_id": str(self.id)},
        )


def _start(ctx: Context, since: Since) -> int:
    if since.cursor.isdecimal():
        return int(since.cursor)
    return int((ctx.clock.now() - FIRST).timestamp())


def _by_ticket(events: Sequence[records.TicketEvent]) -> list[_Ticket]:
    """Return the tickets in the order of their first comment."""
    found: dict[int, _Ticket] = {}
    for event in sorted(events, key=lambda one: (one.second, one.id)):
        for comment in _of_concern(event):
            earlier = found.get(event.ticket_id)
            at = earlier.at if earlier else datetime.fromtimestamp(event.second, UTC)
            comments = (*(earlier.comments if earlier else ()), comment)
            found[event.ticket_id] = _Ticket(event.ticket_id, at, comments)
    return list(found.values())


def _of_concern(event: records.TicketEvent) -> Iterator[str]:
    """Return the comments that may be answers, and internal notes that are commands."""
    return (str(one.id) for one in event.comments if one.public or is_command(one.text))


def _following(page: records.Export, start: int) -> int:
    """Return where the next page begins; never before this one."""
    if page.end is None:
        return start
    if page.is_last:
        return max(start, page.end - OVERLAP_SECONDS)
    # A whole page of one second would come again for ever.
    return max(start + 1, page.end)
