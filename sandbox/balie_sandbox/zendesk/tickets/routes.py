"""/tickets: creating and updating tickets, and their tags."""

import hashlib

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from balie_sandbox.zendesk import fields
from balie_sandbox.zendesk.account import ZendeskAccount
from balie_sandbox.zendesk.errors import Json, blank
from balie_sandbox.zendesk.gateway import (
    actor,
    api_url,
    body,
    caller,
    envelope,
    route,
    shown,
    with_headers,
)
from balie_sandbox.zendesk.job_routes import queued
from balie_sandbox.zendesk.tickets.model import Audit, Ticket
from balie_sandbox.zendesk.tickets.rendering import audit_json, ticket_json


def add_ticket_routes(blueprint: Blueprint, account: ZendeskAccount) -> None:
    _add_writing(blueprint, account)
    _add_tags(blueprint, account)


def written(ticket: Ticket, audit: Audit) -> Json:
    return {"ticket": ticket_json(ticket, api_url()), "audit": audit_json(audit)}


def _add_writing(blueprint: Blueprint, account: ZendeskAccount) -> None:
    @route(blueprint, "POST", "/tickets")
    def create() -> ResponseReturnValue:
        """With an Idempotency-Key, a repeated request gets the first one's answer."""
        key = request.headers.get("Idempotency-Key")
        fingerprint = hashlib.sha256(request.get_data()).digest()
        earlier = account.idempotency.look_up(key, fingerprint) if key else None
        if earlier:
            headers = {"Location": earlier.location, "X-Idempotency-Lookup": "hit"}
            return jsonify(earlier.answer), 201, headers
        ticket, audit = account.ticket_writing.create(actor(), envelope("ticket"))
        if request.args.get("async") == "true":
            return queued(account, "Create Ticket", [{"index": 0, "id": ticket.id}])
        answer = written(ticket, audit)
        headers = {"Location": answer["ticket"]["url"]}
        if key:
            account.idempotency.keep(key, fingerprint, answer, headers["Location"])
            headers["X-Idempotency-Lookup"] = "miss"
        return jsonify(answer), 201, headers

    @route(blueprint, "PUT", "/tickets/<int:ticket_id>")
    def update(ticket_id: int) -> ResponseReturnValue:
        ticket = account.tickets.get(ticket_id)
        with_headers(account.limits.count_ticket_update(caller().id, ticket_id))
        audit = account.ticket_writing.update(actor(), ticket, envelope("ticket"))
        return shown(written(ticket, audit))


def _add_tags(blueprint: Blueprint, account: ZendeskAccount) -> None:
    def change(ticket_id: int, name: str) -> Json:
        ticket, sent = account.tickets.get(ticket_id), body()
        tags = fields.tag_list(sent, "tags")
        if tags is None:
            raise blank("tags")
        guarded: Json = {key: sent[key] for key in ("safe_update", "updated_stamp") if key in sent}
        account.ticket_writing.update(actor(), ticket, {name: tags, **guarded})
        return {"tags": list(ticket.tags)}

    @route(blueprint, "GET", "/tickets/<int:ticket_id>/tags")
    def tags(ticket_id: int) -> ResponseReturnValue:
        return shown({"tags": list(account.tickets.get(ticket_id).tags)})

    @route(blueprint, "PUT", "/tickets/<int:ticket_id>/tags")
    def add_tags(ticket_id: int) -> ResponseReturnValue:
        return shown(change(ticket_id, "additional_tags"))

    @route(blueprint, "POST", "/tickets/<int:ticket_id>/tags")
    def set_tags(ticket_id: int) -> ResponseReturnValue:
        return change(ticket_id, "tags"), 201

    @route(blueprint, "DELETE", "/tickets/<int:ticket_id>/tags")
    def remove_tags(ticket_id: int) -> ResponseReturnValue:
        change(ticket_id, "remove_tags")
        return "", 204
