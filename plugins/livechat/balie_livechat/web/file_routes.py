"""Files: sent by visitors, and fetched by those who may see them."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import IO
from urllib.parse import quote

from flask import Blueprint, Request, Response, request
from werkzeug.exceptions import ClientDisconnected

from balie.api import Media
from balie_livechat.files import upload
from balie_livechat.files.names import safe_name
from balie_livechat.web.desk import Asked, Desk, json
from balie_livechat.web.refusals import Refusal

_CHUNK = 64 * 1024
_SHOWN = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
_PLAYED = frozenset({"audio/ogg", "audio/mpeg", "audio/mp4", "audio/webm", "video/mp4"})
_SANDBOX = "default-src 'none'; sandbox; frame-ancestors 'none'"


def add(routes: Blueprint, desk: Desk) -> None:
    """Add the routes of files."""
    at = "/<tenant>/<connection>"
    routes.add_url_rule(f"{at}/files", "send", desk.known(_send), methods=["POST"])
    routes.add_url_rule(
        f"{at}/messages/<message>/files/<place>", "fetch", desk.known(_fetch), methods=["GET"]
    )


def _send(desk: Desk, asked: Asked) -> Response:
    desk.slow_down_messages(asked)
    spend = desk.slow_down_files(asked)
    # Counted as they come: what is told of the length may be a lie (landscape A11).
    request.max_content_length = None
    found = upload.keep(
        asked.ctx,
        asked.visitor,
        _counted(_in_time(request, asked.ctx.config["file_seconds"]), spend),
        name=request.headers.get("X-File-Name", ""),
        told=request.headers.get("Content-Type", ""),
    )
    return json(found, 201)


def _fetch(_: Desk, asked: Asked, message: str, place: str) -> Response:
    said = asked.ctx.threads.message(asked.visitor.address, message)
    parts = said.parts if said is not None else ()
    part = parts[int(place)] if place.isdecimal() and int(place) < len(parts) else None
    if not isinstance(part, Media) or not part.stored:
        raise Refusal(404, "unknown")
    try:
        size, file = asked.ctx.files.size(part.stored), asked.ctx.files.open(part.stored)
    except KeyError:
        raise Refusal(404, "unknown") from None
    response = Response(_read(file), headers=_headers(part))
    response.content_length = size
    return response


def _headers(media: Media) -> dict[str, str]:
    """Return the headers that keep a file from being a page of ours (landscape A9)."""
    mime = media.type.partition(";")[0].strip().lower()
    shown = mime in _SHOWN
    known = shown or mime in _PLAYED
    name = quote(safe_name(media.name, mime), safe="")
    return {
        "Content-Type": mime if known else "application/octet-stream",
        "Content-Disposition": f"{'inline' if shown else 'attachment'}; filename*=UTF-8''{name}",
        "Content-Security-Policy": _SANDBOX,
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "private, max-age=3600",
    }


def _counted(chunks: Iterator[bytes], spend: Callable[[int], None]) -> Iterator[bytes]:
    """Pass chunks on, and tell how much it was: also of what is refused in the end."""
    size = 0
    try:
        for chunk in chunks:
            size += len(chunk)
            yield chunk
    finally:
        spend(size)


def _in_time(request: Request, seconds: float) -> Iterator[bytes]:
    """Return what comes. Raises Refusal once it takes too long, however little comes at a time."""
    late = threading.Event()
    connection = request.environ.get("gunicorn.socket")

    def stop() -> None:
        # A read returns only once it has a whole chunk, so it is made to see an end of what comes.
        late.set()
        if connection is not None:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RD)

    timer = threading.Timer(seconds, stop)
    timer.daemon = True
    timer.start()
    try:
        for chunk in _chunks(request.stream):
            if late.is_set():
                break
            yield chunk
    except (OSError, ClientDisconnected):
        if not late.is_set():
            raise
    finally:
        timer.cancel()
    if late.is_set():
        raise Refusal(408, "file_too_slow")


def _chunks(stream: IO[bytes]) -> Iterator[bytes]:
    while chunk := stream.read(_CHUNK):
        yield chunk


def _read(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        yield from _chunks(file)
