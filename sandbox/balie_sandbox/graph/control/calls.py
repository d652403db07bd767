"""Calls.

``POST /control/whatsapp/calls`` ``{"from": "+31655501234", "to"?, "cta_payload"?,
"deeplink_payload"?, "name"?}`` lets a customer call (connect); returns ``{"id": "wacid..."}``.
``GET /control/whatsapp/calls/<id>`` returns ``{"id", "from", "direction", "state"}`` with
``state`` ringing, accepted or ended. ``POST /control/whatsapp/calls/<id>/terminate``
``{"error"?: 138021}`` ends it from the customer's side.
``POST /control/whatsapp/calls/<id>/answer`` ``{"accept": false}`` answers a call that the business
began.
"""

from typing import Any

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from marshmallow import RAISE, Schema, fields

from balie_sandbox.bad_input import BadInput, json_object, load
from balie_sandbox.graph.account import GraphAccount
from balie_sandbox.graph.calling.actions import answer, hang_up, ring
from balie_sandbox.graph.calling.model import Call

from .finding import number_named, phone_named


class CallSchema(Schema):
    """The body of POST /control/whatsapp/calls."""

    class Meta:
        unknown = RAISE

    from_ = fields.String(required=True, data_key="from")
    to = fields.String()
    name = fields.String()
    cta_payload = fields.String()
    deeplink_payload = fields.String()


class EndSchema(Schema):
    """The body of .../terminate."""

    class Meta:
        unknown = RAISE

    error = fields.Integer()


class AnswerSchema(Schema):
    """The body of .../answer."""

    class Meta:
        unknown = RAISE

    accept = fields.Boolean(load_default=True)


def add_routes(blueprint: Blueprint, account: GraphAccount) -> None:
    """Add the routes of calls."""

    def find(call_id: str) -> Call:
        if call_id not in account.calls:
            raise BadInput(f"There is no call {call_id}.")
        return account.calls[call_id]

    @blueprint.post("/calls")
    def call() -> ResponseReturnValue:
        asked = load(CallSchema(), json_object())
        phone = phone_named(account, asked["from_"])
        phone.name = asked.get("name", phone.name)
        payloads = ("cta_payload", "deeplink_payload")
        more: dict[str, Any] = {key: asked[key] for key in payloads if key in asked}
        made = ring(account, phone, number_named(account, asked.get("to")), more)
        return jsonify(as_json(made))

    @blueprint.get("/calls/<call_id>")
    def look(call_id: str) -> ResponseReturnValue:
        return jsonify(as_json(find(call_id)))

    @blueprint.post("/calls/<call_id>/terminate")
    def terminate(call_id: str) -> ResponseReturnValue:
        found = find(call_id)
        hang_up(account, found, load(EndSchema(), json_object()).get("error"))
        return jsonify(as_json(found))

    @blueprint.post("/calls/<call_id>/answer")
    def take(call_id: str) -> ResponseReturnValue:
        found = find(call_id)
        if found.direction != "BUSINESS_INITIATED" or found.state != "ringing":
            raise BadInput("Only a ringing call of the business can be answered.")
        answer(account, found, accept=load(AnswerSchema(), json_object())["accept"])
        return jsonify(as_json(found))


def as_json(call: Call) -> dict[str, Any]:
    """Return a call."""
    return {
        "id": call.id,
        "from": call.wa_id,
        "direction": call.direction,
        "state": call.state,
        "phone_number_id": call.number_id,
    }
