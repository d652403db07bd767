"""``balie serve``, its parts as processes of their own, and ``balie sandbox``."""

import os
import sys
from collections.abc import Callable
from typing import Any, TypeVar

import click

from balie.cli.ports import PORT, is_free
from balie.cli.session import services
from balie.run.roles import Role
from balie.run.services import WORKERS
from balie.run.settings import Settings

Command = TypeVar("Command", bound=Callable[..., Any])

_SEVERAL = click.IntRange(1, 1000)


def _plugins_option(command: Command) -> Command:
    folder = click.Path(exists=True, file_okay=False)
    return click.option("--plugins-dir", type=folder, default=None)(command)


def _metrics_option(command: Command) -> Command:
    text = "Answer /healthz and /metrics there."
    return click.option("--metrics-port", type=PORT, default=None, help=text)(command)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=PORT, default=8000, show_default=True)
@_plugins_option
def serve(host: str, port: int, plugins_dir: str | None) -> None:
    """Run everything in one process: web, workers and clock."""
    _look_into(plugins_dir)
    Settings.from_environment(os.environ)  # refuses here, before a server is started
    _must_be_free(host, port)
    _become("balie.web.server", f"{host}:{port}")


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=PORT, default=8000, show_default=True)
@click.option("--workers", type=_SEVERAL, default=2, show_default=True, help="Processes.")
@_plugins_option
def web(host: str, port: int, workers: int, plugins_dir: str | None) -> None:
    """Take in webhooks, beside workers and a scheduler. On PostgreSQL."""
    _look_into(plugins_dir)
    _must_fit(Role.WEB)
    _must_be_free(host, port)
    _become("balie.web.server", f"{host}:{port}", str(workers))


@click.command()
@click.option(
    "--concurrency", type=_SEVERAL, default=WORKERS, show_default=True, help="Lanes at a time."
)
@_metrics_option
@_plugins_option
def worker(concurrency: int, metrics_port: int | None, plugins_dir: str | None) -> None:
    """Work what has come in, beside web and scheduler. On PostgreSQL."""
    _look_into(plugins_dir)
    _show_on(metrics_port)
    _must_fit(Role.WORKER)
    _become("balie.run.worker", str(concurrency))


@click.command()
@_metrics_option
@_plugins_option
def scheduler(metrics_port: int | None, plugins_dir: str | None) -> None:
    """Drive the clock, beside web and workers. Run two: one leads. On PostgreSQL."""
    _look_into(plugins_dir)
    _show_on(metrics_port)
    _must_fit(Role.SCHEDULER)
    _become("balie.run.scheduler")


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=PORT, default=8001, show_default=True)
def sandbox(host: str, port: int) -> None:
    """Run local stand-ins for WhatsApp's Cloud API and Zendesk."""
    _become("balie_sandbox", "--host", host, "--port", str(port))


def _look_into(plugins_dir: str | None) -> None:
    if plugins_dir:
        os.environ["BALIE_PLUGINS_DIR"] = plugins_dir


def _show_on(metrics_port: int | None) -> None:
    if metrics_port:
        os.environ["BALIE_METRICS_PORT"] = str(metrics_port)


def _must_fit(role: Role) -> None:
    """Refuse here, before a server is started, settings and a schema that the role cannot use."""
    with services(role=role):
        pass


def _must_be_free(host: str, port: int) -> None:
    if not is_free(host, port):
        raise click.ClickException(f"nothing can listen on {host}, port {port}: is it in use?")


def _become(module: str, *arguments: str) -> None:
    # A fresh interpreter, because gevent must patch before anything imports sockets.
    os.execv(sys.executable, [sys.executable, "-m", module, *arguments])  # noqa: S606 -- our own
