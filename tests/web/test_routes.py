"""Routes of plugins: each under its own name, each failure its own."""

from ipaddress import ip_network
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from flask import Flask

from balie.run.services import Services
from balie.run.settings import Settings, SettingsInvalid
from balie.store import migrate
from balie.tenants.models import State
from balie.web.app import create_app
from balie.web.proxies import client_address

PLUGIN = """
from flask import Blueprint, Response
from balie.api import *

class Desk:
    manifest = Manifest(id="{id}_desk", name="Desk", kind=Kind.HELPDESK, config=ConfigSchema)
    @hookimpl
    def channel_ingress(self, ctx, request): return Ingress()
    @hookimpl
    def event_parse(self, ctx, raw): return []
    @hookimpl
    def ticket_file(self, ctx, batch): ...

class Served:
    manifest = Manifest(id="{id}", name="Served", kind=Kind.CHANNEL, config=ConfigSchema)
    @hookimpl
    def channel_ingress(self, ctx, request): return Ingress()
    @hookimpl
    def event_parse(self, ctx, raw): return []
    @hookimpl
    def reply_dispatch(self, ctx, reply): ...
    @hookimpl
    def web_blueprint(self, site):
        {body}
"""
ROUTES = """
        routes = Blueprint("served", __name__)
        @routes.get("/<tenant>/<connection>/name")
        def name(tenant, connection):
            ctx = site.context(tenant, connection)
            return ctx.connection.name + " " + site.visitor_address()
        @routes.get("/<tenant>/<connection>/framed")
        def framed(tenant, connection):
            policy = "frame-ancestors https://shop.example"
            return Response("x", headers={"Content-Security-Policy": policy})
        @routes.get("/<tenant>/<connection>/busy")
        def busy(tenant, connection):
            raise TransientError("the vendor said: token=abc")
        @routes.get("/<tenant>/<connection>/broken")
        def broken(tenant, connection):
            raise ZeroDivisionError("secret")
        return routes
"""


def balie(folder: Path, *, body: str = ROUTES, plugin: str = "served") -> Services:
    (folder / "plugins").mkdir()
    text = PLUGIN.format(id=plugin, body=body.strip())
    (folder / "plugins" / "served.py").write_text(text + "\nplugin = Served()\n")
    (folder / "plugins" / "served_desk.py").write_text(text + "\nplugin = Desk()\n")
    services = Services(
        Settings(
            database_url=f"sqlite:///{folder / 'balie.db'}",
            media_url=f"file://{folder}/media",
            secret_keys=(Fernet.generate_key().decode(),),
            plugins_dir=folder / "plugins",
            trusted_proxies=(ip_network("127.0.0.1"),),
        )
    )
    migrate.upgrade(services.store)
    directory = services.directory
    directory.add_tenant("winkel", name="De Winkel", region="NL", locale="nl")
    directory.add_connection("winkel", "desk", plugin=f"{plugin}_desk", config={})
    directory.add_connection(
        "winkel", "chat", plugin=plugin, config={}, files_into="desk", name="De chat"
    )
    return services


@pytest.fixture
def services(tmp_path):
    made = balie(tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def client(services):
    return create_app(services).test_client()


def test_route_finds_the_connection_of_its_address(client):
    answer = client.get("/served/winkel/chat/name")

    assert (answer.status_code, answer.text) == (200, "De chat 127.0.0.1")
    assert answer.headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize(
    "address", ["winkel/nothing", "nobody/chat", "winkel/desk", "win%00kel/chat"]
)
def test_address_of_no_connection_of_this_plugin_is_answered_as_a_webhook_is(client, address):
    answer = client.get(f"/served/{address}/name")

    assert (answer.status_code, answer.text) == (404, "there is no such connection\n")


def test_connection_that_is_switched_off_is_none(services, client):
    row = services.directory.connection("winkel", "chat")
    services.directory.set_state(row.id, State.OFF)

    assert client.get("/served/winkel/chat/name").status_code == 404


def test_transient_error_is_answered_with_503_and_when_to_come_back(client):
    answer = client.get("/served/winkel/chat/busy")

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "token" not in answer.text


def test_a20_what_breaks_in_a_view_is_not_shown(client):
    answer = client.get("/served/winkel/chat/broken")

    assert (answer.status_code, answer.json["error"]) == (500, "broken")
    assert "secret" not in answer.text


def test_page_that_names_its_frames_may_be_framed_by_them(client):
    answer = client.get("/served/winkel/chat/framed")

    assert "X-Frame-Options" not in answer.headers
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_unknown_route_is_not_found(client):
    assert client.get("/served/winkel/chat/other").status_code == 404


@pytest.mark.parametrize(
    ("body", "plugin"),
    [("return None", "served"), ("raise RuntimeError('no')", "served"), (ROUTES, "metrics")],
    ids=["nothing", "crash", "taken"],
)
def test_routes_that_cannot_be_had_are_left_out(tmp_path, body, plugin):
    services = balie(tmp_path, body=body, plugin=plugin)
    client = create_app(services).test_client()

    assert client.get(f"/{plugin}/winkel/chat/name").status_code == 404
    assert client.get("/healthz").status_code == 200
    services.store.close()


@pytest.mark.parametrize(
    ("peer", "forwarded", "found"),
    [
        ("198.51.100.7", "203.0.113.9", "198.51.100.7"),
        ("10.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "1.2.3.4, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "<script>", "10.0.0.1"),
        ("10.0.0.1", "10.0.0.3", "10.0.0.3"),
    ],
    ids=["stranger", "proxy", "chain", "bare", "nonsense", "inner"],
)
def test_a17_only_trusted_proxies_say_who_made_a_request(peer, forwarded, found):
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    environ = {"REMOTE_ADDR": peer}

    with Flask("t").test_request_context("/", headers=headers, environ_base=environ):
        assert client_address((ip_network("10.0.0.0/8"),)) == found


def test_trusted_proxies_are_read_and_nonsense_is_refused():
    keys = {"BALIE_SECRET_KEYS": Fernet.generate_key().decode()}

    read = Settings.from_environment(keys | {"BALIE_TRUSTED_PROXIES": "10.0.0.0/8, 127.0.0.1"})

    assert [str(network) for network in read.trusted_proxies] == ["10.0.0.0/8", "127.0.0.1/32"]
    with pytest.raises(SettingsInvalid, match="BALIE_TRUSTED_PROXIES"):
        Settings.from_environment(keys | {"BALIE_TRUSTED_PROXIES": "everybody"})
