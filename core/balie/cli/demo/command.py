"""The command."""

import os
import signal
import webbrowser
from pathlib import Path

import click

from balie.cli.demo.opening import Opening
from balie.cli.demo.shop import open_shop
from balie.cli.demo.stage import DemoFailed, Stage
from balie.cli.demo.story import Story
from balie.cli.output import json_option, print_json
from balie.cli.ports import PORT


@click.command()
@click.option("--once", is_flag=True, help="Play the scripted story without a browser, and end.")
@click.option("--port", type=PORT, default=8000, show_default=True)
@click.option("--sandbox-port", type=PORT, default=8001, show_default=True)
@click.option("--locale", type=click.Choice(["nl", "en"]), default="nl", help="What Balie speaks.")
@click.option("--empty", is_flag=True, help="Begin before anything was said.")
@click.option("--folder", type=click.Path(path_type=Path), default=Path("var/demo"))
@json_option
def demo(  # noqa: PLR0913 -- a demo can be had in many ways
    port: int,
    sandbox_port: int,
    folder: Path,
    locale: str,
    *,
    once: bool,
    empty: bool,
    as_json: bool,
) -> None:
    """Run Balie with stand-ins for WhatsApp and Zendesk, and a shop; nothing leaves this machine.

    It opens in the middle of a talk: a photo, a template, a list, a place and a voice note.
    """
    stage = Stage(
        folder=folder, port=port, sandbox_port=sandbox_port, locale=locale, name="De Balie"
    )
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _end)
    if once:
        _play(stage, as_json=as_json)
        return
    click.echo("Starting the sandbox and Balie...")
    try:
        with stage:
            _show(stage, empty=empty)
            stage.wait()
    except KeyboardInterrupt:
        click.echo("\nStopped.")
        return
    raise DemoFailed(f"a process ended by itself; its log is in {folder}")


def _show(stage: Stage, *, empty: bool) -> None:
    open_shop(stage)
    if not empty:
        Opening(stage).play()
    click.echo(
        f"\nOpen {stage.url} : a shop with a chat, the customer's phone, the agent's desk."
        "\nWrite as the customer, answer as the agent. Ctrl-C ends it."
    )
    if os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        webbrowser.open(stage.url)


def _end(_number: int, _frame: object) -> None:
    """End as Ctrl-C does: what the demo started has sessions of its own, and would stay."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def _play(stage: Stage, *, as_json: bool) -> None:
    try:
        with stage:
            told = Story(stage).play()
    except DemoFailed as error:
        told = {"ok": False, "failed": str(error), "steps": []}
    if as_json:
        print_json(told)
    else:
        for step in told["steps"]:
            click.echo(f"{step['milliseconds']:8.1f} ms  {step['step']}")
        click.echo("All happened." if told["ok"] else f"Failed: {told['failed']}")
    if not told["ok"]:
        raise click.exceptions.Exit(1)
