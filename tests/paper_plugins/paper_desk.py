"""A helpdesk on paper: it keeps tickets in memory and does what the test wrote down.

Its webhooks are JSON ``{"ticket", "id", "answers": [{"comment", "say", "author", "at"}]}`` under
the header ``x-paper-secret``. Batches land in ``batches``; an entry of ``outcomes`` is raised
before a batch takes effect, one of ``lost`` after. What stands in ``readings`` under an event's
id is what that event means; ``files`` holds files by ref. ``erasures`` are the answers to requests
to erase somebody, which land in ``forgotten``.
"""

from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime

import orjson
from marshmallow import fields

from balie.api import (
    Address,
    AgentReplied,
    Batch,
    Capabilities,
    Concerned,
    ConfigSchema,
    Context,
    Customer,
    Erased,
    Event,
    EventKind,
    Exported,
    Filed,
    Ingress,
    Kind,
    Manifest,
    Media,
    MediaStream,
    PayloadInvalid,
    Rating,
    RawEvent,
    Reconciled,
    Refused,
    Secret,
    SignatureInvalid,
    Since,
    Text,
    WebRequest,
    WriteBudget,
    hookimpl,
)


class Config(ConfigSchema):
    """One secret, and how many lines fit in a comment."""

    secret = Secret(required=True)
    lines_per_comment = fields.Integer(load_default=50)


class PaperDesk:
    """The helpdesk."""

    manifest = Manifest(id="paper_desk", name="Paper desk", kind=Kind.HELPDESK, config=Config)

    def __init__(self) -> None:
        self.batches: list[Batch] = []
        self.filed: dict[str, Filed] = {}
        self.customers: dict[str, str] = {}
        self.remarks: dict[str, str] = {}
        self.filing_remarks: list[str] = []
        #: Whose all tickets are, where agents made them somebody else's.
        self.requester = ""
        self.lookups: list[Address] = []
        self.outcomes: deque[Exception] = deque()
        self.lost: deque[Exception] = deque()
        self.closed: set[str] = set()
        self.readings: dict[str, list[Event]] = {}
        self.files: dict[str, bytes | Exception] = {}
        self.remarks: dict[str, str] = {}
        #: What the next looks back find, and from where each began.
        self.missed: deque[Reconciled | Exception] = deque()
        self.asked: list[str] = []
        self.before_looking: deque[Callable[[], object]] = deque()
        self.forgotten: list[Concerned] = []
        self.erasures: deque[Erased | Exception] = deque()
        self.erases_on_request = False
        self.rating: Rating | None = None
        self.solves = False
        self.reconcile_seconds = 0.0
        self.write_budgets: tuple[WriteBudget, ...] = ()
        self.shows_typing = False

    @hookimpl
    def channel_ingress(self, ctx: Context, request: WebRequest) -> Ingress:
        if request.headers.get("x-paper-secret") != ctx.config["secret"]:
            raise SignatureInvalid("the header x-paper-secret is wrong")
        try:
            sent = orjson.loads(request.body)
            event = RawEvent(
                id=sent["id"],
                kind=EventKind.TICKET,
                lane=sent["ticket"],
                at=datetime.now(UTC),
                body=sent,
            )
        except (orjson.JSONDecodeError, KeyError, TypeError) as error:
            raise PayloadInvalid("this is no paper") from error
        return Ingress(events=(event,))

    @hookimpl
    def event_parse(self, ctx: Context, raw: RawEvent) -> list[Event]:
        if raw.id in self.readings:
            return self.readings[raw.id]
        answers = raw.body.get("answers", [])
        if not answers:
            return [Refused(reason="nothing was answered")]
        return [
            AgentReplied(
                ticket_id=raw.body["ticket"],
                comment_id=answer["comment"],
                at=datetime.fromisoformat(answer["at"]),
                parts=(Text(text=answer["say"]),),
                author=answer.get("author", ""),
                other_requester=self.requester,
            )
            for answer in answers
        ]

    @hookimpl
    def event_reconcile(self, ctx: Context, since: Since) -> Reconciled:
        if self.before_looking:
            self.before_looking.popleft()()
        self.asked.append(since.cursor)
        found = self.missed.popleft() if self.missed else Reconciled(cursor=since.cursor)
        if isinstance(found, Exception):
            raise found
        return found

    @hookimpl
    def customer_lookup(self, ctx: Context, address: Address) -> Customer | None:
        self.lookups.append(address)
        found = self.customers.get(address.value)
        remark = self.remarks.get(address.value, "")
        return Customer(id=found, evidence="on paper", remark=remark) if found else None

    @hookimpl
    def ticket_file(self, ctx: Context, batch: Batch) -> Filed:
        if self.outcomes:
            raise self.outcomes.popleft()
        if batch.uncertain and batch.key in self.filed:
            return self.filed[batch.key]
        self.batches.append(batch)
        customer = batch.customer.id if batch.customer else f"user-of-{_number(batch)}"
        filed = Filed(
            ticket_id=self._ticket(batch),
            comment_id=f"comment-{len(self.batches)}",
            customer_id=customer,
            other_requester=self.requester if self.requester != customer else "",
            remark=self.filing_remarks.pop(0) if self.filing_remarks else "",
        )
        self.filed[batch.key] = filed
        if self.lost:
            raise self.lost.popleft()
        return filed

    @hookimpl
    def media_fetch(self, ctx: Context, media: Media) -> MediaStream:
        file = self.files[media.ref]
        if isinstance(file, Exception):
            raise file
        return MediaStream(chunks=iter([file]), remark=self.remarks.get(media.ref, ""))

    @hookimpl
    def person_export(self, ctx: Context, who: Concerned) -> Exported:
        return Exported(data={"users": list(who.users), "tickets": dict(who.tickets)})

    @hookimpl
    def person_erase(self, ctx: Context, who: Concerned) -> Erased:
        self.forgotten.append(who)
        found = self.erasures.popleft() if self.erasures else Erased(done=("alles",), among=True)
        if isinstance(found, Exception):
            raise found
        return found

    @hookimpl
    def capabilities(self, ctx: Context) -> Capabilities:
        return Capabilities(
            reconcile_seconds=self.reconcile_seconds,
            lines_per_comment=ctx.config["lines_per_comment"],
            write_budgets=self.write_budgets,
            shows_typing=self.shows_typing,
            erases_on_request=self.erases_on_request,
            rating=self.rating,
            solves=self.solves,
        )

    def _ticket(self, batch: Batch) -> str:
        if batch.ticket_id is None:
            return f"ticket-of-{_number(batch)}"
        return batch.ticket_id + "-followup" if batch.ticket_id in self.closed else batch.ticket_id


def _number(batch: Batch) -> str:
    return batch.conversation_id.partition("-")[0]


plugin = PaperDesk()
