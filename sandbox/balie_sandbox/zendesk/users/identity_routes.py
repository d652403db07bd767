"""/users/{id}/identities."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from balie_sandbox.zendesk.account import ZendeskAccount
from balie_sandbox.zendesk.errors import Json, not_found
from balie_sandbox.zendesk.gateway import api_url, created, envelope, route, shown
from balie_sandbox.zendesk.paging import page
from balie_sandbox.zendesk.users.model import Identity, User
from balie_sandbox.zendesk.users.rendering import identity_json


def add_identity_routes(blueprint: Blueprint, account: ZendeskAccount) -> None:
    @route(blueprint, "GET", "/users/<int:user_id>/identities")
    def list_identities(user_id: int) -> ResponseReturnValue:
        rows = account.users.get(user_id).identities
        kinds = request.args.getlist("type[]")
        if kinds:
            rows = [one for one in rows if one.type in kinds]
        return shown(page(rows, request.args, request.base_url, "identities", show))

    @route(blueprint, "GET", "/users/<int:user_id>/identities/<int:identity_id>")
    def show_identity(user_id: int, identity_id: int) -> ResponseReturnValue:
        user = account.users.get(user_id)
        return shown({"identity": show(identity_of(user, identity_id))})

    @route(blueprint, "POST", "/users/<int:user_id>/identities")
    def add_identity(user_id: int) -> ResponseReturnValue:
        user = account.users.get(user_id)
        identity = account.user_writing.add_identity(user, envelope("identity"))
        account.user_written(user)
        shape = show(identity)
        return created({"identity": shape}, shape["url"])

    @route(blueprint, "DELETE", "/users/<int:user_id>/identities/<int:identity_id>")
    def drop_identity(user_id: int, identity_id: int) -> ResponseReturnValue:
        """The number stays visible on the profile, as in a real account."""
        user = account.users.get(user_id)
        account.users.drop_identity(user, identity_of(user, identity_id))
        account.user_written(user)
        return "", 204


def show(identity: Identity) -> Json:
    return identity_json(identity, api_url())


def identity_of(user: User, identity_id: int) -> Identity:
    """Raises ApiError (404)."""
    for identity in user.identities:
        if identity.id == identity_id:
            return identity
    raise not_found()
