"""Sending: an agent's answer goes to the customer, once."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy.orm import Session

from balie.api import (
    Absence,
    Capabilities,
    Context,
    Options,
    OutcomeUnknown,
    PermanentError,
    PluginCrashed,
    Receipt,
    Rejected,
    Reply,
    ServiceWindow,
    Status,
)
from balie.desk import rating
from balie.desk.elsewhere import accepting
from balie.desk.outbound import absent, statuses, unclear
from balie.desk.outbound.enclosures import Enclosures, tell_of_links
from balie.desk.outbound.hearing import Hearing
from balie.desk.outbound.keeping import Keeping, tell_of_release
from balie.desk.outbound.onward import Onward
from balie.desk.outbound.pacing import Pacing
from balie.desk.records import notes, parts, people
from balie.desk.records.models import CHANNEL_ID_LENGTH, ConversationRow, MessageRow, PersonRow
from balie.desk.records.work import Work
from balie.desk.texts import say
from balie.desk.window import hold
from balie.hooks import Hooks
from balie.ledger.drain import Handler
from balie.ledger.job import Job, Settlement
from balie.ledger.models import Item
from balie.ledger.retry import Postponed
from balie.store import fitted
from balie.tenants.contexts import Contexts
from balie.tenants.models import TenantRow

_QUOTE = 200
_NO_WINDOW = ServiceWindow(hours=0)
"""How long an answer is kept for who is to accept it, on a channel where none ever closes."""


@dataclass(frozen=True, slots=True)
class Sending:
    """Works the lane of a conversation's outbound messages.

    ``hearing`` says since when webhooks are heard: while nobody ran, no status could come in.
    """

    hooks: Hooks
    contexts: Contexts
    enclosures: Enclosures
    hearing: Callable[[], Hearing | None]
    pacing: Pacing = field(default_factory=Pacing)

    def handlers(self) -> dict[str, Handler]:
        """Return the handler of sending."""
        return {Work.SEND: Handler(self._work, self._parked, _late)}

    def _work(self, job: Job) -> None:
        item = job.head
        ctx = self.contexts.get(job.lease.connection_id).ctx
        with job.store.reading() as session:
            message = session.get_one(MessageRow, item.body["message"])
            conversation = session.get_one(ConversationRow, message.conversation_id)
            awaited = accepting.awaited(session, message, conversation)
            to = people.addresses(session, conversation.person_id)
        if message.channel_id is not None:
            # A status proved a send whose answer never reached us.
            _sent(job, Receipt(message_id=message.channel_id), frozenset(), held=True)
            return
        abilities = self.hooks.capabilities(ctx)
        too_late = _codes(abilities) if not hold.is_template(message) else frozenset()
        if item.attempted_at is not None:
            _wait_for_proof(job, item, abilities.reconcile_seconds, self.hearing())
            if not abilities.proves_sends:
                unclear.tell(job, message.id, ctx)
        if rating.is_over(message, conversation, abilities.window, job.clock.now()):
            _call_off(job, message.id)
            return
        if not hold.is_template(message):
            keeping = self._keeping(ctx, abilities)
            if keeping.is_closed(conversation) or awaited is not None:
                with job.settle() as settlement:
                    keeping.keep(settlement, job.items)
                return
        self.pacing.wait(job, conversation.id, abilities.paces)
        try:
            ready = self.enclosures.bring(job, message, conversation, abilities, ctx.tenant.locale)
            reply = Reply(
                id=str(message.id),
                to=to,
                parts=ready,
                author=message.author,
                quotes=message.quotes,
                thread=conversation.thread,
            )
            receipt = self._dispatched(job, ctx, reply, abilities)
        except Rejected as rejection:
            _rejected(job, message.id, rejection, ctx.tenant.locale, too_late)
            return
        absence = None if rating.is_question(message) else abilities.absence
        held = abilities.window is not None or accepting.stands_in(message)
        _sent(job, receipt, too_late, absence, held=held)

    def _keeping(self, ctx: Context, abilities: Capabilities) -> Keeping:
        window = abilities.window
        return Keeping(
            ctx,
            window or _NO_WINDOW,
            Onward(self.hooks, self.contexts),
            closes=window is not None,
            has_buttons=Options.__name__ in abilities.sends,
        )

    def _dispatched(self, job: Job, ctx: Context, reply: Reply, abilities: Capabilities) -> Receipt:
        was_tried = job.head.attempted_at is not None
        job.attempt([job.head], f"send-{reply.id}")
        if was_tried:
            _look_once_more(job, int(reply.id))
        job.patience = abilities.reconcile_seconds
        try:
            receipt: Receipt = self.hooks.reply_dispatch(ctx, reply)
        except (OutcomeUnknown, PluginCrashed) as error:
            if was_tried and not abilities.proves_sends:
                # Sent a third time it would be no surer, and the customer has two perhaps.
                raise PermanentError(str(error)) from error
            raise
        except Rejected:
            job.vendor_answered = True
            raise
        job.vendor_answered = True
        return receipt

    def _parked(self, settlement: Settlement, item: Item, reason: str) -> None:
        message = settlement.session.get_one(MessageRow, item.body["message"])
        locale = _locale(settlement.session, item)
        if unclear.is_told(settlement.session, message):
            unclear.end(settlement, message, item, why=reason, locale=locale)
            return
        statuses.fail(
            settlement,
            message,
            code="",
            why=say("gave_up", locale, why=reason),
            locale=locale,
            root_id=item.root_id,
        )


def _call_off(job: Job, message_id: int) -> None:
    """Ask nobody how it was who has gone on, or cannot be asked any more."""
    with job.settle() as settlement:
        settlement.session.get_one(MessageRow, message_id).status = Status.FAILED
        settlement.refuse(job.head, "the talk has gone on")


def _late(settlement: Settlement, item: Item, reason: str) -> None:
    """Tell the agents, once, that an answer is not with the customer yet, and why."""
    message = settlement.session.get_one(MessageRow, item.body["message"])
    if unclear.is_told(settlement.session, message):
        return  # it may have been sent
    conversation = accepting.told_in(settlement.session, message)
    locale = _locale(settlement.session, item)
    text = say("not_yet", locale, quote=parts.words(message.parts, _QUOTE), why=reason)
    key = f"late_send:{message.id}"
    notes.tell(settlement, conversation, key=key, text=text, root_id=item.root_id)


def _locale(session: Session, item: Item) -> str:
    """Return the tenant's language, also where the connection's settings cannot be used."""
    return session.get_one(TenantRow, item.tenant_id).locale


def _codes(abilities: Capabilities) -> frozenset[str]:
    """Return the vendor's codes for a message that came too late."""
    return frozenset() if abilities.window is None else abilities.window.closed_codes


def _wait_for_proof(job: Job, item: Item, patience: float, hearing: Hearing | None) -> None:
    """Give the channel time to report a status of what may have been sent already."""
    assert item.attempted_at is not None  # noqa: S101 -- the caller looked; for mypy
    if hearing is None:
        raise Postponed("an earlier attempt may have been sent, and nobody hears webhooks", 5.0)
    until = hearing.proven_by(item.attempted_at, timedelta(seconds=patience))
    left = (until - job.clock.now()).total_seconds()
    if left > 0:
        raise Postponed(
            "an earlier attempt may have been sent; waiting for a status that proves it",
            min(left, 5.0),
        )


def _look_once_more(job: Job, message_id: int) -> None:
    """Raise Postponed where a status came meanwhile: files may have taken a while."""
    with job.store.reading() as session:
        if session.get_one(MessageRow, message_id).channel_id is not None:
            raise Postponed("a status has just proved an earlier attempt", 0.0)


def _sent(
    job: Job,
    receipt: Receipt,
    too_late: frozenset[str],
    rules: Absence | None = None,
    *,
    held: bool,
) -> None:
    """Write down that a message was taken. ``held``: it may be one that was kept before."""
    item = job.head
    channel_id = fitted(receipt.message_id, CHANNEL_ID_LENGTH)
    names = [
        statuses.about(item.connection_id, channel_id),
        *people.names_of(item.tenant_id, receipt.addresses),
    ]
    with job.settle(alone_with=names) as settlement:
        session = settlement.session
        message = session.get_one(MessageRow, item.body["message"])
        if message.channel_id is None:
            # One that had failed was parked, and replayed since.
            message.channel_id = channel_id
            message.status, message.error = Status.ACCEPTED, ""
        message.sent_at = settlement.now
        if held:
            tell_of_release(settlement, message, locale=_locale(session, item), item=item)
        tell_of_links(settlement, message, locale=_locale(session, item), item=item)
        session.flush()
        _reached(settlement, message, receipt)
        if rules is not None:
            absent.wait_for(settlement, message, rules.seconds)
        settlement.deliver(item)
        locale = _locale(session, item)
        statuses.catch_up(settlement, message, item, locale=locale, too_late=too_late)


def _reached(settlement: Settlement, message: MessageRow, receipt: Receipt) -> None:
    """Remember further addresses of the customer that the channel told."""
    if receipt.addresses:
        session = settlement.session
        conversation = session.get_one(ConversationRow, message.conversation_id)
        person = session.get_one(PersonRow, conversation.person_id)
        evidence = f"the channel's answer to message {message.id}"
        now = settlement.now
        people.move(session, person, (), receipt.addresses, evidence=evidence, now=now)


def _rejected(
    job: Job, message_id: int, rejection: Rejected, locale: str, too_late: frozenset[str]
) -> None:
    """Fail a message that the channel does not take, or let it be held if it is only too late."""
    item = job.head
    with job.settle() as settlement:
        message = settlement.session.get_one(MessageRow, message_id)
        if rejection.code in too_late:
            conversation = settlement.session.get_one(ConversationRow, message.conversation_id)
            hold.shut(settlement.session, conversation, settlement)
            settlement.wait(item, settlement.now, str(rejection), unmark=True)
            return
        statuses.fail(
            settlement,
            message,
            code=rejection.code,
            why=rejection.text,
            locale=locale,
            root_id=item.root_id,
        )
        settlement.refuse(item, str(rejection))
