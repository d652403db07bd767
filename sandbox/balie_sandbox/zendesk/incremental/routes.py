"""/incremental: ticket events by time, tickets by time and by cursor."""

from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from balie_sandbox.zendesk.account import ZendeskAccount
from balie_sandbox.zendesk.errors import ApiError, Json, forbidden
from balie_sandbox.zendesk.gateway import api_url, caller, route, shown, sideloads
from balie_sandbox.zendesk.tickets.rendering import ticket_json

from .streams import (
    Place,
    audits_since,
    changed_in,
    event_json,
    place_of,
    tickets_after,
)


def add_incremental_routes(blueprint: Blueprint, account: ZendeskAccount) -> None:
    _add_ticket_events(blueprint, account)
    _add_tickets(blueprint, account)


def _add_ticket_events(blueprint: Blueprint, account: ZendeskAccount) -> None:
    @route(blueprint, "GET", "/incremental/ticket_events")
    def ticket_events() -> ResponseReturnValue:
        """With ?include=comment_events the comments themselves stand in it."""
        start = _admitted(account)
        found = audits_since(account.tickets.with_deleted(), start, _until(account))
        page = found[: account.settings.incremental_page_size]
        with_comments = "comment_events" in sideloads()
        rows = [event_json(audit, with_comments=with_comments) for audit in page]
        end = rows[-1]["timestamp"] if rows else None
        return shown(_timed("ticket_events", rows, end, complete=len(page) == len(found)))


def _add_tickets(blueprint: Blueprint, account: ZendeskAccount) -> None:
    @route(blueprint, "GET", "/incremental/tickets")
    def tickets() -> ResponseReturnValue:
        start = _admitted(account)
        found = tickets_after(account.tickets.with_deleted(), Place(start), _until(account))
        page = found[: account.settings.incremental_page_size]
        rows = [ticket_json(ticket, api_url()) for ticket in page]
        end = changed_in(page[-1]) if page else None
        return shown(_timed("tickets", rows, end, complete=len(page) == len(found)))

    @route(blueprint, "GET", "/incremental/tickets/cursor")
    def tickets_by_cursor() -> ResponseReturnValue:
        cursor = request.args.get("cursor")
        if cursor is None:
            place = Place(_admitted(account))
        else:
            _admit(account)
            place = place_of(cursor)
        found = tickets_after(account.tickets.with_deleted(), place, _until(account))
        page = found[: account.settings.incremental_page_size]
        if page:
            place = Place(changed_in(page[-1]), page[-1].id)
        after = place.as_cursor()
        return shown(
            {
                "tickets": [ticket_json(ticket, api_url()) for ticket in page],
                "after_cursor": after,
                "after_url": f"{api_url()}/incremental/tickets/cursor.json?cursor={after}",
                "before_cursor": None,
                "before_url": None,
                "end_of_stream": len(page) == len(found),
            }
        )


def _admit(account: ZendeskAccount) -> None:
    """Raises ApiError: 403 for who is no admin, 429 past the exports' own limit."""
    if caller().role != "admin":
        raise forbidden("You do not have access to this page. Only admins may export.")
    account.limits.count_export()


def _admitted(account: ZendeskAccount) -> int:
    """Return start_time. Raises ApiError, 422 too where it is none or too recent."""
    _admit(account)
    given = request.args.get("start_time", "")
    if not (given.isascii() and given.isdigit() and len(given) < 12):
        raise _refusal("start_time must be a Unix time in seconds")
    if int(given) > _until(account):
        raise _refusal("Too recent start_time. Use a start_time older than 1 minute")
    return int(given)


def _refusal(description: str) -> ApiError:
    return ApiError(422, {"error": "InvalidValue", "description": description})


def _until(account: ZendeskAccount) -> float:
    """The newest moment that the exports show. "Data isn't provided for the most recent minute"."""
    return account.source.now().timestamp() - account.settings.incremental_lag_seconds


def _timed(key: str, rows: list[Json], end: int | None, *, complete: bool) -> Json:
    following: Any = f"{request.base_url}?start_time={end}" if end is not None else None
    return {
        key: rows,
        "next_page": following,
        "count": len(rows),
        "end_of_stream": complete,
        "end_time": end,
    }
