"""A number's way into the Cloud API; an unregistered one cannot send (code 133010)."""

from typing import Any

from .account import GraphAccount
from .addresses import digits_of
from .errors import GraphError, invalid_parameter
from .model import App, Number, Waba
from .parameters import Parameters, required_text

ATTEMPTS = 10
ATTEMPT_SECONDS = 72 * 3600.0
#: What the sandbox "sends" as a code by text message or voice.
CODE = "123456"


def register(account: GraphAccount, _app: App, number: Number, found: Parameters) -> dict[str, Any]:
    """POST /{phone-number-id}/register with a PIN. Raises 100, 133005, 133006 and 133016."""
    required_text(found, "messaging_product")
    pin = checked_pin(found)
    count_attempt(account, number)
    if number.changed.get("code_verification_status") == "NOT_VERIFIED":
        raise GraphError(133006)
    if number.pin not in (None, pin):
        raise GraphError(133005)
    number.pin = pin
    number.registered = True
    return {"success": True}


def deregister(
    account: GraphAccount, _app: App, number: Number, _found: Parameters
) -> dict[str, Any]:
    """POST /{phone-number-id}/deregister. Raises code 133010 the second time."""
    count_attempt(account, number)
    if not number.registered:
        raise GraphError(133010)
    if number.coexists_since is not None:
        raise invalid_parameter("A number that is used in the WhatsApp Business app stays.")
    number.registered = False
    return {"success": True}


def count_attempt(account: GraphAccount, number: Number) -> None:
    """Raise 133016 beyond ten attempts in 72 hours."""
    now = account.clock.now()
    if account.limits.take(f"register {number.id}", now, ATTEMPTS, ATTEMPT_SECONDS) is None:
        raise GraphError(133016)


def checked_pin(found: Parameters) -> str:
    """Return a PIN of six digits. Raises code 100."""
    pin = required_text(found, "pin")
    if not (len(pin) == 6 and pin.isascii() and pin.isdecimal()):
        raise invalid_parameter("Param pin must be 6 characters long.")
    return pin


def add_number(account: GraphAccount, _app: App, waba: Waba, found: Parameters) -> dict[str, Any]:
    """POST /{waba-id}/phone_numbers: a number that is neither verified nor registered."""
    dialled = f"+{required_text(found, 'cc')}{required_text(found, 'phone_number')}"
    digits = digits_of(dialled, "")
    if digits is None:
        raise invalid_parameter("Param phone_number is not a phone number.")
    name = required_text(found, "verified_name")
    number = Number(account.ids.numeric(15), waba.id, digits, name, registered=False)
    number.changed |= {"code_verification_status": "NOT_VERIFIED", "name_status": "PENDING_REVIEW"}
    account.numbers[number.id] = number
    return {"id": number.id}


def request_code(
    _account: GraphAccount, _app: App, _number: Number, found: Parameters
) -> dict[str, Any]:
    """POST /{phone-number-id}/request_code. Raises code 100."""
    if required_text(found, "code_method").upper() not in ("SMS", "VOICE"):
        raise invalid_parameter("Param code_method must be one of {SMS, VOICE}.")
    required_text(found, "language")
    return {"success": True}


def verify_code(
    _account: GraphAccount, _app: App, number: Number, found: Parameters
) -> dict[str, Any]:
    """POST /{phone-number-id}/verify_code; the code is always 123456. Raises 136025."""
    if required_text(found, "code") != CODE:
        raise GraphError(136025)
    number.changed["code_verification_status"] = "VERIFIED"
    return {"success": True}
