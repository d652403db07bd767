"""``/files/<token>``: one file, for whoever has its link, until that ends."""

import hashlib
from urllib.parse import quote

from flask import Blueprint, Response, request
from werkzeug.exceptions import HTTPException
from werkzeug.wsgi import FileWrapper

from balie.run.services import Services
from balie.store import StoreUnavailable
from balie.tenants.file_links import FileLink, LinkExpired

_CHUNK_BYTES = 256 * 1024
_HEADERS = {
    # Whatever is in it, it is a file to be saved, and no page of ours.
    "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
}
_SHOWN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")


def files_blueprint(services: Services) -> Blueprint:
    """Return the route ``/files/<token>``."""
    blueprint = Blueprint("files", __name__)

    @blueprint.get("/files/<token>")
    def file(token: str) -> Response:
        try:
            link = services.file_links.read(token)
        except LinkExpired:
            return _said(410, "this link has expired; ask for a new one")
        if link is None:
            return _said(404, "there is no such file")
        try:
            return _sent(services, link)
        except KeyError:
            return _said(410, "this file is no longer kept")
        except StoreUnavailable:
            response = _said(503, "try again in a moment")
            response.headers["Retry-After"] = "5"
            return response

    return blueprint


def _sent(services: Services, link: FileLink) -> Response:
    """Return the file, or the part that is asked for, in pieces. Raises KeyError."""
    files = services.files.of_tenant(link.tenant_id)
    size = files.size(link.key)
    opened = files.open(link.key)
    response = Response(FileWrapper(opened, _CHUNK_BYTES), content_type="application/octet-stream")
    response.headers.update(_HEADERS)
    response.headers["Content-Disposition"] = _disposition(link.name)
    response.content_length = size
    response.call_on_close(opened.close)
    # So that a download that broke off goes on with the same file.
    response.set_etag(hashlib.sha256(link.key.encode()).hexdigest()[:32])
    try:
        response.make_conditional(request, accept_ranges=True, complete_length=size)
    except HTTPException:  # a part that is not there
        opened.close()
        raise
    return response


def _disposition(name: str) -> str:
    plain = "".join(one if one in _SHOWN else "_" for one in name).lstrip(".") or "file"
    return f"attachment; filename=\"{plain[-100:]}\"; filename*=UTF-8''{quote(name, safe='')}"


def _said(status: int, sentence: str) -> Response:
    response = Response(f"{sentence}\n", status=status, content_type="text/plain; charset=utf-8")
    response.headers.update(_HEADERS)
    return response
