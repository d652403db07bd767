"""A business's own username (reference/whatsapp.md 3.6)."""

import re
from typing import Any

from balie_sandbox.graph.account import GraphAccount
from balie_sandbox.graph.errors import GraphError
from balie_sandbox.graph.model import App, Number
from balie_sandbox.graph.notify import announce_account
from balie_sandbox.graph.parameters import Parameters, required_text

ALLOWED = re.compile(r"(?=.*[a-z])(?!www)(?!.*\.\.)[a-z0-9_][a-z0-9._]{1,33}[a-z0-9_]")
DOMAIN_END = re.compile(r".*\.(com|net|org|nl|eu|io)$")


def show_username(
    _account: GraphAccount, _app: App, number: Number, _found: Parameters
) -> dict[str, Any]:
    """GET /{phone-number-id}/username."""
    if number.username is None:
        return {"id": number.id}
    return {"username": number.username, "status": "approved", "id": number.id}


def set_username(
    account: GraphAccount, _app: App, number: Number, found: Parameters
) -> dict[str, Any]:
    """POST /{phone-number-id}/username. Raises 147001 and 147002."""
    username = required_text(found, "username")
    if not ALLOWED.fullmatch(username) or DOMAIN_END.match(username):
        raise GraphError(147001)
    others = [one for one in account.numbers.values() if one is not number]
    if any(one.username == username for one in others):
        raise GraphError(147002)
    number.username = username
    tell(account, number, "approved")
    return {"status": "approved"}


def delete_username(
    account: GraphAccount, _app: App, number: Number, _found: Parameters
) -> dict[str, Any]:
    """DELETE /{phone-number-id}/username."""
    if number.username is not None:
        tell(account, number, "deleted")
    number.username = None
    return {"success": True}


def suggest(account: GraphAccount, _app: App, number: Number, _found: Parameters) -> dict[str, Any]:
    """GET /{phone-number-id}/username_suggestions."""
    base = re.sub(r"[^a-z0-9]+", ".", number.verified_name.lower()).strip(".")
    taken = {one.username for one in account.numbers.values()}
    names = [name for name in (base, f"{base}.nl.team", f"{base}_desk") if name not in taken]
    return {"data": [{"username_suggestions": names}]}


def tell(account: GraphAccount, number: Number, status: str) -> None:
    """Send the webhook business_username_updates."""
    value = {
        "display_phone_number": number.display,
        "username": number.username,
        "status": status,
    }
    waba = account.wabas[number.waba_id]
    announce_account(account, waba, "business_username_updates", value)
