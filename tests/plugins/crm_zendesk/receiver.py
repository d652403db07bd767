"""Something on this machine that takes webhooks as Balie's door does."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask, request
from werkzeug.serving import make_server

from balie.api import SignatureInvalid, WebRequest


@contextmanager
def receiving(
    status: int = 200, said: str = SignatureInvalid.answer
) -> Iterator[tuple[str, list[WebRequest]]]:
    """Return the address, and what came there. ``said`` is what a refusal says."""
    got: list[WebRequest] = []
    app = Flask("receiver")

    @app.post("/hooks/bakker/desk")
    def hook() -> tuple[str, int]:
        headers = {name.lower(): value for name, value in request.headers.items()}
        body = request.get_data()
        got.append(WebRequest(method="POST", headers=headers, query={}, body=body))
        return "" if status == 200 else said + "\n", status

    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/hooks/bakker/desk", got
    finally:
        server.shutdown()
        server.server_close()
