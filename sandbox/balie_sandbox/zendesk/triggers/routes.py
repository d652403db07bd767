"""/triggers and /trigger_categories."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from balie_sandbox.zendesk import defaults
from balie_sandbox.zendesk.account import ZendeskAccount
from balie_sandbox.zendesk.errors import Json
from balie_sandbox.zendesk.gateway import api_url, created, envelope, route, shown
from balie_sandbox.zendesk.paging import page
from balie_sandbox.zendesk.triggers.model import Trigger, trigger_json

MADE_AT = "2026-01-05T09:00:00Z"


def show(trigger: Trigger) -> Json:
    return trigger_json(trigger, api_url())


def add_trigger_routes(blueprint: Blueprint, account: ZendeskAccount) -> None:
    def paged(rows: list[Trigger]) -> ResponseReturnValue:
        return shown(page(rows, request.args, request.base_url, "triggers", show))

    @route(blueprint, "GET", "/triggers")
    def list_triggers() -> ResponseReturnValue:
        return paged(account.triggers.listed())

    @route(blueprint, "GET", "/triggers/active")
    def active_triggers() -> ResponseReturnValue:
        return paged([one for one in account.triggers.listed() if one.active])

    @route(blueprint, "GET", "/triggers/search")
    def search_triggers() -> ResponseReturnValue:
        words = request.args.get("query", "").lower()
        return paged([one for one in account.triggers.listed() if words in one.title.lower()])

    @route(blueprint, "POST", "/triggers")
    def create_trigger() -> ResponseReturnValue:
        shape = show(account.triggers.create(envelope("trigger")))
        return created({"trigger": shape}, shape["url"])

    @route(blueprint, "GET", "/triggers/<int:trigger_id>")
    def show_trigger(trigger_id: int) -> ResponseReturnValue:
        return shown({"trigger": show(account.triggers.get(trigger_id))})

    @route(blueprint, "PUT", "/triggers/<int:trigger_id>")
    def update_trigger(trigger_id: int) -> ResponseReturnValue:
        trigger = account.triggers.get(trigger_id)
        return shown({"trigger": show(account.triggers.update(trigger, envelope("trigger")))})

    @route(blueprint, "DELETE", "/triggers/<int:trigger_id>")
    def delete_trigger(trigger_id: int) -> ResponseReturnValue:
        account.triggers.delete(account.triggers.get(trigger_id))
        return "", 204

    @route(blueprint, "GET", "/trigger_categories")
    def categories() -> ResponseReturnValue:
        meta = {"has_more": False, "after_cursor": None, "before_cursor": None}
        return shown(
            {
                "trigger_categories": [category_json()],
                "meta": meta,
                "links": {"next": None, "prev": None},
            }
        )


def category_json() -> Json:
    return {
        "id": defaults.TRIGGER_CATEGORY_ID,
        "name": "Notifications",
        "position": 0,
        "created_at": MADE_AT,
        "updated_at": MADE_AT,
    }
