"""What the index keeps of a user and of a ticket: the searchable fields, as they were then."""

from dataclasses import dataclass, field

from balie_sandbox.zendesk.tickets.model import Ticket
from balie_sandbox.zendesk.timestamps import stamp
from balie_sandbox.zendesk.users.model import User


@dataclass(frozen=True, slots=True)
class Document:
    """Searchable values by field, lower case; `words` is what bare words are looked for in."""

    kind: str
    id: int
    values: dict[str, tuple[str, ...]] = field(default_factory=dict)
    words: str = ""


def user_document(user: User) -> Document:
    lines = {user.phone or ""} | {
        one.value for one in user.identities if one.type == "phone_number"
    }
    emails = [one.value for one in user.identities if one.type == "email"]
    values = {
        "name": (user.name,),
        "role": (user.role,),
        "email": tuple(emails),
        "phone": tuple(line for line in lines if line),
        "external_id": (user.external_id or "",),
        "tags": tuple(user.tags),
        "notes": (user.notes or "",),
        "details": (user.details or "",),
        "organization_id": (str(user.organization_id or ""),),
        "is_suspended": (str(user.suspended),),
        "created": (stamp(user.created_at),),
        "updated": (stamp(user.updated_at),),
    }
    words = " ".join([user.name, *emails, user.notes or "", user.details or "", *lines])
    return _document("user", user.id, values, words)


def ticket_document(ticket: Ticket, requester: User | None, assignee: User | None) -> Document:
    comments = [comment.body for comment in ticket.comments]
    values = {
        "status": (ticket.status,),
        "requester": _person(requester),
        "assignee": _person(assignee) or ("none",),
        "submitter": (str(ticket.submitter_id),),
        "commenter": tuple(str(comment.author_id) for comment in ticket.comments),
        "external_id": (ticket.external_id or "",),
        "tags": tuple(ticket.tags),
        "subject": (ticket.subject,),
        "description": (ticket.description,),
        "priority": (ticket.priority or "none",),
        "ticket_type": (ticket.type or "none",),
        "group": (str(ticket.group_id or "none"),),
        "brand": (str(ticket.brand_id or ""),),
        "via": (ticket.via.channel,),
        "created": (stamp(ticket.created_at),),
        "updated": (stamp(ticket.updated_at),),
    }
    for key, value in ticket.custom_fields.items():
        values[f"custom_field_{key}"] = (str(value),)
    return _document("ticket", ticket.id, values, " ".join([ticket.subject, *comments]))


def _person(user: User | None) -> tuple[str, ...]:
    if user is None:
        return ()
    known = (str(user.id), user.name, user.email, user.phone, user.external_id)
    return tuple(one for one in known if one)


def _document(kind: str, key: int, values: dict[str, tuple[str, ...]], words: str) -> Document:
    values |= {"id": (str(key),), "ticket_id": (str(key),)}
    lowered = {name: tuple(one.lower() for one in found) for name, found in values.items()}
    return Document(kind, key, lowered, words.lower())
