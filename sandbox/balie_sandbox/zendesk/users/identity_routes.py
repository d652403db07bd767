"""/users/{id}/identities."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from balie_sandbox.zendesk.account import ZendeskAccount
from balie_sandbox.zendesk.errors import Json, not_found
from balie_sandbox.zendesk.gateway import api_url, created, envelope, route, shown
from balie_sandbox.zendesk.paging import page
from balie_sandbox.zendesk.users.model import Identity, User
from balie_sandbox.zendesk.users.rendering import identity_json

IDENTITIES = "/users/<int:user_id>/identities"


def add_identity_routes(blueprint: Blueprint, account: ZendeskAccount) -> None:
    _add_plain(blueprint, account)
    _add_standing(blueprint, account)


def _add_plain(blueprint: Blueprint, account: ZendeskAccount) -> None:
    @route(blueprint, "GET", IDENTITIES)
    def list_identities(user_id: int) -> ResponseReturnValue:
        rows = account.users.get(user_id).identities
        kinds = request.args.getlist("type[]")
        if kinds:
            rows = [one for one in rows if one.type in kinds]
        return shown(page(rows, request.args, request.base_url, "identities", show))

    @route(blueprint, "GET", f"{IDENTITIES}/<int:identity_id>")
    def show_identity(user_id: int, identity_id: int) -> ResponseReturnValue:
        user = account.users.get(user_id)
        return shown({"identity": show(identity_of(user, identity_id))})

    @route(blueprint, "POST", IDENTITIES)
    def add_identity(user_id: int) -> ResponseReturnValue:
        user = account.users.get(user_id)
        identity = account.user_writing.add_identity(user, envelope("identity"))
        account.user_written(user)
        told = {"identity": {"id": str(identity.id), "type": identity.type}}
        account.user_events.tell("identity_created", user, told)
        shape = show(identity)
        return created({"identity": shape}, shape["url"])

    @route(blueprint, "PUT", f"{IDENTITIES}/<int:identity_id>")
    def change_identity(user_id: int, identity_id: int) -> ResponseReturnValue:
        """Another value, or verified: true."""
        user, sent = account.users.get(user_id), envelope("identity")
        identity = account.user_writing.change_identity(user, identity_of(user, identity_id), sent)
        account.user_written(user)
        return shown({"identity": show(identity)})

    @route(blueprint, "DELETE", f"{IDENTITIES}/<int:identity_id>")
    def drop_identity(user_id: int, identity_id: int) -> ResponseReturnValue:
        """The number stays visible on the profile, as in a real account."""
        user = account.users.get(user_id)
        account.users.drop_identity(user, identity_of(user, identity_id))
        account.user_written(user)
        return "", 204


def _add_standing(blueprint: Blueprint, account: ZendeskAccount) -> None:
    """Primary and verified."""

    @route(blueprint, "PUT", f"{IDENTITIES}/<int:identity_id>/make_primary")
    def make_primary(user_id: int, identity_id: int) -> ResponseReturnValue:
        user = account.users.get(user_id)
        chosen = identity_of(user, identity_id)
        for one in user.identities:
            if one.type == chosen.type:
                one.primary = one is chosen
        account.user_written(user)
        return shown(page(user.identities, request.args, request.base_url, "identities", show))

    @route(blueprint, "PUT", f"{IDENTITIES}/<int:identity_id>/verify")
    def verify(user_id: int, identity_id: int) -> ResponseReturnValue:
        user = account.users.get(user_id)
        identity = identity_of(user, identity_id)
        identity.verified = user.verified = True
        account.user_written(user)
        return shown({"identity": show(identity)})

    @route(blueprint, "PUT", f"{IDENTITIES}/<int:identity_id>/request_verification")
    def request_verification(user_id: int, identity_id: int) -> ResponseReturnValue:
        """A mail, which the sandbox does not send."""
        identity_of(account.users.get(user_id), identity_id)
        return ""


def show(identity: Identity) -> Json:
    return identity_json(identity, api_url())


def identity_of(user: User, identity_id: int) -> Identity:
    """Raises ApiError (404)."""
    for identity in user.identities:
        if identity.id == identity_id:
            return identity
    raise not_found()
