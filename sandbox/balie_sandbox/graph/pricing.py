"""What a non-template message costs, as statuses say it (reference/whatsapp.md 4.2)."""

from datetime import UTC, datetime
from typing import Any

from .model import Number

#: From this day service messages cost, after a monthly allowance for each number.
SERVICE_CHARGED_FROM = datetime(2026, 10, 1, tzinfo=UTC)
FREE_SERVICE_MESSAGES_PER_MONTH = 1000


def service_pricing(number: Number, now: datetime) -> dict[str, Any]:
    """Return the ``pricing`` object of a service message that is being delivered now."""
    used = number.delivered_by_month[now.strftime("%Y-%m")]
    billable = now >= SERVICE_CHARGED_FROM and used >= FREE_SERVICE_MESSAGES_PER_MONTH
    return {
        "billable": billable,
        "pricing_model": "PMP",
        "type": "regular" if billable else "free_customer_service",
        "category": "service",
    }


def count_delivered(number: Number, now: datetime) -> None:
    """Take one message off the month's allowance."""
    number.delivered_by_month[now.strftime("%Y-%m")] += 1
