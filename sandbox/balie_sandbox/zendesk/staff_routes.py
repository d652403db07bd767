"""The little of groups and brands that a bridge asks for."""

from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue

from balie_sandbox.zendesk import defaults
from balie_sandbox.zendesk.account import BASE_URL, ZendeskAccount
from balie_sandbox.zendesk.errors import Json, not_found
from balie_sandbox.zendesk.gateway import api_url, route, shown

MADE_AT = "2026-01-05T09:00:00Z"


def add_staff_routes(blueprint: Blueprint, account: ZendeskAccount) -> None:  # noqa: ARG001 - all alike
    @route(blueprint, "GET", "/groups")
    def groups() -> ResponseReturnValue:
        return shown(_listed("groups", [group_json(api_url())]))

    @route(blueprint, "GET", "/groups/<int:group_id>")
    def group(group_id: int) -> ResponseReturnValue:
        if group_id != defaults.GROUP_ID:
            raise not_found()
        return shown({"group": group_json(api_url())})

    @route(blueprint, "GET", "/brands")
    def brands() -> ResponseReturnValue:
        return shown(_listed("brands", [brand_json(api_url())]))


def group_json(api: str) -> Json:
    return {
        "url": f"{api}/groups/{defaults.GROUP_ID}.json",
        "id": defaults.GROUP_ID,
        "name": defaults.GROUP_NAME,
        "description": "",
        "is_public": True,
        "default": True,
        "deleted": False,
        "created_at": MADE_AT,
        "updated_at": MADE_AT,
    }


def brand_json(api: str) -> Json:
    return {
        "url": f"{api}/brands/{defaults.BRAND_ID}.json",
        "id": defaults.BRAND_ID,
        "name": defaults.BRAND_NAME,
        "brand_url": BASE_URL,
        "subdomain": defaults.SUBDOMAIN,
        "has_help_center": False,
        "help_center_state": "disabled",
        "active": True,
        "default": True,
        "is_deleted": False,
        "logo": None,
        "ticket_form_ids": [defaults.TICKET_FORM_ID],
        "signature_template": "{{agent.signature}}",
        "created_at": MADE_AT,
        "updated_at": MADE_AT,
    }


def _listed(key: str, rows: list[Any]) -> Json:
    return {key: rows, "next_page": None, "previous_page": None, "count": len(rows)}
