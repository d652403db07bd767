"""``balie ledger``: what waits, what is parked, and the proof that nothing is missing."""

from collections.abc import Sequence

import click

from balie.cli.output import json_option, print_done, print_rows
from balie.cli.session import services
from balie.desk.outbound.cancel import cancel as cancel_item
from balie.desk.trace import proof
from balie.ledger import inspect
from balie.ledger.balance import balances
from balie.ledger.models import Item, State
from balie.run.services import Services

_TENANT = click.option("--tenant", default=None, help="Only this tenant. Default: all.")


@click.group()
def ledger() -> None:
    """The durable list of work."""


@ledger.command("show")
@_TENANT
@click.option("--state", type=click.Choice([state.value for state in State]), default=None)
@click.option("--limit", default=50, show_default=True)
@json_option
def show(tenant: str | None, state: str | None, limit: int, *, as_json: bool) -> None:
    """List items, the newest first."""
    _list(tenant, State(state) if state else None, limit, as_json=as_json)


@ledger.command("parked")
@_TENANT
@click.option("--limit", default=50, show_default=True)
@json_option
def parked(tenant: str | None, limit: int, *, as_json: bool) -> None:
    """List what stopped and waits for a person."""
    _list(tenant, State.PARKED, limit, as_json=as_json)


@ledger.command("replay")
@click.argument("items", nargs=-1, type=int)
@click.option("--all", "everything", is_flag=True, help="All that is parked, or what fits below.")
@_TENANT
@click.option("--kind", default=None, help="Only of this kind, such as file or send.")
@click.option("--reason", default=None, help="Only those whose reason holds these words.")
@click.option("--dry-run", is_flag=True, help="Only list what would be tried again.")
@json_option
def replay(  # noqa: PLR0913 -- each is an option
    items: tuple[int, ...],
    tenant: str | None,
    kind: str | None,
    reason: str | None,
    *,
    everything: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Let parked ITEMS be tried again. A running server picks them up within a second."""
    if bool(items) == everything or (items and (tenant or kind or reason)):
        raise click.UsageError("name items, or give --all with what narrows it down")
    with services() as balie:
        tenant_id = _tenant_id(balie, tenant)
        with balie.store.reading() as session:
            if everything:
                found = inspect.parked(session, tenant_id, kind=kind, reason=reason)
            else:
                found = inspect.named(session, items)
        rows = [_row(item) for item in found]
        if not dry_run:
            _replay(balie, found)
    if dry_run:
        print_rows(rows, as_json=as_json, none="Nothing is parked that fits.")
    else:
        ids = [row["item"] for row in rows]
        print_done(f"{len(ids)} on the way again", {"replayed": ids}, as_json=as_json)


def _replay(balie: Services, found: Sequence[Item]) -> None:
    try:
        inspect.replay_all(balie.store, found, balie.clock.now())
    except inspect.ReplayRefused as refused:
        ended = next(item for item in found if item.state != State.PARKED)
        with balie.store.reading() as session:
            seen = proof(session, ended)
        raise inspect.ReplayRefused(f"{refused}: {seen}" if seen else str(refused)) from refused


@ledger.command("cancel")
@click.argument("item", type=int)
@click.option("--why", required=True, help="Stands in the ledger, and in the ticket if it matters.")
@json_option
def cancel(item: int, why: str, *, as_json: bool) -> None:
    """End an ITEM that waits or is parked, without effect."""
    with services() as balie, balie.store.writing() as session:
        cancel_item(session, item, why, balie.clock.now())
    print_done(f"item {item} cancelled", {"cancelled": item}, as_json=as_json)


@ledger.command("balance")
@_TENANT
@json_option
def balance(tenant: str | None, *, as_json: bool) -> None:
    """Prove, per tenant and day, that what was accepted is somewhere. Exit code 1 if not."""
    with services() as balie:
        names = {row.id: row.slug for row in balie.directory.tenants()}
        with balie.store.reading() as session:
            found = balances(session, _tenant_id(balie, tenant))
    rows = []
    for line in found:
        facts = line.as_dict()
        rows.append({"tenant": names[line.tenant_id], **facts})
        del rows[-1]["tenant_id"]
    print_rows(rows, as_json=as_json, none="Nothing has come in yet.")
    if any(line.difference for line in found):
        raise click.exceptions.Exit(1)


def _list(tenant: str | None, state: State | None, limit: int, *, as_json: bool) -> None:
    with services() as balie, balie.store.reading() as session:
        rows = [
            _row(item) for item in inspect.items(session, _tenant_id(balie, tenant), state, limit)
        ]
    print_rows(rows, as_json=as_json, none="Nothing here.")


def _tenant_id(balie: Services, tenant: str | None) -> int | None:
    return None if tenant is None else balie.directory.tenant(tenant).id


def _row(item: Item) -> dict[str, object]:
    return {
        "item": item.id,
        "kind": item.kind,
        "state": item.state,
        "accepted": f"{item.accepted_at:%Y-%m-%d %H:%M:%S}",
        "attempts": item.attempts,
        "next": f"{item.next_at:%H:%M:%S}" if item.next_at else None,
        "id": item.dedupe,
        "reason": item.reason or None,
    }
