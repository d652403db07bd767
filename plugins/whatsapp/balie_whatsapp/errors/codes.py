"""All of Meta's error codes that are known, each with what it means."""

from balie_whatsapp.errors.account_codes import ACCOUNT
from balie_whatsapp.errors.known import Handling, Known
from balie_whatsapp.errors.people_codes import PEOPLE
from balie_whatsapp.errors.sending import SENDING
from balie_whatsapp.errors.sentences import PERMISSION, WRONG_NUMBER_ID
from balie_whatsapp.errors.template_codes import TEMPLATE

__all__ = ["CODES", "WRONG_NUMBER_ID", "Handling", "Known", "meaning"]

CODES: dict[int, Known] = {**SENDING, **TEMPLATE, **PEOPLE, **ACCOUNT}


def meaning(code: int | None) -> Known | None:
    """Return what a code means; None for one that is not known."""
    if code is None:
        return None
    return PERMISSION if 200 <= code <= 299 else CODES.get(code)
