"""Files that an agent enclosed: fetched from the helpdesk before they are sent.

One that is too large for the channel goes as a link. That is written down with the work of sending
it, in the same transaction, and told in the ticket when the message has gone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta

from sqlalchemy import update

from balie.api import (
    AuthFailed,
    Capabilities,
    Context,
    Media,
    Part,
    PermanentError,
    Rejected,
    Text,
    TransientError,
)
from balie.desk.elsewhere import accepting
from balie.desk.files.fetching import Fetched, MediaFetching
from balie.desk.outbound.split import fitting, is_too_large
from balie.desk.records import notes, parts
from balie.desk.records.models import ConversationRow, MessageRow
from balie.desk.texts import say
from balie.ledger.job import Job, Settlement
from balie.ledger.models import Item
from balie.ledger.retry import Postponed, said
from balie.tenants.contexts import Contexts

PATIENCE = timedelta(hours=1)
"""How long a file may be missing in the helpdesk before its message fails."""
_PAUSE_SECONDS = 15.0
"""Between two looks; a helpdesk may ask for the next one sooner."""
_LINKS = "links"
"""Under this the work of sending holds the files that go as links."""


@dataclass(frozen=True, slots=True)
class _Link:
    """A file that goes as a link, and the day until which that works."""

    file: str
    until: str


def tell_of_links(settlement: Settlement, message: MessageRow, *, locale: str, item: Item) -> None:
    """Tell the agents, once, which files of a message have gone as links, and until when."""
    found = item.body.get(_LINKS)
    if not found:
        return
    notes.tell(
        settlement,
        accepting.told_in(settlement.session, message),
        key=f"linked:{message.id}",
        text="\n".join(say("went_by_link", locale, **one) for one in found),
        root_id=item.root_id,
    )


@dataclass(frozen=True, slots=True)
class Enclosures:
    """Brings agents' files in."""

    media: MediaFetching
    contexts: Contexts

    def bring(
        self,
        job: Job,
        message: MessageRow,
        conversation: ConversationRow,
        abilities: Capabilities,
        locale: str,
    ) -> tuple[Part, ...]:
        """Return the message's parts with their files in the store, as the channel takes them.

        Raises Postponed while the helpdesk does not give one, and Rejected where it never will,
        or where the channel does not take what came.
        """
        loaded = parts.load(message.parts)
        missing = [part for part in loaded if isinstance(part, Media) and not part.stored]
        if not missing:
            return loaded
        found: list[Part] = []
        links: list[_Link] = []
        remarks: list[str] = []
        for part in loaded:
            if isinstance(part, Media) and not part.stored:
                fetched = self._fetched(job, message, conversation, part, locale)
                found.append(self._ready(conversation, fetched.media, abilities, locale, links))
                if fetched.remark:
                    file, why = fetched.media.name or part.text, fetched.remark
                    remarks.append(say("file_remark", locale, file=file, remark=why))
            else:
                found.append(part)
        _write(job, message, conversation, found, links, remarks)
        return tuple(found)

    def _ready(
        self,
        conversation: ConversationRow,
        media: Media,
        abilities: Capabilities,
        locale: str,
        links: list[_Link],
    ) -> Part:
        """Return a file as the channel takes it: by a link, where only its size is in the way.

        That is added to ``links``.
        """
        ready, why = fitting(media, abilities, locale)
        if not why:
            return ready
        helpdesk = self.contexts.get(conversation.helpdesk_id).ctx
        if not (is_too_large(media, abilities) and helpdesk.files.gives_links):
            raise Rejected("file", why)
        days = self.media.hooks.capabilities(helpdesk).link_days
        link = helpdesk.files.link(media.stored, name=media.name, type=media.type, days=days)
        until = f"{helpdesk.clock.now() + timedelta(days=days):%Y-%m-%d}"
        links.append(_Link(media.name, until))
        words = say("by_link", locale, file=media.name, link=link, until=until)
        return Text(text="\n".join(filter(None, (media.caption, words))))

    def _fetched(
        self,
        job: Job,
        message: MessageRow,
        conversation: ConversationRow,
        media: Media,
        locale: str,
    ) -> Fetched:
        name = media.name or media.text
        try:
            helpdesk: Context = self.contexts.get(conversation.helpdesk_id).ctx
            return self.media.fetch(helpdesk, media, message.at)
        except PermanentError as error:
            raise Rejected("file", say("no_file", locale, file=name, why=said(error))) from error
        except (TransientError, AuthFailed) as error:
            # The helpdesk's failure, told in the channel's lane: nobody's breaker counts it.
            if job.clock.now() - job.head.accepted_at < PATIENCE:
                raise Postponed(f"waits for a file: {said(error)}", _pause(error)) from error
            raise Rejected("file", say("no_file", locale, file=name, why=said(error))) from error


def _pause(error: TransientError | AuthFailed) -> float:
    wish = error.retry_after if isinstance(error, TransientError) else None
    return _PAUSE_SECONDS if wish is None else max(1.0, min(wish, _PAUSE_SECONDS))


def _write(
    job: Job,
    message: MessageRow,
    conversation: ConversationRow,
    found: Iterable[Part],
    links: Sequence[_Link],
    remarks: Sequence[str],
) -> None:
    with job.settle() as settlement:
        session = settlement.session
        if remarks:
            key, root_id = f"file_remark:{message.id}", job.head.root_id
            text = "\n".join(remarks)
            notes.tell(settlement, conversation, key=key, text=text, root_id=root_id)
        message.parts = parts.dump(found)
        session.execute(
            update(MessageRow).where(MessageRow.id == message.id).values(parts=message.parts)
        )
        if links:
            item = job.head
            item.body = {**item.body, _LINKS: [asdict(one) for one in links]}
            session.execute(update(Item).where(Item.id == item.id).values(body=item.body))
