"""Headers that every answer has, whoever made it, unless it has its own."""

from collections.abc import Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

_HEADERS = (
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "no-referrer"),
    ("Cache-Control", "no-store"),
)


def harden(app: WSGIApplication) -> WSGIApplication:
    """Return an application whose answers have them.

    Around Flask and not one of its handlers: this is done for every webhook, and Flask's headers
    are slow.
    """

    def hardened_app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *exc_info: Any) -> Any:
            return start_response(status, _completed(headers), *exc_info)

        return app(environ, start)

    return hardened_app


def _completed(headers: list[tuple[str, str]]) -> list[tuple[str, str]]:
    given = {name.lower(): value for name, value in headers}
    policy = given.get("content-security-policy", "")
    # A page that names those who may frame it: X-Frame-Options cannot name any.
    if "frame-ancestors" in policy and "frame-ancestors 'none'" not in policy:
        given["x-frame-options"] = ""
    return headers + [header for header in _HEADERS if header[0].lower() not in given]
