"""What a new ticket looks like, by the tenant's rules."""

from typing import Any

from balie.api import Batch, Context
from balie_crm_zendesk import records, texts

from . import traces, wording
from .pieces import Piece
from .rules import LONGEST_SUBJECT, as_tags, field_templates, filled

#: What a tenant's rules set, and may set wrongly: a ticket can do without.
OPTIONAL = ("group_id", "brand_id", "ticket_form_id", "priority", "custom_fields")


def ticket(
    ctx: Context,
    batch: Batch,
    piece: Piece,
    requester_id: int,
    follows: records.Ticket | None = None,
) -> dict[str, Any]:
    """Return a new ticket without its comment.

    ``follows`` is the one that it continues, whose tags it takes over.
    """
    found: dict[str, Any] = {
        "subject": subject(ctx, batch),
        "external_id": traces.external_id(batch.conversation_id),
        "requester_id": requester_id,
        "tags": _tags(ctx, batch, follows),
        "metadata": traces.metadata(batch, piece.key),
    }
    if not batch.internal:
        found["submitter_id"] = requester_id  # the first comment's author
    if follows is not None and ctx.config["follow_up"]:
        # Zendesk ignores it unless that ticket is closed.
        found["via_followup_source_id"] = follows.id
    for name in ("group_id", "brand_id", "ticket_form_id", "priority"):
        if ctx.config.get(name) is not None:
            found[name] = ctx.config[name]
    fields = [*custom_fields(ctx, batch), *_trace(ctx, batch)]
    if fields:
        found["custom_fields"] = fields
    return found


def subject(ctx: Context, batch: Batch) -> str:
    """Return a ticket's subject, such as ``WhatsApp: Noor 06 55501234``.

    Of somebody without a name and a number, it says what they want instead: else all of them look
    the same.
    """
    values = _values(ctx, batch)
    if not wording.name(batch) and not values["phone"]:
        values["name"] = wording.about(batch) or values["name"]
    words = filled(ctx.config["subject"], values)[:LONGEST_SUBJECT].strip()
    return words or batch.channel


def custom_fields(ctx: Context, batch: Batch) -> list[dict[str, Any]]:
    """Return the custom fields that the rules set."""
    values = _values(ctx, batch)
    return [
        {"id": field_id, "value": filled(template, values)}
        for field_id, template in field_templates(ctx.config["custom_fields"]).items()
    ]


def _trace(ctx: Context, batch: Batch) -> list[dict[str, Any]]:
    """Return the field that says what to ask ``balie trace`` for."""
    field_id = ctx.config.get("trace_field_id")
    if field_id is None:
        return []
    return [{"id": field_id, "value": traces.external_id(batch.conversation_id)}]


def _tags(ctx: Context, batch: Batch, follows: records.Ticket | None) -> list[str]:
    # A comma in a name makes no tag of its own: whose that was, erasing could not tell.
    values = _values(ctx, batch)
    values["name"] = values["name"].replace(",", " ")
    given = (ctx.config["tag"], *as_tags(filled(ctx.config["tags"], values)))
    if follows is None:
        return list(dict.fromkeys(given))
    # Tags that are sent replace those a follow-up inherits.
    return sorted({*given, *follows.tags} - {records.MERGED_TAG})


def _values(ctx: Context, batch: Batch) -> dict[str, str]:
    phone = wording.number(batch, ctx.tenant.region)
    name = wording.name(batch)
    if not name and not phone:
        name = texts.say(ctx.tenant.locale, "customer")
    return {
        "channel": wording.line(batch.channel),
        "name": name,
        "phone": phone,
        "tenant": wording.line(ctx.tenant.name),
    }
