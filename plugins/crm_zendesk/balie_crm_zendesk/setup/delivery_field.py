"""The ticket fields: ``balie_delivery``, what became of an answer; ``balie_trace``, where to look.

https://developer.zendesk.com/api-reference/ticketing/tickets/ticket_fields/
"""

from collections.abc import Mapping
from typing import Any

from balie.api import PermanentError
from balie_crm_zendesk import records
from balie_crm_zendesk.client import Client
from balie_crm_zendesk.tickets.labels import DELIVERY, PREFIX

from .texts import tell

TITLE = "balie_delivery"
TRACE_TITLE = "balie_trace"
_WORDS = "text"
_KIND = "tagger"  # a drop-down, whose choice is a tag as well


def ensure(client: Client) -> tuple[int, str]:
    """Make the field, or add what it lacks; return its id and what was done."""
    known = next((one for one in _all(client) if one.get("title") == TITLE), None)
    if known is None:
        field = {"type": _KIND, "title": TITLE, "custom_field_options": _options(())}
        made = client.write("POST", "/ticket_fields", {"ticket_field": field}).get("ticket_field")
        return _id(made), tell(client.ctx, "made", name=TITLE)
    if known.get("type") != _KIND or known.get("active") is False:
        raise PermanentError(tell(client.ctx, "field_off", name=TITLE))
    there = [one for one in known.get("custom_field_options") or () if isinstance(one, Mapping)]
    if {str(one.get("value")) for one in there} >= {PREFIX + name for name in DELIVERY}:
        return _id(known), tell(client.ctx, "right", name=TITLE)
    changes = {"custom_field_options": _options(there)}
    client.write("PUT", f"/ticket_fields/{_id(known)}", {"ticket_field": changes})
    return _id(known), tell(client.ctx, "put_right", name=TITLE)


def ensure_trace(client: Client) -> tuple[int, str]:
    """Make the field for what ``balie trace`` takes; return its id and what was done."""
    known = next((one for one in _all(client) if one.get("title") == TRACE_TITLE), None)
    if known is None:
        field = {"type": _WORDS, "title": TRACE_TITLE}
        made = client.write("POST", "/ticket_fields", {"ticket_field": field}).get("ticket_field")
        return _id(made), tell(client.ctx, "made", name=TRACE_TITLE)
    if known.get("type") != _WORDS or known.get("active") is False:
        raise PermanentError(tell(client.ctx, "words_field_off", name=TRACE_TITLE))
    return _id(known), tell(client.ctx, "right", name=TRACE_TITLE)


def _options(there: list[Mapping[str, Any]] | tuple[()]) -> list[dict[str, Any]]:
    """Return what is there and what is missing: what is not sent, Zendesk takes away."""
    kept = [{name: one[name] for name in ("id", "name", "value") if name in one} for one in there]
    values = {one.get("value") for one in kept}
    return kept + [
        {"name": name.replace("_", " "), "value": PREFIX + name}
        for name in DELIVERY
        if PREFIX + name not in values
    ]


def _all(client: Client) -> list[dict[str, Any]]:
    return [
        one
        for page in client.pages("/ticket_fields")
        for one in records.listed(page, "ticket_fields")
        if isinstance(one, dict)
    ]


def _id(field: object) -> int:
    found = field.get("id") if isinstance(field, Mapping) else None
    if not isinstance(found, int) or isinstance(found, bool):
        raise PermanentError("Zendesk does not tell the field's id.")
    return found
