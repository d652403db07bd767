"""/macros: agents' ready answers, and what applying one would do. Applying saves nothing."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from balie_sandbox.zendesk.account import ZendeskAccount
from balie_sandbox.zendesk.gateway import actor, api_url, caller, route, shown
from balie_sandbox.zendesk.records import kinds
from balie_sandbox.zendesk.records.macro_applying import applied, changes_of
from balie_sandbox.zendesk.records.routes import add_record_routes, listed
from balie_sandbox.zendesk.tickets.rendering import ticket_json


def add_macro_routes(blueprint: Blueprint, account: ZendeskAccount) -> None:
    add_record_routes(blueprint, account, kinds.MACROS, ("show", "create", "update", "delete"), 200)

    @route(blueprint, "GET", "/macros")
    def macros() -> ResponseReturnValue:
        store, wanted = account.catalog.macros, request.args.get("active")
        return listed(
            store, [m for m in store if wanted in (None, str(m.values["active"]).lower())]
        )

    @route(blueprint, "GET", "/macros/active")
    def active() -> ResponseReturnValue:
        return listed(account.catalog.macros, account.catalog.macros.where("active", True))

    @route(blueprint, "GET", "/macros/search")
    def search() -> ResponseReturnValue:
        words, store = request.args.get("query", "").lower(), account.catalog.macros
        return listed(store, [one for one in store if words in str(one.values["title"]).lower()])

    @route(blueprint, "GET", "/macros/<int:key>/apply")
    def apply(key: int) -> ResponseReturnValue:
        """Only the changes."""
        macro = account.catalog.macros.get(key)
        return shown({"result": {"ticket": changes_of(macro, caller(), lambda text: text)}})

    @route(blueprint, "GET", "/tickets/<int:ticket_id>/macros/<int:key>/apply")
    def apply_to(ticket_id: int, key: int) -> ResponseReturnValue:
        """The whole ticket as it would be."""
        ticket, macro = account.tickets.get(ticket_id), account.catalog.macros.get(key)
        whole = ticket_json(ticket, api_url())
        changes = applied(account, actor(), ticket, macro)
        return shown({"result": {"ticket": whole | changes}})
