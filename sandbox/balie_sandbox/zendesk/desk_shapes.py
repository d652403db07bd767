"""The JSON that the desk's page lives on."""

from typing import Any

from balie_sandbox.zendesk.account import ZendeskAccount
from balie_sandbox.zendesk.errors import ApiError, Json
from balie_sandbox.zendesk.files.model import StoredFile
from balie_sandbox.zendesk.tickets.model import Comment, Ticket
from balie_sandbox.zendesk.timestamps import stamp

#: What the page shows itself, by the element that does; all else is a link that saves it.
SHOWN_TYPES = {
    "image/png": "img",
    "image/jpeg": "img",
    "image/gif": "img",
    "image/webp": "img",
    "audio/ogg": "audio",
    "audio/mpeg": "audio",
    "audio/aac": "audio",
    "audio/amr": "audio",
    "audio/mp4": "audio",
    "audio/opus": "audio",
    "audio/wav": "audio",
    "video/mp4": "video",
    "video/3gpp": "video",
}


def ticket_row(account: ZendeskAccount, ticket: Ticket) -> Json:
    requester = account.users.find(ticket.requester_id)
    last = ticket.comments[-1]
    said = last.body or ", ".join(file.file_name for file in last.files)
    return {
        "id": ticket.id,
        "subject": ticket.subject,
        "status": ticket.status,
        "requester": requester.name if requester else "",
        "updated_at": stamp(ticket.updated_at),
        "last": said[:120],
        "last_id": last.id,
        # The page marks what a customer said last and nobody has opened since.
        "waiting": _side(account, ticket, last) == "customer",
    }


def whole_ticket(account: ZendeskAccount, ticket: Ticket) -> Json:
    requester = account.users.find(ticket.requester_id)
    assignee = account.users.find(ticket.assignee_id)
    aside = account.catalog.side_conversations.where("ticket_id", ticket.id)
    copied = [account.users.find(key) for key in ticket.email_cc_ids]
    return {
        "id": ticket.id,
        "subject": ticket.subject,
        "status": ticket.status,
        "tags": list(ticket.tags),
        "external_id": ticket.external_id,
        "priority": ticket.priority,
        "fields": _fields(account, ticket),
        "follows": ticket.followup_source_id,
        "followed_by": list(ticket.followup_ids),
        "rating": ticket.satisfaction_rating,
        "copied": [one.name for one in copied if one],
        "aside": [one.values["subject"] for one in aside],
        "assignee": assignee.name if assignee else None,
        "requester": {
            "name": requester.name if requester else "",
            "phone": requester.phone if requester else None,
            "external_id": requester.external_id if requester else None,
        },
        "comments": [_comment(account, ticket, one) for one in ticket.comments],
    }


def _fields(account: ZendeskAccount, ticket: Ticket) -> list[Json]:
    """The custom fields that have a value, by the title that the account gave them."""
    rows = []
    for key, value in ticket.custom_fields.items():
        known = account.catalog.ticket_fields.find(key)
        if value not in (None, "", [], False):
            rows.append(
                {"title": known.values["title"] if known else str(key), "value": _word(value)}
            )
    return rows


def _word(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _comment(account: ZendeskAccount, ticket: Ticket, comment: Comment) -> Json:
    author = account.users.find(comment.author_id)
    return {
        "id": comment.id,
        "author": author.name if author else "",
        "side": _side(account, ticket, comment),
        "public": comment.public,
        "body": comment.body,
        "files": [_file(one) for one in comment.files],
        "at": stamp(comment.created_at),
    }


def _file(file: StoredFile) -> Json:
    return {
        "id": file.id,
        "name": file.file_name,
        "size": len(file.data),
        "blocked": file.is_blocked,
        "shown": SHOWN_TYPES.get(file.content_type) if file.data else None,
    }


def _side(account: ZendeskAccount, ticket: Ticket, comment: Comment) -> str:
    """Whose words: the customer's, an agent's, or an integration's (said through the API)."""
    author = account.users.find(comment.author_id)
    if comment.author_id == ticket.requester_id or (author and not author.is_staff):
        return "customer"
    return "agent" if comment.via.channel == "web" else "integration"


def sentence_of(error: ApiError) -> str:
    details = error.body.get("details") or {}
    found = [row["description"] for rows in details.values() for row in rows]
    return "; ".join(found) or str(error.body.get("description", error.body.get("error", "")))
