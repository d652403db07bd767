"""A customer writes: messages of every type, and webhooks word for word.

``POST /control/whatsapp/messages`` takes ``{"from": "+31655501234", "type": ..., ...}`` and
returns ``{"id", "ids", "media_id"?}``. Optional with every type: ``to`` (a phone number id;
needed when there are several), ``name``, ``user_id``, ``reply_to`` (the wamid it quotes),
``count`` (send it so often; ``{n}`` in a text counts), ``timestamp`` (unix seconds, as the
sender's clock says), ``id`` (a wamid of one's own, to send it twice), ``forwarded`` (``true``
or ``"frequently"``), ``referral`` (``true`` or parts of one), ``context`` (merged into it),
``errors``, ``group`` (a group id), ``message`` (the webhook's parts word for word).

By type, and what Meta's object holds beside what is given:

- ``text``: ``"text": "Hoi"``
- ``image`` ``video`` ``audio`` ``voice`` ``document`` ``sticker``: ``"caption": "..."``,
  ``"file": {"base64" | "text" | "size", "name", "mime_type", "fault", "fault_options"}``,
  ``"too_big": true``; without a file a small one of the type is sent. ``fault`` is one of those
  in media/misbehaviour.py
- ``location``: ``{"latitude", "longitude", "name", "address", "url"}``
- ``contacts``: ``[{"name": {...}, "phones": [...], "origin": ..., "vcard": ...}]``
- ``interactive``: ``"button_reply": {"id", "title"}``, ``"list_reply": {"id", "title",
  "description"}``, ``"nfm_reply": {"name", "body", "response_json": text or object}`` or
  ``"call_permission_reply": {"response", ...}``
- ``button``: ``{"text", "payload"}`` (the quick reply of a template)
- ``reaction``: ``{"message_id", "emoji"}``; without an emoji it is removed
- ``order``: ``{"catalog_id", "text", "product_items": [...]}``
- ``system``: ``{"type", "body", ...}``, with ``"identity": {...}`` (see phones.py for those that
  follow from a change of the phone)
- ``unsupported``: ``{"type": "poll_creation"}``
- ``edit``: ``{"original_message_id", "text" | "caption" | "message": {...}}``;
  ``revoke``: ``{"original_message_id"}``. Only numbers with coexistence get them as such, others
  as ``unsupported``
- ``request_welcome``: nothing; any other type: what stands under its name

``POST /control/whatsapp/raw`` ``{"value": {...}, "field": "messages", "waba_id"?, "body"?,
"signature"?}`` sends a whole ``value``, or with ``body`` a whole webhook; ``signature`` "missing"
or "wrong" spoils it. Returns ``{"apps": 1}``.

``POST /control/whatsapp/errors`` ``{"code": 130429, "details"?, "to"?}`` sends errors at the level
of the value.

``POST /control/whatsapp/messages/<wamid>/status`` ``{"status": "failed", "code"?, "details"?}``
sends any status of a message to a customer, in any order.
"""

from typing import Any

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from marshmallow import EXCLUDE, Schema, fields, validate

from balie_sandbox.bad_input import BadInput, json_object, load
from balie_sandbox.graph.account import GraphAccount
from balie_sandbox.graph.errors import status_error
from balie_sandbox.graph.inbound.asking import write_as_asked
from balie_sandbox.graph.media.kinds import KINDS
from balie_sandbox.graph.messages import Message
from balie_sandbox.graph.notify import announce, send_raw
from balie_sandbox.graph.statuses import climb, fail

from .finding import message_named, number_named, phone_named, waba_named
from .schemas import WrittenSchema

#: Made once: making a schema costs more than reading by it, and tests write by the thousand.
WRITTEN = WrittenSchema()


class RawSchema(Schema):
    """The body of POST /control/whatsapp/raw."""

    class Meta:
        unknown = EXCLUDE

    value = fields.Dict()
    body = fields.Raw()
    field = fields.String(load_default="messages", validate=validate.Length(1, 100))
    waba_id = fields.String()
    signature = fields.String(
        load_default="right", validate=validate.OneOf(["right", "wrong", "missing"])
    )


class ErrorSchema(Schema):
    """The body of POST /control/whatsapp/errors."""

    class Meta:
        unknown = EXCLUDE

    code = fields.Integer(required=True)
    details = fields.String()
    to = fields.String()


class StatusSchema(Schema):
    """The body of POST /control/whatsapp/messages/<wamid>/status."""

    class Meta:
        unknown = EXCLUDE

    status = fields.String(required=True, validate=validate.Length(1, 30))
    code = fields.Integer(load_default=131000)
    details = fields.String(load_default="")


def add_routes(blueprint: Blueprint, account: GraphAccount) -> None:
    """Add what makes webhooks about messages."""

    @blueprint.post("/messages")
    def write() -> ResponseReturnValue:
        messages = write_many(account, load(WRITTEN, json_object()))
        ids = [message.id for message in messages]
        answer: dict[str, Any] = {"id": ids[0], "ids": ids}
        if messages[0].type in KINDS and "id" in messages[0].content:
            answer["media_id"] = messages[0].content["id"]
        return jsonify(answer)

    @blueprint.post("/raw")
    def raw() -> ResponseReturnValue:
        asked = load(RawSchema(), json_object())
        if ("value" in asked) == ("body" in asked):
            raise BadInput("Give either value or body.")
        waba = waba_named(account, asked.get("waba_id"))
        apps = send_raw(account, waba, asked)
        return jsonify(apps=apps)

    @blueprint.post("/errors")
    def errors() -> ResponseReturnValue:
        asked = load(ErrorSchema(), json_object())
        number = number_named(account, asked.get("to"))
        error = status_error(asked["code"], asked.get("details"))
        announce(account, number, "messages", {"errors": [error]})
        return jsonify(success=True)

    @blueprint.post("/messages/<message_id>/status")
    def status(message_id: str) -> ResponseReturnValue:
        asked = load(StatusSchema(), json_object())
        message = message_named(account, message_id)
        if message.direction != "in" or message.wa_id not in account.phones:
            raise BadInput("Only messages to one customer have statuses.")
        phone = account.phones[message.wa_id]
        if asked["status"] == "failed":
            fail(account, phone, message, asked["code"], asked["details"])
        else:
            climb(account, phone, message, asked["status"])
        return jsonify(success=True)


def write_many(account: GraphAccount, asked: dict[str, Any]) -> list[Message]:
    """Let the customer write as often as was asked for. Raises BadInput."""
    phone = phone_named(account, asked["from_"])
    number = number_named(account, asked.get("to"))
    group = account.groups.get(asked.get("group", ""))
    if "group" in asked and (group is None or phone.wa_id not in group.participants):
        raise BadInput("group must be the id of a group this customer is in.")
    phone.name = asked.get("name", phone.name)
    phone.user_id = asked.get("user_id", phone.user_id)
    text = asked.get("text")
    messages = []
    for turn in range(1, asked["count"] + 1):
        if asked["count"] > 1 and isinstance(text, str):
            asked["text"] = text.replace("{n}", str(turn))
        messages.append(write_as_asked(account, phone, number, asked))
    return messages
