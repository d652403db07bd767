"""Custom fields and custom statuses of tickets, as the account defines them."""

import re
from typing import Any

from balie_sandbox.zendesk import fields
from balie_sandbox.zendesk.errors import Json, invalid
from balie_sandbox.zendesk.records.catalog import Catalog
from balie_sandbox.zendesk.records.model import Record
from balie_sandbox.zendesk.settings import AccountSettings

from .change import Change
from .tagging import with_tags

#: Fields whose values are tags of the ticket as well.
LISTS = ("tagger", "dropdown", "multiselect")
#: Types that are not a custom field.
SYSTEM = (
    "subject",
    "description",
    "status",
    "tickettype",
    "priority",
    "group",
    "assignee",
    "custom_status",
)
PATTERNS = {"integer": r"-?\d+", "decimal": r"-?\d+(\.\d+)?", "date": r"\d{4}-\d{2}-\d{2}"}


class CustomValues:
    """Judges and writes values. A field the account does not define is taken as it comes, unless
    the setting `strict_fields` has it passed over, as Zendesk does."""

    def __init__(self, catalog: Catalog, settings: AccountSettings) -> None:
        self._catalog = catalog
        self._settings = settings

    def blank_fields(self) -> dict[int, Any]:
        """What a new ticket shows: every active custom field, empty."""
        return {
            one.id: False if one.values["type"] == "checkbox" else None
            for one in self._catalog.ticket_fields
            if one.values["active"] and one.values["type"] not in SYSTEM
        }

    def check(self, data: Json) -> None:
        """Raises ApiError (422) on a value that its field does not take."""
        for row in self._rows(data):
            known = self._catalog.ticket_fields.find(fields.identifier(row, "id"))
            value = row.get("value")
            if known and value not in (None, "", []) and not _fits(known, value):
                text = f"{known.values['title']}: {str(value)[:60]} is not a valid value"
                raise invalid(f"ticket_field_{known.id}", text, "InvalidValue")

    def apply(self, change: Change, data: Json) -> None:
        for row in self._rows(data):
            key = fields.identifier(row, "id")
            known = self._catalog.ticket_fields.find(key)
            if key is None or (known is None and self._settings.strict_fields):
                continue
            old, new = change.ticket.custom_fields.get(key), row.get("value")
            if old != new or key not in change.ticket.custom_fields:
                change.ticket.custom_fields[key] = new
                change.note(str(key), old, new)
            if known:
                tags = with_tags(change.ticket.tags, [], _tags(known, old))
                change.set("tags", with_tags(tags, _tags(known, new), []))

    def status_of(self, data: Json) -> str | None:
        """The category of the custom status sent, which goes before a status."""
        found = self._catalog.custom_statuses.find(fields.identifier(data, "custom_status_id"))
        return str(found.values["status_category"]) if found else None

    def apply_status(self, change: Change, data: Json) -> None:
        """A custom status stays until the ticket has another category."""
        found = self._catalog.custom_statuses.find(fields.identifier(data, "custom_status_id"))
        if found:
            key = None if found.values["default"] else found.id
            change.set("custom_status_id", key)
        elif "status" in data:
            change.set("custom_status_id", None)

    def _rows(self, data: Json) -> list[Json]:
        # Clients that send back what they read send both; the first is the one they changed.
        name = "custom_fields" if "custom_fields" in data else "fields"
        return fields.rows(data, name) or []


def _fits(field: Record, value: Any) -> bool:
    kind = field.values["type"]
    if kind in LISTS:
        known = {option.get("value") for option in field.values["custom_field_options"]}
        return all(one in known for one in (value if isinstance(value, list) else [value]))
    if kind == "checkbox":
        return str(value).lower() in ("true", "false", "1", "0")
    pattern = field.values["regexp_for_validation"] if kind == "regexp" else PATTERNS.get(kind)
    return pattern is None or re.fullmatch(pattern, str(value)) is not None


def _tags(field: Record, value: Any) -> list[str]:
    kind = field.values["type"]
    if kind == "checkbox":
        is_on = str(value).lower() in ("true", "1")
        return [str(field.values["tag"])] if is_on and field.values["tag"] else []
    if kind not in LISTS or value in (None, "", []):
        return []
    return [str(one) for one in (value if isinstance(value, list) else [value])]
