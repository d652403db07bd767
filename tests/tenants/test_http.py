"""A7: what a plugin sends goes to the hosts that its settings name, and nowhere else."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests
from requests.adapters import HTTPAdapter

from balie.api import PermanentError
from balie.tenants.http import CONNECT_SECONDS, READ_SECONDS, VendorSession


class Site(BaseHTTPRequestHandler):
    """Answers, or sends elsewhere, and remembers who asked for what."""

    def do_GET(self) -> None:
        self.server.asked.append((self.path, self.headers.get("Authorization")))
        elsewhere = self.server.elsewhere
        self.send_response(302 if elsewhere else 200)
        if elsewhere:
            self.send_header("Location", elsewhere)
        if cookie := getattr(self.server, "cookie", ""):
            self.send_header("Set-Cookie", cookie)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def site() -> Iterator[ThreadingHTTPServer]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        server.asked, server.elsewhere = [], ""
        thread = threading.Thread(target=server.serve_forever, args=[0.01])
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def other(site) -> Iterator[ThreadingHTTPServer]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        server.asked, server.elsewhere = [], ""
        thread = threading.Thread(target=server.serve_forever, args=[0.01])
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def host(server: ThreadingHTTPServer) -> str:
    return f"127.0.0.1:{server.server_port}"


@pytest.fixture
def session(site) -> Iterator[VendorSession]:
    with VendorSession(frozenset({host(site)})) as made:
        yield made


def test_named_host_is_spoken_to(site, session):
    assert session.get(f"http://{host(site)}/v1").status_code == 200
    assert site.asked == [("/v1", None)]


@pytest.mark.parametrize(
    "address",
    [
        "http://{other}/",
        "http://{site}@{other}/",
        "http://{other}\\@{site}/",
        "http://{other}#@{site}/",
        "http://{other}?@{site}/",
        "http://localhost:{port}/",
        "http://127.1:{port}/",
        "http://127.0.0.1/",
        "https://127.0.0.1/",
        "http://[::1]:{port}/",
    ],
)
def test_a7_other_host_is_refused_however_it_is_written(site, other, session, address):
    url = address.format(site=host(site), other=host(other), port=site.server_port)

    with pytest.raises(PermanentError, match="is not a host of this connection"):
        session.get(url, headers={"Authorization": "Bearer token"})
    assert (site.asked, other.asked) == ([], [])


def test_a7_request_prepared_elsewhere_is_refused_too(other, session):
    prepared = requests.Request("GET", f"http://{host(other)}/").prepare()

    with pytest.raises(PermanentError):
        session.send(prepared)
    assert other.asked == []


@pytest.mark.parametrize("allowed", [None, True])
def test_a7_redirect_is_not_followed(site, other, session, allowed):
    site.elsewhere = f"http://{host(other)}/steal"
    wish = {} if allowed is None else {"allow_redirects": allowed}

    answer = session.get(f"http://{host(site)}/", headers={"Authorization": "Bearer token"}, **wish)
    prepared = session.prepare_request(requests.Request("GET", f"http://{host(site)}/"))
    again = session.send(prepared)

    assert (answer.status_code, again.status_code, other.asked) == (302, 302, [])


def test_a7_proxy_and_netrc_of_the_machine_are_not_consulted(
    site, other, session, monkeypatch, tmp_path
):
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login anna password geheim\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    monkeypatch.setenv("http_proxy", f"http://{host(other)}")
    monkeypatch.setenv("no_proxy", "")

    session.get(f"http://{host(site)}/")

    assert (site.asked, other.asked) == ([("/", None)], [])


def test_request_without_time_outs_gets_ours(site, session, monkeypatch):
    asked: list[object] = []
    adapter = session.get_adapter("http://")
    send = adapter.send

    def remember(request: requests.PreparedRequest, **kwargs: object) -> requests.Response:
        asked.append(kwargs["timeout"])
        return send(request, **kwargs)

    monkeypatch.setattr(adapter, "send", remember)
    session.get(f"http://{host(site)}/")
    session.get(f"http://{host(site)}/", timeout=None)
    session.get(f"http://{host(site)}/", timeout=3)

    assert asked == [(CONNECT_SECONDS, READ_SECONDS), (CONNECT_SECONDS, READ_SECONDS), 3]


class Unplugged(HTTPAdapter):
    """Whom the session would speak to cannot be reached."""

    def send(self, request: requests.PreparedRequest, **_: object) -> requests.Response:
        raise requests.ConnectionError(request.url)


@pytest.mark.parametrize(
    ("url", "known"),
    [
        ("https://p17.files.example.com/x", True),
        ("https://a.b.files.example.com/x", True),
        ("https://files.example.com/x", False),
        ("https://evilfiles.example.com/x", False),
        ("https://p17.files.example.com.evil.example/x", False),
        ("https://p17.files.example.com:8443/x", False),
        ("http://p17.files.example.com/x", False),
        ("https://evil.example/p17.files.example.com", False),
    ],
)
def test_host_below_an_allowed_name_is_known(url, known):
    with VendorSession(frozenset({"*.files.example.com:443"})) as session:
        session.mount("https://", Unplugged())
        session.mount("http://", Unplugged())
        with pytest.raises(requests.ConnectionError if known else PermanentError):
            session.get(url)


def test_request_is_prepared_as_requests_would(session, site):
    asked = requests.Request(
        "post",
        f"http://{host(site)}/a b",
        params={"q": "phone:*655 & +", "page": 1, "none": None, "many": ["x", "y"]},
        headers={"accept": "application/json", "X-None": None},
        json={"name": "Zoë"},
        auth=("klant", "geheim"),
    )

    ours, theirs = session.prepare_request(asked), requests.Session().prepare_request(asked)

    assert (ours.method, ours.url, ours.body) == (theirs.method, theirs.url, theirs.body)
    assert dict(ours.headers.lower_items()) == dict(theirs.headers.lower_items())


def test_cookie_is_not_kept(session, site):
    site.cookie = "session=1"
    session.get(f"http://{host(site)}/", timeout=5)

    assert len(session.cookies) == 0
    assert "Cookie" not in session.get(f"http://{host(site)}/", timeout=5).request.headers
