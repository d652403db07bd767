"""What hangs on a user: counts, tickets, tags; and finding one by the start of the name."""

from collections.abc import Callable

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from balie_sandbox.zendesk import fields
from balie_sandbox.zendesk.account import ZendeskAccount
from balie_sandbox.zendesk.errors import Json
from balie_sandbox.zendesk.gateway import api_url, body, route, shown
from balie_sandbox.zendesk.paging import offset_page, page
from balie_sandbox.zendesk.tickets.model import Ticket
from balie_sandbox.zendesk.tickets.reading_routes import in_order
from balie_sandbox.zendesk.tickets.rendering import ticket_json
from balie_sandbox.zendesk.tickets.tagging import with_tags
from balie_sandbox.zendesk.users.rendering import user_json


def add_related_routes(blueprint: Blueprint, account: ZendeskAccount) -> None:
    _add_tickets(blueprint, account)
    _add_tags(blueprint, account)

    @route(blueprint, "GET", "/users/autocomplete")
    def autocomplete() -> ResponseReturnValue:
        start = request.args.get("name", "").lower()
        words = [one for one in account.users if one.active and one.name.lower().startswith(start)]
        args, url = request.args, request.base_url
        return shown(offset_page(words, args, url, "users", lambda one: user_json(one, api_url())))

    @route(blueprint, "GET", "/users/count")
    def count() -> ResponseReturnValue:
        value = sum(user.active for user in account.users)
        return shown({"count": {"value": value, "refreshed_at": None}})


def _add_tickets(blueprint: Blueprint, account: ZendeskAccount) -> None:
    def of(user_id: int, belongs: Callable[[Ticket], bool]) -> ResponseReturnValue:
        account.users.get(user_id)
        rows = in_order([one for one in account.tickets if belongs(one)], "updated_at")

        def show(ticket: Ticket) -> Json:
            return ticket_json(ticket, api_url())

        return shown(page(rows, request.args, request.base_url, "tickets", show))

    @route(blueprint, "GET", "/users/<int:user_id>/tickets/requested")
    def requested(user_id: int) -> ResponseReturnValue:
        return of(user_id, lambda ticket: ticket.requester_id == user_id)

    @route(blueprint, "GET", "/users/<int:user_id>/tickets/assigned")
    def assigned(user_id: int) -> ResponseReturnValue:
        return of(user_id, lambda ticket: ticket.assignee_id == user_id)

    @route(blueprint, "GET", "/users/<int:user_id>/tickets/ccd")
    def ccd(user_id: int) -> ResponseReturnValue:
        return of(user_id, lambda ticket: user_id in ticket.email_cc_ids)

    @route(blueprint, "GET", "/users/<int:user_id>/related")
    def related(user_id: int) -> ResponseReturnValue:
        account.users.get(user_id)
        tickets = list(account.tickets)
        counts = {
            "assigned_tickets": sum(one.assignee_id == user_id for one in tickets),
            "requested_tickets": sum(one.requester_id == user_id for one in tickets),
            "ccd_tickets": sum(user_id in one.email_cc_ids for one in tickets),
            "followed_tickets": sum(user_id in one.follower_ids for one in tickets),
            "organization_subscriptions": 0,
        }
        return shown({"user_related": counts})


def _add_tags(blueprint: Blueprint, account: ZendeskAccount) -> None:
    def change(user_id: int, name: str) -> Json:
        user, sent = account.users.get(user_id), fields.tag_list(body(), "tags") or []
        if name == "set":
            user.tags = sent
        elif name == "add":
            user.tags = with_tags(user.tags, sent, [])
        else:
            user.tags = with_tags(user.tags, [], sent)
        account.user_written(user)
        return {"tags": list(user.tags)}

    @route(blueprint, "GET", "/users/<int:user_id>/tags")
    def tags(user_id: int) -> ResponseReturnValue:
        return shown({"tags": list(account.users.get(user_id).tags)})

    @route(blueprint, "POST", "/users/<int:user_id>/tags")
    def set_tags(user_id: int) -> ResponseReturnValue:
        return change(user_id, "set"), 201

    @route(blueprint, "PUT", "/users/<int:user_id>/tags")
    def add_tags(user_id: int) -> ResponseReturnValue:
        return shown(change(user_id, "add"))

    @route(blueprint, "DELETE", "/users/<int:user_id>/tags")
    def remove_tags(user_id: int) -> ResponseReturnValue:
        change(user_id, "remove")
        return "", 204
