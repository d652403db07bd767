"""One HTTP request to Zendesk and its answer, with every failure as Balie's error."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO

import orjson
import requests

from balie.api import Context

from . import complaint, errors, limits


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """A file to send: opened anew for every attempt."""

    open: Callable[[], BinaryIO]
    type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request below ``base_url``. ``repeatable``: doing it twice is harmless.

    ``body`` goes as JSON; ``content`` goes as it is instead.
    """

    method: str
    path: str
    repeatable: bool
    params: Mapping[str, str | int] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None
    content: Content | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        # Without the query, which may hold a customer's number.
        return f"{self.method} {self.path.removeprefix('/api/v2')}"


def send(ctx: Context, call: Call, authorization: str = "") -> requests.Response:
    """Send the call and return its answer, whatever its status.

    Raises TransientError where it did not take effect, or OutcomeUnknown where it may have.
    """
    if call.content is None:
        data = None if call.body is None else orjson.dumps(call.body)
        return _sent(ctx, call, authorization, data, "application/json" if data else "")
    with call.content.open() as file:
        # An empty one as bytes: without a length it would go in chunks, which Zendesk refuses.
        return _sent(ctx, call, authorization, file if _has_any(file) else b"", call.content.type)


def _sent(
    ctx: Context, call: Call, authorization: str, data: bytes | BinaryIO | None, media_type: str
) -> requests.Response:
    headers = {"Accept": "application/json", **call.headers}
    if media_type:
        headers["Content-Type"] = media_type
    try:
        answer = ctx.http.request(
            call.method,
            ctx.config["base_url"] + call.path,
            params=dict(call.params),
            data=data,
            headers=headers,
            auth=signed(authorization),
            allow_redirects=False,
        )
    except requests.RequestException as failure:
        # Without its cause, whose words hold the whole address and so perhaps a number.
        raise errors.lost(str(call), failure, repeatable=call.repeatable) from None
    limits.notice(ctx, answer.headers)
    return answer


def _has_any(file: BinaryIO) -> bool:
    some = bool(file.read(1))
    file.seek(0)
    return some


def read(call: Call, answer: requests.Response) -> dict[str, Any]:
    """Return the answer's JSON object, empty for a 204; raise what its status means otherwise."""
    if not 200 <= answer.status_code < 300:
        raise errors.refusal(str(call), answer, repeatable=call.repeatable)
    if answer.status_code == 204:
        return {}
    found = complaint.answered(answer.content)
    if not found:
        raise errors.unreadable(str(call), repeatable=call.repeatable)
    return found


def signed(
    authorization: str,
) -> Callable[[requests.PreparedRequest], requests.PreparedRequest]:
    """Return what adds the header to a request, if there is one to add."""

    # As requests' `auth`, because a plain header would give way to a netrc of this machine.
    def sign(request: requests.PreparedRequest) -> requests.PreparedRequest:
        if authorization:
            request.headers["Authorization"] = authorization
        return request

    return sign
