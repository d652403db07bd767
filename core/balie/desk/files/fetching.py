"""Files: fetched from where they came, kept, and put into the parts that name them."""

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import update

from balie.api import (
    AuthFailed,
    Context,
    Kept,
    Media,
    Part,
    PermanentError,
    PluginCrashed,
    PluginError,
    TooLarge,
    TransientError,
    Unknown,
)
from balie.desk.files.names import named, size, true_type
from balie.desk.records import conversations, notes, parts
from balie.desk.records.models import ConversationRow, Direction, MessageRow
from balie.desk.records.work import Work, filing
from balie.desk.texts import say
from balie.hooks import Hooks
from balie.ledger.drain import Handler
from balie.ledger.job import Job, Settlement
from balie.ledger.models import Item
from balie.ledger.priority import Priority
from balie.ledger.retry import Postponed, said
from balie.ledger.rows import NewItem
from balie.store import StoreUnavailable
from balie.tenants.contexts import Contexts
from balie.tenants.models import TenantRow

MOST_BYTES = 100_000_000
"""The largest file that a customer can send on WhatsApp."""
PATIENCE = timedelta(seconds=20)
"""How long a message waits for its file before it is filed without."""
MOST_SECONDS = 900.0
"""How long a file may take that nobody waits for."""
_PAUSE_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file that is in the store, and what its plugin remarks on it."""

    media: Media
    remark: str


@dataclass(frozen=True, slots=True)
class MediaFetching:
    """Brings files in, and works the lanes of those that came too late for their message."""

    hooks: Hooks
    contexts: Contexts

    def handlers(self) -> dict[str, Handler]:
        """Return the handler of files that are late."""
        return {Work.MEDIA: Handler(self._work, self._lost)}

    def bring(self, job: Job, messages: Sequence[MessageRow]) -> None:
        """Fetch what these messages name, before they are filed, and write down where it is.

        A file that cannot be had soon is left for later, and the message says so. Raises
        Postponed while it may still come in time.
        """
        for message in messages:
            for place, part in enumerate(parts.load(message.parts)):
                if isinstance(part, Media) and not part.stored and not part.failed:
                    self._bring(job, message, place, part)

    def fetch(
        self, ctx: Context, media: Media, at: datetime, *, seconds: float = MOST_SECONDS
    ) -> Fetched:
        """Return the part with its file in the store. Raises TransientError, PermanentError.

        What takes longer than so many ``seconds`` is a failure too, that may be tried again.
        """
        locale = ctx.tenant.locale
        stream = self.hooks.media_fetch(ctx, media)
        chunks = _in_time(ctx, _guarded(ctx, stream.chunks), seconds)
        try:
            kept = ctx.files.keep(chunks, most_bytes=MOST_BYTES)
        except TooLarge as error:
            most = size(MOST_BYTES)
            raise PermanentError(say("file_too_large", locale, most=most)) from error
        if media.sha256 and media.sha256 != kept.sha256:
            ctx.files.delete(kept.key)
            raise TransientError(say("file_damaged", locale))
        return Fetched(_kept(media, kept, stream.type, stream.name, at), stream.remark)

    def _bring(self, job: Job, message: MessageRow, place: int, media: Media) -> None:
        locale, late = "", False
        try:
            ctx = self.contexts.get(message.connection_id).ctx
            locale = ctx.tenant.locale
            seconds = PATIENCE.total_seconds()
            media = self.fetch(ctx, media, message.at, seconds=seconds).media
        except PermanentError as error:
            media = replace(media, failed=said(error))
        except (TransientError, AuthFailed) as error:
            # The channel's failure, told by the helpdesk's lane: nobody's breaker counts it.
            if job.clock.now() - job.head.accepted_at < PATIENCE:
                raise Postponed(f"waits for a file: {said(error)}", _PAUSE_SECONDS) from error
            media, late = replace(media, failed=said(error)), True
        with job.settle() as settlement:
            if late:
                locale = locale or _locale(settlement, message)
                missing = say("file_missing", locale, why=_sentence(media.failed))
                settlement.enqueue(_late_item(message, place, job.head.root_id))
                media = replace(media, failed=missing)
            _write(settlement, message, place, media)

    def _work(self, job: Job) -> None:
        item = job.head
        ctx = self.contexts.get(item.connection_id).ctx
        with job.store.reading() as session:
            message = session.get_one(MessageRow, item.body["message"])
        place = item.body["part"]
        media = parts.load(message.parts)[place]
        assert isinstance(media, Media)  # noqa: S101 -- the item was made for one; for mypy
        media = self.fetch(ctx, replace(media, failed=""), message.at).media
        job.vendor_answered = True
        with job.settle() as settlement:
            _write(settlement, message, place, media)
            label = Unknown(type="late", text=say("file_late", ctx.tenant.locale))
            _follow_up(settlement, message, place, (label, media), item)
            settlement.deliver(item)

    def _lost(self, settlement: Settlement, item: Item, reason: str) -> None:
        message = settlement.session.get_one(MessageRow, item.body["message"])
        media = parts.load(message.parts)[item.body["part"]]
        conversation = settlement.session.get_one(ConversationRow, message.conversation_id)
        locale = _locale(settlement, message)
        text = say("file_lost", locale, what=media.text, why=_sentence(reason))
        key = f"lost:{message.id}:{item.body['part']}"
        notes.tell(
            settlement,
            conversation,
            key=key,
            text=text,
            root_id=item.root_id,
            speaker_id=message.speaker_id,
        )


def _sentence(why: str) -> str:
    return f"{why.rstrip('.')}."


def _in_time(ctx: Context, chunks: Iterable[bytes], seconds: float) -> Iterator[bytes]:
    end = time.monotonic() + seconds
    for chunk in chunks:
        if time.monotonic() > end:
            raise TransientError(say("file_slow", ctx.tenant.locale))
        yield chunk


def _guarded(ctx: Context, chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Pass on what a plugin streams; what it must not raise is its crash."""
    try:
        yield from chunks
    except (PluginError, StoreUnavailable):
        raise
    except Exception as error:
        raise PluginCrashed(ctx.connection.plugin, "media_fetch", error) from error


def _kept(media: Media, kept: Kept, told_type: str, told_name: str, at: datetime) -> Media:
    mime = true_type(media.type or told_type, kept.type)
    name = named(media.name or told_name, media.kind, mime, at)
    return replace(
        media,
        stored=kept.key,
        size=kept.size,
        sha256=kept.sha256,
        type=mime,
        name=name,
        failed="",
    )


def _write(settlement: Settlement, message: MessageRow, place: int, media: Media) -> None:
    loaded: list[Part] = list(parts.load(message.parts))
    loaded[place] = media
    message.parts = parts.dump(loaded)
    settlement.session.execute(
        update(MessageRow).where(MessageRow.id == message.id).values(parts=message.parts)
    )


def _late_item(message: MessageRow, place: int, root_id: int | None) -> NewItem:
    return NewItem(
        tenant_id=message.tenant_id,
        connection_id=message.connection_id,
        kind=Work.MEDIA,
        dedupe=f"{Work.MEDIA}:{message.id}:{place}",
        lane=f"{Work.MEDIA}:{message.id}",
        order_at=message.at,
        body={"message": message.id, "part": place},
        root_id=root_id,
        priority=Priority.STATUS,
    )


def _follow_up(
    settlement: Settlement, message: MessageRow, place: int, said_now: Sequence[Part], item: Item
) -> None:
    conversation = settlement.session.get_one(ConversationRow, message.conversation_id)
    later = conversations.add_message(
        settlement.session,
        conversation,
        direction=Direction(message.direction),
        parts=said_now,
        at=settlement.now,
        note_key=f"late:{message.id}:{place}",
        quotes=message.channel_id,
        author=message.author,
        speaker_id=message.speaker_id,
    )
    if later is not None:
        settlement.enqueue(filing(conversation, later, item.root_id))


def _locale(settlement: Settlement, message: MessageRow) -> str:
    return settlement.session.get_one(TenantRow, message.tenant_id).locale
