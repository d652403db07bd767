"""How a file is answered: compressed for who can read that, and not at all where it is known."""

from flask import Request, Response

from balie_livechat.web.shelf import Held


def answered(held: Held, request: Request, cached: str) -> Response:
    """Return a file. ``cached`` says for how long it is good without being asked for again."""
    packed = held.packed if request.accept_encodings["gzip"] > 0 else None
    response = Response(held.data if packed is None else packed, content_type=held.type)
    if packed is not None:
        response.headers["Content-Encoding"] = "gzip"
    if held.packed is not None:
        response.headers.add("Vary", "Accept-Encoding")
    # Two forms are two entities: a cache must not take one for the other.
    response.set_etag(held.etag + ("" if packed is None else "-gz"))
    response.headers["Cache-Control"] = cached
    response.make_conditional(request)
    return response
