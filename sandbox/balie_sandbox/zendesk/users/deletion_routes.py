"""DELETE /users/{id}, /deleted_users and compliance_deletion_statuses."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from balie_sandbox.zendesk import defaults
from balie_sandbox.zendesk.account import ZendeskAccount
from balie_sandbox.zendesk.errors import Json
from balie_sandbox.zendesk.gateway import api_url, caller, route, shown
from balie_sandbox.zendesk.paging import page
from balie_sandbox.zendesk.timestamps import stamp
from balie_sandbox.zendesk.users.deletion import ComplianceStep
from balie_sandbox.zendesk.users.model import User
from balie_sandbox.zendesk.users.rendering import user_json

#: What the shape of a deleted user has; all else is left out.
SHOWN = (
    "id",
    "url",
    "name",
    "email",
    "created_at",
    "updated_at",
    "time_zone",
    "phone",
    "shared_phone_number",
    "photo",
    "locale_id",
    "locale",
    "organization_id",
    "role",
    "active",
)


def add_deletion_routes(blueprint: Blueprint, account: ZendeskAccount) -> None:
    @route(blueprint, "DELETE", "/users/<int:user_id>")
    def delete(user_id: int) -> ResponseReturnValue:
        user = account.user_deletion.soften(account.users.get(user_id))
        account.user_written(user)
        account.user_events.tell("deleted", user)
        return shown({"user": user_json(user, api_url())})

    @route(blueprint, "GET", "/deleted_users")
    def deleted() -> ResponseReturnValue:
        rows = account.user_deletion.deleted()
        return shown(page(rows, request.args, request.base_url, "deleted_users", _shape))

    @route(blueprint, "GET", "/deleted_users/<int:user_id>")
    def show(user_id: int) -> ResponseReturnValue:
        return shown({"deleted_user": _shape(account.user_deletion.get(user_id))})

    @route(blueprint, "DELETE", "/deleted_users/<int:user_id>")
    def finish(user_id: int) -> ResponseReturnValue:
        """Shows the user a last time."""
        user = account.user_deletion.get(user_id)
        last = _shape(user)
        account.user_written(account.user_deletion.finish(user, caller().id))
        return shown({"deleted_user": last})

    @route(blueprint, "GET", "/users/<int:user_id>/compliance_deletion_statuses")
    def statuses(user_id: int) -> ResponseReturnValue:
        account.users.get(user_id)
        application = request.args.get("application")
        rows = [
            _step(one)
            for one in account.user_deletion.steps.get(user_id, [])
            if application in (None, one.application)
        ]
        return shown({"compliance_deletion_statuses": rows})


def _shape(user: User) -> Json:
    whole = user_json(user, api_url())
    return {name: whole[name] for name in SHOWN}


def _step(step: ComplianceStep) -> Json:
    return {
        "action": step.action,
        "application": step.application,
        "account_subdomain": defaults.SUBDOMAIN,
        "executer_id": step.executer_id,
        "user_id": step.user_id,
        "created_at": stamp(step.at),
    }
