"""Deleting users: softly at first, then for good, as privacy law asks (reference 6.6)."""

from dataclasses import dataclass, field
from datetime import datetime

from balie_sandbox.zendesk.clock_source import ClockSource
from balie_sandbox.zendesk.errors import invalid, not_found
from balie_sandbox.zendesk.tickets.store import TicketStore

from .directory import Directory
from .model import User
from .writing import UserWriting

GONE_NAME = "Permanently Deleted User"
APPLICATIONS = ("support", "chat", "explore")


@dataclass(slots=True)
class ComplianceStep:
    """One line of what became of a request to delete a user for good."""

    application: str
    action: str
    user_id: int
    executer_id: int | None
    at: datetime


@dataclass(slots=True)
class Deletion:
    """Deletes users and keeps the account of it."""

    directory: Directory
    writing: UserWriting
    tickets: TicketStore
    source: ClockSource
    steps: dict[int, list[ComplianceStep]] = field(default_factory=dict)

    def soften(self, user: User) -> User:
        """Raises ApiError (422) while the user asks on a ticket that is not closed."""
        waiting = [
            ticket
            for ticket in self.tickets
            if ticket.requester_id == user.id and ticket.status != "closed"
        ]
        if waiting:
            text = f"{user.name} is the requester of {len(waiting)} ticket(s) that are not closed"
            raise invalid("base", text)
        return self.writing.delete(user)

    def deleted(self) -> list[User]:
        """The softly deleted, whom an admin could still bring back or delete for good."""
        return [one for one in self.directory if not one.active and one.id not in self.steps]

    def get(self, user_id: int) -> User:
        """A softly deleted user. Raises ApiError (404)."""
        for user in self.deleted():
            if user.id == user_id:
                return user
        raise not_found()

    def finish(self, user: User, executer_id: int) -> User:
        """For good: nothing of the person stays; tickets and their words do."""
        now = self.source.now()
        user.name, user.updated_at = GONE_NAME, now
        user.phone = user.alias = user.notes = user.details = None
        user.shared_phone_number = user.organization_id = None
        user.tags, user.user_fields = [], {}
        steps = [ComplianceStep("all", "request_deletion", user.id, executer_id, now)]
        for application in APPLICATIONS:
            for action in ("started", "complete"):
                steps.append(ComplianceStep(application, action, user.id, None, now))
        self.steps[user.id] = steps
        return user
