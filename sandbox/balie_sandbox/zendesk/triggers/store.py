"""The account's triggers, and what makes a sent trigger acceptable."""

from typing import Any

from balie_sandbox.zendesk import defaults, fields
from balie_sandbox.zendesk.clock_source import ClockSource
from balie_sandbox.zendesk.errors import Json, blank, invalid, not_found

from .conditions import operators_of
from .model import Action, Condition, Trigger

ACTION_FIELDS = (
    "status",
    "priority",
    "type",
    "group_id",
    "assignee_id",
    "set_tags",
    "current_tags",
    "remove_tags",
    "notification_webhook",
    "notification_user",
)


class TriggerStore:
    """Triggers by id, listed by position."""

    def __init__(self, source: ClockSource) -> None:
        self._source = source
        self._triggers: dict[int, Trigger] = {}

    def listed(self) -> list[Trigger]:
        return sorted(self._triggers.values(), key=lambda one: (one.position, one.id))

    def get(self, trigger_id: int) -> Trigger:
        """Raises ApiError (404)."""
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            raise not_found()
        return trigger

    def create(self, data: Json) -> Trigger:
        """Raises ApiError (422)."""
        title = fields.text(data, "title")
        if not title:
            raise blank("title")
        actions = _actions(data)
        if not actions:
            raise invalid("actions", "Actions: cannot be blank", "BlankValue")
        when_all, when_any = read_conditions(data)
        now = self._source.now()
        last = max((one.position for one in self._triggers.values()), default=0)
        trigger = Trigger(
            self._source.new_id(),
            title,
            fields.identifier(data, "position") or last + 1,
            fields.text(data, "category_id") or defaults.TRIGGER_CATEGORY_ID,
            now,
            now,
            fields.flag(data, "active") is not False,
            fields.text(data, "description"),
            when_all,
            when_any,
            actions,
        )
        self._triggers[trigger.id] = trigger
        return trigger

    def update(self, trigger: Trigger, data: Json) -> Trigger:
        """Conditions and actions are replaced as a whole where sent. Raises ApiError (422)."""
        title = fields.text(data, "title") if "title" in data else trigger.title
        if not title:
            raise blank("title")
        actions = _actions(data) or trigger.actions
        if {"conditions", "all", "any"} & set(data):
            trigger.when_all, trigger.when_any = read_conditions(data)
        trigger.title, trigger.actions = title, actions
        active = fields.flag(data, "active")
        trigger.active = trigger.active if active is None else active
        trigger.position = fields.identifier(data, "position") or trigger.position
        trigger.description = fields.text(data, "description") or trigger.description
        trigger.updated_at = self._source.now()
        return trigger

    def delete(self, trigger: Trigger) -> None:
        del self._triggers[trigger.id]


def read_conditions(data: Json) -> tuple[list[Condition], list[Condition]]:
    """From `conditions`, or from `all` and `any` at the top, which Zendesk takes as well."""
    source = fields.mapping(data, "conditions") or data
    return _condition_rows(source, "all"), _condition_rows(source, "any")


def _condition_rows(source: Json, name: str) -> list[Condition]:
    found = []
    for row in fields.rows(source, name) or []:
        field, operator = fields.text(row, "field") or "", fields.text(row, "operator") or ""
        if operator not in operators_of(field):
            text = f"Conditions: {field} {operator} is not a condition of triggers"
            raise invalid("conditions", text[:200], "InvalidValue")
        found.append(Condition(field, operator, fields.rule_value(row, "value")))
    return found


def _actions(data: Json) -> list[Action]:
    found = []
    for row in fields.rows(data, "actions") or []:
        field = fields.text(row, "field") or ""
        value = fields.rule_value(row, "value")
        if field not in ACTION_FIELDS and not field.startswith("custom_fields_"):
            text = f"Actions: {field} is not an action of triggers"
            raise invalid("actions", text[:200], "InvalidValue")
        if field == "notification_webhook" and not _is_call(value):
            raise invalid("actions", "Actions: a webhook needs its id and a body", "InvalidValue")
        found.append(Action(field, value))
    return found


def _is_call(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(isinstance(v, str) for v in value)
