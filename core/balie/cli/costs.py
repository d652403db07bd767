"""``balie costs``: what a month's messages count as."""

import re
from typing import Any

import click
from sqlalchemy.orm import Session

from balie.api import BalieError, Kind
from balie.cli.output import json_option, print_done, print_json, print_rows
from balie.cli.session import services
from balie.desk import costs as counted
from balie.run.services import Services
from balie.tenants.models import ConnectionRow

_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


@click.command()
@click.argument("tenant", metavar="TENANT[/CONNECTION]")
@click.option("--month", default="", metavar="YYYY-MM", help="Default: this month, in UTC.")
@click.option(
    "--budget",
    type=click.IntRange(min=0),
    default=None,
    help="Of a connection: tell the admin after so many charged messages a month. 0: never.",
)
@json_option
def costs(tenant: str, month: str, budget: int | None, *, as_json: bool) -> None:
    """Total what messages counted as, by category and type, each message once."""
    if month and not _MONTH.fullmatch(month):
        raise click.UsageError(f"--month {month}: write it as 2026-11")
    owner, _, slug = tenant.partition("/")
    with services() as balie:
        if budget is not None:
            _set_budget(balie, owner, slug, budget, as_json=as_json)
            return
        balie.directory.tenant(owner)
        month = month or counted.month_of(balie.clock.now())
        with balie.store.reading() as session:
            found = [_of(balie, session, row, month) for row in _channels(balie, owner, slug)]
    if as_json:
        print_json({"month": month, "connections": found})
        return
    click.echo(month)
    for one in found:
        _tell(one)
    if not found:
        click.echo("No channel is connected.")


def _channels(balie: Services, tenant: str, slug: str) -> list[ConnectionRow]:
    if slug:
        return [balie.directory.connection(tenant, slug)]
    return [row for row in balie.directory.connections(tenant) if _kind(balie, row) is Kind.CHANNEL]


def _kind(balie: Services, row: ConnectionRow) -> Kind | None:
    try:
        return balie.registry.get(row.plugin).manifest.kind
    except BalieError:  # its plugin is not installed any more
        return None


def _of(balie: Services, session: Session, row: ConnectionRow, month: str) -> dict[str, Any]:
    totals = counted.totals(session, row.id, month)
    charged = sum(number for cost, number in totals if cost.billable)
    facts: dict[str, Any] = {
        "connection": row.slug,
        "totals": [
            {
                "category": cost.category,
                "type": cost.type,
                "charged": cost.billable,
                "messages": number,
            }
            for cost, number in totals
        ],
        "charged": charged,
        "free": sum(number for _, number in totals) - charged,
        "countries": counted.countries(session, row.id, month),
        "budget": counted.budget(session, row.id),
        "free_left": None,
    }
    allowance = _allowance(balie, row)
    if allowance is not None:
        facts["free_left"] = counted.left(totals, allowance)
        facts["free_of"] = allowance.messages
    return facts


def _allowance(balie: Services, row: ConnectionRow) -> Any:
    try:
        return balie.hooks.capabilities(balie.contexts.get(row.id).ctx).allowance
    except BalieError:  # it is off, or its settings cannot be used: the counts stand all the same
        return None


def _tell(facts: dict[str, Any]) -> None:
    click.echo(f"\n{facts['connection']}: {facts['charged']} charged, {facts['free']} free")
    print_rows(facts["totals"], as_json=False, none="Nothing was counted.")
    if facts["free_left"] is not None:
        click.echo(f"free messages left: {facts['free_left']} of {facts['free_of']}")
    if facts["countries"]:
        by = ", ".join(f"{name or '?'} {number}" for name, number in facts["countries"].items())
        click.echo(f"charged by country: {by}")
    if facts["budget"] is not None:
        click.echo(f"told after {facts['budget']} charged messages a month")


def _set_budget(balie: Services, tenant: str, slug: str, budget: int, *, as_json: bool) -> None:
    if not slug:
        raise click.UsageError("a budget is a connection's: name it as TENANT/CONNECTION")
    row = balie.directory.connection(tenant, slug)
    with balie.store.writing() as session:
        counted.set_budget(session, row.id, budget)
    sentence = f"told after {budget} charged messages a month" if budget else "no budget any more"
    print_done(f"{slug}: {sentence}", {"connection": slug, "budget": budget}, as_json=as_json)
