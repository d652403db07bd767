"""The widget's own files and what it needs before contact. Nothing here is kept of anybody."""

import re
from typing import Any
from urllib.parse import urlsplit

import orjson
from flask import Blueprint, Response, request

from balie.api import Context
from balie_livechat import prechat
from balie_livechat.availability import offer
from balie_livechat.config.languages import in_language, language_of
from balie_livechat.config.looks import json_object
from balie_livechat.config.talking import types
from balie_livechat.web.desk import Desk, json, locale_of
from balie_livechat.web.origins import frame_ancestors
from balie_livechat.web.refusals import Refusal
from balie_livechat.web.serving import answered

_CACHED = "public, max-age=300"
_FOR_A_YEAR = "public, max-age=31536000, immutable"
_BRIEFLY = "public, max-age=60"
_VERSION = re.compile(r"~[0-9a-f]{12}/")


def add(routes: Blueprint, desk: Desk) -> None:
    """Add the routes that come before contact."""
    at = "/<tenant>/<connection>"
    views = {"settings": _settings, "availability": _availability, "app": _app, "preview": _preview}
    for name, view in views.items():
        routes.add_url_rule(f"{at}/{name}", name, desk.open(view), methods=["GET"])
    routes.add_url_rule(
        f"{at}/loader.js", "loader", desk.open(_loader, desk.launches.context), methods=["GET"]
    )
    routes.add_url_rule(f"{at}/assets/<path:name>", "asset", desk.open(_asset), methods=["GET"])
    every = ["DELETE", "GET", "OPTIONS", "POST"]
    routes.add_url_rule(f"{at}/<path:rest>", "other", desk.open(_other), methods=every)


def _settings(desk: Desk, ctx: Context) -> Response:
    locale = locale_of(ctx)
    found = shown_settings(ctx, locale)
    found["availability"] = offer.shown(ctx, desk.present(ctx, locale), locale)
    return json(found)


def _availability(desk: Desk, ctx: Context) -> Response:
    locale = locale_of(ctx)
    return json(offer.shown(ctx, desk.present(ctx, locale), locale))


def _loader(desk: Desk, ctx: Context) -> Response:
    held = desk.launches.loader(ctx)
    if held is None:
        raise Refusal(404, "unknown")
    response = answered(held, request, _BRIEFLY)
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _app(desk: Desk, ctx: Context) -> Response:
    return _page(desk, ctx, "app.html", frame_ancestors(ctx.config))


def _preview(desk: Desk, ctx: Context) -> Response:
    return _page(desk, ctx, "preview.html", "'self'")


def _asset(desk: Desk, _: Context, name: str) -> Response:
    """Return one of the widget's files. What has this version in its name never changes."""
    version = _VERSION.match(name)
    held = desk.shelf.get(name[version.end() :] if version else name)
    if held is None:
        raise Refusal(404, "unknown")
    is_this = version is not None and version[0] == f"~{desk.shelf.version}/"
    return answered(held, request, _FOR_A_YEAR if is_this else _CACHED)


def _other(_: Desk, __: Context, rest: str) -> Response:  # noqa: ARG001 -- Flask gives it so
    """Answer preflights, for all routes; what is none is not found."""
    if request.method != "OPTIONS":
        raise Refusal(404, "unknown")
    return Response(status=204)


def shown_settings(ctx: Context, locale: str) -> dict[str, Any]:
    """Return the settings that the widget may know: no secret, and nothing of other tenants."""
    config, helpdesk = ctx.config, ctx.helpdesk()
    written = config["fields_before"]
    fields = prechat.read_fields(orjson.loads(written) if written.strip() else [])
    return {
        "name": ctx.tenant.name,
        "locale": locale,
        "languages": ["nl", "en"],
        "tone": config["tone"],
        "texts": {
            name: words.get(locale, "") if isinstance(words, dict) else words
            for name, words in json_object(config["texts"], "texts").items()
        },
        "theme": json_object(config["theme"], "theme"),
        "consent": {
            "required": bool(config["consent_text"]),
            "version": config["consent_version"] or "1",
            "text": in_language(config["consent_text"], locale),
            "language": language_of(config["consent_text"], locale),
            "privacy_url": config["privacy_url"],
        },
        "fields": [_question(one, locale) for one in fields],
        "topics": offer.topics(config, locale),
        "reply_time": in_language(config["reply_time"], locale),
        "identity_required": config["identity_required"],
        "limits": {
            "text": config["text_limit"],
            "files": 10,
            "file_bytes": int(config["file_megabytes"] * 1_000_000),
            "file_types": list(types(config["file_types"])),
        },
        "hop": {"whatsapp": bool(config["whatsapp_number"])},
        "number": bool(config["whatsapp_connection"]),
        "erases_tickets": helpdesk.erases_on_request,
        "typing": helpdesk.shows_typing,
    }


def _question(field: prechat.Field, locale: str) -> dict[str, Any]:
    return {
        "name": field.name,
        "label": field.label_in(locale),
        "type": field.kind,
        "required": field.required,
        "options": field.options_in(locale),
        "most": field.most,
    }


def _page(desk: Desk, ctx: Context, name: str, frames: str) -> Response:
    page = desk.shelf.page(name)
    if page is None:
        raise Refusal(404, "unknown")
    logo = json_object(ctx.config["theme"], "theme").get("logo", "")
    parts = urlsplit(logo)
    images = f"{parts.scheme}://{parts.netloc}" if logo else ""
    response = answered(page.held, request, _BRIEFLY)
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        f"img-src 'self' blob: data: {images}; media-src blob:; frame-src 'self'; "
        f"base-uri 'none'; form-action 'none'; frame-ancestors {frames}"
    )
    response.headers["Permissions-Policy"] = "geolocation=(), microphone=(), payment=()"
    # All scripts are fetched at once, instead of each when the one before it asks for it.
    for path in page.scripts:
        address = f"<assets/~{desk.shelf.version}/{path}>"
        response.headers.add("Link", f"{address}; rel=modulepreload")
    return response
