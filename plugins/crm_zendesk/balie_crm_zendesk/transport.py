"""One HTTP request to Zendesk and one JSON answer, with every failure as Balie's error."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
import requests

from balie.api import Context

from . import complaint, errors


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request below ``base_url``. ``repeatable``: doing it twice is harmless."""

    method: str
    path: str
    repeatable: bool
    params: Mapping[str, str | int] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        # Without the query, which may hold a customer's number.
        return f"{self.method} {self.path.removeprefix('/api/v2')}"


def send(ctx: Context, call: Call, authorization: str = "") -> requests.Response:
    """Send the call and return its answer, whatever its status.

    Raises TransientError where it did not take effect, or OutcomeUnknown where it may have.
    """
    headers = {"Accept": "application/json", **call.headers}
    if call.body is not None:
        headers["Content-Type"] = "application/json"
    try:
        return ctx.http.request(
            call.method,
            ctx.config["base_url"] + call.path,
            params=dict(call.params),
            data=None if call.body is None else orjson.dumps(call.body),
            headers=headers,
            auth=_signed(authorization),
            allow_redirects=False,
        )
    except requests.RequestException as failure:
        # Without its cause, whose words hold the whole address and so perhaps a number.
        raise errors.lost(str(call), failure, repeatable=call.repeatable) from None


def read(call: Call, answer: requests.Response) -> dict[str, Any]:
    """Return the answer's JSON object; raise what its status means otherwise."""
    if not 200 <= answer.status_code < 300:
        raise errors.refusal(str(call), answer, repeatable=call.repeatable)
    found = complaint.answered(answer.content)
    if not found:
        raise errors.unreadable(str(call), repeatable=call.repeatable)
    return found


def _signed(
    authorization: str,
) -> Callable[[requests.PreparedRequest], requests.PreparedRequest]:
    # As requests' `auth`, because a plain header would give way to a netrc of this machine.
    def sign(request: requests.PreparedRequest) -> requests.PreparedRequest:
        if authorization:
            request.headers["Authorization"] = authorization
        return request

    return sign
