"""Whether a trigger's conditions hold for a change of a ticket (reference 4.5)."""

import re
from collections.abc import Callable
from typing import Any

from balie_sandbox.zendesk.tickets.change import Change
from balie_sandbox.zendesk.tickets.model import STATUSES, VIA_IDS, Ticket

from .model import Condition, Trigger

IS_OPERATORS = ("is", "is_not")
CHANGE_OPERATORS = (
    "changed",
    "not_changed",
    "value",
    "not_value",
    "value_previous",
    "not_value_previous",
)
ORDER_OPERATORS = ("less_than", "greater_than")
WORD_OPERATORS = ("includes", "not_includes", "is", "is_not")

FIELD_OPERATORS: dict[str, tuple[str, ...]] = {
    "status": (*IS_OPERATORS, *ORDER_OPERATORS, *CHANGE_OPERATORS),
    "priority": (*IS_OPERATORS, *ORDER_OPERATORS, *CHANGE_OPERATORS),
    "type": (*IS_OPERATORS, *CHANGE_OPERATORS),
    "group_id": (*IS_OPERATORS, *CHANGE_OPERATORS),
    "assignee_id": (*IS_OPERATORS, *CHANGE_OPERATORS),
    "requester_id": (*IS_OPERATORS, *CHANGE_OPERATORS),
    "organization_id": (*IS_OPERATORS, *CHANGE_OPERATORS),
    "brand_id": (*IS_OPERATORS, *CHANGE_OPERATORS),
    "ticket_form_id": (*IS_OPERATORS, *CHANGE_OPERATORS),
    "custom_status_id": (*IS_OPERATORS, *CHANGE_OPERATORS),
    "satisfaction_score": (*IS_OPERATORS, *CHANGE_OPERATORS),
    "replies": (*IS_OPERATORS, *ORDER_OPERATORS),
    "reopens": (*IS_OPERATORS, *ORDER_OPERATORS),
    "current_tags": ("includes", "not_includes"),
    "via_id": IS_OPERATORS,
    "current_via_id": IS_OPERATORS,
    "update_type": IS_OPERATORS,
    "comment_is_public": IS_OPERATORS,
    "ticket_is_public": IS_OPERATORS,
    "role": IS_OPERATORS,
    "subject_includes_word": WORD_OPERATORS,
    "comment_includes_word": WORD_OPERATORS,
}
#: What each negative operator denies.
_POSITIVE = {
    "is_not": "is",
    "not_includes": "includes",
    "not_changed": "changed",
    "not_value": "value",
    "not_value_previous": "value_previous",
    "not_present": "present",
}
PRIORITIES_UP = ("low", "normal", "high", "urgent")
CUSTOM_FIELD = "custom_fields_"


def operators_of(name: str) -> tuple[str, ...]:
    """The operators a field takes; none means that there is no such field."""
    if re.fullmatch(rf"{CUSTOM_FIELD}\d+", name):
        return (*IS_OPERATORS, *CHANGE_OPERATORS, "present", "not_present")
    return FIELD_OPERATORS.get(name, ())


def trigger_holds(trigger: Trigger, change: Change) -> bool:
    return all(holds(one, change) for one in trigger.when_all) and (
        not trigger.when_any or any(holds(one, change) for one in trigger.when_any)
    )


def holds(condition: Condition, change: Change) -> bool:
    special = _SPECIAL.get(condition.field)
    if special is None:
        return _field_holds(condition, change)
    result = special(str(_plain(condition.value)), change)
    return result != (condition.operator in _POSITIVE)


def _field_holds(condition: Condition, change: Change) -> bool:
    name = condition.field
    operator = _POSITIVE.get(condition.operator, condition.operator)
    now, before = _values(name, change)
    wanted = _wanted(condition, change)
    changed = _changed(name, change)
    result = {
        "is": now == wanted,
        "less_than": _in_order(name, now, wanted, "less_than"),
        "greater_than": _in_order(name, now, wanted, "greater_than"),
        "changed": changed,
        "value": changed and now == wanted,
        "value_previous": changed and before == wanted,
        "present": bool(now),
    }[operator]
    return result != (condition.operator in _POSITIVE)


def _values(name: str, change: Change) -> tuple[str, str]:
    ticket, key = change.ticket, name.removeprefix(CUSTOM_FIELD)
    if key != name:
        now = ticket.custom_fields.get(int(key))
        return _plain(now), _plain(change.before.get(key, now))
    if name in _COUNTS:
        return _plain(_COUNTS[name](ticket)), ""
    if name == "satisfaction_score":
        now, before = ticket.satisfaction_rating, change.before.get("satisfaction_rating")
        return _score(now), _score(before)
    now = getattr(ticket, name)
    return _plain(now), _plain(change.before.get(name, now))


def _changed(name: str, change: Change) -> bool:
    if name == "satisfaction_score":
        return "satisfaction_rating" in change.before
    return name.removeprefix(CUSTOM_FIELD) in change.before


def _score(rating: dict[str, Any] | None) -> str:
    return str(rating["score"]) if rating else "unoffered"


def _replies(ticket: Ticket) -> int:
    """Public comments of staff."""
    return sum(one.public and one.author_id != ticket.requester_id for one in ticket.comments)


def _reopens(ticket: Ticket) -> int:
    events = [event for audit in ticket.audits for event in audit.events]
    return sum(
        event.get("previous_value") == "solved" and event.get("value") == "open"
        for event in events
        if event.get("field_name") == "status"
    )


_COUNTS = {"replies": _replies, "reopens": _reopens}


def _wanted(condition: Condition, change: Change) -> str:
    value = _plain(condition.value)
    people = {
        "current_user": change.actor.user.id,
        "requester_id": change.ticket.requester_id,
        "assignee_id": change.ticket.assignee_id,
    }
    return _plain(people[value]) if condition.field.endswith("_id") and value in people else value


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value).lower()


def _in_order(name: str, now: str, wanted: str, operator: str) -> bool:
    if name in _COUNTS:
        sign = 1 if operator == "greater_than" else -1
        return wanted.isdigit() and (int(now) - int(wanted)) * sign > 0
    order = STATUSES if name == "status" else PRIORITIES_UP
    if now not in order or wanted not in order:
        return False
    if operator == "less_than":
        return order.index(now) < order.index(wanted)
    return order.index(now) > order.index(wanted)


def _tags(wanted: str, change: Change) -> bool:
    return any(tag in change.ticket.tags for tag in wanted.split())


def _via(channel: str) -> Callable[[str], bool]:
    names = {channel, str(VIA_IDS.get(channel, ""))}
    if channel == "api":
        names.add("web_service")
    return lambda wanted: wanted in names


def _created_through(wanted: str, change: Change) -> bool:
    return _via(change.ticket.via.channel)(wanted)


def _updated_through(wanted: str, change: Change) -> bool:
    is_merge = change.audit.via.rel == "merge"
    return _via("merge" if is_merge else change.actor.channel)(wanted)


def _update_type(wanted: str, change: Change) -> bool:
    return wanted == ("create" if change.is_create else "change")


def _comment_kind(wanted: str, change: Change) -> bool:
    comment = change.comment
    if comment is None:
        return False
    if wanted == "not_relevant":
        return True
    return comment.public if wanted in ("true", "requester_can_see_comment") else not comment.public


def _ticket_kind(wanted: str, change: Change) -> bool:
    return wanted == ("public" if change.ticket.is_public else "private")


def _role(wanted: str, change: Change) -> bool:
    """The role of who writes, which for an API call is the API user, not the comment's author."""
    user = change.actor.user
    if wanted in ("agent", "end_user"):
        return user.is_staff == (wanted == "agent")
    return wanted == str(user.id)


def _includes(text: str, wanted: str) -> bool:
    words = re.findall(r"\w+", text.lower())
    return any(word in words for word in wanted.split())


def _subject_word(wanted: str, change: Change) -> bool:
    return _includes(change.ticket.subject, wanted)


def _comment_word(wanted: str, change: Change) -> bool:
    return change.comment is not None and _includes(change.comment.body, wanted)


_SPECIAL: dict[str, Callable[[str, Change], bool]] = {
    "current_tags": _tags,
    "via_id": _created_through,
    "current_via_id": _updated_through,
    "update_type": _update_type,
    "comment_is_public": _comment_kind,
    "ticket_is_public": _ticket_kind,
    "role": _role,
    "subject_includes_word": _subject_word,
    "comment_includes_word": _comment_word,
}
