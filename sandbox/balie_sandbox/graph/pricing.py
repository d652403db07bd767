"""What a message costs, as statuses say it (reference/whatsapp.md 4.1, 4.2 and 8.2)."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

from .messages import Message
from .model import Number

#: From this day service messages cost, after a monthly allowance for each number.
SERVICE_CHARGED_FROM = datetime(2026, 10, 1, tzinfo=UTC)
FREE_SERVICE_MESSAGES_PER_MONTH = 1000
WINDOW = timedelta(hours=24)
FREE_ENTRY = timedelta(hours=72)


def window_is_open(number: Number, wa_id: str, now: datetime) -> bool:
    """Say whether the customer wrote to this number within the last 24 hours."""
    last = number.last_inbound.get(wa_id)
    return last is not None and now - last < WINDOW


def pricing_of(number: Number, message: Message, now: datetime) -> dict[str, Any]:
    """Return the ``pricing`` object of a message that is being delivered now."""
    group = "group_" if message.group_id else ""
    type_, category = "regular", message.category
    free_until = number.free_entry.get(message.wa_id)
    if free_until is not None and now < free_until:
        type_, category = "free_entry_point", "referral_conversion"
    elif is_free(number, message, now):
        type_ = f"free_{group}customer_service"
    return {
        "billable": type_ == "regular",
        "pricing_model": "PMP",
        "type": type_,
        "category": f"{group}{category}" if category in GROUPED else category,
    }


GROUPED = ("marketing", "utility", "service")


def is_free(number: Number, message: Message, now: datetime) -> bool:
    """Say whether it costs nothing: a service message within the allowance; until the change
    of 2026 a utility template in the window as well.
    """
    if message.category == "service":
        return allowance_is_left(number, now)
    usable = message.category == "utility" and now < SERVICE_CHARGED_FROM
    return usable and window_is_open(number, message.wa_id, now)


def allowance_is_left(number: Number, now: datetime) -> bool:
    """Say whether a service message is free now."""
    used = number.delivered_by_month[now.strftime("%Y-%m")]
    return now < SERVICE_CHARGED_FROM or used < FREE_SERVICE_MESSAGES_PER_MONTH


def count_delivered(number: Number, message: Message, now: datetime) -> None:
    """Take a service message off the month's allowance."""
    if message.category == "service":
        number.delivered_by_month[now.strftime("%Y-%m")] += 1


def conversation_of(number: Number, message: Message, now: datetime) -> dict[str, Any] | None:
    """Return the ``conversation`` object; None outside a free entry point (v24.0 and later)."""
    until = number.free_entry.get(message.wa_id)
    if until is None or now >= until:
        return None
    seed = f"{number.id} {message.wa_id} {until.isoformat()}"
    return conversation(seed, "referral_conversion", until, message)


def old_conversation(message: Message, now: datetime) -> dict[str, Any]:
    """Return the ``conversation`` object as apps on v23.0 and older get it: one a message."""
    return conversation(message.id, message.category, now + WINDOW, message)


def conversation(seed: str, origin: str, until: datetime, message: Message) -> dict[str, Any]:
    """Return the object; when it expires is only told with ``sent``."""
    digest = hashlib.md5(seed.encode(), usedforsecurity=False).hexdigest()
    made: dict[str, Any] = {"id": digest}
    if message.status == "sent":
        made["expiration_timestamp"] = str(int(until.timestamp()))
    return made | {"origin": {"type": origin}}
