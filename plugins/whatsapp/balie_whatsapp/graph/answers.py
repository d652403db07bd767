"""What came back from Graph, or did not, as what it means."""

import re
import ssl
from collections.abc import Mapping
from typing import Any, NoReturn

import orjson
import requests
from urllib3 import exceptions as wire

from balie.api import AuthFailed, OutcomeUnknown, PermanentError, RateLimited, TransientError

_NOT_CONNECTED = (wire.NewConnectionError, wire.ConnectTimeoutError, wire.ProxyError)
_MISBUILT = (
    requests.exceptions.InvalidURL,
    requests.exceptions.InvalidSchema,
    requests.exceptions.MissingSchema,
    requests.exceptions.InvalidHeader,
)


def raise_for_silence(error: requests.RequestException) -> NoReturn:
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


def raise_for_no_envelope(response: requests.Response) -> NoReturn:
    """Raise for an answer that is not Graph's, such as a load balancer's error page."""
    status = response.status_code
    told = f"HTTP {status} without an error that Graph would give"
    if status == 401:
        raise AuthFailed(told)
    if status == 429:
        raise RateLimited(told, retry_after=retry_after(response))
    if status >= 500 and status != 503:
        raise OutcomeUnknown(told)
    raise TransientError(f"{told}; is graph_url right?", retry_after=retry_after(response))


def json_object(content: bytes) -> Mapping[str, Any]:
    """Return an answer's JSON object; an empty one for what is none."""
    try:
        body = orjson.loads(content)
    except orjson.JSONDecodeError:
        return {}
    return body if isinstance(body, dict) else {}


def retry_after(response: requests.Response) -> float | None:
    """Return how many seconds the vendor asks to wait, if it says so."""
    text = response.headers.get("Retry-After", "")
    return float(text) if re.fullmatch(r"[0-9]{1,6}", text) else None
