"""Calls to the Graph API, and whether they took effect.

Meta has no idempotency key: a request that left and got no clear answer may have sent the
message. That is OutcomeUnknown, never an error that is tried again blindly.
"""

import ssl
from collections.abc import Mapping
from typing import Any, NoReturn

import orjson
import requests
from urllib3 import exceptions as wire

from balie.api import (
    AuthFailed,
    Context,
    OutcomeUnknown,
    PermanentError,
    RateLimited,
    TransientError,
)
from balie_whatsapp.errors.graph_error import graph_error
from balie_whatsapp.untrusted import written

_NOT_CONNECTED = (wire.NewConnectionError, wire.ConnectTimeoutError, wire.ProxyError)
_MISBUILT = (
    requests.exceptions.InvalidURL,
    requests.exceptions.InvalidSchema,
    requests.exceptions.MissingSchema,
    requests.exceptions.InvalidHeader,
)


class GraphClient:
    """Speaks for one connection's business number."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    def send(self, message: Mapping[str, Any]) -> str:
        """Send a message and return its wamid.

        Raises TransientError (it did not take effect), OutcomeUnknown, AuthFailed and Rejected.
        """
        answer = self._call("POST", "/messages", json=message)
        sent = answer.get("messages")
        first = sent[0] if isinstance(sent, list) and sent else None
        message_id = written(first.get("id")) if isinstance(first, dict) else ""
        if not message_id:
            raise OutcomeUnknown("Graph took the message and named no id for it")
        return message_id

    def number(self, *names: str) -> Mapping[str, Any]:
        """Return these fields of the business number; raises as :meth:`send` does."""
        return self._call("GET", "", params={"fields": ",".join(names)})

    def _call(self, method: str, path: str, **content: Any) -> Mapping[str, Any]:
        config = self._ctx.config
        base = f"{config['graph_url']}/{config['api_version']}/{config['phone_number_id']}"
        try:
            response = self._ctx.http.request(
                method,
                base + path,
                headers={"Authorization": f"Bearer {config['access_token']}"},
                allow_redirects=False,  # a redirect would carry the token elsewhere
                **content,
            )
        except requests.RequestException as error:
            _raise_for_silence(error)
        return self._read(response)

    def _read(self, response: requests.Response) -> Mapping[str, Any]:
        body = _json_object(response.content)
        error = body.get("error")
        if isinstance(error, dict):
            raise graph_error(
                error,
                http_status=response.status_code,
                retry_after=_retry_after(response),
                locale=self._ctx.tenant.locale,
                secret=self._ctx.config["access_token"],
            )
        if not 200 <= response.status_code <= 299:
            _raise_for_no_envelope(response)
        if not body:
            raise OutcomeUnknown(f"HTTP {response.status_code} with a body that cannot be read")
        return body


def _raise_for_silence(error: requests.RequestException) -> NoReturn:
    """Raise what an exchange without an answer means.

    Only the class is told, and the cause is left out: both may quote headers or the address.
    """
    name = type(error).__name__
    if isinstance(error, _MISBUILT):
        raise PermanentError(f"the request to Graph cannot be built: {name}") from None
    cause = error.args[0] if error.args else None
    reason = getattr(cause, "reason", None)
    if isinstance(error, requests.ConnectTimeout) or isinstance(reason, _NOT_CONNECTED):
        raise TransientError(f"Graph cannot be reached: {type(reason or error).__name__}") from None
    if any(isinstance(arg, ssl.SSLCertVerificationError) for arg in getattr(reason, "args", ())):
        raise TransientError("Graph cannot be reached: its certificate is not trusted") from None
    raise OutcomeUnknown(f"the connection to Graph ended before an answer: {name}") from None


def _raise_for_no_envelope(response: requests.Response) -> NoReturn:
    """Raise for an answer that is not Graph's, such as a load balancer's error page."""
    status = response.status_code
    told = f"HTTP {status} without an error that Graph would give"
    if status == 401:
        raise AuthFailed(told)
    if status == 429:
        raise RateLimited(told, retry_after=_retry_after(response))
    if status >= 500 and status != 503:
        raise OutcomeUnknown(told)
    raise TransientError(f"{told}; is graph_url right?", retry_after=_retry_after(response))


def _json_object(content: bytes) -> dict[str, Any]:
    try:
        body = orjson.loads(content)
    except orjson.JSONDecodeError:
        return {}
    return body if isinstance(body, dict) else {}


def _retry_after(response: requests.Response) -> float | None:
    text = response.headers.get("Retry-After", "")
    return float(text) if text.isascii() and text.isdigit() and len(text) <= 6 else None
