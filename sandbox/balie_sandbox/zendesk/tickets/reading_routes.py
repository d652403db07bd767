"""/tickets: reading tickets, comments and audits."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from balie_sandbox.zendesk.account import ZendeskAccount
from balie_sandbox.zendesk.errors import Json, not_found
from balie_sandbox.zendesk.gateway import api_url, route, shown, sideloads, wanted_ids
from balie_sandbox.zendesk.paging import offset_page, page
from balie_sandbox.zendesk.tickets.model import Comment, Ticket
from balie_sandbox.zendesk.tickets.rendering import audit_json, comment_json, ticket_json
from balie_sandbox.zendesk.users.rendering import user_json


def add_ticket_reading_routes(blueprint: Blueprint, account: ZendeskAccount) -> None:
    _add_tickets(blueprint, account)
    _add_history(blueprint, account)


def show(ticket: Ticket) -> Json:
    return ticket_json(ticket, api_url())


def _users_of(account: ZendeskAccount, ids: Sequence[int | None]) -> list[Json]:
    users = [account.users.find(key) for key in dict.fromkeys(ids)]
    return [user_json(user, api_url()) for user in users if user]


def _add_tickets(blueprint: Blueprint, account: ZendeskAccount) -> None:
    def with_users(answer: Json, tickets: list[Ticket]) -> Json:
        if "users" in sideloads():
            people = [key for one in tickets for key in (one.requester_id, one.assignee_id)]
            answer["users"] = _users_of(account, people)
        return answer

    @route(blueprint, "GET", "/tickets")
    def list_tickets() -> ResponseReturnValue:
        external_id = request.args.get("external_id")
        tickets = list(account.tickets)
        if external_id is not None:
            tickets = account.tickets.by_external_id(external_id)
        answer = page(tickets, request.args, request.base_url, "tickets", show)
        return shown(with_users(answer, tickets))

    @route(blueprint, "GET", "/tickets/<int:ticket_id>")
    def show_ticket(ticket_id: int) -> ResponseReturnValue:
        ticket = account.tickets.get(ticket_id)
        return shown(with_users({"ticket": show(ticket)}, [ticket]))

    @route(blueprint, "GET", "/tickets/show_many")
    def show_many() -> ResponseReturnValue:
        found = [account.tickets.find(key) for key in wanted_ids()]
        tickets = [ticket for ticket in found if ticket]
        answer = offset_page(tickets, request.args, request.base_url, "tickets", show)
        return shown(with_users(answer, tickets))

    @route(blueprint, "GET", "/tickets/count")
    def count() -> ResponseReturnValue:
        return shown({"count": {"value": len(account.tickets), "refreshed_at": None}})


def _add_history(blueprint: Blueprint, account: ZendeskAccount) -> None:
    @route(blueprint, "GET", "/tickets/<int:ticket_id>/comments")
    def comments(ticket_id: int) -> ResponseReturnValue:
        rows = in_order(account.tickets.get(ticket_id).comments, "created_at")
        inline = request.args.get("include_inline_images") == "true"

        def show_comment(comment: Comment) -> Json:
            return comment_json(comment, inline_images=inline)

        answer = page(rows, request.args, request.base_url, "comments", show_comment)
        if "users" in sideloads():
            answer["users"] = _users_of(account, [one["author_id"] for one in answer["comments"]])
        return shown(answer)

    @route(blueprint, "GET", "/tickets/<int:ticket_id>/comments/count")
    def comment_count(ticket_id: int) -> ResponseReturnValue:
        value = len(account.tickets.get(ticket_id).comments)
        return shown({"count": {"value": value, "refreshed_at": None}})

    @route(blueprint, "GET", "/tickets/<int:ticket_id>/audits")
    def audits(ticket_id: int) -> ResponseReturnValue:
        rows = in_order(account.tickets.get(ticket_id).audits, "created_at")
        answer = page(rows, request.args, request.base_url, "audits", audit_json)
        if "users" in sideloads():
            answer["users"] = _users_of(account, [one["author_id"] for one in answer["audits"]])
        return shown(answer)

    @route(blueprint, "GET", "/tickets/<int:ticket_id>/audits/<int:audit_id>")
    def audit(ticket_id: int, audit_id: int) -> ResponseReturnValue:
        for one in account.tickets.get(ticket_id).audits:
            if one.id == audit_id:
                return shown({"audit": audit_json(one)})
        raise not_found()


def in_order(rows: Sequence[Any], name: str) -> list[Any]:
    """By time and id: the oldest first, unless sort=-... or sort_order=desc says otherwise."""
    newest = request.args.get("sort", "").startswith("-")
    newest = newest or request.args.get("sort_order") == "desc"
    return sorted(rows, key=lambda row: (getattr(row, name), row.id), reverse=newest)
