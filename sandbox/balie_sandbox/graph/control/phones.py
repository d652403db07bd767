"""Customers' phones: what they show and how they behave.

``GET /control/whatsapp/phones/<number>`` returns how the phone is set and ``messages``, oldest
first: ``{"id", "direction" ("in": from the business), "type", "text", "message" (of other types:
Meta's object; of a template: name, language, header, body, footer, buttons), "at", "status",
"phone_number_id", "context"?: {"id"}, "reactions"?: {"customer" | "business": emoji}, "edited"?,
"revoked"?, "group_id"?}``.

``POST /control/whatsapp/phones/<number>`` sets any of: ``name``, ``username``, ``persona`` (phone,
username, recent, bsuid_only, legacy), ``user_id``, ``parent_user_id``, ``identity_hash``,
``online``, ``read_receipts``, ``auto_read``, ``chat_open``, ``not_on_whatsapp``,
``blocks_business``, ``failures`` (codes for the next messages, one each), ``call_permission``.

``POST .../read`` reads all; ``.../play`` ``{"message_id"}`` plays a voice message; ``.../tap``
``{"message_id", "id" | "index"}`` taps a button, a row of a list or a template's quick reply, or
shares contact details where the message asks for them; ``.../change_number`` ``{"number"}`` and
``.../change_user_id`` tell every business that knew the customer (system messages);
``.../marketing`` ``{"value": "stop" | "resume", "to"?}`` (user_preferences, then 131050).
"""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from marshmallow import RAISE, Schema, fields, validate

from balie_sandbox.bad_input import BadInput, json_object, load
from balie_sandbox.graph.account import GraphAccount
from balie_sandbox.graph.inbound.moving import change_number, change_user_id
from balie_sandbox.graph.inbound.preferences import prefer
from balie_sandbox.graph.inbound.tapping import tapped
from balie_sandbox.graph.statuses import come_online, play, read_all

from .finding import message_named, number_named, phone_as_json, phone_named
from .schemas import PhoneSchema
from .writing import write_many


class MessageSchema(Schema):
    """The body of .../play and .../tap."""

    class Meta:
        unknown = RAISE

    message_id = fields.String(required=True)
    id = fields.String()
    index = fields.Integer(validate=validate.Range(0, 9))


class MoveSchema(Schema):
    """The body of .../change_number."""

    class Meta:
        unknown = RAISE

    number = fields.String(required=True)


class PreferenceSchema(Schema):
    """The body of .../marketing."""

    class Meta:
        unknown = RAISE

    value = fields.String(required=True, validate=validate.OneOf(["stop", "resume"]))
    to = fields.String()


def add_routes(blueprint: Blueprint, account: GraphAccount) -> None:
    """Add what a customer's phone shows and how it behaves."""
    add_reading(blueprint, account)
    add_changing(blueprint, account)

    @blueprint.post("/phones/<number>/tap")
    def tap(number: str) -> ResponseReturnValue:
        phone = phone_named(account, number)
        asked = load(MessageSchema(), json_object())
        message = message_named(account, asked["message_id"])
        if message not in phone.shown:
            raise BadInput("This phone does not show that message.")
        written = tapped(phone, message, asked.get("id"), asked.get("index"))
        usual = {"from_": phone.wa_id, "to": message.number_id, "reply_to": message.id, "count": 1}
        [answer] = write_many(account, usual | written)
        return jsonify(id=answer.id)


def add_reading(blueprint: Blueprint, account: GraphAccount) -> None:
    """Add looking at a phone."""

    @blueprint.get("/phones/<number>")
    def look(number: str) -> ResponseReturnValue:
        return jsonify(phone_as_json(account, phone_named(account, number)))

    @blueprint.post("/phones/<number>/read")
    def read(number: str) -> ResponseReturnValue:
        return jsonify(read=read_all(account, phone_named(account, number)))

    @blueprint.post("/phones/<number>/play")
    def play_voice(number: str) -> ResponseReturnValue:
        phone = phone_named(account, number)
        message = message_named(account, load(MessageSchema(), json_object())["message_id"])
        if message.type != "audio" or not message.content.get("voice"):
            raise BadInput("Only voice messages are played.")
        play(account, phone, message)
        return jsonify(success=True)


def add_changing(blueprint: Blueprint, account: GraphAccount) -> None:
    """Add setting a phone, and what its owner changes at WhatsApp."""

    @blueprint.post("/phones/<number>")
    def set_phone(number: str) -> ResponseReturnValue:
        phone = phone_named(account, number)
        asked = load(PhoneSchema(), json_object())
        for name, value in asked.items():
            setattr(phone, name, value)
        if phone.online:
            come_online(account, phone)
        account.show(phone)
        return jsonify(phone_as_json(account, phone))

    @blueprint.post("/phones/<number>/change_number")
    def move(number: str) -> ResponseReturnValue:
        phone = phone_named(account, number)
        target = phone_named(account, load(MoveSchema(), json_object())["number"])
        change_number(account, phone, target)
        return jsonify(phone_as_json(account, target))

    @blueprint.post("/phones/<number>/change_user_id")
    def new_user_id(number: str) -> ResponseReturnValue:
        phone = phone_named(account, number)
        change_user_id(account, phone)
        return jsonify(phone_as_json(account, phone))

    @blueprint.post("/phones/<number>/marketing")
    def marketing(number: str) -> ResponseReturnValue:
        asked = load(PreferenceSchema(), json_object())
        phone = phone_named(account, number)
        prefer(account, phone, number_named(account, asked.get("to")), asked["value"])
        return jsonify(phone_as_json(account, phone))
