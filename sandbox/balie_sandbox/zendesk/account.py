"""The state of one Zendesk account, wired together."""

from balie_sandbox.changes import Changes
from balie_sandbox.clock import Clock
from balie_sandbox.delivery import Delivery
from balie_sandbox.faults import Faults
from balie_sandbox.ids import Ids

from . import defaults
from .auth.gate import Gate
from .clock_source import ClockSource
from .errors import Json
from .files.store import FileStore
from .idempotency import IdempotencyKeys
from .jobs import Jobs
from .limits import RateLimits
from .records.catalog import Catalog
from .search.documents import ticket_document, user_document
from .search.index import SearchIndex
from .settings import AccountSettings
from .tickets.change import Change
from .tickets.commenting import Commenting
from .tickets.custom_values import CustomValues
from .tickets.redaction import Redaction
from .tickets.removal import Removal
from .tickets.store import TicketStore
from .tickets.writing import TicketWriting
from .triggers.engine import TriggerEngine
from .triggers.standard import STANDARD
from .triggers.store import TriggerStore
from .users.deletion import Deletion
from .users.directory import Directory
from .users.model import User
from .users.writing import UserWriting
from .webhooks.breaker import Breaker
from .webhooks.events import events_of, pretty
from .webhooks.sender import Sender
from .webhooks.store import WebhookStore
from .webhooks.user_events import UserEvents

DESK = "desk"
BASE_URL = f"https://{defaults.SUBDOMAIN}.zendesk.com"


class ZendeskAccount:
    """Users, tickets, triggers and webhooks of one account.

    The desk's page waits for the next `version`; `touch` makes one.
    """

    def __init__(self, clock: Clock, delivery: Delivery, faults: Faults, ids: Ids) -> None:
        self.source = ClockSource(clock, ids)
        self.delivery = delivery
        self.faults = faults
        self._changes = Changes()
        self.reset()

    def reset(self) -> None:
        """Return to the state of a fresh start: the staff of `defaults`, and nothing else."""
        now = self.source.now
        self.settings = AccountSettings()
        self.users = Directory(now, self.source.new_id)
        self.user_writing = UserWriting(self.users, self.settings)
        self.gate = Gate(self.users, self.settings, self.source)
        self.limits = RateLimits(now, self.settings)
        self.idempotency = IdempotencyKeys(now)
        self.index = SearchIndex(now, self.settings)
        self.catalog = Catalog(self.source)
        self.jobs = Jobs(now, self.settings)
        self.files = FileStore(self.source, self.settings)
        self.tickets = TicketStore()
        self.user_deletion = Deletion(self.users, self.user_writing, self.tickets, self.source)
        self.user_events = UserEvents(now, self._send_event)
        self.triggers = TriggerStore(self.source)
        self.webhooks = WebhookStore(self.source)
        breaker = Breaker(now, self.settings)
        self.sender = Sender(self.webhooks, self.delivery, self.source, breaker, self.settings)
        self.engine = TriggerEngine(self.triggers, self.users, self.sender.call, BASE_URL)
        self.ticket_writing = TicketWriting(
            self.tickets,
            self.users,
            self._write_user,
            self.source,
            self._after_write,
            Commenting(self.users, self.source, self.files, self.settings),
            self.catalog,
            CustomValues(self.catalog, self.settings),
        )
        self.removal = Removal(self.ticket_writing, self.tickets, self.source)
        self.redaction = Redaction(self.ticket_writing, self.files)
        for trigger in STANDARD:
            self.triggers.create(trigger)
        self._add_staff()
        self.touch()

    @property
    def version(self) -> int:
        return self._changes.version(DESK)

    def touch(self) -> None:
        """Call after each write that the desk shows."""
        self._changes.touch(DESK)

    def wait(self, since: int, seconds: float) -> int:
        """The version once it is another than `since`, or after the seconds."""
        return self._changes.wait(DESK, since, seconds)

    def user_written(self, user: User) -> User:
        """Call after each write of a user: the search learns of it."""
        if user.active:
            self.index.write(user_document(user))
        else:
            self.index.remove("user", user.id)
        self.touch()
        return user

    def agents(self) -> list[User]:
        """Agents without the admin whom the bridge acts as."""
        return [user for user in self.users if user.role == "agent" and user.active]

    def _write_user(self, data: Json) -> User:
        return self.user_written(self.user_writing.create_or_update(data)[0])

    def _after_write(self, change: Change) -> None:
        if not change.quiet:
            self.engine.run(change)
        ticket = change.ticket
        requester = self.users.find(ticket.requester_id)
        assignee = self.users.find(ticket.assignee_id)
        if ticket.deleted_at:
            self.index.remove("ticket", ticket.id)
        else:
            self.index.write(ticket_document(ticket, requester, assignee))
        self._send_events(change)
        self.touch()

    def _send_events(self, change: Change) -> None:
        if any(one.listens_to_events for one in self.webhooks.listed()):
            for event in events_of(change, self.users, self.source.now()):
                self._send_event(event)

    def _send_event(self, event: Json) -> None:
        for webhook in self.webhooks.listed():
            if event["type"] in webhook.subscriptions:
                self.sender.send(webhook, pretty(event))

    def _add_staff(self) -> None:
        self._add_person(
            defaults.ADMIN_ID, defaults.ADMIN_NAME, "admin", None, defaults.ADMIN_EMAIL
        )
        for key, name, alias, email in defaults.AGENTS:
            self._add_person(key, name, "agent", alias, email)

    def _add_person(self, key: int, name: str, role: str, alias: str | None, email: str) -> None:
        now = self.source.now()
        user = User(key, name, role, now, now, alias=alias, verified=True)
        user.default_group_id = defaults.GROUP_ID
        self.users.add(user)
        self.users.add_identity(user, "email", email, verified=True)
        self.user_written(user)
