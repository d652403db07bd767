"""/groups, /brands, the fields and forms of tickets and users, schedules, policies, locales."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from balie_sandbox.zendesk.account import ZendeskAccount
from balie_sandbox.zendesk.errors import bad_request
from balie_sandbox.zendesk.gateway import api_url, route, shown
from balie_sandbox.zendesk.records import kinds
from balie_sandbox.zendesk.records.routes import ALL, add_record_routes, listed, shape

READ = ("list", "show")
LOCALES = ((1, "en-US", "English"), (38, "nl", "Nederlands"))
MADE_AT = "2026-01-05T09:00:00Z"


def add_catalog_routes(blueprint: Blueprint, account: ZendeskAccount) -> None:
    for kind, doings in (
        (kinds.GROUPS, ALL),
        (kinds.GROUP_MEMBERSHIPS, ("list", "show", "create", "delete")),
        (kinds.BRANDS, ALL),
        (kinds.TICKET_FIELDS, ALL),
        (kinds.TICKET_FORMS, ALL),
        (kinds.USER_FIELDS, ALL),
        (kinds.CUSTOM_STATUSES, ("list", "show", "create", "update")),
        (kinds.SCHEDULES, READ),
        (kinds.SLA_POLICIES, ALL),
    ):
        add_record_routes(blueprint, account, kind, doings)
    _add_groups(blueprint, account)
    _add_help(blueprint, account)
    _add_locales(blueprint)


def _add_groups(blueprint: Blueprint, account: ZendeskAccount) -> None:
    @route(blueprint, "GET", "/groups/assignable")
    def assignable() -> ResponseReturnValue:
        return listed(account.catalog.groups, account.catalog.groups.where("deleted", False))

    @route(blueprint, "GET", "/groups/<int:group_id>/memberships")
    def of_group(group_id: int) -> ResponseReturnValue:
        store = account.catalog.group_memberships
        account.catalog.groups.get(group_id)
        return listed(store, store.where("group_id", group_id))

    @route(blueprint, "GET", "/users/<int:user_id>/group_memberships")
    def of_user(user_id: int) -> ResponseReturnValue:
        store = account.catalog.group_memberships
        account.users.get(user_id)
        return listed(store, store.where("user_id", user_id))

    @route(blueprint, "GET", "/business_hours/schedules/<int:key>/holidays")
    def holidays(key: int) -> ResponseReturnValue:
        store = account.catalog.holidays
        account.catalog.schedules.get(key)
        return listed(store, store.where("schedule_id", key))


def _add_help(blueprint: Blueprint, account: ZendeskAccount) -> None:
    @route(blueprint, "GET", "/help_center/articles/search")
    def search_articles() -> ResponseReturnValue:
        """By words in title, text and labels; a locale narrows it."""
        args, store = request.args, account.catalog.articles
        if not any(args.get(name) for name in ("query", "category", "section", "label_names")):
            raise bad_request("BadRequest", "Send query, category, section or label_names")
        words = args.get("query", "").lower().split()
        labels = set(filter(None, args.get("label_names", "").split(",")))
        locale = args.get("locale", "*").lower()
        rows = []
        for one in store:
            text = f"{one.values['title']} {one.values['body']}".lower()
            fits = all(word in text for word in words) and labels <= set(one.values["label_names"])
            if fits and locale in ("*", str(one.values["locale"]).lower()):
                rows.append(shape(store, one) | {"result_type": "article", "snippet": text[:100]})
        empty = {"next_page": None, "previous_page": None, "page": 1, "page_count": 1}
        return shown({"results": rows, "count": len(rows), "per_page": 25} | empty)


def _add_locales(blueprint: Blueprint) -> None:
    @route(blueprint, "GET", "/locales")
    def locales() -> ResponseReturnValue:
        rows = [
            {
                "id": key,
                "locale": code,
                "name": name,
                "url": f"{api_url()}/locales/{code}.json",
                "created_at": MADE_AT,
                "updated_at": MADE_AT,
            }
            for key, code, name in LOCALES
        ]
        return shown({"locales": rows})
