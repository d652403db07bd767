"""``balie db`` and ``balie doctor``."""

import click

from balie.api import BalieError
from balie.cli.output import json_option, print_done, print_rows
from balie.cli.session import services
from balie.desk.records import cursors
from balie.desk.templates import catalogue
from balie.desk.templates.values import Facts, TemplateUnusable, by_itself
from balie.hooks import State as PluginState
from balie.ledger.inspect import counts
from balie.run.beats import living, missing
from balie.run.roles import Identity, Role
from balie.run.services import Services
from balie.store import StoreUnavailable, migrate
from balie.tenants.models import ConnectionRow, State
from balie.tenants.secrets import SealBroken

_WOULD = (
    "Schema {} would become {}, without: {}.\n"
    "Nothing was changed. Make a backup, stop Balie, and do it with --yes."
)


@click.group()
def db() -> None:
    """The database."""


@db.command("upgrade")
@json_option
def upgrade(*, as_json: bool) -> None:
    """Bring the database to the schema of this version."""
    with services(any_schema=True) as balie:
        before = migrate.current(balie.store)
        migrate.upgrade(balie.store)
    schema = migrate.head()
    sentence = f"schema {schema}, as before" if before == schema else f"schema {schema}"
    print_done(sentence, {"before": before, "schema": schema}, as_json=as_json)


@db.command("downgrade")
@click.argument("revision")
@click.option("--yes", is_flag=True, help="Do it. Without, only say what would be done.")
@json_option
def downgrade(revision: str, *, yes: bool, as_json: bool) -> None:
    """Go back to the schema of an older version, REVISION, before you start that version.

    What only newer schemas hold is deleted. Stop every part of Balie first.
    """
    with services(any_schema=True) as balie:
        before = migrate.current(balie.store)
        try:
            lost = migrate.lost_by(balie.store, revision)
            if yes:
                _require_rest(balie)
                migrate.downgrade(balie.store, revision)
        except migrate.RevisionUnknown as error:
            raise click.BadParameter(str(error), param_hint="REVISION") from None
    facts = {"before": before, "schema": revision if yes else before, "lost": lost}
    sentence = f"schema {revision}" if yes else _WOULD.format(before, revision, "; ".join(lost))
    print_done(sentence, facts, as_json=as_json)


def _require_rest(balie: Services) -> None:
    """Raise where some part of Balie still runs on this database."""
    balie.store.claim()
    with balie.store.reading() as session:
        found = living(session, balie.clock.now())
    if found:
        parts = ", ".join(f"{count} {role}" for role, count in sorted(found.items()))
        raise click.ClickException(
            f"still running: {parts}. Stop them first; what was killed counts for 30 seconds"
        )


@click.command()
@click.option(
    "--here",
    type=click.Choice([role.value for role in Role]),
    help="Only: does this machine run one?",
)
@json_option
def doctor(here: str | None, *, as_json: bool) -> None:
    """Look at this installation and say what is wrong and what to do. Exit code 1 if anything."""
    with services(any_schema=True) as balie:
        rows = [_here(balie, here)] if here else _everything(balie)
    print_rows(rows, as_json=as_json, none="")
    if not all(row["ok"] for row in rows):
        raise click.exceptions.Exit(1)


def _everything(balie: Services) -> list[dict[str, object]]:
    rows = [*_database(balie), *_plugins(balie)]
    if rows[1]["ok"]:
        rows += [*_processes(balie), *_connections(balie), _parked(balie)]
    return rows


def _here(balie: Services, role: str) -> dict[str, object]:
    with balie.store.reading() as session:
        count = living(session, balie.clock.now(), Identity().host).get(role, 0)
    return _row(role, ok=count > 0, text=f"{count} running here")


def _row(what: str, *, ok: bool, text: str) -> dict[str, object]:
    return {"what": what, "ok": ok, "text": text}


def _database(balie: Services) -> list[dict[str, object]]:
    name = balie.store.url.render_as_string(hide_password=True)
    try:
        there = migrate.current(balie.store)
    except StoreUnavailable as error:
        return [_row("database", ok=False, text=str(error)), _row("schema", ok=False, text="?")]
    fits = there == migrate.head()
    text = str(there) if fits else f"{there or 'none'}; run: balie db upgrade"
    return [_row("database", ok=True, text=name), _row("schema", ok=fits, text=text)]


def _plugins(balie: Services) -> list[dict[str, object]]:
    return [
        _row(
            f"plugin {plugin.id}",
            ok=plugin.state is not PluginState.FAILED,
            text=plugin.reason or str(plugin.state),
        )
        for plugin in balie.registry.report.plugins
    ]


def _processes(balie: Services) -> list[dict[str, object]]:
    """Who must be there where the parts run apart. On SQLite ``balie serve`` is all of them."""
    if balie.store.is_sqlite:
        return []
    with balie.store.reading() as session:
        found = living(session, balie.clock.now())
    here = [_row(role, ok=True, text=f"{count} running") for role, count in sorted(found.items())]
    return here + [_row(role, ok=False, text=text) for role, text in missing(found).items()]


def _connections(balie: Services) -> list[dict[str, object]]:
    return [
        _connection(balie, tenant.slug, connection)
        for tenant in balie.directory.tenants()
        for connection in balie.directory.connections(tenant.slug)
    ]


def _connection(balie: Services, tenant: str, row: ConnectionRow) -> dict[str, object]:
    what = f"connection {tenant}/{row.slug}"
    try:
        balie.directory.config(row)
    except (BalieError, SealBroken) as error:
        return _row(what, ok=False, text=f"its settings cannot be used: {error}")
    works = row.state in (State.CONNECTED, State.OFF)
    with balie.store.reading() as session:
        problem = cursors.found(session, row.id).problem
    if row.state == State.CONNECTED and problem:
        return _row(what, ok=False, text=f"what its webhooks lost cannot be found: {problem}")
    stands = f"{row.state} {row.state_reason}".strip()
    if row.alarm and row.state != State.OFF:
        return _row(what, ok=False, text=f"{stands}; its vendor warns: {row.alarm}")
    if works and (problem := _waiting_template(balie, tenant, row)):
        return _row(
            what, ok=False, text=f"{stands}; its waiting_template cannot be sent: {problem}"
        )
    return _row(what, ok=works, text=stands)


def _waiting_template(balie: Services, tenant: str, row: ConnectionRow) -> str:
    """Return why late answers cannot be kept as the settings want it, or nothing."""
    if row.state != State.CONNECTED or row.files_into is None:
        return ""
    rules = balie.hooks.capabilities(balie.contexts.get(row.id).ctx).window
    if rules is None or rules.waiting_template is None:
        return ""
    name, language = rules.waiting_template
    locale = balie.directory.tenant(tenant).locale
    with balie.store.reading() as session:
        if not catalogue.were_read(session, row.id):
            return ""
        try:
            template = catalogue.usable(session, row.id, name, language=language)
            by_itself(template.name, template.variables, Facts(name=""))
        except TemplateUnusable as problem:
            return problem.said(locale)
    return ""


def _parked(balie: Services) -> dict[str, object]:
    with balie.store.reading() as session:
        found = counts(session)
    text = f"{found['pending']} waiting, {found['parked']} parked"
    if found["parked"]:
        text += "; see: balie ledger parked"
    return _row("ledger", ok=not found["parked"], text=text)
