"""/users: reading and writing users."""

from flask import Blueprint, g, request
from flask.typing import ResponseReturnValue

from balie_sandbox.zendesk import fields
from balie_sandbox.zendesk.account import ZendeskAccount
from balie_sandbox.zendesk.errors import Json, bad_request
from balie_sandbox.zendesk.gateway import api_url, created, envelope, route, shown, wanted_ids
from balie_sandbox.zendesk.paging import offset_page, page
from balie_sandbox.zendesk.users.merging import merge_users
from balie_sandbox.zendesk.users.model import User
from balie_sandbox.zendesk.users.rendering import anonymous_json, user_json


def add_user_routes(blueprint: Blueprint, account: ZendeskAccount) -> None:
    _add_reading(blueprint, account)
    _add_writing(blueprint, account)


def one_user(user: User) -> Json:
    return {"user": user_json(user, api_url())}


def show_user(user: User) -> Json:
    return user_json(user, api_url())


def _add_reading(blueprint: Blueprint, account: ZendeskAccount) -> None:
    @route(blueprint, "GET", "/users/me")
    def me() -> ResponseReturnValue:
        user = g.get("zendesk_user")
        return shown(one_user(user) if user else {"user": anonymous_json()})

    @route(blueprint, "GET", "/users/<int:user_id>")
    def show(user_id: int) -> ResponseReturnValue:
        return shown(one_user(account.users.get(user_id)))

    @route(blueprint, "GET", "/users")
    def list_users() -> ResponseReturnValue:
        users = [user for user in account.users if user.active]
        external_id = request.args.get("external_id")
        if external_id is not None:
            found = account.users.by_external_id(external_id)
            users = [found] if found else []
        roles = request.args.getlist("role[]") or request.args.getlist("role")
        if roles:
            users = [user for user in users if user.role in roles]
        return shown(page(users, request.args, request.base_url, "users", show_user))

    @route(blueprint, "GET", "/users/show_many")
    def show_many() -> ResponseReturnValue:
        found = [account.users.find(key) for key in wanted_ids()]
        for name in request.args.get("external_ids", "").split(","):
            found.append(account.users.by_external_id(name) if name else None)
        users = [user for user in found if user]
        return shown(offset_page(users, request.args, request.base_url, "users", show_user))


def _add_writing(blueprint: Blueprint, account: ZendeskAccount) -> None:
    @route(blueprint, "POST", "/users")
    def create() -> ResponseReturnValue:
        user = account.user_written(account.user_writing.create(envelope("user")))
        account.user_events.tell("created", user)
        return created(one_user(user), show_user(user)["url"])

    @route(blueprint, "POST", "/users/create_or_update")
    def create_or_update() -> ResponseReturnValue:
        user, is_new = account.user_writing.create_or_update(envelope("user"))
        account.user_written(user)
        if is_new:
            account.user_events.tell("created", user)
        headers = {"Location": show_user(user)["url"]}
        return one_user(user), 201 if is_new else 200, headers

    @route(blueprint, "PUT", "/users/<int:user_id>")
    def update(user_id: int) -> ResponseReturnValue:
        user = account.users.get(user_id)
        account.user_written(account.user_writing.update(user, envelope("user")))
        return shown(one_user(user))

    @route(blueprint, "PUT", "/users/<int:user_id>/merge")
    def merge(user_id: int) -> ResponseReturnValue:
        """The user of the path goes up into the user of the body."""
        source = account.users.get(user_id)
        key = fields.identifier(envelope("user"), "id")
        if key is None:
            raise bad_request("ParameterMissing", "Parameter id is required")
        target = merge_users(account, source, account.users.get(key))
        return shown(one_user(target))
