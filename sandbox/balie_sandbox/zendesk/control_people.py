"""/control/zendesk/users: seeds customers and changes them as an admin would."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from balie_sandbox.bad_input import json_object
from balie_sandbox.zendesk.account import ZendeskAccount
from balie_sandbox.zendesk.control_input import ids
from balie_sandbox.zendesk.control_shapes import API
from balie_sandbox.zendesk.users.merging import merge_users
from balie_sandbox.zendesk.users.rendering import user_json


def add_people_control(blueprint: Blueprint, account: ZendeskAccount) -> None:
    @blueprint.get("/users")
    def users() -> ResponseReturnValue:
        return jsonify(users=[user_json(one, API) for one in account.users])

    @blueprint.post("/users")
    def seed_user() -> ResponseReturnValue:
        """A customer who was there before; the fields of POST /users, found at once."""
        user = account.user_written(account.user_writing.create(json_object()))
        account.index.settle("user", user.id)
        return jsonify(user=user_json(user, API)), 201

    @blueprint.post("/users/<int:user_id>")
    def change_user(user_id: int) -> ResponseReturnValue:
        """Any field of PUT /users, for instance {suspended: true}."""
        user = account.user_writing.update(account.users.get(user_id), json_object())
        return jsonify(user=user_json(account.user_written(user), API))

    @blueprint.post("/users/<int:user_id>/merge")
    def merge_user(user_id: int) -> ResponseReturnValue:
        """{into}: this user goes up in another."""
        [target_id] = ids({"into": [json_object().get("into")]}, "into")
        target = merge_users(account, account.users.get(user_id), account.users.get(target_id))
        return jsonify(user=user_json(target, API))

    @blueprint.delete("/users/<int:user_id>")
    def delete_user(user_id: int) -> ResponseReturnValue:
        user = account.user_deletion.soften(account.users.get(user_id))
        account.user_events.tell("deleted", account.user_written(user))
        return jsonify(user=user_json(user, API))
