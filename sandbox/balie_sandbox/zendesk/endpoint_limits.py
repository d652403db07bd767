"""Which endpoints have limits of their own (reference 1.4)."""

import re
from dataclasses import dataclass

MINUTE, TEN_MINUTES = 60, 600
USER_TEXT = (
    "You have exceeded the rate limit for updating a single unique user. Please wait and try again."
)


@dataclass(frozen=True, slots=True)
class EndpointLimit:
    """One limit. What the pattern's group finds, if it has one, has a count of its own.

    `setting` names the number in AccountSettings; `header` is whether an answer tells the count;
    `plain` is the text of a refusal that is no JSON.
    """

    method: str
    pattern: re.Pattern[str]
    name: str
    setting: str
    window_seconds: int = MINUTE
    header: bool = False
    per_caller: bool = False
    plain: str | None = None


def _limit(method: str, pattern: str, name: str, setting: str, **more: object) -> EndpointLimit:
    return EndpointLimit(method, re.compile(pattern), name, setting, **more)  # type: ignore[arg-type]  # the fields above


LIMITS = (
    _limit(
        "POST",
        r"/tickets",
        "ticket-request-create-by-user-and-ip",
        "ticket_create_limit",
        header=True,
        per_caller=True,
    ),
    _limit("GET", r"/tickets", "tickets-index", "ticket_list_limit", header=True),
    _limit("GET", r"/(?:users/)?search", "search-index", "search_limit", header=True),
    _limit("GET", r"/search/export", "search-export-index", "search_export_limit", header=True),
    _limit("PUT", r"/users/([0-9]+)", "user-updates", "user_update_limit", plain=USER_TEXT),
    _limit("PUT", r"/organizations/([0-9]+)", "organization-updates", "organization_update_limit"),
    _limit("DELETE", r"/tickets/[0-9]+", "tickets-destroy", "ticket_delete_limit"),
    _limit(
        "DELETE",
        r"/deleted_users/[0-9]+",
        "deleted-users-destroy",
        "deleted_user_limit",
        window_seconds=TEN_MINUTES,
    ),
    _limit("POST", r"/webhooks/test", "webhooks-test", "webhook_test_limit"),
    _limit(
        "GET",
        r"/views/([0-9]+)/(?:count|execute)",
        "view-count",
        "view_count_limit",
        per_caller=True,
    ),
)


def limits_of(method: str, path: str) -> list[tuple[EndpointLimit, str]]:
    """The limits that a request counts against, each with what the count is kept for."""
    plain = path.removesuffix(".json")
    found = []
    for limit in LIMITS:
        match = limit.pattern.fullmatch(plain) if limit.method == method else None
        if match:
            found.append((limit, ":".join(match.groups())))
    return found
