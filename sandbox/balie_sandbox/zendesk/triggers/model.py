"""A trigger: conditions, and what is done when they hold."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from balie_sandbox.zendesk.errors import Json
from balie_sandbox.zendesk.timestamps import stamp


@dataclass(frozen=True, slots=True)
class Condition:
    """For instance status / less_than / closed."""

    field: str
    operator: str
    value: Any

    def as_json(self) -> Json:
        return {"field": self.field, "operator": self.operator, "value": self.value}


@dataclass(frozen=True, slots=True)
class Action:
    """For instance notification_webhook / [webhook id, body]."""

    field: str
    value: Any

    def as_json(self) -> Json:
        return {"field": self.field, "value": self.value}


@dataclass(slots=True)
class Trigger:
    """All of `when_all` and one of `when_any` (if there are any) must hold."""

    id: int
    title: str
    position: int
    category_id: str
    created_at: datetime
    updated_at: datetime
    active: bool = True
    description: str | None = None
    when_all: list[Condition] = field(default_factory=list)
    when_any: list[Condition] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)


def trigger_json(trigger: Trigger, api: str) -> Json:
    return {
        "url": f"{api}/triggers/{trigger.id}.json",
        "id": trigger.id,
        "title": trigger.title,
        "raw_title": trigger.title,
        "active": trigger.active,
        "default": False,
        "position": trigger.position,
        "category_id": trigger.category_id,
        "description": trigger.description,
        "created_at": stamp(trigger.created_at),
        "updated_at": stamp(trigger.updated_at),
        "conditions": {
            "all": [one.as_json() for one in trigger.when_all],
            "any": [one.as_json() for one in trigger.when_any],
        },
        "actions": [one.as_json() for one in trigger.actions],
    }
