"""What Graph says went wrong, as errors of Balie and as sentences for agents.

Nothing of the vendor's own wording goes on unscrubbed: Graph quotes tokens ("Malformed access
token …") and telephone numbers in its messages.
"""

import re
from collections.abc import Mapping
from typing import Any

from balie.api import (
    AuthFailed,
    OutcomeUnknown,
    PluginError,
    RateLimited,
    Rejected,
    TransientError,
)
from balie_whatsapp.errors.codes import CODES, WRONG_NUMBER_ID, Handling, Known, meaning
from balie_whatsapp.untrusted import mapping, one_line, written

_TOKEN_LIKE = re.compile(r"EAA[0-9A-Za-z]{8,}")
_NUMBER_LIKE = re.compile(r"\+?[0-9]{5,}([0-9]{2})")
_LONGEST_DETAILS = 300
_UNKNOWN_OBJECT_SUBCODE = 33
UNKNOWN_OBJECT = "100/33"
"""The code of a refusal because an object, such as a file, is not there."""
_SAYS_NOTHING = frozenset({1, 131000})
"""Codes by which Graph says of its own failure only that there was one."""


def graph_error(
    error: Mapping[str, Any],
    *,
    http_status: int,
    retry_after: float | None,
    locale: str,
    secret: str,
    about_number: bool = True,
) -> PluginError:
    """Return the error to raise for Graph's ``error`` object.

    A code that is not known is a no, but after a 5xx: then, and where Graph does not know itself
    what went wrong, it is not known either whether the request took effect. Unless the request
    was ``about_number``, an object that Graph does not know is no more than that.
    """
    code, known = code_of(error), _known(error)
    if known is WRONG_NUMBER_ID and not about_number:
        return Rejected(UNKNOWN_OBJECT, "It is not there (any more), says WhatsApp.")
    text = failure_text(error, locale=locale, secret=secret)
    name = "?" if code is None else str(code)
    told = f"Graph error {name}, HTTP {http_status}: {text}"
    handling = known.handling if known else _by_http_status(http_status)
    if handling is Handling.REJECT:
        return Rejected(name, text)
    if handling is Handling.SIGN_OUT:
        return AuthFailed(told)
    wait = retry_after if retry_after is not None else known.wait_seconds if known else None
    if handling is Handling.SLOW_DOWN:
        return RateLimited(told, retry_after=wait, growth=known.growth if known else None)
    if http_status >= 500 and http_status != 503 and (known is None or code in _SAYS_NOTHING):
        return OutcomeUnknown(told, retry_after=wait)
    return TransientError(told, retry_after=wait)


def failure_text(error: Mapping[str, Any], *, locale: str, secret: str) -> str:
    """Return a sentence for the agent about an ``error`` of an answer or a failed status."""
    known = _known(error)
    details = details_of(error, secret)
    if known:
        text = known.nl if locale == "nl" else known.en
        return f"{text} ({details})" if known.show_details and details else text
    code = written(error.get("code"))
    if locale == "nl":
        text = "WhatsApp heeft het bericht niet verzonden"
    else:
        text = "WhatsApp did not send the message"
    text += f" (code {code})" if code_of(error) is not None else ""
    return f"{text}: {details}" if details else f"{text}."


def code_of(error: Mapping[str, Any]) -> int | None:
    """Return the error's code, which is a number and in some payloads a text; None without."""
    digits = written(error.get("code"))
    return int(digits) if re.fullmatch(r"[0-9]{1,9}", digits) else None


def _known(error: Mapping[str, Any]) -> Known | None:
    code, subcode = code_of(error), error.get("error_subcode")
    if code == 100 and subcode == _UNKNOWN_OBJECT_SUBCODE:
        return WRONG_NUMBER_ID
    if code == 100 and isinstance(subcode, int) and subcode in CODES:
        return CODES[subcode]  # managing templates and numbers says what is wrong by the subcode
    return meaning(code)


def _by_http_status(http_status: int) -> Handling:
    if http_status == 401:
        return Handling.SIGN_OUT
    if http_status == 429:
        return Handling.SLOW_DOWN
    return Handling.RETRY if http_status >= 500 else Handling.REJECT


def details_of(error: Mapping[str, Any], secret: str) -> str:
    """Return the vendor's own words without the token and with numbers masked."""
    told = (
        mapping(error.get("error_data")).get("details")
        or error.get("message")
        or error.get("title")
    )
    text = written(told)
    text = text.replace(secret, "…") if secret else text
    text = _NUMBER_LIKE.sub(r"…\1", _TOKEN_LIKE.sub("…", text))
    return one_line(text, _LONGEST_DETAILS)
