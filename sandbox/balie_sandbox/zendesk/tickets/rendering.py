"""Tickets, comments and audits as the API shows them."""

from balie_sandbox.zendesk import defaults
from balie_sandbox.zendesk.errors import Json
from balie_sandbox.zendesk.files.rendering import attachment_json
from balie_sandbox.zendesk.timestamps import stamp

from .model import STATUSES, Audit, Comment, Ticket


def ticket_json(ticket: Ticket, api: str) -> Json:
    """`api` is the address of the API's root, for the record's own url."""
    custom = [{"id": key, "value": value} for key, value in ticket.custom_fields.items()]
    return {
        "url": f"{api}/tickets/{ticket.id}.json",
        "id": ticket.id,
        "external_id": ticket.external_id,
        "via": ticket.via.as_json(),
        "created_at": stamp(ticket.created_at),
        "updated_at": stamp(ticket.updated_at),
        "generated_timestamp": int(ticket.updated_at.timestamp()),
        "type": ticket.type,
        "subject": ticket.subject,
        "raw_subject": ticket.subject,
        "description": ticket.description,
        "priority": ticket.priority,
        "status": "deleted" if ticket.deleted_at else ticket.status,
        "recipient": None,
        "requester_id": ticket.requester_id,
        "submitter_id": ticket.submitter_id,
        "assignee_id": ticket.assignee_id,
        "organization_id": ticket.organization_id,
        "group_id": ticket.group_id,
        "collaborator_ids": [*ticket.email_cc_ids, *ticket.follower_ids],
        "follower_ids": list(ticket.follower_ids),
        "email_cc_ids": list(ticket.email_cc_ids),
        "forum_topic_id": None,
        "problem_id": None,
        "has_incidents": False,
        "is_public": ticket.is_public,
        "due_at": None,
        "tags": list(ticket.tags),
        "custom_fields": custom,
        "satisfaction_rating": ticket.satisfaction_rating,
        "sharing_agreement_ids": [],
        "custom_status_id": ticket.custom_status_id or custom_status_id(ticket.status),
        "fields": custom,
        "followup_ids": list(ticket.followup_ids),
        "ticket_form_id": ticket.ticket_form_id,
        "brand_id": ticket.brand_id,
        "allow_channelback": False,
        "allow_attachments": True,
        "from_messaging_channel": False,
    }


def custom_status_id(status: str) -> int:
    """Every status category has one default custom status; closed shows the solved one."""
    place = STATUSES.index("solved" if status == "closed" else status)
    return defaults.FIRST_CUSTOM_STATUS_ID + place


def comment_json(comment: Comment, *, inline_images: bool = False) -> Json:
    """Images within the HTML are no attachments, unless `inline_images` asks for them."""
    return {
        "id": comment.id,
        "type": "Comment",
        "author_id": comment.author_id,
        "body": comment.body,
        "html_body": comment.html_body,
        "plain_body": comment.body,
        "public": comment.public,
        "attachments": attachments_json(comment, inline_images=inline_images),
        "audit_id": comment.audit_id,
        "via": comment.via.as_json(),
        "created_at": stamp(comment.created_at),
        "metadata": comment.metadata,
    }


def comment_event(comment: Comment) -> Json:
    """The comment as an event of its audit."""
    return {
        "id": comment.id,
        "type": "Comment",
        "author_id": comment.author_id,
        "body": comment.body,
        "html_body": comment.html_body,
        "plain_body": comment.body,
        "public": comment.public,
        "attachments": attachments_json(comment, inline_images=False),
        "audit_id": comment.audit_id,
    }


def attachments_json(comment: Comment, *, inline_images: bool) -> list[Json]:
    return [attachment_json(file) for file in comment.files if inline_images or not file.inline]


def audit_json(audit: Audit) -> Json:
    """What it says of its comment is the comment as it is now, redactions included."""
    said = audit.comment
    return {
        "id": audit.id,
        "ticket_id": audit.ticket_id,
        "created_at": stamp(audit.created_at),
        "author_id": audit.author_id,
        "metadata": audit.metadata,
        "events": [
            comment_event(said) if said and one["id"] == said.id else one for one in audit.events
        ],
        "via": audit.via.as_json(),
    }
