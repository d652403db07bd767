"""What /control/zendesk shows: records with all that tests ask about."""

from balie_sandbox.zendesk.account import ZendeskAccount
from balie_sandbox.zendesk.errors import Json
from balie_sandbox.zendesk.files.rendering import attachment_json
from balie_sandbox.zendesk.tickets.model import Ticket
from balie_sandbox.zendesk.timestamps import stamp
from balie_sandbox.zendesk.users.model import User

#: Stands for the API's address where none is asked for.
API = "/zendesk/api/v2"


def ticket_shape(account: ZendeskAccount, ticket: Ticket) -> Json:
    """A ticket with all that tests ask about."""
    return {
        "id": ticket.id,
        "subject": ticket.subject,
        "status": ticket.status,
        "external_id": ticket.external_id,
        "tags": list(ticket.tags),
        "priority": ticket.priority,
        "requester": _person(account, ticket.requester_id),
        "assignee": _person(account, ticket.assignee_id),
        "via": ticket.via.channel,
        "followup_source_id": ticket.followup_source_id,
        "followup_ids": list(ticket.followup_ids),
        "email_cc_ids": list(ticket.email_cc_ids),
        "satisfaction_rating": ticket.satisfaction_rating,
        "custom_fields": {str(key): value for key, value in ticket.custom_fields.items()},
        "created_at": stamp(ticket.created_at),
        "updated_at": stamp(ticket.updated_at),
        "comments": [
            {
                "id": one.id,
                "author": _person(account, one.author_id),
                "body": one.body,
                "html_body": one.html_body,
                "public": one.public,
                "via": one.via.channel,
                "metadata": one.metadata,
                "attachments": [attachment_json(file) for file in one.files],
                "created_at": stamp(one.created_at),
            }
            for one in ticket.comments
        ],
    }


def _person(account: ZendeskAccount, user_id: int | None) -> Json | None:
    user: User | None = account.users.find(user_id)
    if user is None:
        return None
    return {
        "id": user.id,
        "name": user.name,
        "role": user.role,
        "phone": user.phone,
        "external_id": user.external_id,
    }
