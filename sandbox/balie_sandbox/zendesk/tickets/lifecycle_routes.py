"""Merging, deleting and restoring tickets, and batches of them."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from balie_sandbox.zendesk import fields
from balie_sandbox.zendesk.account import ZendeskAccount
from balie_sandbox.zendesk.errors import Json
from balie_sandbox.zendesk.gateway import actor, body, route, shown, wanted_ids
from balie_sandbox.zendesk.job_routes import queued
from balie_sandbox.zendesk.paging import page
from balie_sandbox.zendesk.records.kinds import id_list
from balie_sandbox.zendesk.tickets.merging import check_merge, merge
from balie_sandbox.zendesk.tickets.model import Ticket
from balie_sandbox.zendesk.timestamps import stamp


def add_lifecycle_routes(blueprint: Blueprint, account: ZendeskAccount) -> None:
    _add_merging(blueprint, account)
    _add_removal(blueprint, account)
    _add_removal_of_many(blueprint, account)


def _add_merging(blueprint: Blueprint, account: ZendeskAccount) -> None:
    @route(blueprint, "POST", "/tickets/<int:ticket_id>/merge")
    def merge_into(ticket_id: int) -> ResponseReturnValue:
        account.jobs.admit()
        target, sent = account.tickets.get(ticket_id), body()
        sources = [account.tickets.get(key) for key in id_list(sent, "ids")]
        for name in ("target_comment_is_public", "source_comment_is_public"):
            fields.flag(sent, name)
        check_merge(target, sources)
        merge(account.ticket_writing, actor(), target, sources, sent)
        results: list[Json] = [
            {"id": target.id, "action": "update", "status": "Updated", "success": True}
        ]
        return queued(account, "Ticket Merge", results)


def _add_removal(blueprint: Blueprint, account: ZendeskAccount) -> None:
    @route(blueprint, "DELETE", "/tickets/<int:ticket_id>")
    def delete(ticket_id: int) -> ResponseReturnValue:
        account.removal.delete(actor(), account.tickets.get(ticket_id))
        return "", 204

    @route(blueprint, "GET", "/deleted_tickets")
    def deleted() -> ResponseReturnValue:
        def show(ticket: Ticket) -> Json:
            return _deleted_shape(account, ticket)

        rows, url = account.tickets.deleted(), request.base_url
        return shown(page(rows, request.args, url, "deleted_tickets", show))

    @route(blueprint, "PUT", "/deleted_tickets/<int:ticket_id>/restore")
    def restore(ticket_id: int) -> ResponseReturnValue:
        account.removal.restore(actor(), account.tickets.get_deleted(ticket_id))
        return ""

    @route(blueprint, "DELETE", "/deleted_tickets/<int:ticket_id>")
    def forget(ticket_id: int) -> ResponseReturnValue:
        account.jobs.admit()
        account.removal.forget(actor(), account.tickets.get_deleted(ticket_id))
        return queued(account, "Ticket Destroy", [deletion_result(ticket_id)])


def _add_removal_of_many(blueprint: Blueprint, account: ZendeskAccount) -> None:
    @route(blueprint, "DELETE", "/tickets/destroy_many")
    def destroy_many() -> ResponseReturnValue:
        account.jobs.admit()
        found = [account.tickets.find(key) for key in wanted_ids()]
        for ticket in found:
            if ticket:
                account.removal.delete(actor(), ticket)
        results = [deletion_result(one.id) for one in found if one]
        return queued(account, "Bulk Delete Ticket", results)

    @route(blueprint, "DELETE", "/deleted_tickets/destroy_many")
    def forget_many() -> ResponseReturnValue:
        account.jobs.admit()
        keys = wanted_ids()
        for key in keys:
            account.removal.forget(actor(), account.tickets.get_deleted(key))
        return queued(account, "Bulk Destroy Ticket", [deletion_result(key) for key in keys])

    @route(blueprint, "PUT", "/deleted_tickets/restore_many")
    def restore_many() -> ResponseReturnValue:
        for key in wanted_ids():
            account.removal.restore(actor(), account.tickets.get_deleted(key))
        return ""


def deletion_result(key: int) -> Json:
    return {"id": key, "action": "delete", "status": "Deleted", "success": True}


def _deleted_shape(account: ZendeskAccount, ticket: Ticket) -> Json:
    who = account.users.find(ticket.deleted_by_id)
    return {
        "id": ticket.id,
        "subject": ticket.subject,
        "actor": {"id": who.id if who else 0, "name": who.name if who else ""},
        "deleted_at": stamp(ticket.deleted_at or ticket.updated_at),
        "previous_state": ticket.status,
    }
