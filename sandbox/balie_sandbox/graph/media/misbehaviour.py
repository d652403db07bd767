"""Serving a file badly, so that whoever fetches it can be tested against attacks.

============== ==============================================================================
fault          what happens
============== ==============================================================================
wrong_hash     the SHA-256 in the webhook and in GET /{media-id} is another file's
redirect       302 to ``location``, or to this sandbox under another host name
endless        a chunked body without an end
oversized      a chunked body of ``bytes`` (101 MB), whatever size was told
truncated      the connection closes before Content-Length is reached
slow           one byte each ``seconds``
bomb           gzip that grows to ``bytes`` (101 MB)
wrong_type     Content-Type says text/html
gone           404, as after the URL has expired
============== ==============================================================================
"""

import gzip
from collections.abc import Callable, Iterator

import gevent
from flask import Response, redirect, request

from .files import MediaFile

CHUNK = b"\0" * 65536
OVERSIZED_BYTES = 101 * 1024 * 1024


def endless(_file: MediaFile) -> Response:
    """Answer for as long as somebody listens."""

    def chunks() -> Iterator[bytes]:
        while True:
            # The reader's going away shows only when others get a turn.
            gevent.sleep(0)
            yield CHUNK

    return Response(chunks(), mimetype="application/octet-stream")


def oversized(file: MediaFile) -> Response:
    """Answer with more than was told."""

    def chunks() -> Iterator[bytes]:
        yield file.data
        left = int(file.fault_options.get("bytes", OVERSIZED_BYTES)) - len(file.data)
        while left > 0:
            gevent.sleep(0)
            yield CHUNK[:left]
            left -= len(CHUNK)

    return Response(chunks(), mimetype=file.mime_type)


def truncated(file: MediaFile) -> Response:
    """Answer with half of the file and promise all of it."""
    answer = Response(iter([file.data[: len(file.data) // 2]]), mimetype=file.mime_type)
    answer.headers["Content-Length"] = str(len(file.data))
    answer.headers["Connection"] = "close"
    return answer


def slow(file: MediaFile) -> Response:
    """Answer byte by byte."""

    def chunks() -> Iterator[bytes]:
        for at in range(len(file.data)):
            gevent.sleep(float(file.fault_options.get("seconds", 1.0)))
            yield file.data[at : at + 1]

    return Response(chunks(), mimetype=file.mime_type)


def bomb(file: MediaFile) -> Response:
    """Answer with a small body that grows."""
    size = int(file.fault_options.get("bytes", OVERSIZED_BYTES))
    packed = gzip.compress(bytes(size), compresslevel=1)
    return Response(packed, mimetype=file.mime_type, headers={"Content-Encoding": "gzip"})


def elsewhere(file: MediaFile) -> Response:
    """Lead to another host, where the bearer must not be shown."""
    name, _, port = request.host.partition(":")
    other = "localhost" if name != "localhost" else "127.0.0.1"
    usual = f"http://{other}:{port or 80}/lookaside/elsewhere/{file.id}"
    answer: Response = redirect(str(file.fault_options.get("location", usual)))  # type: ignore[assignment]  # Flask's own class, typed as Werkzeug's
    return answer


def wrong_type(file: MediaFile) -> Response:
    """Answer as if the file were a page."""
    return Response(file.data, mimetype="text/html")


def gone(_file: MediaFile) -> Response:
    """Answer as if the URL had expired."""
    return Response(status=404)


SERVE_BADLY: dict[str, Callable[[MediaFile], Response]] = {
    "redirect": elsewhere,
    "endless": endless,
    "oversized": oversized,
    "truncated": truncated,
    "slow": slow,
    "bomb": bomb,
    "wrong_type": wrong_type,
    "gone": gone,
}
#: Everything that can be asked for; a wrong hash is told, not served.
FAULTS = ("wrong_hash", *SERVE_BADLY)
