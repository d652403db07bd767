"""A number that is used in the WhatsApp Business app as well.

Switch it on by ``POST /control/whatsapp/numbers/<id>`` ``{"coexists": true}``.

``POST /control/whatsapp/echoes`` takes the body of ``messages`` (writing.py), but ``from`` is the
customer the business writes to from its app: ``{"from": "+31655501234", "text": "Ja hoor"}``.

``POST /control/whatsapp/past`` ``{"messages": [{"with": "+31655501234", "from_business": true,
"type"?, "text" | <type>..., "days_ago": 3, "status"?: "read"}]}`` is what was said before the
number came to the API; the history sync (POST /{phone-number-id}/smb_app_data) sends it.

``POST /control/whatsapp/history`` ``{"declined"?: true, "to"?}`` sends it without being asked;
``POST /control/whatsapp/contacts`` ``{"from": "+316555...", "action": "add" | "remove"}`` sends a
change of the app's contacts.
"""

from datetime import timedelta

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from marshmallow import INCLUDE, RAISE, Schema, fields, validate

from balie_sandbox.bad_input import json_object, load
from balie_sandbox.graph.account import GraphAccount
from balie_sandbox.graph.coexistence import decline_history, echo, send_contact, send_history
from balie_sandbox.graph.inbound.kinds import parts_of
from balie_sandbox.graph.inbound.scene import Scene
from balie_sandbox.graph.messages import Message

from .finding import number_named, phone_named
from .schemas import WrittenSchema


class PastSchema(Schema):
    """One message of POST /control/whatsapp/past."""

    class Meta:
        unknown = INCLUDE

    with_ = fields.String(required=True, data_key="with")
    from_business = fields.Boolean(load_default=False)
    type = fields.String(load_default="text")
    days_ago = fields.Float(load_default=1, validate=validate.Range(0, 179.9))
    status = fields.String(load_default="read")
    to = fields.String()


class PastMessagesSchema(Schema):
    """The body of POST /control/whatsapp/past."""

    class Meta:
        unknown = RAISE

    messages = fields.List(fields.Nested(PastSchema), required=True)


class HistorySchema(Schema):
    """The body of POST /control/whatsapp/history."""

    class Meta:
        unknown = RAISE

    declined = fields.Boolean(load_default=False)
    to = fields.String()


class ContactSchema(Schema):
    """The body of POST /control/whatsapp/contacts."""

    class Meta:
        unknown = RAISE

    from_ = fields.String(required=True, data_key="from")
    action = fields.String(load_default="add", validate=validate.OneOf(["add", "remove"]))
    to = fields.String()


def add_routes(blueprint: Blueprint, account: GraphAccount) -> None:
    """Add the routes of coexistence."""

    @blueprint.post("/echoes")
    def write_from_app() -> ResponseReturnValue:
        asked = load(WrittenSchema(), json_object())
        phone = phone_named(account, asked["from_"])
        number = number_named(account, asked.get("to"))
        type_ = "audio" if asked["type"] == "voice" else asked["type"]
        parts = parts_of(Scene(account, phone, number, asked), asked["type"])
        return jsonify(id=echo(account, phone, number, type_, parts).id)

    @blueprint.post("/past")
    def remember() -> ResponseReturnValue:
        for asked in load(PastMessagesSchema(), json_object())["messages"]:
            phone = phone_named(account, asked["with_"])
            number = number_named(account, asked.get("to"))
            parts = parts_of(Scene(account, phone, number, asked), asked["type"])
            type_ = "audio" if asked["type"] == "voice" else asked["type"]
            account.past_messages.append(
                Message(
                    account.ids.wamid(phone.wa_id),
                    number.id,
                    phone.wa_id,
                    "in" if asked["from_business"] else "out",
                    type_,
                    parts.get(type_, parts),
                    account.clock.now() - timedelta(days=asked["days_ago"]),
                    asked["status"],
                )
            )
        return jsonify(count=len(account.past_messages))

    @blueprint.post("/history")
    def share_history() -> ResponseReturnValue:
        asked = load(HistorySchema(), json_object())
        number = number_named(account, asked.get("to"))
        (decline_history if asked["declined"] else send_history)(account, number)
        return jsonify(success=True)

    @blueprint.post("/contacts")
    def change_contact() -> ResponseReturnValue:
        asked = load(ContactSchema(), json_object())
        phone = phone_named(account, asked["from_"])
        send_contact(account, number_named(account, asked.get("to")), phone, asked["action"])
        return jsonify(success=True)
