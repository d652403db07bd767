"""The kinds of simple records, as the OpenAPI file of March 2024 describes them."""

import re
from typing import Any

from balie_sandbox.zendesk import fields
from balie_sandbox.zendesk.errors import Json, wrong_type
from balie_sandbox.zendesk.tickets.model import STATUSES

from .model import Column, Kind

FIELD_TYPES = (
    "text",
    "textarea",
    "checkbox",
    "date",
    "integer",
    "decimal",
    "regexp",
    "partialcreditcard",
    "multiselect",
    "tagger",
    "dropdown",
    "lookup",
    "subject",
    "description",
    "status",
    "tickettype",
    "priority",
    "group",
    "assignee",
    "custom_status",
)


def number(data: Json, name: str) -> int | None:
    return fields.identifier(data, name)


def id_list(data: Json, name: str) -> list[int]:
    value = data.get(name) or []
    if not isinstance(value, list) or not all(type(one) is int for one in value):
        raise wrong_type(name, "a list of ids")
    return value


def words(data: Json, name: str) -> list[str]:
    value = data.get(name) or []
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise wrong_type(name, "a list of strings")
    return value


def field_type(data: Json, name: str) -> str | None:
    return fields.choice(data, name, FIELD_TYPES)


def category(data: Json, name: str) -> str | None:
    return fields.choice(data, name, STATUSES[:5])


def pattern(data: Json, name: str) -> str | None:
    found = fields.text(data, name)
    try:
        re.compile(found or "")
    except re.error:
        raise wrong_type(name, "a regular expression") from None
    return found


def actions(data: Json, name: str) -> list[Json]:
    """What a macro does, each action with its field and its value."""
    return [
        row | {"field": fields.text(row, "field") or "", "value": fields.rule_value(row, "value")}
        for row in fields.rows(data, name) or []
    ]


def anything(data: Json, name: str) -> Any:
    return data.get(name)


TEXT, FLAG = Column(fields.text), Column(fields.flag, default=True)
OFF = Column(fields.flag, default=False)
EMPTY = Column(fields.text, "")
NUMBER = Column(number)
MAP, ROWS = Column(fields.mapping, {}), Column(fields.rows, [])
TAGS, IDS, WORDS = Column(fields.tag_list, []), Column(id_list, []), Column(words, [])

ORGANIZATIONS = Kind(
    "organizations",
    "organization",
    {
        "name": TEXT,
        "external_id": TEXT,
        "domain_names": WORDS,
        "details": TEXT,
        "notes": TEXT,
        "group_id": NUMBER,
        "shared_tickets": OFF,
        "shared_comments": OFF,
        "tags": TAGS,
        "organization_fields": MAP,
    },
    required=("name",),
    unique=("name", "external_id"),
)
ORGANIZATION_MEMBERSHIPS = Kind(
    "organization_memberships",
    "organization_membership",
    {"user_id": NUMBER, "organization_id": NUMBER, "default": FLAG, "view_tickets": FLAG},
    required=("user_id", "organization_id"),
)
GROUPS = Kind(
    "groups",
    "group",
    {"name": TEXT, "description": EMPTY, "is_public": FLAG, "default": OFF, "deleted": OFF},
    required=("name",),
    unique=("name",),
)
GROUP_MEMBERSHIPS = Kind(
    "group_memberships",
    "group_membership",
    {"user_id": NUMBER, "group_id": NUMBER, "default": FLAG},
    required=("user_id", "group_id"),
)
BRANDS = Kind(
    "brands",
    "brand",
    {
        "name": TEXT,
        "subdomain": TEXT,
        "brand_url": TEXT,
        "has_help_center": OFF,
        "help_center_state": Column(fields.text, "disabled"),
        "active": FLAG,
        "default": OFF,
        "is_deleted": OFF,
        "logo": Column(anything),
        "ticket_form_ids": IDS,
        "signature_template": Column(fields.text, "{{agent.signature}}"),
    },
    required=("name", "subdomain"),
    unique=("subdomain",),
)


def _raw_titles(values: Json) -> Json:
    return {"raw_title": values["title"], "raw_description": values["description"]}


_FIELD_COLUMNS = {
    "type": Column(field_type),
    "title": TEXT,
    "description": EMPTY,
    "position": Column(number, 9999),
    "active": FLAG,
    "custom_field_options": ROWS,
    "regexp_for_validation": Column(pattern),
    "tag": TEXT,
}


def _ticket_field(values: Json) -> Json:
    return _raw_titles(values) | {
        "raw_title_in_portal": values["title_in_portal"],
        "removable": values["type"] in FIELD_TYPES[:12],
    }


TICKET_FIELDS = Kind(
    "ticket_fields",
    "ticket_field",
    {
        **_FIELD_COLUMNS,
        "required": OFF,
        "collapsed_for_agents": OFF,
        "title_in_portal": EMPTY,
        "visible_in_portal": OFF,
        "editable_in_portal": OFF,
        "required_in_portal": OFF,
        "agent_description": EMPTY,
    },
    required=("type", "title"),
    derive=_ticket_field,
)
USER_FIELDS = Kind(
    "user_fields",
    "user_field",
    {**_FIELD_COLUMNS, "key": TEXT, "system": OFF},
    required=("type", "title", "key"),
    unique=("key",),
    derive=_raw_titles,
)


def _form_names(values: Json) -> Json:
    return {"raw_name": values["name"], "raw_display_name": values["display_name"]}


TICKET_FORMS = Kind(
    "ticket_forms",
    "ticket_form",
    {
        "name": TEXT,
        "display_name": EMPTY,
        "position": Column(number, 1),
        "active": FLAG,
        "default": OFF,
        "end_user_visible": OFF,
        "in_all_brands": FLAG,
        "ticket_field_ids": IDS,
        "restricted_brand_ids": IDS,
        "agent_conditions": ROWS,
        "end_user_conditions": ROWS,
    },
    required=("name",),
    derive=_form_names,
)


def _raw_labels(values: Json) -> Json:
    names = ("agent_label", "end_user_label", "description", "end_user_description")
    return {f"raw_{name}": values[name] for name in names}


CUSTOM_STATUSES = Kind(
    "custom_statuses",
    "custom_status",
    {
        "status_category": Column(category),
        "agent_label": TEXT,
        "end_user_label": EMPTY,
        "description": EMPTY,
        "end_user_description": EMPTY,
        "active": FLAG,
        "default": OFF,
    },
    required=("status_category", "agent_label"),
    derive=_raw_labels,
)
MACROS = Kind(
    "macros",
    "macro",
    {
        "title": TEXT,
        "description": TEXT,
        "active": FLAG,
        "default": OFF,
        "position": Column(number, 1),
        "restriction": Column(anything),
        "actions": Column(actions, []),
    },
    required=("title", "actions"),
)
SCHEDULES = Kind(
    "business_hours/schedules",
    "schedule",
    {"name": TEXT, "time_zone": Column(fields.text, "Europe/Amsterdam"), "intervals": ROWS},
    required=("name",),
    rows="schedules",
)
HOLIDAYS = Kind(
    "holidays",
    "holiday",
    {"schedule_id": NUMBER, "name": TEXT, "start_date": TEXT, "end_date": TEXT},
    required=("name", "start_date", "end_date"),
)
SLA_POLICIES = Kind(
    "slas/policies",
    "sla_policy",
    {
        "title": TEXT,
        "description": EMPTY,
        "position": Column(number, 1),
        "filter": MAP,
        "policy_metrics": ROWS,
    },
    required=("title",),
    rows="sla_policies",
)
ARTICLES = Kind(
    "help_center/articles",
    "article",
    {
        "title": TEXT,
        "body": EMPTY,
        "locale": Column(fields.text, "en-us"),
        "label_names": WORDS,
        "section_id": NUMBER,
        "html_url": EMPTY,
        "vote_sum": Column(number, 0),
        "draft": OFF,
    },
    required=("title",),
    rows="articles",
)


def _view_conditions(values: Json) -> Json:
    if values["conditions"]:
        return {}
    return {"conditions": {"all": values["all"], "any": values["any"]}}


VIEWS = Kind(
    "views",
    "view",
    {
        "title": TEXT,
        "description": EMPTY,
        "active": FLAG,
        "default": OFF,
        "position": Column(number, 1),
        "restriction": Column(anything),
        "conditions": MAP,
        "execution": MAP,
        "all": ROWS,
        "any": ROWS,
    },
    required=("title",),
    derive=_view_conditions,
)
SIDE_CONVERSATIONS = Kind(
    "side_conversations",
    "side_conversation",
    {
        "ticket_id": NUMBER,
        "subject": TEXT,
        "preview_text": EMPTY,
        "state": Column(fields.text, "open"),
        "participants": ROWS,
        "external_ids": MAP,
    },
)
SATISFACTION_RATINGS = Kind(
    "satisfaction_ratings",
    "satisfaction_rating",
    {
        "ticket_id": NUMBER,
        "requester_id": NUMBER,
        "assignee_id": NUMBER,
        "group_id": NUMBER,
        "score": Column(fields.text, "offered"),
        "comment": EMPTY,
        "reason": EMPTY,
    },
)
