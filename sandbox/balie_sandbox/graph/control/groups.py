"""Groups.

``POST /control/whatsapp/groups`` ``{"subject": "Rit naar Texel", "participants"?: ["+316555..."],
"description"?, "join_approval_mode"?, "to"?}`` makes a group at once and returns it with its
``id``; nobody is told. ``POST /control/whatsapp/groups/<id>/join`` and ``.../leave``
``{"from": "+316555..."}`` let a customer come and go, with the webhook; where an approval is
required, join returns ``{"join_request_id"}``. ``POST .../suspend`` ``{"suspended": true}``.

A customer writes in a group by ``POST /control/whatsapp/messages`` with ``"group": "<id>"``.
"""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from marshmallow import RAISE, Schema, fields, validate

from balie_sandbox.bad_input import BadInput, json_object, load
from balie_sandbox.graph.account import GraphAccount
from balie_sandbox.graph.groups.edges import MODES, as_json, make
from balie_sandbox.graph.groups.members import ask_to_join, join, leave
from balie_sandbox.graph.groups.model import Group
from balie_sandbox.graph.groups.webhooks import tell

from .finding import number_named, phone_named


class GroupSchema(Schema):
    """The body of POST /control/whatsapp/groups."""

    class Meta:
        unknown = RAISE

    subject = fields.String(required=True, validate=validate.Length(1, 128))
    description = fields.String(load_default="")
    join_approval_mode = fields.String(load_default="auto_approve", validate=validate.OneOf(MODES))
    participants = fields.List(fields.String(), load_default=list)
    to = fields.String()


class MemberSchema(Schema):
    """The body of .../join and .../leave."""

    class Meta:
        unknown = RAISE

    from_ = fields.String(required=True, data_key="from")


class SuspendSchema(Schema):
    """The body of .../suspend."""

    class Meta:
        unknown = RAISE

    suspended = fields.Boolean(load_default=True)


def add_routes(blueprint: Blueprint, account: GraphAccount) -> None:
    """Add the routes of groups."""

    def find(group_id: str) -> Group:
        if group_id not in account.groups:
            raise BadInput(f"There is no group {group_id}.")
        return account.groups[group_id]

    @blueprint.post("/groups")
    def make_group() -> ResponseReturnValue:
        asked = load(GroupSchema(), json_object())
        group = make(account, number_named(account, asked.get("to")), asked)
        group.participants = [phone_named(account, one).wa_id for one in asked["participants"]]
        return jsonify(as_json(group))

    @blueprint.post("/groups/<group_id>/join")
    def come(group_id: str) -> ResponseReturnValue:
        group = find(group_id)
        phone = phone_named(account, load(MemberSchema(), json_object())["from_"])
        if group.join_approval_mode == "approval_required":
            return jsonify(join_request_id=ask_to_join(account, group, phone.wa_id))
        if not join(account, group, phone.wa_id):
            raise BadInput("The group is full.")
        return jsonify(as_json(group))

    @blueprint.post("/groups/<group_id>/leave")
    def go(group_id: str) -> ResponseReturnValue:
        group = find(group_id)
        phone = phone_named(account, load(MemberSchema(), json_object())["from_"])
        leave(account, group, phone.wa_id, by="participant")
        return jsonify(as_json(group))

    @blueprint.post("/groups/<group_id>/suspend")
    def suspend(group_id: str) -> ResponseReturnValue:
        group = find(group_id)
        group.suspended = load(SuspendSchema(), json_object())["suspended"]
        type_ = "group_suspend" if group.suspended else "group_suspend_cleared"
        tell(account, group, "group_status_update", type_)
        return jsonify(as_json(group))
