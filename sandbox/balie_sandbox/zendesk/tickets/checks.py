"""What makes a ticket's JSON acceptable, judged before anything is written."""

from balie_sandbox.zendesk import fields
from balie_sandbox.zendesk.errors import Json, blank, invalid, update_conflict
from balie_sandbox.zendesk.records.catalog import Catalog
from balie_sandbox.zendesk.timestamps import stamp
from balie_sandbox.zendesk.users.directory import Directory

from .model import PRIORITIES, STATUSES, TYPES, Ticket, Via


def follow_up_via(origin: Ticket) -> Via:
    source = {"ticket_id": origin.id, "subject": origin.subject, "channel": origin.via.channel}
    return Via("api", "follow_up", source)


def check_stamp(ticket: Ticket, data: Json) -> None:
    """Raises ApiError (409) where the client wrote from an old copy."""
    if not fields.flag(data, "safe_update"):
        return
    sent = fields.text(data, "updated_stamp")
    if not sent:
        raise blank("updated_stamp")
    if sent != stamp(ticket.updated_at):
        raise update_conflict()


def check_fields(data: Json) -> None:
    """Raises ApiError (422) on any field of a wrong type, before anything is written."""
    fields.choice(data, "status", STATUSES)
    fields.choice(data, "priority", PRIORITIES)
    fields.choice(data, "type", TYPES)
    for name in ("subject", "external_id"):
        fields.text(data, name)
    for name in ("tags", "additional_tags", "remove_tags"):
        fields.tag_list(data, name)
    for row in fields.rows(data, "custom_fields") or []:
        fields.identifier(row, "id")
    for name in ("organization_id", "group_id", "assignee_id", "brand_id", "ticket_form_id"):
        fields.identifier(data, name)
    fields.mapping(data, "metadata")
    fields.identifier(data, "custom_status_id")
    for name in ("email_ccs", "followers"):
        fields.rows(data, name)


def check_links(data: Json, directory: Directory, catalog: Catalog) -> None:
    """Raises ApiError (422) on a person, group, brand, form or status that there is not."""
    assignee = fields.identifier(data, "assignee_id")
    agent = directory.find(assignee)
    if assignee is not None and (agent is None or not agent.is_staff):
        raise invalid("assignee", "Assignee: is invalid", "InvalidValue")
    requester = fields.identifier(data, "requester_id")
    if requester is not None and directory.find(requester) is None:
        raise invalid("requester", "Requester: is invalid", "InvalidValue")
    for name, records in (
        ("group", catalog.groups),
        ("brand", catalog.brands),
        ("ticket_form", catalog.ticket_forms),
        ("custom_status", catalog.custom_statuses),
    ):
        key = fields.identifier(data, f"{name}_id")
        if key is not None and records.find(key) is None:
            label = name.replace("_", " ").capitalize()
            raise invalid(name, f"{label}: is invalid", "InvalidValue")
