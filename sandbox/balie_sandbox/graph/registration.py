"""Registering a number for the Cloud API; an unregistered one cannot send (code 133010)."""

from typing import Any

from .errors import GraphError, invalid_parameter
from .model import Number
from .parameters import Parameters, required_text


def register(number: Number, found: Parameters) -> dict[str, Any]:
    """POST /{phone-number-id}/register with a PIN of six digits. Raises code 100."""
    required_text(found, "messaging_product")
    pin = required_text(found, "pin")
    if not (len(pin) == 6 and pin.isdecimal()):
        raise invalid_parameter("Param pin must be 6 characters long.")
    number.registered = True
    return {"success": True}


def deregister(number: Number) -> dict[str, Any]:
    """POST /{phone-number-id}/deregister. Raises code 133010 the second time."""
    if not number.registered:
        raise GraphError(133010)
    number.registered = False
    return {"success": True}
