"""Batches of tickets: made, changed and imported in background jobs."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from balie_sandbox.zendesk import fields
from balie_sandbox.zendesk.account import ZendeskAccount
from balie_sandbox.zendesk.errors import ApiError, Json, blank
from balie_sandbox.zendesk.gateway import actor, api_url, body, envelope, route, wanted_ids
from balie_sandbox.zendesk.job_routes import batch, queued
from balie_sandbox.zendesk.tickets.rendering import ticket_json


def add_ticket_batch_routes(blueprint: Blueprint, account: ZendeskAccount) -> None:
    @route(blueprint, "POST", "/tickets/create_many")
    def create_many() -> ResponseReturnValue:
        account.jobs.admit()
        results: list[Json] = []
        for index, row in enumerate(batch("tickets")):
            try:
                ticket, _ = account.ticket_writing.create(actor(), row)
                results.append({"index": index, "id": ticket.id, "success": True})
            except ApiError as refusal:
                results.append({"index": index, "id": 0, "error": refusal.body["error"]})
        return queued(account, "Bulk Create Ticket", results)

    @route(blueprint, "PUT", "/tickets/update_many")
    def update_many() -> ResponseReturnValue:
        """An array of tickets with ids, or one `ticket` for all of ?ids=."""
        account.jobs.admit()
        if "tickets" in body():
            rows = batch("tickets")
        else:
            sent = envelope("ticket")
            rows = [sent | {"id": key} for key in wanted_ids()]
        return queued(account, "Bulk Update Ticket", [_updated(account, row) for row in rows])

    @route(blueprint, "POST", "/imports/tickets")
    def import_ticket() -> ResponseReturnValue:
        """History from elsewhere, with its comments' own times; no trigger runs."""
        sent = envelope("ticket")
        comments = fields.rows(sent, "comments") or []
        if not comments:
            raise blank("comments")
        archived = request.args.get("archive_immediately") == "true"
        data = sent | {"status": "closed"} if archived else sent
        ticket = account.ticket_writing.bring_in(actor(), data, comments)
        shown = ticket_json(ticket, api_url())
        return {"ticket": shown}, 201, {"Location": shown["url"]}


def _updated(account: ZendeskAccount, row: Json) -> Json:
    key = fields.identifier(row, "id") or 0
    try:
        account.ticket_writing.update(actor(), account.tickets.get(key), row)
    except ApiError as refusal:
        failed = {"id": key, "action": "update", "status": "Failed", "success": False}
        return failed | {"error": refusal.body["error"]}
    return {"id": key, "action": "update", "status": "Updated", "success": True}
