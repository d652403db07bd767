"""A worker's and a scheduler's own /healthz and /metrics, and their end on another schema."""

import http.client
import signal
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import text

from balie.run.apart import SchemaWatch, live
from balie.run.monitor import Monitor, monitored
from balie.run.roles import Role
from balie.run.services import Services
from balie.run.settings import Settings, SettingsInvalid
from balie.store import migrate

KEY = "a2V5" * 10 + "a2U="


@pytest.fixture
def token() -> str:
    return ""


@pytest.fixture
def monitor(services: Services, free_port, token: str) -> Iterator[Monitor]:
    port = free_port()
    services.settings = replace(services.settings, metrics_port=port, metrics_token=token)
    made = monitored(services)
    assert made is not None
    yield made
    made.stop()


def ask(monitor: Monitor, path: str, method: str = "GET", **headers: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection(monitor.host, monitor.port, timeout=20)
    connection.request(method, path, headers=headers)
    answer = connection.getresponse()
    body = answer.read().decode()
    connection.close()
    return answer.status, body


def test_healthz_says_that_the_process_lives(monitor):
    assert ask(monitor, "/healthz") == (200, '{"ok":true}\n')


def test_metrics_hold_this_processs_counters_and_the_databases_gauges(monitor):
    monitor.services.metrics.hooks.record("paper_desk", "ticket_file", "ok", 0.01)

    status, body = ask(monitor, "/metrics")

    assert status == 200
    counted = 'balie_hook_calls_total{hook="ticket_file",outcome="ok",plugin="paper_desk"} 1.0'
    assert counted in body
    assert 'balie_ledger_items{state="pending"} 0' in body
    assert 'balie_processes{role="worker"} 0' in body


def test_head_has_no_body_and_nothing_else_is_there(monitor):
    assert ask(monitor, "/healthz", "HEAD") == (200, "")
    assert ask(monitor, "/admin") == (404, "here are /healthz and /metrics\n")
    assert ask(monitor, "/metrics", "POST") == (405, "only GET\n")


@pytest.mark.parametrize("token", ["sesam"])
def test_metrics_ask_for_the_token_where_there_is_one(monitor, token):
    refused = (403, "send BALIE_METRICS_TOKEN as a bearer token\n")

    assert ask(monitor, "/metrics") == refused
    assert ask(monitor, "/metrics", Authorization="Bearer wrong") == refused
    assert ask(monitor, "/metrics", Authorization="Bearer é") == refused
    assert ask(monitor, "/metrics", Authorization=f"Bearer {token}")[0] == 200
    assert ask(monitor, "/healthz")[0] == 200


def test_garbage_on_the_port_harms_nobody(monitor):
    with socket.create_connection((monitor.host, monitor.port)) as other:
        other.sendall(b"\x16\x03\x01 what is this\r\n\r\n")
        other.recv(1000)

    assert ask(monitor, "/healthz")[0] == 200


def test_nothing_listens_unless_a_port_is_named(services):
    assert monitored(services) is None


def test_port_that_is_taken_is_said_in_a_sentence(monitor):
    with pytest.raises(SystemExit) as said:
        live(monitor.services, Role.WORKER)

    assert str(said.value).startswith(
        f"balie: BALIE_METRICS_PORT: nothing can listen on 127.0.0.1:{monitor.port}: "
    )


@pytest.mark.parametrize("port", ["-1", "65536", "http"])
def test_port_that_is_none_is_refused_by_the_variables_name(port):
    with pytest.raises(SettingsInvalid, match=r"^BALIE_METRICS_PORT: "):
        Settings.from_environment({"BALIE_SECRET_KEYS": KEY, "BALIE_METRICS_PORT": port})


def test_metrics_that_others_reach_want_a_token():
    open_to_all = {"BALIE_SECRET_KEYS": KEY, "BALIE_METRICS_HOST": "0.0.0.0"}

    with pytest.raises(SettingsInvalid, match=r"^BALIE_METRICS_HOST: .* BALIE_METRICS_TOKEN"):
        Settings.from_environment(open_to_all)
    guarded = Settings.from_environment(open_to_all | {"BALIE_METRICS_TOKEN": "sesam"})
    assert guarded.metrics_host == "0.0.0.0"


def test_schema_that_changes_while_running_is_noticed(services):
    watch = SchemaWatch(services, every=0)
    fits = watch.says_stop()
    set_schema(services, "9999")

    assert (fits, watch.says_stop()) == (False, True)
    assert watch.misfit == (
        "the database has schema 9999, which this version does not know: it has up to "
        f"{migrate.head()}. Run the version of Balie whose balie db upgrade brought it there, "
        f"or a newer one; or let that one go back: balie db downgrade {migrate.head()}"
    )


def test_schema_is_looked_at_no_more_than_now_and_then(services):
    watch = SchemaWatch(services, every=1000)
    set_schema(services, "9999")

    assert watch.says_stop() is False


def test_database_that_is_away_stops_nobody(services, tmp_path):
    nowhere = replace(
        services.settings, database_url="postgresql://balie@127.0.0.1:1/balie?connect_timeout=1"
    )
    away = Services(nowhere)

    assert SchemaWatch(away, every=0).says_stop() is False
    away.store.close()


@pytest.fixture
def signals_kept() -> Iterator[None]:
    kept = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


def test_scheduler_that_meets_a_newer_schema_stops_with_a_sentence(services, signals_kept):
    threading.Timer(0.3, set_schema, [services, "9999"]).start()

    with pytest.raises(SystemExit) as said:
        live(services, Role.SCHEDULER, every=0.1)

    assert str(said.value).startswith(
        "balie: this scheduler has stopped: the database has schema 9999, "
    )


def set_schema(services: Services, revision: str) -> None:
    with services.store.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = :to"), {"to": revision})
