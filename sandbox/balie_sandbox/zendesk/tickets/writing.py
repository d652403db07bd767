"""Creates and updates tickets, with Zendesk's rules and refusals."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from balie_sandbox.zendesk import defaults, fields
from balie_sandbox.zendesk.clock_source import ClockSource
from balie_sandbox.zendesk.errors import Json, closed_ticket, invalid
from balie_sandbox.zendesk.records.catalog import Catalog
from balie_sandbox.zendesk.users.directory import Directory
from balie_sandbox.zendesk.users.model import User

from .change import Change
from .checks import check_fields, check_links, check_stamp, follow_up_via
from .commenting import Commenting
from .custom_values import CustomValues
from .model import STATUSES, Actor, Audit, Ticket, Via
from .store import TicketStore
from .tagging import tags_after

#: Fields written in the order that audits show them.
PLAIN_FIELDS = (
    "subject",
    "priority",
    "type",
    "organization_id",
    "group_id",
    "assignee_id",
    "brand_id",
    "ticket_form_id",
)


@dataclass(slots=True)
class TicketWriting:
    """All writes of tickets.

    `write_user` makes or finds the person a `requester` object describes. `after` hears of every
    finished change: triggers, index, webhooks.
    """

    store: TicketStore
    directory: Directory
    write_user: Callable[[Json], User]
    source: ClockSource
    after: Callable[[Change], None]
    commenting: Commenting
    catalog: Catalog
    custom: CustomValues

    def create(self, actor: Actor, data: Json) -> tuple[Ticket, Audit]:
        """Raises ApiError (422)."""
        comment = self.commenting.first(data)
        self._check(data)
        requester = self._requester(actor, data)
        author = self.commenting.first_author(actor, data, comment)
        origin = self._closed_source(data)
        change = self._start(actor, data, requester, author, origin)
        ticket = change.ticket
        self.commenting.say(change, comment, author.id)
        for name in ("subject", "requester_id", "brand_id", "ticket_form_id"):
            change.note(name, None, getattr(ticket, name))
        self._apply(change, data)
        if "status" not in change.before:
            status = "open" if ticket.assignee_id else "new"
            ticket.status = status
            change.note("status", None, status)
        if origin:
            origin.followup_ids.append(ticket.id)
            if "tags" not in data:
                self.set_tags(change, list(origin.tags))
        ticket.description = ticket.comments[0].body
        ticket.is_public = ticket.comments[0].public
        self.store.add(ticket)
        self.finish(change)
        return ticket, change.audit

    def bring_in(self, actor: Actor, data: Json, comments: list[Json]) -> Ticket:
        """A ticket from elsewhere with all its comments; quietly. Raises ApiError (422)."""
        first, *later = [one | {"body": one.get("value", one.get("body"))} for one in comments]
        self._check(data)
        requester = self._requester(actor, data)
        change = self._start(actor, data | {"comment": first}, requester, requester, None)
        change.quiet = True
        for one in (first, *later):
            author = fields.identifier(one, "author_id") or requester.id
            self.commenting.say(change, one, author)
            moment = fields.text(one, "created_at")
            if moment:
                change.ticket.comments[-1].created_at = fields.moment(one, "created_at")
        self._apply(change, data)
        change.ticket.description = change.ticket.comments[0].body
        self.store.add(change.ticket)
        self.finish(change)
        return change.ticket

    def update(self, actor: Actor, ticket: Ticket, data: Json) -> Audit:
        """Raises ApiError: 409 on a safe update that comes too late, 422."""
        if ticket.status == "closed":
            raise closed_ticket()
        check_stamp(ticket, data)
        self._check(data)
        comment = self.commenting.next(data)
        author = self.commenting.next_author(actor, comment)
        change = self.open(actor, ticket, data, is_create=False)
        if comment:
            self.commenting.say(change, comment, author.id)
            ticket.is_public = ticket.is_public or bool(change.comment and change.comment.public)
        self._apply(change, data)
        self._reopen_for_end_user(change, data)
        self.finish(change)
        return change.audit

    def set_tags(self, change: Change, tags: list[str]) -> None:
        change.set("tags", tags)

    def finish(self, change: Change) -> None:
        """Keep the audit and tell who listens; a change that did nothing leaves no trace."""
        if not change.audit.events:
            return
        change.ticket.audits.append(change.audit)
        change.ticket.updated_at = self.source.now()
        self.after(change)

    def _start(
        self, actor: Actor, data: Json, requester: User, author: User, origin: Ticket | None
    ) -> Change:
        now = self.source.now()
        submitter = fields.identifier(data, "submitter_id") or author.id
        subject = fields.text(data, "subject") or (f"Re: {origin.subject}" if origin else "")
        text = fields.text(fields.mapping(data, "comment") or {}, "body") or ""
        ticket = Ticket(
            self.source.new_ticket_id(),
            subject or text[:80],
            "",
            requester.id,
            submitter,
            follow_up_via(origin) if origin else Via(actor.channel),
            now,
            now,
            organization_id=requester.organization_id,
            brand_id=fields.identifier(data, "brand_id") or defaults.BRAND_ID,
            ticket_form_id=fields.identifier(data, "ticket_form_id") or defaults.TICKET_FORM_ID,
            followup_source_id=origin.id if origin else None,
            custom_fields=self.custom.blank_fields(),
        )
        return self.open(actor, ticket, data, is_create=True)

    def open(self, actor: Actor, ticket: Ticket, data: Json, *, is_create: bool = False) -> Change:
        """A change to be filled and finished; `data` may hold metadata for the audit."""
        system: dict[str, Any] = {"client": actor.client, "ip_address": actor.ip_address}
        metadata = {"system": system, "custom": fields.mapping(data, "metadata") or {}}
        audit = Audit(
            self.source.new_id(),
            ticket.id,
            actor.user.id,
            self.source.now(),
            Via(actor.channel),
            metadata,
        )
        return Change(ticket, actor, audit, is_create, self.source.new_id)

    def _apply(self, change: Change, data: Json) -> None:
        ticket = change.ticket
        made_with = ("subject", "brand_id", "ticket_form_id") if change.is_create else ()
        for name in PLAIN_FIELDS:
            if name in data and name not in made_with:
                change.set(name, self._plain(name, data))
        if "external_id" in data and fields.text(data, "external_id") != ticket.external_id:
            old = ticket.external_id
            self.store.set_external_id(ticket, fields.text(data, "external_id"))
            change.note("external_id", old, ticket.external_id)
        self._apply_requester(change, data)
        tags = tags_after(ticket.tags, data)
        if tags is not None:
            self.set_tags(change, tags)
        self.custom.apply(change, data)
        for name, column in (("email_ccs", "email_cc_ids"), ("followers", "follower_ids")):
            change.set(column, self._people_after(getattr(ticket, column), data, name))
        status = self.custom.status_of(data) or fields.choice(data, "status", STATUSES)
        if status:
            self._set_status(change, status)
        self.custom.apply_status(change, data)

    def _people_after(self, present: list[int], data: Json, name: str) -> list[int]:
        """The copied-in or following after rows of {user_id or user_email, action?}."""
        people = list(present)
        for row in fields.rows(data, name) or []:
            key, email = fields.identifier(row, "user_id"), fields.text(row, "user_email")
            user = self.directory.find(key)
            if user is None and email:
                user = self.directory.by_identity("email", email) or self.write_user(
                    {"name": fields.text(row, "user_name") or email, "email": email}
                )
            if user and row.get("action") == "delete":
                people = [one for one in people if one != user.id]
            elif user and user.id not in people:
                people.append(user.id)
        return people

    def _apply_requester(self, change: Change, data: Json) -> None:
        if not change.is_create and fields.identifier(data, "requester_id"):
            change.set("requester_id", self._requester(change.actor, data).id)

    def _plain(self, name: str, data: Json) -> Any:
        if name == "subject":
            return fields.text(data, name) or ""
        if name.endswith("_id"):
            return fields.identifier(data, name)
        return (fields.text(data, name) or "").lower() or None

    def _check(self, data: Json) -> None:
        check_fields(data)
        check_links(data, self.directory, self.catalog)
        self.custom.check(data)

    def _set_status(self, change: Change, status: str) -> None:
        if change.is_create:
            change.ticket.status = status
            change.note("status", None, status)
        else:
            change.set("status", status)
        solver = change.actor.user
        if status == "solved" and change.ticket.assignee_id is None and solver.is_staff:
            change.set("assignee_id", solver.id)

    def _reopen_for_end_user(self, change: Change, data: Json) -> None:
        """Only the actor counts, not the comment's author (Help Center 4408825831962)."""
        waiting = change.ticket.status in ("pending", "hold", "solved")
        if change.comment and waiting and not change.actor.user.is_staff and "status" not in data:
            change.set("status", "open")

    def _requester(self, actor: Actor, data: Json) -> User:
        asked = fields.identifier(data, "requester_id")
        if asked is not None:
            user = self.directory.find(asked)
            if user is None or not user.active:
                raise invalid("requester", "Requester: is invalid", "InvalidValue")
            if user.suspended:
                raise invalid("requester", f"Requester: {user.name} is suspended.")
            return user
        described = fields.mapping(data, "requester")
        return self.write_user(described) if described else actor.user

    def _closed_source(self, data: Json) -> Ticket | None:
        """The ticket to follow up. Ignored unless it is closed."""
        source = self.store.find(fields.identifier(data, "via_followup_source_id"))
        return source if source and source.status == "closed" else None
