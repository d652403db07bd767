"""/search and /users/search."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from balie_sandbox.zendesk.account import ZendeskAccount
from balie_sandbox.zendesk.errors import ApiError, Json, bad_request
from balie_sandbox.zendesk.gateway import api_url, route, shown
from balie_sandbox.zendesk.paging import (
    MAX_SIZE,
    cursor_page,
    offset_page,
    page_number,
    wants_cursor,
)
from balie_sandbox.zendesk.search.query import kind_of, parse
from balie_sandbox.zendesk.tickets.model import Ticket
from balie_sandbox.zendesk.tickets.rendering import ticket_json
from balie_sandbox.zendesk.users.model import User
from balie_sandbox.zendesk.users.rendering import user_json

#: Past these the search answers 422 (developer docs, ticket-management/search).
MAX_RESULTS = 1000
SORTABLE = ("created_at", "updated_at", "priority", "status", "ticket_type")


def add_search_routes(blueprint: Blueprint, account: ZendeskAccount) -> None:
    @route(blueprint, "GET", "/search")
    def search() -> ResponseReturnValue:
        rows = _found(account, request.args.get("query", ""), ("user", "ticket"))
        answer = _page(rows, "results")
        return shown(answer | {"facets": None})

    @route(blueprint, "GET", "/search/count")
    def search_count() -> ResponseReturnValue:
        rows = _found(account, request.args.get("query", ""), ("user", "ticket"))
        return shown({"count": len(rows)})

    @route(blueprint, "GET", "/search/export")
    def export() -> ResponseReturnValue:
        """By cursor only, of one type, without the end at 1,000 rows."""
        kind = request.args.get("filter[type]", "")
        if kind not in ("user", "ticket"):
            raise bad_request("invalid", "filter[type] must be user or ticket")
        rows = _found(account, f"{request.args.get('query', '')} type:{kind}", (kind,))
        return shown(cursor_page(rows, request.args, request.base_url, "results", _result))

    @route(blueprint, "GET", "/users/search")
    def search_users() -> ResponseReturnValue:
        """By external_id at once, by query with the index's lag."""
        external_id = request.args.get("external_id")
        if external_id is not None:
            user = account.users.by_external_id(external_id)
            return shown(_page([user] if user else [], "users"))
        return shown(_page(_found(account, request.args.get("query", ""), ("user",)), "users"))


def _found(account: ZendeskAccount, query: str, kinds: tuple[str, ...]) -> list[User | Ticket]:
    """Records as they are now, for what the index knew. Raises ApiError on an empty query."""
    terms = parse(query)
    if not terms:
        raise bad_request("invalid", "Invalid search: query must not be blank")
    wanted = kind_of(terms)
    if wanted:
        kinds = tuple(kind for kind in kinds if wanted in (kind, f"{kind}s"))
    rows: list[User | Ticket] = []
    for kind, key in account.index.find(terms, kinds):
        record = account.users.find(key) if kind == "user" else account.tickets.find(key)
        if record is not None:
            rows.append(record)
    return _sorted(rows)


def _sorted(rows: list[User | Ticket]) -> list[User | Ticket]:
    name = request.args.get("sort_by")
    if name not in SORTABLE:
        return rows
    newest = request.args.get("sort_order", "desc") == "desc"
    return sorted(rows, key=lambda row: str(getattr(row, name, "")), reverse=newest)


def _page(rows: list[User | Ticket], key: str) -> Json:
    """Offset paging only, and no further than 1,000 rows."""
    if wants_cursor(request.args):
        raise bad_request("InvalidPaginationParameter", "page must be an integer")
    number, size = page_number(request.args, "page", 1), page_number(request.args, "per_page", 100)
    if number * min(size, MAX_SIZE) > MAX_RESULTS:
        text = "Requested response size was greater than Search Response Limits"
        raise ApiError(422, {"error": "invalid", "description": f"Invalid search: {text}"})

    def show(row: User | Ticket) -> Json:
        found = _result(row)
        if key == "users":
            del found["result_type"]
        return found

    return offset_page(rows, request.args, request.base_url, key, show)


def _result(row: User | Ticket) -> Json:
    if isinstance(row, User):
        return user_json(row, api_url()) | {"result_type": "user"}
    return ticket_json(row, api_url()) | {"result_type": "ticket"}
