"""/job_statuses, and how a batch's answer looks."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from balie_sandbox.zendesk.account import ZendeskAccount
from balie_sandbox.zendesk.errors import Json, bad_request, not_found
from balie_sandbox.zendesk.gateway import api_url, body, route, shown, too_many
from balie_sandbox.zendesk.paging import MAX_SIZE


def add_job_routes(blueprint: Blueprint, account: ZendeskAccount) -> None:
    @route(blueprint, "GET", "/job_statuses/<job_id>")
    def show_job(job_id: str) -> ResponseReturnValue:
        job = account.jobs.find(job_id.removesuffix(".json"))
        if job is None:
            raise not_found()
        return shown({"job_status": account.jobs.shape(job, api_url())})

    @route(blueprint, "GET", "/job_statuses/show_many")
    def show_jobs() -> ResponseReturnValue:
        found = [account.jobs.find(key) for key in request.args.get("ids", "").split(",")]
        rows = [account.jobs.shape(job, api_url()) for job in found if job]
        return shown({"job_statuses": rows})


def queued(account: ZendeskAccount, kind: str, results: list[Json]) -> ResponseReturnValue:
    job = account.jobs.queue(kind, results)
    return shown({"job_status": account.jobs.shape(job, api_url(), fresh=True)})


def batch(name: str) -> list[Json]:
    """At most 100 objects of a batch's body. Raises ApiError (400)."""
    rows = body().get(name)
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise bad_request("ParameterMissing", f"Parameter {name} must be a list of objects")
    if len(rows) > MAX_SIZE:
        raise too_many()
    return rows
