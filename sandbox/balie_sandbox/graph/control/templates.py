"""Templates: made without a review, and what Meta's reviewers decide.

``POST /control/whatsapp/templates`` ``{"name", "language": "nl", "category": "UTILITY",
"components": [...], "status": "APPROVED", "parameter_format"?, "waba_id"?}`` makes a template at
once and tells nobody; a short form is ``{"name", "body": "Hallo {{1}}, ...", "header"?,
"footer"?, "buttons"?: ["Ja", {"type": "URL", ...}]}``. Returns the template with its ``id``.

``GET /control/whatsapp/templates`` returns ``{"templates": [...]}``.

``POST /control/whatsapp/templates/<id>`` changes one, with its webhook: ``{"status": "APPROVED" |
"REJECTED" | "PAUSED" | "DISABLED" | "FLAGGED" | "PENDING_DELETION" | ..., "reason"?, "event"?}``,
``{"quality": "RED"}``, ``{"category": "MARKETING", "later"?: true}``, ``{"components": [...]}``.

The review of templates that are made by the API is a switch: settings ``review`` and
``review_seconds`` (set_up.py).
"""

from typing import Any

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from marshmallow import RAISE, Schema, fields, validate

from balie_sandbox.bad_input import BadInput, json_object, load
from balie_sandbox.graph.account import GraphAccount
from balie_sandbox.graph.errors import GraphError
from balie_sandbox.graph.message_templates.edges import as_json
from balie_sandbox.graph.message_templates.model import Template
from balie_sandbox.graph.message_templates.review import (
    set_category,
    set_quality,
    set_status,
    tell_components,
)
from balie_sandbox.graph.message_templates.rules import CATEGORIES, checked_components

from .finding import waba_named


class NewTemplateSchema(Schema):
    """The body of POST /control/whatsapp/templates."""

    class Meta:
        unknown = RAISE

    name = fields.String(required=True, validate=validate.Regexp(r"[a-z0-9_]{1,512}$"))
    language = fields.String(load_default="nl")
    category = fields.String(load_default="UTILITY", validate=validate.OneOf(CATEGORIES))
    status = fields.String(load_default="APPROVED")
    parameter_format = fields.String(
        load_default="POSITIONAL", validate=validate.OneOf(["POSITIONAL", "NAMED"])
    )
    waba_id = fields.String()
    components = fields.List(fields.Dict())
    header = fields.String()
    body = fields.String()
    footer = fields.String()
    buttons = fields.List(fields.Raw())


class DecisionSchema(Schema):
    """The body of POST /control/whatsapp/templates/<id>."""

    class Meta:
        unknown = RAISE

    status = fields.String(validate=validate.Length(1, 50))
    event = fields.String()
    reason = fields.String()
    quality = fields.String(validate=validate.OneOf(["GREEN", "YELLOW", "RED", "UNKNOWN"]))
    category = fields.String(validate=validate.OneOf(CATEGORIES))
    later = fields.Boolean(load_default=False)
    components = fields.List(fields.Dict())


def add_routes(blueprint: Blueprint, account: GraphAccount) -> None:
    """Add the routes of templates."""

    @blueprint.get("/templates")
    def list_templates() -> ResponseReturnValue:
        return jsonify(templates=[as_json(one) for one in account.templates.values()])

    @blueprint.post("/templates")
    def make() -> ResponseReturnValue:
        asked = load(NewTemplateSchema(), json_object())
        template = Template(
            account.ids.numeric(16),
            waba_named(account, asked.get("waba_id")).id,
            asked["name"],
            asked["language"],
            asked["category"],
            components_in(asked),
            account.clock.now(),
            parameter_format=asked["parameter_format"],
            status=asked["status"],
            was_approved=asked["status"] == "APPROVED",
        )
        account.templates[template.id] = template
        return jsonify(as_json(template))

    @blueprint.post("/templates/<template_id>")
    def decide(template_id: str) -> ResponseReturnValue:
        template = account.templates.get(template_id)
        if template is None:
            raise BadInput(f"There is no template {template_id}.")
        carry_out(account, template, load(DecisionSchema(), json_object()))
        return jsonify(as_json(template))


def components_in(asked: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the components, given as such or in short. Raises BadInput."""
    given: list[dict[str, Any]] = asked.get("components", [])
    if not given and "body" in asked:
        given = [
            {"type": key.upper(), "text": asked[key]}
            for key in ("header", "body", "footer")
            if key in asked
        ]
        if "buttons" in asked:
            buttons = [
                one if isinstance(one, dict) else {"type": "QUICK_REPLY", "text": str(one)}
                for one in asked["buttons"]
            ]
            given.append({"type": "BUTTONS", "buttons": buttons})
    try:
        return checked_components(given, asked.get("category", "UTILITY"))
    except GraphError as error:
        raise BadInput(f"components: {error.user_title}. {error.user_message}") from error


def carry_out(account: GraphAccount, template: Template, asked: dict[str, Any]) -> None:
    """Change what was asked for and send its webhooks."""
    if "components" in asked:
        template.components = components_in(asked)
        tell_components(account, template)
    if "category" in asked:
        set_category(account, template, asked["category"], later=asked["later"])
    if "quality" in asked:
        set_quality(account, template, asked["quality"])
    if "status" in asked:
        event, reason = asked.get("event"), asked.get("reason")
        set_status(account, template, asked["status"], event=event, reason=reason)
