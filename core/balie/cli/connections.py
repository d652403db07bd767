"""``balie connection``."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from balie.api import BalieError, ConfigInvalid
from balie.api.fields import masked
from balie.cli.output import json_option, print_done, print_json, print_rows
from balie.cli.session import services
from balie.ledger.inspect import hurry
from balie.run.services import Services
from balie.tenants.models import State

_SET = click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="NAME=VALUE",
    help="A setting. NAME=@FILE reads the value from a file, NAME=- from standard input, "
    "so that a secret shows in no list of processes.",
)


@click.group()
def connection() -> None:
    """A tenant's uses of plugins."""


@connection.command("add")
@click.argument("tenant")
@click.argument("slug")
@click.option("--plugin", required=True)
@click.option("--name", default="", help="What people call it, such as: the service number.")
@click.option("--files-into", default=None, help="Of a channel: the helpdesk connection.")
@_SET
@json_option
def add(  # noqa: PLR0913 -- a connection is all of these
    tenant: str,
    slug: str,
    plugin: str,
    name: str,
    files_into: str | None,
    settings: tuple[str, ...],
    *,
    as_json: bool,
) -> None:
    """Connect TENANT to a vendor. SLUG stands in the webhook's address."""
    with services() as balie, _settings_explained():
        balie.directory.add_connection(
            tenant, slug, plugin=plugin, name=name, files_into=files_into, config=_read(settings)
        )
        webhook = f"{balie.settings.public_url}/hooks/{tenant}/{slug}"
        print_done(
            f"connection {slug} made; its webhook address is {webhook}",
            {"connection": slug, "webhook": webhook},
            as_json=as_json,
        )


@connection.command("list")
@click.argument("tenant", required=False)
@json_option
def list_connections(tenant: str | None, *, as_json: bool) -> None:
    """List the connections of TENANT, or of all, with their states and alarms."""
    with services() as balie:
        owners = [balie.directory.tenant(tenant)] if tenant else balie.directory.tenants()
        rows = [
            {
                "connection": f"{owner.slug}/{one.slug}",
                "plugin": one.plugin,
                "name": one.name,
                "state": one.state,
                "reason": one.state_reason or None,
                "alarm": one.alarm or None,
            }
            for owner in owners
            for one in balie.directory.connections(owner.slug)
        ]
    print_rows(rows, as_json=as_json, none="No connection yet: balie connection add")


@connection.command("set")
@click.argument("tenant")
@click.argument("slug")
@_SET
@json_option
def change(tenant: str, slug: str, settings: tuple[str, ...], *, as_json: bool) -> None:
    """Change settings; those not named stay."""
    with services() as balie, _settings_explained():
        balie.directory.set_config(tenant, slug, _read(settings))
        hurry_connection(balie, tenant, slug)
        print_done(f"connection {slug} changed", {"connection": slug}, as_json=as_json)


@connection.command("show")
@click.argument("tenant")
@click.argument("slug")
@json_option
def show(tenant: str, slug: str, *, as_json: bool) -> None:
    """Show a connection's settings, secrets masked."""
    with services() as balie:
        row = balie.directory.connection(tenant, slug)
        schema = balie.registry.get(row.plugin).manifest.config()
        shown = masked(schema, balie.directory.config(row))
    if as_json:
        facts = {"plugin": row.plugin, "state": row.state, "alarm": row.alarm or None}
        print_json(facts | {"settings": shown})
        return
    click.echo(f"{row.name}: {row.plugin}, {row.state} {row.state_reason}".rstrip())
    if row.alarm:
        click.echo(f"ALARM: {row.alarm}")
    for name, value in shown.items():
        click.echo(f"  {name} = {value}")


@connection.command("enable")
@click.argument("tenant")
@click.argument("slug")
@json_option
def enable(tenant: str, slug: str, *, as_json: bool) -> None:
    """Switch a connection on."""
    _switch(tenant, slug, State.CONNECTED, as_json=as_json)


@connection.command("disable")
@click.argument("tenant")
@click.argument("slug")
@json_option
def disable(tenant: str, slug: str, *, as_json: bool) -> None:
    """Switch a connection off: its webhooks get 404, its waiting work waits on."""
    _switch(tenant, slug, State.OFF, as_json=as_json)


@connection.command("test")
@click.argument("tenant")
@click.argument("slug")
@json_option
def test(tenant: str, slug: str, *, as_json: bool) -> None:
    """Try a connection's credentials without changing anything at the vendor."""
    with services() as balie:
        row = balie.directory.connection(tenant, slug)
        try:
            health = balie.hooks.connection_check(balie.contexts.get(row.id).ctx)
            ok, text = health.ok, health.text
        except BalieError as error:
            ok, text = False, str(error)
    print_done(text, {"ok": ok, "text": text}, as_json=as_json)
    if not ok:
        raise click.exceptions.Exit(1)


def _switch(tenant: str, slug: str, state: State, *, as_json: bool) -> None:
    with services() as balie:
        balie.directory.set_state(balie.directory.connection(tenant, slug).id, state)
        hurry_connection(balie, tenant, slug)
    print_done(
        f"connection {slug} is {state}", {"connection": slug, "state": state}, as_json=as_json
    )


def hurry_connection(balie: Services, tenant: str, slug: str) -> None:
    """Try at once what waited for this connection to work."""
    hurry(balie.store, balie.directory.connection(tenant, slug).id, balie.clock.now())


def _read(settings: Iterable[str]) -> dict[str, str]:
    values = {}
    for setting in settings:
        name, equals, value = setting.partition("=")
        if not equals:
            raise click.UsageError(f"--set {setting}: write NAME=VALUE")
        if value == "-":
            value = sys.stdin.read().strip()
        elif value.startswith("@"):
            value = _file(Path(value[1:]))
        values[name] = value
    return values


def _file(path: Path) -> str:
    try:
        return path.read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        raise click.ClickException(f"{path} cannot be read: {error}") from error


@contextmanager
def _settings_explained() -> Iterator[None]:
    """Turn a refusal by field into one line a field."""
    try:
        yield
    except ConfigInvalid as error:
        lines = "\n".join(f"  {name} {text}" for name, text in error.problems.items())
        raise click.ClickException(f"these settings are refused:\n{lines}") from error
