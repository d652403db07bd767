"""What Zendesk's headers tell of its limits, and the write budgets that follow.

https://developer.zendesk.com/api-reference/introduction/rate-limits/
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from balie.api import BudgetScope, Context, WriteBudget

from . import memory

#: Updates of one ticket by one user, and of all tickets of an account.
#: https://developer.zendesk.com/api-reference/introduction/rate-limits/#update-ticket
PER_TICKET = WriteBudget(scope=BudgetScope.TICKET, writes=30, seconds=600)
PER_ACCOUNT = WriteBudget(scope=BudgetScope.CONNECTION, writes=100, seconds=60)
WRITE_BUDGETS = (PER_TICKET, PER_ACCOUNT)
#: A message costs up to four requests (ticket, user, upload, comment), and agents' answers two.
REQUESTS_PER_UPDATE = 4

#: Agents' screens and other apps use the same account. Once no more than this part is left, we
#: write no more than that carries.
FEW = 0.1
#: How long a limit of the account's lasts that does not say so.
PLAN_SECONDS = 60
#: The longest window that Zendesk names; a broken header must not stop the desk for days.
LONGEST_HOLD_SECONDS = 600

#: 2026's spelling of the account's limit, and older ones.
_PLAN = ("x-rate-limit", "ratelimit-limit", "rate-limit")
_PLAN_LEFT = ("x-rate-limit-remaining", "ratelimit-remaining", "rate-limit-remaining")
_PLAN_RESETS = ("ratelimit-reset", "rate-limit-reset")
#: Buckets of single endpoints have had two spellings, and are named as Zendesk likes.
_BUCKET = re.compile(r"zendesk-rate-?limit-", re.IGNORECASE)
#: Those for updates of tickets: one says that it is of a ticket, 2023's may be of the account.
_PER_TICKET = re.compile(r"per-ticket", re.IGNORECASE)
_UPDATES = re.compile(r"limit-tickets-update\Z", re.IGNORECASE)
_COUNT = re.compile(r"\b(total|remaining|resets)=(\d{1,9})\b")


def notice(ctx: Context, headers: Mapping[str, str]) -> None:
    """Remember what an answer's headers say of the limits."""
    known = memory.of(ctx)
    limit = _first(headers, _PLAN)
    known.plan_limit = limit or known.plan_limit
    left = _first(headers, _PLAN_LEFT)
    if limit and left is not None:
        updates = left // REQUESTS_PER_UPDATE
        resets = _first(headers, _PLAN_RESETS)
        _note(ctx, "plan", left / limit, updates, PLAN_SECONDS if resets is None else resets)
    for name, count in _buckets(headers):
        if not (_PER_TICKET.search(name) or _UPDATES.search(name)):
            continue
        total, left = count.get("total", 0), count.get("remaining")
        known.ticket_updates = total or known.ticket_updates
        if total and left is not None and _UPDATES.search(name):
            _note(ctx, name.lower(), left / total, left, count.get("resets", PLAN_SECONDS))


def used_up_for(headers: Mapping[str, str]) -> float | None:
    """Return for how many seconds nothing is left of an endpoint's bucket, if that is so."""
    waits = [
        count["resets"]
        for _, count in _buckets(headers)
        if count.get("remaining") == 0 and "resets" in count
    ]
    return float(max(waits)) if waits else None


def budgets(ctx: Context) -> tuple[WriteBudget, ...]:
    """Return how often we may add to tickets: Zendesk's own limits, or less in a small plan.

    While nearly all of the account's is used up, there is a budget more, until that begins anew.
    Of a ticket's bucket only the total counts: it is our user's alone, and the core counts too.
    """
    known, now = memory.of(ctx), ctx.clock.now()
    per_ticket = min(known.ticket_updates or PER_TICKET.writes, PER_TICKET.writes)
    per_account = PER_ACCOUNT.writes
    if known.plan_limit is not None:
        per_account = max(1, min(per_account, known.plan_limit // REQUESTS_PER_UPDATE))
    held = (
        WriteBudget(scope=BudgetScope.CONNECTION, writes=writes, seconds=left)
        for writes, until in known.few.values()
        if (left := (until - now).total_seconds()) > 0
    )
    return (
        replace(PER_TICKET, writes=per_ticket),
        replace(PER_ACCOUNT, writes=per_account),
        *held,
    )


def _note(ctx: Context, name: str, part: float, updates: int, seconds: int) -> None:
    few = memory.of(ctx).few
    if part > FEW:
        few.pop(name, None)
    else:
        wait = timedelta(seconds=min(seconds, LONGEST_HOLD_SECONDS))
        few[name] = (updates, ctx.clock.now() + wait)


def _buckets(headers: Mapping[str, str]) -> Iterator[tuple[str, dict[str, int]]]:
    for name, value in headers.items():
        if _BUCKET.match(name):
            yield name, {what: int(count) for what, count in _COUNT.findall(value)}


def _first(headers: Mapping[str, str], names: Sequence[str]) -> int | None:
    for name in names:
        value = headers.get(name, "")
        if value.isascii() and value.isdigit():
            return int(value[:9])
    return None
