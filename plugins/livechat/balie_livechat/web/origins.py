"""Which sites may show the widget, and from which requests may come."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from flask import Request, Response

from balie_livechat.config.access import origins
from balie_livechat.web.refusals import Refusal

_METHODS = "GET, POST, DELETE, OPTIONS"
_APP_SCHEMES = ("file:", "content:", "data:", "app:", "capacitor:", "ionic:")
_HEADERS = "Authorization, Content-Type, Last-Event-ID, X-File-Name"


def require_origin(config: Mapping[str, Any], request: Request) -> None:
    """Refuse a request that a page of a foreign site makes. Raises Refusal."""
    origin = request.headers.get("Origin", "")
    if origin and not (_is_own(origin, request) or is_allowed(config, origin)):
        raise Refusal(403, "origin")


def require_page(config: Mapping[str, Any], request: Request, page: str) -> None:
    """Refuse a session for a page that may not show the widget. Raises Refusal.

    The widget names the page that embeds it; a page that calls by itself is named by its browser.
    """
    origin = request.headers.get("Origin", "")
    shown_by = page or ("" if _is_own(origin, request) else origin)
    if not shown_by and config["allow_apps"]:
        return
    if not shown_by or not (_is_own(shown_by, request) or is_allowed(config, shown_by)):
        raise Refusal(403, "origin")


def is_allowed(config: Mapping[str, Any], origin: str) -> bool:
    """Say whether a site may show the widget."""
    if origin == "null":
        return bool(config["allow_apps"])
    allowed = origins(config["allowed_origins"])
    return any(_fits(origin.lower(), one) for one in allowed)


def allow(config: Mapping[str, Any], request: Request, response: Response) -> None:
    """Let the browser give an allowed site this answer."""
    origin = request.headers.get("Origin", "")
    response.headers.add("Vary", "Origin")
    if origin and is_allowed(config, origin):
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Expose-Headers"] = "Retry-After"
        if request.method == "OPTIONS":
            response.headers["Access-Control-Allow-Methods"] = _METHODS
            response.headers["Access-Control-Allow-Headers"] = _HEADERS
            response.headers["Access-Control-Max-Age"] = "600"


def frame_ancestors(config: Mapping[str, Any]) -> str:
    """Return who may frame the widget, for a content security policy.

    An app's own pages have schemes that ``*`` does not match. Which site it is that asks for a
    session is checked all the same.
    """
    allowed: Sequence[str] = origins(config["allowed_origins"])
    apps = ("*", *_APP_SCHEMES) if config["allow_apps"] else ()
    return " ".join(("'self'", *allowed, *apps))


def _fits(origin: str, allowed: str) -> bool:
    if "//*." not in allowed:
        return origin == allowed
    scheme, _, host = allowed.partition("//*")
    return origin.startswith(f"{scheme}//") and origin.endswith(host)


def _is_own(origin: str, request: Request) -> bool:
    # By the host only: whether it came by https is known to the proxy before us.
    return urlsplit(origin).netloc == request.host if origin != "null" else False
