"""All that Balie holds of a person, as JSON, and the files that belong to it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from balie.api import BalieError, Media
from balie.desk.costs import CostRow
from balie.desk.privacy import erasing, members
from balie.desk.privacy.concerned import concerned
from balie.desk.privacy.holdings import Extent, chunks, conversations
from balie.desk.records import parts
from balie.desk.records.models import (
    AddressRow,
    CommentRow,
    ConversationRow,
    MessageRow,
    PersonRow,
    StatusRow,
    TicketRow,
)
from balie.hooks import Hooks
from balie.ledger.retry import said
from balie.store import Store
from balie.tenants.contexts import Contexts
from balie.tenants.models import ConnectionRow

HOOK = "person_export"


@dataclass(frozen=True, slots=True)
class File:
    """A stored file, and what it is called in the export."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Holding:
    """What is held: ``facts`` as JSON, and the files that they name."""

    facts: dict[str, Any]
    files: tuple[File, ...]


@dataclass(frozen=True, slots=True)
class Exporting:
    """Gathers what is held of people."""

    store: Store
    hooks: Hooks
    contexts: Contexts

    def of(self, person: PersonRow, now: datetime) -> Holding:
        """Return all that Balie holds of a person, and what vendors say they hold."""
        with self.store.reading() as session:
            held = conversations(session, Extent(person.id))
            files: list[File] = []
            facts = {
                "exported_at": now,
                "person": {"id": person.id, "name": person.name, "known_since": person.created_at},
                "addresses": [_address(row) for row in _addresses(session, person)],
                "conversations": [_conversation(session, one, files) for one in held],
                "groups": _groups(session, person, files),
                "unattributed_in_groups": members.unattributed(session, person.tenant_id),
            }
            rows = erasing.connections_of(session, person)
            asked = [(row, concerned(session, row.id, Extent(person.id))) for row in rows]
        facts["elsewhere"] = {
            row.slug: self._elsewhere(row, who)
            for row, who in asked
            if self.hooks.registry.function(row.plugin, HOOK) is not None
        }
        return Holding(facts, tuple(files))

    def _elsewhere(self, row: ConnectionRow, who: Any) -> Mapping[str, Any]:
        try:
            return self.hooks.person_export(self.contexts.get(row.id).ctx, who).data
        except BalieError as error:
            return {"missing": said(error)}


def _addresses(session: Session, person: PersonRow) -> list[AddressRow]:
    query = select(AddressRow).where(AddressRow.person_id == person.id).order_by(AddressRow.id)
    return list(session.scalars(query))


def _address(row: AddressRow) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "value": row.value,
        "scope": row.scope or None,
        "evidence": row.evidence,
        "since": row.linked_at,
    }


def _groups(session: Session, person: PersonRow, files: list[File]) -> list[dict[str, Any]]:
    """Return what a person said in groups; what others said there is not theirs to be given."""
    ids = members.message_ids(session, person)
    return [
        {
            "group": session.get_one(PersonRow, talk.person_id).name,
            **_conversation(session, talk, files, frozenset(ids)),
        }
        for talk in members.talks(session, ids)
    ]


def _conversation(
    session: Session,
    row: ConversationRow,
    files: list[File],
    only: frozenset[int] | None = None,
) -> dict[str, Any]:
    tickets = session.execute(
        select(TicketRow.remote_id, TicketRow.state)
        .where(TicketRow.conversation_id == row.id)
        .order_by(TicketRow.id)
    )
    return {
        "id": row.id,
        "connection": session.get_one(ConnectionRow, row.connection_id).slug,
        "helpdesk": session.get_one(ConnectionRow, row.helpdesk_id).slug,
        "opened_at": row.opened_at,
        "last_heard_at": row.last_inbound_at,
        "tickets": [{"id": ticket, "state": state} for ticket, state in tickets],
        "messages": list(_messages(session, row, files, only)),
    }


def _messages(
    session: Session, talk: ConversationRow, files: list[File], only: frozenset[int] | None
) -> Iterator[dict[str, Any]]:
    every = session.execute(
        select(MessageRow, CommentRow.remote_id)
        .outerjoin(CommentRow, CommentRow.id == MessageRow.comment_id)
        .where(MessageRow.conversation_id == talk.id)
        .order_by(MessageRow.at, MessageRow.id)
    ).all()
    rows = [(row, comment) for row, comment in every if only is None or row.id in only]
    keys = [row.channel_id for row, _ in rows if row.channel_id]
    statuses = _by_message(session, talk, StatusRow, keys)
    costs = _by_message(session, talk, CostRow, keys)
    for row, comment in rows:
        for place, part in enumerate(parts.load(row.parts)):
            if isinstance(part, Media) and part.stored:
                name = part.name.replace("/", "_").replace("\\", "_") or part.kind
                files.append(File(part.stored, f"files/{row.id}-{place}-{name}"))
        yield {
            "id": row.id,
            "channel_id": row.channel_id,
            "direction": row.direction,
            "author": row.author,
            "parts": row.parts,
            "at": row.at,
            "sent_at": row.sent_at,
            "status": row.status,
            "error": row.error or None,
            "comment": comment,
            "statuses": [{"status": one.status, "at": one.at} for one in statuses(row.channel_id)],
            "costs": [
                {"category": one.category, "type": one.type, "billable": one.billable}
                for one in costs(row.channel_id)
            ],
        }


def _by_message(session: Session, talk: ConversationRow, model: type[Any], keys: list[str]) -> Any:
    found: dict[str, list[Any]] = {}
    for some in chunks(keys):
        rows = session.scalars(
            select(model)
            .where(model.connection_id == talk.connection_id, model.channel_id.in_(some))
            .order_by(model.id)
        )
        for row in rows:
            found.setdefault(row.channel_id, []).append(row)
    return lambda key: found.get(key, [])
