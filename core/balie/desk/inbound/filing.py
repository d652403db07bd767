"""Filing: what waits in a conversation goes into its ticket, together, as customer or as note."""

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, bindparam, func, select, text
from sqlalchemy.orm import Session

from balie.api import (
    Address,
    AddressKind,
    Batch,
    BudgetScope,
    Context,
    Customer,
    Filed,
    Line,
    TicketState,
    WriteBudget,
)
from balie.desk import tickets
from balie.desk.elsewhere.readers import Readers
from balie.desk.files.fetching import MediaFetching
from balie.desk.inbound import gaps, tags
from balie.desk.inbound.budget import wait_seconds
from balie.desk.inbound.reading import Reading
from balie.desk.records import conversations, keys, notes, parts, people
from balie.desk.records.models import ConversationRow, Direction, MessageRow, PersonRow, TicketRow
from balie.desk.records.work import Work, lane_home
from balie.hooks import Hooks
from balie.ledger.drain import Handler
from balie.ledger.job import Job
from balie.ledger.models import Item, State
from balie.ledger.retry import Postponed
from balie.store import as_read, run, table_of
from balie.tenants.contexts import Contexts
from balie.tenants.models import ConnectionRow

_MESSAGE = select(table_of(MessageRow)).where(table_of(MessageRow).c.id == bindparam("id"))
_MESSAGE_COLUMNS = table_of(MessageRow).c.keys()
_COLUMNS = table_of(ConversationRow).c.keys()
_PERSON_COLUMNS = table_of(PersonRow).c.keys()
_CONVERSATION = (
    select(ConnectionRow.name, table_of(ConversationRow), table_of(PersonRow))
    .join(ConversationRow, ConversationRow.connection_id == ConnectionRow.id)
    .join(PersonRow, PersonRow.id == ConversationRow.person_id)
    .where(ConversationRow.id == bindparam("id"))
)
_HOME = select(table_of(ConversationRow)).where(ConversationRow.id == bindparam("id"))


@dataclass(frozen=True, slots=True)
class _Waiting:
    """What is to be filed, as it stands before the call.

    ``home`` is the conversation whose ticket and lane this is:
    see :mod:`balie.desk.records.groups`.
    """

    conversation: ConversationRow
    home: ConversationRow
    channel: str
    person: PersonRow
    addresses: tuple[Address, ...]
    messages: dict[int, MessageRow]
    #: The beginnings of the messages that these are about, by the channel's ids.
    quoted: dict[str, str]
    ticket: TicketRow | None
    customer_id: str | None

    @property
    def ticket_id(self) -> str | None:
        """The current ticket's id in the helpdesk."""
        return self.ticket.remote_id if self.ticket is not None else None


@dataclass(frozen=True, slots=True)
class Filing:
    """Works the lane of a conversation's ticket."""

    hooks: Hooks
    contexts: Contexts
    media: MediaFetching
    reading: Reading
    readers: Readers

    def handlers(self) -> dict[str, Handler]:
        """Return the handler of filing."""
        return {Work.FILE: Handler(self._work, gaps.unfiled)}

    def _work(self, job: Job) -> None:
        live = self.contexts.get(job.lease.connection_id)
        with job.store.looking() as connection:
            waiting = _waiting(connection, job.items, lane_home(job.lease.lane))
        abilities = self.hooks.capabilities(live.ctx)
        uncertain = job.head.attempted_at is not None
        if uncertain:
            job.give_time(abilities.reconcile_seconds)
        else:
            _keep_within(abilities.write_budgets, job, waiting.ticket)
        items = _together(job.items, waiting.messages, max(1, abilities.lines_per_comment))
        if not uncertain:
            self.media.bring(job, [waiting.messages[item.body["message"]] for item in items])
        customer = self._customer(live.ctx, waiting)
        if not uncertain:
            job.attempt(items, job.head.batch or uuid.uuid4().hex)
        batch = self._batch(waiting, items, customer, uncertain=uncertain)
        job.patience = abilities.reconcile_seconds
        filed = self.hooks.ticket_file(live.ctx, batch)
        job.vendor_answered = True
        self._settle(job, items, waiting, customer, filed)

    def _customer(self, helpdesk: Context, waiting: _Waiting) -> Customer | None:
        if waiting.customer_id is not None:
            return Customer(id=waiting.customer_id, evidence="filed before")
        for address in sorted(waiting.addresses, key=lambda a: a.kind is not AddressKind.PHONE):
            found = self.hooks.customer_lookup([helpdesk], address)
            if found is not None:
                return found[1]
        return None

    @staticmethod
    def _batch(
        waiting: _Waiting,
        items: Sequence[Item],
        customer: Customer | None,
        *,
        uncertain: bool,
    ) -> Batch:
        messages = [waiting.messages[item.body["message"]] for item in items]
        assert items[0].batch is not None  # noqa: S101 -- attempt() wrote it; for mypy
        return Batch(
            key=items[0].batch,
            conversation_id=waiting.home.reference,
            channel=waiting.channel,
            person_name=waiting.person.name,
            addresses=waiting.addresses,
            lines=tuple(
                Line(
                    id=str(message.id),
                    at=message.at,
                    parts=parts.load(message.parts),
                    about=waiting.quoted.get(message.quotes or "", ""),
                )
                for message in messages
            ),
            ticket_id=waiting.ticket_id,
            customer=customer,
            internal=_is_internal(messages[0]),
            uncertain=uncertain,
            tags=tags.of(messages),
            solves=keys.is_solving(messages[0]),
        )

    def _settle(
        self,
        job: Job,
        items: Sequence[Item],
        waiting: _Waiting,
        customer: Customer | None,
        filed: Filed,
    ) -> None:
        with job.settle() as settlement:
            connection, now = settlement.connection, settlement.now
            ticket = conversations.filed_in(connection, waiting.home, filed.ticket_id, now)
            if _goes_on(connection, waiting, ticket, items):
                self.readers.turned(settlement, waiting.home.id)
            comment_id = conversations.add_comment(
                connection,
                ticket,
                filed.comment_id,
                is_ours=True,
                at=now,
                opened=filed.ticket_id != waiting.ticket_id,
            )
            for item in items:
                conversations.stands_in(connection, item.body["message"], comment_id)
                settlement.deliver(item)
            messages = [waiting.messages[item.body["message"]] for item in items]
            self.reading.filed(settlement, messages)
            if customer is not None and customer.remark:
                # Found just now: what agents should know of them, once.
                notes.tell(
                    settlement,
                    waiting.home,
                    key=f"remark:{customer.id}",
                    text=customer.remark,
                    root_id=items[0].root_id,
                )
            if filed.remark:
                digest = hashlib.sha256(filed.remark.encode()).hexdigest()[:16]
                key = f"remark:{filed.customer_id}:{digest}"
                root_id = items[0].root_id
                notes.tell(settlement, waiting.home, key=key, text=filed.remark, root_id=root_id)
            if filed.other_requester:
                locale = self.contexts.get(job.lease.connection_id).ctx.tenant.locale
                other, root_id = filed.other_requester, items[0].root_id
                tickets.tell_if_anothers(settlement, ticket, other, locale, root_id)
            if filed.customer_id and filed.customer_id != waiting.customer_id:
                evidence = customer.evidence if customer is not None else "made for this message"
                people.link_helpdesk_user(
                    connection,
                    waiting.person,
                    filed.customer_id,
                    helpdesk_id=job.lease.connection_id,
                    evidence=evidence,
                    now=now,
                )


def _waiting(connection: Connection, items: Sequence[Item], home_id: int) -> _Waiting:
    ids = [item.body["message"] for item in items]
    rows = [row for number in ids for row in run(connection, _MESSAGE, {"id": number})]
    read = [as_read(MessageRow, zip(_MESSAGE_COLUMNS, row, strict=True)) for row in rows]
    messages = {message.id: message for message in read}
    asked = {"id": messages[ids[0]].conversation_id}
    [(channel, *values)] = run(connection, _CONVERSATION, asked)
    conversation = as_read(ConversationRow, zip(_COLUMNS, values, strict=False))
    person = as_read(PersonRow, zip(_PERSON_COLUMNS, values[len(_COLUMNS) :], strict=True))
    home = conversation
    if home_id != conversation.id:
        [row] = run(connection, _HOME, {"id": home_id})
        home = as_read(ConversationRow, zip(_COLUMNS, row, strict=True))
    addresses, customer_id = people.known_by(connection, person.id, conversation.helpdesk_id)
    return _Waiting(
        conversation=conversation,
        home=home,
        channel=channel,
        person=person,
        addresses=addresses,
        messages=messages,
        quoted=conversations.quoted(
            connection,
            conversation.connection_id,
            [message.quotes for message in messages.values() if message.quotes],
        ),
        ticket=conversations.current_ticket(connection, home),
        customer_id=customer_id,
    )


def _give_time(job: Job, seconds: float) -> None:
    """Raise Postponed while an earlier attempt may be under way: to look too early sees nothing."""
    attempted_at = job.head.attempted_at
    if attempted_at is None:
        return
    left = (attempted_at + timedelta(seconds=seconds) - job.clock.now()).total_seconds()
    if left > 0:
        raise Postponed("an earlier attempt may still show in the ticket", left)


def _keep_within(budgets: Sequence[WriteBudget], job: Job, ticket: TicketRow | None) -> None:
    """Raise Postponed while a write budget is short; what comes meanwhile is filed together."""
    if ticket is None:
        return
    now = job.clock.now()
    for budget in budgets:
        since = now - timedelta(seconds=budget.seconds)
        per_ticket = ticket.id if budget.scope is BudgetScope.TICKET else None
        with job.store.reading() as session:
            writes = conversations.written_since(
                session, ticket.helpdesk_id, since, ticket_id=per_ticket
            )
            if per_ticket is None:  # in a ticket, one is filed after another
                writes += [now] * _under_way(session, ticket.helpdesk_id)
        wait = wait_seconds(budget, writes, now)
        if wait > 0:
            raise Postponed(f"waits for the write budget of its {budget.scope}", wait)


def _under_way(session: Session, helpdesk_id: int) -> int:
    """Return how many comments are being written, by whichever process."""
    batches = select(func.count(Item.batch.distinct())).where(
        Item.connection_id == helpdesk_id,
        Item.kind == Work.FILE,
        Item.state == text(f"'{State.PENDING}'"),  # for the sake of the partial index
        Item.attempted_at.is_not(None),
    )
    return session.scalar(batches) or 0


def _together(items: Sequence[Item], messages: dict[int, MessageRow], limit: int) -> list[Item]:
    """Return the leading items that make one comment: of one channel, all from the customer or all
    notes. A note that solves the ticket stands alone.

    Items that were attempted together stay together, no more and no less, so that a second
    attempt says exactly what the first one did.
    """
    head = items[0]
    if head.batch is not None:
        return [item for item in items if item.batch == head.batch]
    first = messages[head.body["message"]]
    together: list[Item] = []
    for item in items[:limit]:
        message = messages[item.body["message"]]
        apart = message.conversation_id != first.conversation_id
        alone = bool(together) and (keys.is_solving(message) or keys.is_solving(first))
        apart = apart or alone or _is_internal(message) != _is_internal(first)
        if item.batch is not None or apart:
            break
        together.append(item)
    return together


def _goes_on(
    connection: Connection, waiting: _Waiting, ticket: TicketRow, items: Sequence[Item]
) -> bool:
    """Return whether a talk that was over goes on: in another ticket, or in this one again.

    What a customer says reopens a ticket; helpdesks need not tell us of what we did ourselves.
    """
    if waiting.ticket is None:
        return False
    if ticket.id != waiting.ticket.id:
        return True
    was_solved = waiting.ticket.state == TicketState.SOLVED
    if not was_solved or _is_internal(waiting.messages[items[0].body["message"]]):
        return False
    conversations.reopened(connection, ticket)
    return True


def _is_internal(message: MessageRow) -> bool:
    return message.direction != Direction.INBOUND
