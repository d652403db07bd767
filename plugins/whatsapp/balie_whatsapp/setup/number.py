"""The business number: whether it is the account's, works, and how good Meta thinks it is."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from balie.api import Rejected, Step
from balie_whatsapp.account.changes import NUMBER_KEY
from balie_whatsapp.setup.bench import Bench
from balie_whatsapp.untrusted import identifier, mapping, mappings, one_line

NAME = ("Nummer", "Number")
_QUALITY = ("Kwaliteit", "Quality")
_DISPLAY = ("Weergavenaam", "Display name")
_LIMIT = ("Berichtenlimiet", "Messaging limit")
_ACCOUNT = ("Account", "Account")
_USUAL = ("display_phone_number", "verified_name", "quality_rating", "status", "name_status")
_NEWER = (
    *(*_USUAL, "health_status", "whatsapp_business_manager_messaging_limit"),
    *("throughput", "is_on_biz_app"),
)
_WORKING = ("CONNECTED", "")
_NAMED = ("APPROVED", "AVAILABLE_WITHOUT_REVIEW", "NONE", "")
_KEPT_SECONDS = 5 * 366 * 86_400.0


def read_number(bench: Bench) -> Iterator[Step]:
    """Yield what there is to know of the number, and keep its digits."""
    try:
        found = bench.client.number(*_NEWER)
    except Rejected:
        found = bench.client.number(*_USUAL)  # an older version of the API knows fewer fields
    digits = re.sub(r"\D", "", one_line(found.get("display_phone_number"), 40))
    if digits:
        bench.ctx.kv.set(NUMBER_KEY, digits, seconds=_KEPT_SECONDS)
    bench.learned["messages_per_second"] = _speed(found)
    yield _works(bench, found)
    yield _quality(bench, found)
    yield _display_name(bench, found)
    limit = one_line(found.get("whatsapp_business_manager_messaging_limit"), 40)
    if limit:
        yield bench.done(_LIMIT, f"{limit} klanten per dag.", f"{limit} customers a day.")


def check_account(bench: Bench) -> Step:
    """Say whether the number hangs on the account that was given: another's tells us nothing."""
    ours = bench.ctx.config["phone_number_id"]
    path = bench.client.of_account("phone_numbers")
    after: dict[str, str] = {}
    for _ in range(20):
        page = bench.client.read(path, fields="id", limit="100", **after)
        if any(identifier(number.get("id")) == ours for number in mappings(page.get("data"))):
            return bench.done(
                _ACCOUNT, "Het nummer hoort bij dit account.", "The number is this account's."
            )
        paging = mapping(page.get("paging"))
        following = one_line(mapping(paging.get("cursors")).get("after"), 500)
        if not paging.get("next") or not following:
            break
        after = {"after": following}
    return bench.wrong(
        _ACCOUNT,
        "Dit account heeft dit nummer niet. Kijk waba_id na in WhatsApp Manager.",
        "This account does not have this number. Check waba_id in WhatsApp Manager.",
    )


def _speed(found: Mapping[str, Any]) -> int:
    """Return messages a second, from Meta's page "Throughput"."""
    if found.get("is_on_biz_app") is True:
        return 20
    return 1000 if mapping(found.get("throughput")).get("level") == "HIGH" else 80


def _works(bench: Bench, found: Mapping[str, Any]) -> Step:
    shown = ", ".join(text for key in _USUAL[:2] if (text := one_line(found.get(key), 100)))
    status = one_line(found.get("status"), 40)
    health = mapping(found.get("health_status"))
    if status not in _WORKING:
        return bench.wrong(
            NAME,
            f"{shown} staat bij Meta op {status}. Meld het nummer aan in WhatsApp Manager.",
            f"{shown} is {status} at Meta. Register the number in WhatsApp Manager.",
        )
    if health.get("can_send_message") == "BLOCKED":
        why = _trouble(health)
        return bench.wrong(
            NAME, f"{shown} kan niet verzenden. {why}", f"{shown} cannot send. {why}"
        )
    return bench.done(NAME, f"{shown}.", f"{shown}.")


def _trouble(health: Mapping[str, Any]) -> str:
    """Return what Meta says is wrong, and what it advises."""
    told = [
        one_line(error.get(key), 200)
        for entity in mappings(health.get("entities"))
        for error in mappings(entity.get("errors"))
        for key in ("error_description", "possible_solution")
    ]
    return " ".join(dict.fromkeys(text for text in told if text))


def _quality(bench: Bench, found: Mapping[str, Any]) -> Step:
    quality = one_line(found.get("quality_rating"), 40) or "?"
    if quality == "RED":
        return bench.wrong(
            _QUALITY,
            "RED: klanten blokkeren of melden het nummer. Stuur minder sjablonen.",
            "RED: customers block or report the number. Send fewer templates.",
        )
    return bench.done(_QUALITY, f"{quality}.", f"{quality}.")


def _display_name(bench: Bench, found: Mapping[str, Any]) -> Step:
    status = one_line(found.get("name_status"), 40)
    if status in _NAMED:
        return bench.done(_DISPLAY, "Goedgekeurd.", "Approved.")
    return bench.wrong(
        _DISPLAY,
        f"Meta zegt {status}; klanten zien dan het nummer. Kijk in WhatsApp Manager.",
        f"Meta says {status}; customers then see the number. Look in WhatsApp Manager.",
    )
