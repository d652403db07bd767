"""Creates and updates tickets, with Zendesk's rules and refusals."""

from collections.abc import Callable
from typing import Any

from balie_sandbox.zendesk import defaults, fields
from balie_sandbox.zendesk.clock_source import ClockSource
from balie_sandbox.zendesk.errors import Json, blank, closed_ticket, invalid, update_conflict
from balie_sandbox.zendesk.timestamps import stamp
from balie_sandbox.zendesk.users.directory import Directory
from balie_sandbox.zendesk.users.model import User

from .change import Change
from .commenting import Commenting
from .model import PRIORITIES, STATUSES, TYPES, Actor, Audit, Ticket, Via
from .store import TicketStore
from .tagging import tags_after

#: Fields written in the order that audits show them.
PLAIN_FIELDS = ("subject", "priority", "type", "organization_id", "group_id", "assignee_id")


class TicketWriting:
    """All writes of tickets.

    `write_user` makes or finds the person a `requester` object describes. `after` hears of every
    finished change: triggers, index, webhooks.
    """

    def __init__(
        self,
        store: TicketStore,
        directory: Directory,
        write_user: Callable[[Json], User],
        source: ClockSource,
        after: Callable[[Change], None],
        commenting: Commenting,
    ) -> None:
        self._store = store
        self._directory = directory
        self._write_user = write_user
        self._source = source
        self._after = after
        self._commenting = commenting

    def create(self, actor: Actor, data: Json) -> tuple[Ticket, Audit]:
        """Raises ApiError (422)."""
        comment = self._commenting.first(data)
        self._check(data)
        requester = self._requester(actor, data)
        author = self._commenting.first_author(actor, data, comment)
        origin = self._closed_source(data)
        change = self._start(actor, data, requester, author, origin)
        ticket = change.ticket
        self._commenting.say(change, comment, author.id)
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
        self._store.add(ticket)
        self.finish(change)
        return ticket, change.audit

    def update(self, actor: Actor, ticket: Ticket, data: Json) -> Audit:
        """Raises ApiError: 409 on a safe update that comes too late, 422."""
        if ticket.status == "closed":
            raise closed_ticket()
        check_stamp(ticket, data)
        self._check(data)
        comment = self._commenting.next(data)
        author = self._commenting.next_author(actor, comment)
        change = self.open(actor, ticket, data, is_create=False)
        if comment:
            self._commenting.say(change, comment, author.id)
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
        change.ticket.updated_at = self._source.now()
        self._after(change)

    def _start(
        self, actor: Actor, data: Json, requester: User, author: User, origin: Ticket | None
    ) -> Change:
        now = self._source.now()
        submitter = fields.identifier(data, "submitter_id") or author.id
        subject = fields.text(data, "subject") or (f"Re: {origin.subject}" if origin else "")
        text = fields.text(fields.mapping(data, "comment") or {}, "body") or ""
        ticket = Ticket(
            self._source.new_ticket_id(),
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
        )
        return self.open(actor, ticket, data, is_create=True)

    def open(self, actor: Actor, ticket: Ticket, data: Json, *, is_create: bool = False) -> Change:
        """A change to be filled and finished; `data` may hold metadata for the audit."""
        system: dict[str, Any] = {"client": actor.client, "ip_address": actor.ip_address}
        metadata = {"system": system, "custom": fields.mapping(data, "metadata") or {}}
        audit = Audit(
            self._source.new_id(),
            ticket.id,
            actor.user.id,
            self._source.now(),
            Via(actor.channel),
            metadata,
        )
        return Change(ticket, actor, audit, is_create, self._source.new_id)

    def _apply(self, change: Change, data: Json) -> None:
        ticket = change.ticket
        for name in PLAIN_FIELDS:
            if name in data and not (change.is_create and name == "subject"):
                change.set(name, self._plain(name, data))
        if "external_id" in data and fields.text(data, "external_id") != ticket.external_id:
            old = ticket.external_id
            self._store.set_external_id(ticket, fields.text(data, "external_id"))
            change.note("external_id", old, ticket.external_id)
        self._apply_requester(change, data)
        tags = tags_after(ticket.tags, data)
        if tags is not None:
            self.set_tags(change, tags)
        for row in fields.rows(data, "custom_fields") or []:
            key = fields.identifier(row, "id")
            if key is not None and ticket.custom_fields.get(key) != row.get("value"):
                old = ticket.custom_fields.get(key)
                ticket.custom_fields[key] = row.get("value")
                change.note(str(key), old, row.get("value"))
        status = fields.choice(data, "status", STATUSES)
        if status:
            self._set_status(change, status)

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
        assignee = fields.identifier(data, "assignee_id")
        agent = self._directory.find(assignee)
        if assignee is not None and (agent is None or not agent.is_staff):
            raise invalid("assignee", "Assignee: is invalid", "InvalidValue")
        requester = fields.identifier(data, "requester_id")
        if requester is not None and self._directory.find(requester) is None:
            raise invalid("requester", "Requester: is invalid", "InvalidValue")

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
            user = self._directory.find(asked)
            if user is None or not user.active:
                raise invalid("requester", "Requester: is invalid", "InvalidValue")
            if user.suspended:
                raise invalid("requester", f"Requester: {user.name} is suspended.")
            return user
        described = fields.mapping(data, "requester")
        return self._write_user(described) if described else actor.user

    def _closed_source(self, data: Json) -> Ticket | None:
        """The ticket to follow up. Ignored unless it is closed."""
        source = self._store.find(fields.identifier(data, "via_followup_source_id"))
        return source if source and source.status == "closed" else None


def follow_up_via(origin: Ticket) -> Via:
    source = {"ticket_id": origin.id, "subject": origin.subject, "channel": origin.via.channel}
    return Via("api", "follow_up", source)


def check_stamp(ticket: Ticket, data: Json) -> None:
    """Raises ApiError (409) where the client wrote from an old copy."""
    if not fields.flag(data, "safe_update"):
        return
    sent = fields.text(data, "updated_stamp")
    if not sent:
        raise blank("updated_stamp")
    if sent != stamp(ticket.updated_at):
        raise update_conflict()


def check_fields(data: Json) -> None:
    """Raises ApiError (422) on any field of a wrong type, before anything is written."""
    fields.choice(data, "status", STATUSES)
    fields.choice(data, "priority", PRIORITIES)
    fields.choice(data, "type", TYPES)
    for name in ("subject", "external_id"):
        fields.text(data, name)
    for name in ("tags", "additional_tags", "remove_tags"):
        fields.tag_list(data, name)
    for row in fields.rows(data, "custom_fields") or []:
        fields.identifier(row, "id")
    for name in ("organization_id", "group_id", "assignee_id", "brand_id", "ticket_form_id"):
        fields.identifier(data, name)
    fields.mapping(data, "metadata")
