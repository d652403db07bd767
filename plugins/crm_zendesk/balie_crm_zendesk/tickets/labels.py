"""Tags and the field ``balie_delivery`` that say what a note of Balie's is about.

Views and triggers of the desk can look for them: an answer that did not arrive, a window that
closes.
"""

from typing import Any

from balie.api import Batch, Context, PluginError
from balie_crm_zendesk import records
from balie_crm_zendesk.client import Client

from .rules import as_tags

#: What the field offers beside nothing; ``connection_setup`` makes it so.
DELIVERY = (
    "delivery_failed",
    "delivery_unknown",
    "window_closing",
    "window_closed",
    "answer_sent",
    "message_missing",
    "file_missing",
    "unknown_type",
)
PREFIX = "balie_"
#: Of these a ticket has the newest.
OPPOSITES = {
    "balie_rating_good": "balie_rating_bad",
    "balie_rating_bad": "balie_rating_good",
}


def fields(ctx: Context, batch: Batch) -> dict[str, Any]:
    """Return the ticket's fields that say it; choosing an option of the field adds its tag."""
    field_id = ctx.config.get("delivery_field_id")
    known = [tag for tag in batch.tags if tag in DELIVERY]
    if field_id is None or not known:
        return {}
    return {"custom_fields": [{"id": field_id, "value": PREFIX + known[-1]}]}


def add(client: Client, batch: Batch, ticket_id: int) -> None:
    """Add the tags that the field does not add by itself. Before the comment: it is harmless."""
    field = fields(client.ctx, batch)
    done = {row["value"] for row in field.get("custom_fields", ())}
    tags = [tag for tag in _tags(batch) if tag not in done]
    if over := [OPPOSITES[tag] for tag in tags if tag in OPPOSITES]:
        client.write("DELETE", f"/tickets/{ticket_id}/tags", {"tags": over})
    if tags:
        client.write("PUT", f"/tickets/{ticket_id}/tags", {"tags": tags})


def keep(client: Client, ticket: records.Ticket) -> None:
    """Put the connection's tag on a ticket that lacks it: no trigger calls Balie without.

    One that took over a merged ticket never had it, and agents take tags off.
    """
    tag = client.ctx.config["tag"]
    if tag in ticket.tags or ticket.is_closed:
        return
    try:
        client.write("PUT", f"/tickets/{ticket.id}/tags", {"tags": [tag]})
    except PluginError as problem:  # what was written stands; the next filing tries again
        client.ctx.log.warning("tag_refused", ticket=ticket.id, reason=str(problem))


def labelled(ctx: Context, batch: Batch, ticket: dict[str, Any]) -> dict[str, Any]:
    """Return a new ticket with all of it."""
    rows = [*ticket.get("custom_fields", ()), *fields(ctx, batch).get("custom_fields", ())]
    tags = [*dict.fromkeys([*ticket["tags"], *_tags(batch)])]
    return {**ticket, "tags": tags, **({"custom_fields": rows} if rows else {})}


def _tags(batch: Batch) -> list[str]:
    return [PREFIX + tag for given in batch.tags for tag in as_tags(given)]
