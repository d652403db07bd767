"""``balie serve`` and ``balie sandbox``."""

import os
import sys

import click

from balie.cli.ports import PORT, is_free
from balie.run.settings import Settings


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=PORT, default=8000, show_default=True)
@click.option("--plugins-dir", type=click.Path(exists=True, file_okay=False), default=None)
def serve(host: str, port: int, plugins_dir: str | None) -> None:
    """Run everything in one process: web, workers and clock."""
    if plugins_dir:
        os.environ["BALIE_PLUGINS_DIR"] = plugins_dir
    Settings.from_environment(os.environ)  # refuses here, before a server is started
    if not is_free(host, port):
        raise click.ClickException(f"nothing can listen on {host}, port {port}: is it in use?")
    _become("balie.web.server", f"{host}:{port}")


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=PORT, default=8001, show_default=True)
def sandbox(host: str, port: int) -> None:
    """Run local stand-ins for WhatsApp's Cloud API and Zendesk."""
    _become("balie_sandbox", "--host", host, "--port", str(port))


def _become(module: str, *arguments: str) -> None:
    # A fresh interpreter, because gevent must patch before anything imports sockets.
    os.execv(sys.executable, [sys.executable, "-m", module, *arguments])  # noqa: S606 -- our own
