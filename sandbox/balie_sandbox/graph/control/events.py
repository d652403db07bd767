"""What happens to accounts and numbers.

``POST /control/whatsapp/events`` ``{"field": "account_update", "event"?: "DISABLED_UPDATE",
"value"?: {...}, "to"?: phone number id, "entry_id"?}`` sends the webhook of a field with a
plausible value, over which ``value`` is put, and brings along what follows (a ban refuses sends,
a new limit is shown). Returns ``{"apps", "value"}``.

Fields with an example: ``account_update`` (events: ``GET /control/whatsapp/events`` lists them),
``phone_number_quality_update``, ``phone_number_name_update``, ``account_review_update``,
``account_alerts``, ``business_capability_update``, ``security``, ``payment_configuration_update``,
``partner_solutions``, ``business_status_update``, ``flows``, ``automatic_events``,
``business_username_updates``, ``message_template_status_update``,
``message_template_quality_update``, ``template_category_update``, ``messaging_handovers``; any
other with ``value``. They go to the app's own callback, whatever override a number has.
"""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from marshmallow import RAISE, Schema, fields, validate

from balie_sandbox.bad_input import BadInput, json_object, load
from balie_sandbox.graph.account import GraphAccount
from balie_sandbox.graph.events.account_updates import ACCOUNT_UPDATES
from balie_sandbox.graph.events.happening import happen
from balie_sandbox.graph.events.samples import SAMPLES

from .finding import number_named


class EventSchema(Schema):
    """The body of POST /control/whatsapp/events."""

    class Meta:
        unknown = RAISE

    field = fields.String(required=True, validate=validate.Length(1, 100))
    event = fields.String(validate=validate.Length(1, 100))
    value = fields.Dict(keys=fields.String())
    to = fields.String()
    entry_id = fields.String()


def add_routes(blueprint: Blueprint, account: GraphAccount) -> None:
    """Add the routes of events."""

    @blueprint.get("/events")
    def list_events() -> ResponseReturnValue:
        return jsonify(fields=["account_update", *SAMPLES], account_update=list(ACCOUNT_UPDATES))

    @blueprint.post("/events")
    def make_happen() -> ResponseReturnValue:
        asked = load(EventSchema(), json_object())
        value, apps = happen(account, number_named(account, asked.get("to")), asked)
        if value is None:
            raise BadInput("There is no example of this field and event; give a value.")
        return jsonify(apps=apps, value=value)
