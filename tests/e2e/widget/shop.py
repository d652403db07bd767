"""A shop on a site of its own, whose pages show the widget."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape

from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

_PAGE = """<!doctype html>
<html lang="{lang}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Fietsenwinkel</title>{head}</head>
<body><h1>Fietsenwinkel</h1><p>Elke fiets is nagekeken.</p>
<button type="button" id="own">Iets van de winkel zelf</button>
<a href="#vraag" data-balie-open>Stel een vraag</a>
<p><canvas width="10" height="3000"></canvas></p>{foot}</body>
</html>
"""
_STRICT = (
    "default-src 'none'; script-src {balie}; frame-src {balie}; style-src 'none'; "
    "require-trusted-types-for 'script'"
)


@dataclass(frozen=True, slots=True)
class Shop:
    """Its pages are of another origin than Balie's.

    At ``foreign`` they are of another site, too: there, this browser gives frames no storage.
    """

    origin: str
    balie: str

    @property
    def foreign(self) -> "Shop":
        """Return the same shop as another site."""
        return Shop(self.origin.replace("127.0.0.1", "localhost"), self.balie)

    def page(self, connection: str = "site", **choices: str) -> str:
        """Return the address of a page.

        ``where``: head or body. ``csp``: strict. ``twice``: the loader stands in it twice.
        ``lang``: the page's language. ``frame``: the page frames this address of the shop.
        Others become data- attributes of the script.
        """
        given = "&".join(f"{name}={value}" for name, value in choices.items())
        return f"{self.origin}/{connection}" + (f"?{given}" if given else "")

    def answer(self, request: Request) -> Response:
        """Answer one request of a browser."""
        connection = request.path.strip("/")
        if connection in ("", "favicon.ico"):
            return Response(status=204)
        choices = dict(request.args)
        where, csp, twice, lang, hostile = (
            choices.pop(name, "") for name in ("where", "csp", "twice", "lang", "hostile")
        )
        attributes = "".join(f' data-{name}="{escape(choices[name])}"' for name in choices)
        script = f'<script src="{self.balie}/livechat/demo/{connection}/loader.js"{attributes}>'
        script = f"{script}</script>" * (2 if twice else 1)
        head, foot = (script, "") if where == "head" else ("", script)
        if hostile:
            foot += '<iframe name="hostile" src="/ad"></iframe>'
        page = _PAGE.format(lang=lang or "nl", head=head, foot=foot)
        if connection == "ad":
            page = "<!doctype html><title>ad</title>"
        response = Response(page, content_type="text/html; charset=utf-8")
        if csp:
            response.headers["Content-Security-Policy"] = _STRICT.format(balie=self.balie)
        return response


@contextmanager
def open_shop(balie: str) -> Iterator[Shop]:
    """Serve a shop whose pages load the widget from ``balie``."""
    shops: list[Shop] = []

    @Request.application
    def site(request: Request) -> Response:
        return shops[0].answer(request)

    server = make_server("127.0.0.1", 0, site, threaded=True)
    shops.append(Shop(f"http://127.0.0.1:{server.server_port}", balie))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield shops[0]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
