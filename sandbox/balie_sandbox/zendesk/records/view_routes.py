"""/views: lists of tickets by conditions, the same as those of triggers."""

from collections.abc import Sequence

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from balie_sandbox.zendesk.account import ZendeskAccount
from balie_sandbox.zendesk.errors import Json
from balie_sandbox.zendesk.gateway import actor, api_url, route, shown
from balie_sandbox.zendesk.paging import page
from balie_sandbox.zendesk.records import kinds
from balie_sandbox.zendesk.records.model import Record
from balie_sandbox.zendesk.records.routes import add_record_routes, listed
from balie_sandbox.zendesk.tickets.model import Ticket
from balie_sandbox.zendesk.tickets.rendering import ticket_json
from balie_sandbox.zendesk.triggers.conditions import holds
from balie_sandbox.zendesk.triggers.store import read_conditions


def add_view_routes(blueprint: Blueprint, account: ZendeskAccount) -> None:
    add_record_routes(blueprint, account, kinds.VIEWS, made=200)

    @route(blueprint, "GET", "/views/active")
    def active() -> ResponseReturnValue:
        return listed(account.catalog.views, account.catalog.views.where("active", True))

    @route(blueprint, "GET", "/views/<int:key>/tickets")
    def tickets(key: int) -> ResponseReturnValue:
        rows = _tickets_in(account, account.catalog.views.get(key))

        def show(ticket: Ticket) -> Json:
            return ticket_json(ticket, api_url())

        return shown(page(rows, request.args, request.base_url, "tickets", show))

    @route(blueprint, "GET", "/views/<int:key>/count")
    def count(key: int) -> ResponseReturnValue:
        value = len(_tickets_in(account, account.catalog.views.get(key)))
        api = api_url()
        counted = {
            "url": f"{api}/views/{key}/count.json",
            "view_id": key,
            "value": value,
            "pretty": str(value),
            "fresh": True,
            "active": True,
        }
        return shown({"view_count": counted})


def _tickets_in(account: ZendeskAccount, view: Record) -> Sequence[Ticket]:
    when_all, when_any = read_conditions(view.values["conditions"] or view.values)
    found = []
    for ticket in account.tickets:
        # Nothing is written: the change only says what the ticket is now.
        change = account.ticket_writing.open(actor(), ticket, {})
        if all(holds(one, change) for one in when_all) and (
            not when_any or any(holds(one, change) for one in when_any)
        ):
            found.append(ticket)
    return found
