"""What a business number can do, as the core asks for it."""

from balie.api import Allowance, Capabilities, Context, Pace, PaceScope, ServiceWindow
from balie_whatsapp.outbound.content import SENDS
from balie_whatsapp.outbound.files import RULES
from balie_whatsapp.outbound.text import CAPTION_LIMIT, TEXT_LIMIT

WINDOW_HOURS = 24.0
"""After the customer's last message or call, from Meta's page "Send messages"."""
FREE = Allowance(type="free_customer_service", messages=1000)
"""A number and month, from Meta's page "Pricing for non-template messages" of October 2026."""
PAIR = Pace(scope=PaceScope.CONVERSATION, seconds=6.0, burst=45)
"""To one customer one in six seconds, of which 45 may be borrowed: Meta's error 131056."""


def capabilities(ctx: Context) -> Capabilities:
    """Return limits and abilities, with what the tenant chose."""
    config = ctx.config
    name, _, language = str(config["waiting_template"]).partition("/")
    return Capabilities(
        text_limit=TEXT_LIMIT,
        caption_limit=CAPTION_LIMIT,
        sends=SENDS,
        media=RULES,
        window=ServiceWindow(
            hours=WINDOW_HOURS,
            remind_before_hours=config["remind_before_hours"],
            remind_text=config["remind_text"],
            waiting_template=(name, language) if name else None,
            hold_days=config["hold_days"],
            closed_codes=frozenset({"131047"}),
        ),
        paces=(PAIR, _throughput(config["messages_per_second"])),
        marks_read=config["mark_read"],
        allowance=FREE,
        reconcile_seconds=config["reconcile_seconds"],
    )


def _throughput(each_second: int) -> Pace:
    """Return the pace of the whole number, from Meta's page "Throughput"."""
    return Pace(scope=PaceScope.CONNECTION, seconds=1 / each_second, burst=each_second)
