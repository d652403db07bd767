"""Faults of the two APIs, between the server and the Flask app."""

import json
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import TYPE_CHECKING, Any

import gevent
from werkzeug.datastructures import Headers
from werkzeug.http import HTTP_STATUS_CODES
from werkzeug.wrappers import Response

from .faults import Fault, Faults

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

#: Writes a vendor's own error body: (status, retry_after) to (JSON body, extra headers).
Envelope = Callable[[Fault], tuple[dict[str, Any], dict[str, str]]]


class ConnectionDropped(Exception):
    """The server must close this connection without an answer."""


class FaultGate:
    """WSGI middleware. ``envelopes`` holds, by target, how that vendor words an error."""

    def __init__(
        self, app: "WSGIApplication", faults: Faults, envelopes: dict[str, Envelope]
    ) -> None:
        self._app = app
        self._faults = faults
        self._envelopes = envelopes

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer the request, or do what the fault that strikes it says."""
        target, _, _ = environ["PATH_INFO"].lstrip("/").partition("/")
        if target not in self._envelopes:
            return self._app(environ, start_response)
        fault = self._faults.strike(target, environ["REQUEST_METHOD"], environ["PATH_INFO"])
        if fault is None:
            return self._app(environ, start_response)
        if fault.kind == "reset":
            raise ConnectionDropped
        if fault.kind == "status":
            return self._refusal(fault)(environ, start_response)
        if fault.kind == "slow":
            # What was asked is done, though who asked may have gone.
            body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            environ["wsgi.input"] = BytesIO(body)
            gevent.sleep(fault.seconds)
        answer = Response.from_app(self._app, environ, buffered=True)
        if fault.kind == "lost":
            raise ConnectionDropped
        if fault.kind == "stall":
            gevent.sleep(fault.seconds)
        return answer(environ, start_response)

    def _refusal(self, fault: Fault) -> Response:
        body, extra = self._envelopes[fault.target](fault)
        headers = Headers(extra)
        if fault.retry_after is not None:
            headers["Retry-After"] = str(fault.retry_after)
        text = fault.body if fault.body is not None else json.dumps(body)
        plain = fault.body is not None and not fault.body.lstrip().startswith(("{", "["))
        mimetype = "text/plain" if plain else "application/json"
        return Response(text, fault.status, headers, mimetype=mimetype)


def zendesk_envelope(fault: Fault) -> tuple[dict[str, Any], dict[str, str]]:
    """Return Zendesk's error body for a status (reference/zendesk.md 1.5 and 1.6)."""
    if fault.status == 429:
        text = "Number of allowed API requests per minute exceeded"
        return {"error": "APIRateLimitExceeded", "description": text}, {}
    if fault.status == 409:
        text = "Database collision. Retry your request."
        return {"error": "DatabaseConflict", "description": text}, {}
    name = HTTP_STATUS_CODES.get(fault.status, "Unknown")
    return {"error": name.replace(" ", ""), "description": name}, {}
