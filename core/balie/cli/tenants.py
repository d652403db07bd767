"""``balie tenant`` and ``balie plugin``."""

import click

from balie.cli.output import json_option, print_done, print_json, print_rows
from balie.cli.session import services


@click.group()
def tenant() -> None:
    """Organisations."""


@tenant.command("add")
@click.argument("slug")
@click.option("--name", default="", help="What people call it. Default: the slug.")
@click.option("--region", default="NL", show_default=True, help="Whose phone notation is meant.")
@click.option("--locale", default="nl", show_default=True, help="nl or en.")
@json_option
def add(slug: str, name: str, region: str, locale: str, *, as_json: bool) -> None:
    """Make a tenant. SLUG stands in its webhook addresses."""
    with services() as balie:
        row = balie.directory.add_tenant(slug, name=name or slug, region=region, locale=locale)
        print_done(f"tenant {slug} made", {"id": row.id, "slug": slug}, as_json=as_json)


@tenant.command("list")
@json_option
def list_tenants(*, as_json: bool) -> None:
    """List all tenants."""
    with services() as balie:
        rows = [
            {"slug": row.slug, "name": row.name, "region": row.region, "locale": row.locale}
            for row in balie.directory.tenants()
        ]
    print_rows(rows, as_json=as_json, none="No tenant yet. Make one: balie tenant add NAME")


@tenant.command("show")
@click.argument("slug")
@json_option
def show(slug: str, *, as_json: bool) -> None:
    """Show a tenant and its connections."""
    with services() as balie:
        row = balie.directory.tenant(slug)
        connections = [
            {
                "connection": one.slug,
                "plugin": one.plugin,
                "name": one.name,
                "state": one.state,
                "reason": one.state_reason or None,
                "alarm": one.alarm or None,
                "webhook": f"{balie.settings.public_url}/hooks/{slug}/{one.slug}",
            }
            for one in balie.directory.connections(slug)
        ]
    if as_json:
        print_json({"slug": row.slug, "name": row.name, "connections": connections})
        return
    click.echo(f"{row.name} ({row.slug}), {row.region}, {row.locale}")
    print_rows(connections, as_json=False, none="No connection yet: balie connection add")


@click.group()
def plugin() -> None:
    """Installed plugins."""


@plugin.command("list")
@json_option
def list_plugins(*, as_json: bool) -> None:
    """List what was found, whether it may be used, and why not."""
    with services(any_schema=True) as balie:
        rows = [
            {
                "plugin": one.id,
                "state": str(one.state),
                "hooks": len(one.hooks),
                "from": one.source,
                "reason": one.reason or None,
            }
            for one in balie.registry.report.plugins
        ]
    print_rows(rows, as_json=as_json, none="No plugin is installed.")
