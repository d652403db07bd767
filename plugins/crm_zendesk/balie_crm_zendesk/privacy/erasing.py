"""Erasing a person: their words and files in tickets, then the user where the settings say so.

Every step looks first, so that the whole may be done again after a crash, a limit or a refusal.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from balie.api import Concerned, Context, Erased, PermanentError
from balie_crm_zendesk import records
from balie_crm_zendesk.client import Client
from balie_crm_zendesk.customers import keys, requester, written
from balie_crm_zendesk.errors import NotFound
from balie_crm_zendesk.tickets import standing, traces

from . import among, merges, naming, redaction
from .settings import Erase
from .texts import tell


def erase(ctx: Context, who: Concerned) -> Erased:
    """Erase, or say what would be erased. Raises what any call does; what was done stays done."""
    work = _Work(Client(ctx), who)
    for number, listed in work.tickets():
        work.in_ticket(number, listed)
    for one, shared in who.among.items():
        found = among.erase(work.client, int(one), shared, rehearsal=who.rehearsal)
        work.done += found.done
        work.left += found.left
        work.kept += found.kept
    copied = merges.erase(work.client, work.alone, rehearsal=who.rehearsal)
    work.done += copied.done
    work.left += copied.left
    if who.whole:
        for user_id in dict.fromkeys(work.users):
            work.of_user(user_id)
    return Erased(done=tuple(work.done), kept=tuple(work.kept), left=tuple(work.left), among=True)


@dataclass
class _Work:
    client: Client
    who: Concerned
    done: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    #: Tickets that are this person's alone and not closed.
    open_ones: list[int] = field(default_factory=list)
    #: Tickets that are this person's alone, with the comments that merges left in them.
    alone: dict[int, list[records.Comment]] = field(default_factory=dict)
    users: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.users += map(int, self.who.users)

    def tickets(self) -> Iterator[tuple[int, frozenset[str]]]:
        """Return the tickets, with the comments that Balie knows to be about the person.

        Of a whole person also those that Balie made and then heard nothing of.
        """
        found = {int(one): frozenset(listed) for one, listed in self.who.tickets.items()}
        for talk in self.who.conversations if self.who.whole else ():
            for ticket in traces.tickets_of(self.client, talk):
                found.setdefault(ticket.id, frozenset())
        yield from sorted(found.items())

    def in_ticket(self, number: int, listed: frozenset[str]) -> None:
        """Redact what is the person's in a ticket."""
        ticket = standing.find(self.client, number)
        comments = [] if ticket is None else redaction.comments_in(self.client, number)
        if ticket is None or comments is None:
            self._say(self.done, "ticket_gone", ticket=number)
            return
        own = ticket.external_id in map(traces.external_id, self.who.conversations)
        if own and self.who.whole:
            self._note_owner(ticket)
        self._note_merges(ticket, comments, own=own)
        theirs = [one for one in comments if self._is_theirs(one, ticket, listed, own=own)]
        readable = [one for one in theirs if redaction.is_readable(one)]
        with_files = [one for one in theirs if redaction.files(one)]
        counts = {
            "ticket": number,
            "comments": len(readable),
            "files": sum(len(redaction.files(one)) for one in with_files),
        }
        if self.who.rehearsal:
            self._say(self.done, "to_redact", **counts)
            return
        why = {
            one.id: redaction.redact(self.client, ticket, one)
            for one in theirs
            if one in readable or one in with_files
        }
        if why:
            self._see(number, why)
        self._say(self.done, "redacted", **counts)
        if own:
            told = naming.take_out(self.client, ticket)
            self.kept += told.kept
            self.left += told.left

    def of_user(self, user_id: int) -> None:
        """Delete a user, where the settings say so."""
        if not self.who.rehearsal:
            written.forget(self.client.ctx, user_id)
        user = requester.find(self.client, user_id)
        if user is not None and user.is_staff:
            self._say(self.kept, "user_is_staff", user=user_id)
        elif self.client.ctx.config["erase"] != Erase.USER:
            if user is not None:
                self._say(self.kept, "user_stays", user=user_id)
        elif self.who.rehearsal:
            self._say(self.done, "user_to_delete", user=user_id)
        else:
            self._delete(user_id, user)

    def _delete(self, user_id: int, user: records.User | None) -> None:
        try:
            if user is not None and user.active:
                self._close_tickets()
                self.client.delete(f"/users/{user_id}")
            self.client.delete(f"/deleted_users/{user_id}")
        except NotFound:
            pass  # gone for good already
        except PermanentError as refusal:
            self._say(self.left, "user_busy", user=user_id, why=refusal)
            return
        self._say(self.done, "user_deleted", user=user_id)

    def _close_tickets(self) -> None:
        """Close the person's tickets: Zendesk deletes nobody who asks in one that is not closed."""
        while self.open_ones:
            body = {"ticket": {"status": "closed"}}
            self.client.write("PUT", f"/tickets/{self.open_ones[0]}", body)
            self.open_ones.pop(0)

    def _note_owner(self, ticket: records.Ticket) -> None:
        """Remember whom a ticket is of, also where that user was made one with another since."""
        if not ticket.is_closed:
            self.open_ones.append(ticket.id)
        if ticket.requester_id is None or ticket.requester_id in self.users:
            return
        user = requester.find(self.client, ticket.requester_id)
        if user is not None and keys.is_ours(user.external_id):
            self.users.append(user.id)

    def _note_merges(
        self, ticket: records.Ticket, comments: list[records.Comment], *, own: bool
    ) -> None:
        """Remember a ticket that is the person's alone: what a merge copied of it goes as well."""
        own = own or (self.who.whole and ticket.requester_id in self.users)
        if own and not any(str(one.id) in self.who.others for one in comments):
            self.alone[ticket.id] = [one for one in comments if one.is_of_a_merge]
        elif ticket.is_merged:
            self._say(self.kept, "shared_merged", ticket=ticket.id)

    def _is_theirs(
        self, comment: records.Comment, ticket: records.Ticket, listed: frozenset[str], *, own: bool
    ) -> bool:
        """Say whether the person said it, or Balie said it of them; agents' own words stay."""
        known = str(comment.id) in listed
        if str(comment.id) in self.who.others or not (known or (own and self.who.whole)):
            return False
        by_them = comment.author_id in {ticket.requester_id, *self.users}
        return by_them or traces.BATCH in comment.custom or self._is_balies(comment)

    def _is_balies(self, comment: records.Comment) -> bool:
        return comment.channel == "api" and comment.author_id == self.client.my_id()

    def _see(self, number: int, why: dict[int, str]) -> None:
        """Look whether it worked: what can still be read is said."""
        none = tell(self.client.ctx, "no_reason")
        for comment in redaction.comments_in(self.client, number) or ():
            if comment.id not in why:
                continue
            values = {"ticket": number, "comment": comment.id, "why": why[comment.id] or none}
            if redaction.is_readable(comment):
                self._say(self.left, "visible", **values)
            if redaction.files(comment):
                self._say(self.left, "file_there", **values)

    def _say(self, where: list[str], what: str, **values: object) -> None:
        where.append(tell(self.client.ctx, what, **values))
