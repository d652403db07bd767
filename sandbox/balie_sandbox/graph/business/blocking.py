"""The block list of a number (reference/whatsapp.md 9.5)."""

from typing import Any

from balie_sandbox.graph.account import GraphAccount
from balie_sandbox.graph.addresses import digits_of
from balie_sandbox.graph.errors import GraphError, invalid_parameter, status_error
from balie_sandbox.graph.model import App, Number
from balie_sandbox.graph.paging import paged
from balie_sandbox.graph.parameters import Parameters
from balie_sandbox.graph.phones import Phone
from balie_sandbox.graph.pricing import window_is_open

MOST_BLOCKED = 64_000


def block(account: GraphAccount, _app: App, number: Number, found: Parameters) -> dict[str, Any]:
    """POST /{phone-number-id}/block_users. Raises 139100 when some could not be."""
    added, failed = [], []
    now = account.clock.now()
    for entry, phone in named(account, number, found):
        shown = {"input": entry} | ({"wa_id": phone.wa_id} if phone else {})
        if phone is None or not window_is_open(number, phone.wa_id, now):
            code = 131026 if phone is None else 131047
            failed.append(shown | {"errors": [status_error(code)]})
        elif len(number.blocked) >= MOST_BLOCKED:
            failed.append(shown | {"errors": [status_error(139103)]})
        else:
            number.blocked.add(phone.wa_id)
            added.append(shown)
    answer: dict[str, Any] = {
        "messaging_product": "whatsapp",
        "block_users": {"added_users": added},
    }
    if failed:
        answer["block_users"]["failed_users"] = failed
        raise GraphError(139100, extra=answer)
    return answer


def unblock(account: GraphAccount, _app: App, number: Number, found: Parameters) -> dict[str, Any]:
    """DELETE /{phone-number-id}/block_users."""
    removed = []
    for entry, phone in named(account, number, found):
        if phone is not None:
            number.blocked.discard(phone.wa_id)
            removed.append({"input": entry, "wa_id": phone.wa_id})
    return {"messaging_product": "whatsapp", "block_users": {"removed_users": removed}}


def list_blocked(
    _account: GraphAccount, _app: App, number: Number, found: Parameters
) -> dict[str, Any]:
    """GET /{phone-number-id}/block_users."""
    shown = [{"messaging_product": "whatsapp", "wa_id": wa_id} for wa_id in sorted(number.blocked)]
    return paged(shown, found)


def named(
    account: GraphAccount, number: Number, found: Parameters
) -> list[tuple[str, Phone | None]]:
    """Return each entry of the request and the phone it means. Raises code 100."""
    entries = found.get("block_users")
    if not isinstance(entries, list) or not entries:
        raise invalid_parameter("The parameter block_users is required.")
    pairs: list[tuple[str, Phone | None]] = []
    for entry in entries:
        if not isinstance(entry, dict):
            raise invalid_parameter("Param block_users must hold objects.")
        user, user_id = entry.get("user"), entry.get("user_id")
        if user_id:
            pairs.append((str(user_id), account.phone_of_user(str(user_id))))
        else:
            digits = digits_of(str(user), number.display)
            pairs.append((str(user), account.phone(digits) if digits else None))
    return pairs
