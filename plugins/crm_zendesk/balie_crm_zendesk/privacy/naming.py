"""Taking a person's name and number out of what Balie wrote beside the comments.

That is the subject, the custom fields and the tags, each where the settings name the person in it.
"""

from typing import Any

from balie.api import Erased, PermanentError
from balie_crm_zendesk import records
from balie_crm_zendesk.client import Client
from balie_crm_zendesk.errors import NotFound
from balie_crm_zendesk.tickets import rules

from .texts import tell


def take_out(client: Client, ticket: records.Ticket) -> Erased:
    """Take the person out of a ticket that Balie made. A closed one stays as it is."""
    changes, tags = _changes(client, ticket), _tags(client, ticket)
    if not changes and not tags:
        return Erased()
    ctx, path = client.ctx, f"/tickets/{ticket.id}"
    if ticket.is_closed:
        return Erased(kept=(tell(ctx, "subject_stays", ticket=ticket.id),))
    left = []
    try:
        if changes:
            client.write("PUT", path, {"ticket": changes})
    except PermanentError as refusal:
        left.append(tell(ctx, "subject_refused", ticket=ticket.id, why=refusal))
    try:
        if tags:
            client.write("DELETE", f"{path}/tags", {"tags": tags})
    except PermanentError as refusal:
        left.append(tell(ctx, "tags_refused", ticket=ticket.id, why=refusal))
    return Erased(left=tuple(left))


def _changes(client: Client, ticket: records.Ticket) -> dict[str, Any]:
    ctx = client.ctx
    changes: dict[str, Any] = {}
    blank = tell(ctx, "subject")
    if rules.tells_who(ctx.config["subject"]) and ticket.subject != blank:
        changes["subject"] = blank
    templates = rules.field_templates(ctx.config["custom_fields"]).items()
    told = [field_id for field_id, text in templates if rules.tells_who(text)]
    told = [one for one in told if ticket.fields.get(one)]
    if told:
        changes["custom_fields"] = [{"id": one, "value": None} for one in told]
    return changes


def _tags(client: Client, ticket: records.Ticket) -> list[str]:
    """Return the tags that tell who it is.

    What name they were made of is not known any more, so those that the ticket was made with are
    held against the setting: agents' own, which came later, stay.
    """
    ctx = client.ctx
    if not rules.tells_who(ctx.config["tags"]):
        return []
    made_with = _made_with(client, ticket.id) - {ctx.config["tag"]}
    there = [tag for tag in ticket.tags if tag in made_with]
    return rules.tags_that_tell_who(ctx.config["tags"], there, ctx.tenant.name)


def _made_with(client: Client, ticket_id: int) -> frozenset[str]:
    try:
        page = client.get(f"/tickets/{ticket_id}/audits", **{"page[size]": 1})
    except NotFound:
        return frozenset()
    audits = map(records.audit, records.listed(page, "audits"))
    return frozenset(tag for audit in audits for tag in audit.first_tags)
