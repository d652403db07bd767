"""Batches of users: made, changed and deleted in background jobs."""

from collections.abc import Callable

from flask import Blueprint
from flask.typing import ResponseReturnValue

from balie_sandbox.zendesk import fields
from balie_sandbox.zendesk.account import ZendeskAccount
from balie_sandbox.zendesk.errors import ApiError, Json
from balie_sandbox.zendesk.gateway import route, wanted_ids
from balie_sandbox.zendesk.job_routes import batch, queued
from balie_sandbox.zendesk.users.model import User


def add_user_batch_routes(blueprint: Blueprint, account: ZendeskAccount) -> None:
    def change(row: Json) -> User:
        user = account.users.get(fields.identifier(row, "id") or 0)
        return account.user_writing.update(user, row)

    @route(blueprint, "POST", "/users/create_many")
    def create_many() -> ResponseReturnValue:
        return _run(account, "Bulk Create Users", account.user_writing.create)

    @route(blueprint, "POST", "/users/create_or_update_many")
    def create_or_update_many() -> ResponseReturnValue:
        return _run(
            account, "Bulk Create Users", lambda row: account.user_writing.create_or_update(row)[0]
        )

    @route(blueprint, "PUT", "/users/update_many")
    def update_many() -> ResponseReturnValue:
        return _run(account, "Bulk Update Users", change)

    @route(blueprint, "DELETE", "/users/destroy_many")
    def destroy_many() -> ResponseReturnValue:
        account.jobs.admit()
        results: list[Json] = []
        for key in wanted_ids():
            try:
                account.user_written(account.user_deletion.soften(account.users.get(key)))
                results.append(
                    {"id": key, "action": "delete", "status": "Deleted", "success": True}
                )
            except ApiError as refusal:
                failed = {"id": key, "action": "delete", "status": "Failed", "success": False}
                results.append(failed | {"error": refusal.body["error"]})
        return queued(account, "Bulk Delete Users", results)


def _run(account: ZendeskAccount, kind: str, write: Callable[[Json], User]) -> ResponseReturnValue:
    account.jobs.admit()
    results: list[Json] = []
    for index, row in enumerate(batch("users")):
        try:
            user = account.user_written(write(row))
            results.append({"index": index, "id": user.id, "success": True})
        except ApiError as refusal:
            results.append({"index": index, "id": 0, "error": refusal.body["error"]})
    return queued(account, kind, results)
