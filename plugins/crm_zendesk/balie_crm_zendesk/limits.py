"""What Zendesk's headers tell of its limits, and the write budgets that follow.

https://developer.zendesk.com/api-reference/introduction/rate-limits/
"""

import re
from collections.abc import Mapping
from dataclasses import replace

from balie.api import BudgetScope, Context, WriteBudget

from . import memory

#: Updates of one ticket by one user, and of all tickets of an account.
#: https://developer.zendesk.com/api-reference/introduction/rate-limits/#update-ticket
PER_TICKET = WriteBudget(scope=BudgetScope.TICKET, writes=30, seconds=600)
PER_ACCOUNT = WriteBudget(scope=BudgetScope.CONNECTION, writes=100, seconds=60)
WRITE_BUDGETS = (PER_TICKET, PER_ACCOUNT)
#: A message costs up to four requests (ticket, user, upload, comment), and agents' answers two.
REQUESTS_PER_UPDATE = 4

#: 2026's spelling of the account's limit, and older ones.
_PLAN = ("x-rate-limit", "ratelimit-limit", "rate-limit")
#: Buckets of single endpoints have had two spellings, and are named as Zendesk likes.
_BUCKET = re.compile(r"zendesk-rate-?limit-.*per-ticket", re.IGNORECASE)
_TOTAL = re.compile(r"\btotal=(\d{1,9})\b")


def notice(ctx: Context, headers: Mapping[str, str]) -> None:
    """Remember what an answer's headers say of the limits."""
    known = memory.of(ctx)
    known.plan_limit = _plan(headers) or known.plan_limit
    for name, value in headers.items():
        if _BUCKET.match(name) and (total := _TOTAL.search(value)):
            known.ticket_updates = int(total[1]) or known.ticket_updates


def budgets(ctx: Context) -> tuple[WriteBudget, ...]:
    """Return how often we may add to tickets: Zendesk's own limits, or less in a small plan."""
    known = memory.of(ctx)
    per_ticket = min(known.ticket_updates or PER_TICKET.writes, PER_TICKET.writes)
    per_account = PER_ACCOUNT.writes
    if known.plan_limit is not None:
        per_account = max(1, min(per_account, known.plan_limit // REQUESTS_PER_UPDATE))
    return (replace(PER_TICKET, writes=per_ticket), replace(PER_ACCOUNT, writes=per_account))


def _plan(headers: Mapping[str, str]) -> int | None:
    for name in _PLAN:
        value = headers.get(name, "")
        if value.isascii() and value.isdigit() and int(value[:9]) > 0:
            return int(value[:9])
    return None
