"""Zendesk's refusals and the network's failures, as Balie's errors.

Messages name the call and what Zendesk said of it, never a secret or a customer's words.
"""

import errno
import math
import socket
from collections.abc import Iterator, Mapping
from email.utils import parsedate_to_datetime
from typing import Any

import requests

from balie.api import (
    AuthFailed,
    OutcomeUnknown,
    PermanentError,
    PluginError,
    RateLimited,
    Rejected,
    TransientError,
)

from . import complaint, limits

#: A collision of two writers (409) is over at once; this leaves it room.
CONFLICT_SECONDS = 2.0
#: No wait that Zendesk names is longer; a broken header must not park a lane for days.
LONGEST_WAIT_SECONDS = 3600.0

_RESETS = ("ratelimit-reset", "rate-limit-reset")
_UNREACHABLE = frozenset({errno.ENETUNREACH, errno.EHOSTUNREACH, errno.EADDRNOTAVAIL})


class Refusal(Rejected):
    """Zendesk said no. ``status`` is HTTP's; ``fields`` are those that Zendesk complained of."""

    def __init__(self, status: int, code: str, text: str, fields: frozenset[str]) -> None:
        super().__init__(code, text)
        self.status = status
        self.fields = fields


class NotFound(Refusal):
    """There is no such record, or no longer."""


def refusal(call: str, answer: requests.Response, *, repeatable: bool) -> PluginError:
    """Return the error for an answer that is no 2xx.

    ``call`` names the request for people; ``repeatable`` says that doing it twice is harmless.
    """
    status, body = answer.status_code, complaint.answered(answer.content)
    if status == 429:
        wait = wait_seconds(answer.headers)
        return RateLimited(f"Zendesk takes no more requests for now ({call}).", retry_after=wait)
    if status == 409:
        return TransientError(f"Two writers met in Zendesk ({call}).", retry_after=CONFLICT_SECONDS)
    if status >= 500 or status == 408:
        return _out_of_order(call, answer, repeatable=repeatable)
    if 300 <= status < 400:
        return PermanentError(
            f"Zendesk points {call} to another address: set base_url to the address that"
            " agents see when they are signed in."
        )
    if status in (401, 403) or (status == 404 and not body):
        return _barred(call, status, body, answer.text)
    kind = NotFound if status == 404 else Refusal
    return kind(
        status,
        complaint.code(body, status),
        complaint.sentence(body, status),
        frozenset(complaint.by_field(body)),
    )


def lost(call: str, failure: requests.RequestException, *, repeatable: bool) -> TransientError:
    """Return the error for a request that got no whole answer."""
    name = type(failure).__name__
    if isinstance(failure, requests.exceptions.SSLError) or _never_left(failure):
        return TransientError(f"Zendesk cannot be reached ({call}: {name}).")
    if repeatable:
        return TransientError(f"Zendesk's answer to {call} did not arrive ({name}).")
    return OutcomeUnknown(f"{call} left, but Zendesk's answer did not arrive ({name}).")


def unreadable(call: str, *, repeatable: bool) -> TransientError:
    """Return the error for a 2xx that says something else than Zendesk's API would."""
    text = f"Zendesk's answer to {call} cannot be read."
    return TransientError(text) if repeatable else OutcomeUnknown(text)


def wait_seconds(headers: Mapping[str, str]) -> float | None:
    """Return how long Zendesk wants us to wait, from whichever header family it used.

    https://developer.zendesk.com/api-reference/introduction/rate-limits/
    """
    told = (
        _seconds(headers.get("retry-after", "")),
        _until(headers.get("retry-after", ""), headers.get("date", "")),
        limits.used_up_for(headers),
        *(_seconds(headers.get(name, "")) for name in _RESETS),
    )
    wait = next((seconds for seconds in told if seconds is not None), None)
    return None if wait is None else min(wait, LONGEST_WAIT_SECONDS)


def _seconds(written: str) -> float | None:
    try:
        seconds = float(written)
    except ValueError:
        return None
    return seconds if math.isfinite(seconds) and seconds >= 0 else None


def _until(moment: str, now: str) -> float | None:
    """Return the seconds between two HTTP dates, both of Zendesk's clock; None where it is over."""
    try:
        wait = (parsedate_to_datetime(moment) - parsedate_to_datetime(now)).total_seconds()
    except (ValueError, TypeError):  # no date; or one that names its zone, and one that does not
        return None
    return wait if wait > 0 else None


def _out_of_order(call: str, answer: requests.Response, *, repeatable: bool) -> TransientError:
    # A 503 with Retry-After is Zendesk's way to say that it took nothing in: maintenance.
    refused = answer.status_code == 503 and "retry-after" in answer.headers
    wait = wait_seconds(answer.headers) if refused else None
    text = f"Zendesk is out of order ({call} was answered with {answer.status_code})."
    if refused or repeatable:
        return TransientError(text, retry_after=wait)
    return OutcomeUnknown(text)


def _barred(call: str, status: int, body: Mapping[str, Any], page: str) -> PluginError:
    if status == 401:
        return AuthFailed(
            "Zendesk refuses the credentials: check client_id and client_secret (or email and"
            " api_token) and whether they were revoked in Admin Center."
        )
    if status == 403 and "scope" in page.lower():
        return AuthFailed(
            f"Zendesk's token lacks a scope that {call} needs: set scope to “read write”"
            " and allow it on the OAuth client."
        )
    if status == 403:
        return PermanentError(
            f"Zendesk does not let Balie's user do {call}: make its owner an admin, or give"
            f" the role this permission. {complaint.sentence(body, status)}"
        )
    if "help desk" in page.lower():
        return AuthFailed("There is no Zendesk at base_url: check the address.")
    return PermanentError(f"No Zendesk API answers {call} at base_url: check the address.")


def _never_left(failure: BaseException) -> bool:
    if isinstance(failure, requests.ConnectTimeout):
        return True
    return any(
        isinstance(cause, ConnectionRefusedError | socket.gaierror)
        or (isinstance(cause, OSError) and cause.errno in _UNREACHABLE)
        for cause in _causes(failure)
    )


def _causes(failure: BaseException | None) -> Iterator[BaseException]:
    while failure is not None:
        yield failure
        failure = failure.__cause__ or failure.__context__
