"""What merges copied of a person's tickets: subject, last comment and files, in another ticket.

A merge's comment is an agent's, yet what it quotes is not. It stands in the ticket that took over,
whosever that is, and in turn where that one went.

https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/#merge-tickets-into-target-ticket
"""

from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from balie.api import Erased
from balie_crm_zendesk import records
from balie_crm_zendesk.client import Client
from balie_crm_zendesk.tickets import standing

from . import cuts, redaction
from .cuts import Cut
from .redaction import Part

Own = Mapping[int, Sequence[records.Comment]]
"""The tickets that are the person's alone, each with the comments that merges left in it."""


def erase(client: Client, own: Own, *, rehearsal: bool) -> Erased:
    """Redact the comments that quote the person's tickets, or say what would be."""
    search = _Search(client, own)
    said = ("merge_redacted", "merge_to_redact")
    done: list[str] = []
    left: list[str] = []
    for ticket, found in search.found():
        if not any(one.is_there for one in found):
            continue

        def again(number: int = ticket.id) -> list[Cut] | None:
            return search.cuts(number, redaction.comments_in(client, number) or ())

        erased = cuts.erase(client, ticket, found, again, said=said, rehearsal=rehearsal)
        done += erased.done
        left += erased.left
    return Erased(done=tuple(done), left=tuple(left))


@dataclass(frozen=True, slots=True)
class _Search:
    """Goes from ticket to ticket by what merges' comments name.

    ``carriers``: tickets of others that hold copies, of which a further merge made more.
    """

    client: Client
    own: Own
    carriers: set[int] = field(default_factory=set)

    def found(self) -> Iterator[tuple[records.Ticket, list[Cut]]]:
        """Yield each ticket that such comments stand in, with what is to go there."""
        waiting = deque(number for number, quoting in self.own.items() if quoting)
        waiting.extend(one for quoting in self.own.values() for one in _named(quoting))
        seen: set[int] = set()
        while waiting:
            number = waiting.popleft()
            ticket = None if number in seen else standing.find(self.client, number)
            seen.add(number)
            comments = ticket and redaction.comments_in(self.client, number)
            if not ticket or not comments:
                continue
            found = self.cuts(number, comments)
            if found and number not in self.own:
                self.carriers.add(number)
                waiting.extend(_went_to(ticket, comments))
            if found:
                yield ticket, found

    def cuts(self, number: int, comments: Sequence[records.Comment]) -> list[Cut]:
        """Return what of a ticket's comments is to go."""
        found = (self._cut(number, one) for one in comments if one.is_of_a_merge)
        return [one for one in found if one is not None]

    def _cut(self, number: int, comment: records.Comment) -> Cut | None:
        named = {*standing.named(comment)} - {number}
        quotes = not named.isdisjoint(self.own)
        if not quotes and named.isdisjoint(self.carriers):
            return None
        others = ({*comment.elsewhere} or named) - self.own.keys() - {number}
        everything = redaction.whole(comment)
        files = self._without_others(everything.files, others)
        if quotes:
            part = replace(everything, files=files)
            return Cut(comment, part, is_whole=bool(others - self.carriers))
        shown = redaction.shown(comment)
        return Cut(comment, Part(html=shown, words=(), asked=(), files=files))

    def _without_others(
        self, files: Sequence[records.File], others: set[int]
    ) -> tuple[records.File, ...]:
        """Return the files that are not known to be of these tickets. Of two alike, both."""
        if not files:
            return ()
        theirs = Counter(
            (file.name, file.size)
            for number in others
            for comment in redaction.comments_in(self.client, number) or ()
            if not (comment.is_of_a_merge and {*standing.named(comment)} & self.own.keys())
            for file in redaction.files(comment)
        )
        seen = Counter((file.name, file.size) for file in files)
        return tuple(one for one in files if seen[one.name, one.size] > theirs[one.name, one.size])


def _named(comments: Sequence[records.Comment]) -> Iterator[int]:
    for comment in comments:
        yield from standing.named(comment)


def _went_to(ticket: records.Ticket, comments: Sequence[records.Comment]) -> Iterator[int]:
    """Return where a ticket of somebody else's went, and not all that came into it."""
    merges = [one for one in comments if one.is_of_a_merge]
    return _named(merges[-1:] if ticket.is_merged else ())
