"""``balie contact export`` and ``balie contact erase``: a person's rights over their data."""

import contextlib
import os
import time
import zipfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
import orjson

from balie.cli.output import json_option, print_done, print_json, print_rows
from balie.cli.session import services
from balie.desk.privacy.export import Exporting, Holding
from balie.desk.privacy.requests import Counts, Outcome
from balie.desk.privacy.who import Asked, find
from balie.desk.records.models import PersonRow
from balie.ledger.inspect import due_lanes
from balie.ledger.models import State
from balie.run.services import Services

_CHUNK = 1 << 20
_LOOK_SECONDS = 0.5
_WHO = "WHO is a telephone number, a WhatsApp or visitor id, user:ID of the helpdesk, or person:ID."


@click.command("export")
@click.argument("tenant")
@click.argument("who")
@click.option(
    "--to",
    "path",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write into this file: .zip with all files, or .json without.",
)
@json_option
def export(tenant: str, who: str, path: Path, *, as_json: bool) -> None:
    """Write down all that is held of a person, here and in the helpdesk."""
    if path.suffix.lower() not in (".zip", ".json"):
        raise click.UsageError(f"--to {path}: name it .zip or .json")
    with services() as balie:
        person = _person(balie, tenant, who)
        exporting = Exporting(balie.store, balie.hooks, balie.contexts)
        holding = exporting.of(person, balie.clock.now())
        try:
            _write(balie, person, holding, path)
        except OSError as error:
            raise click.ClickException(f"{path} cannot be written: {error}") from error
    told = {"person": person.id, "file": str(path), "files": len(holding.files)}
    missing = [name for name, one in holding.facts["elsewhere"].items() if "missing" in one]
    print_done(
        f"person:{person.id} written to {path}", {**told, "missing": missing}, as_json=as_json
    )
    if unknown := holding.facts["unattributed_in_groups"]:
        click.echo(_unattributed(unknown), err=True)
    for name in missing:
        why = holding.facts["elsewhere"][name]["missing"]
        click.echo(f"what {name} holds is missing: {why}", err=True)
    if missing:
        raise click.exceptions.Exit(1)


export.help = f"{export.help}\n\n{_WHO}"


@click.command("erase")
@click.argument("tenant")
@click.argument("who")
@click.option("--yes", is_flag=True, help="Do it. Without, only say what would be done.")
@click.option(
    "--wait",
    "patience",
    default=300.0,
    show_default=True,
    help="So many seconds to wait for the helpdesk; the work goes on in any case.",
)
@json_option
def erase(tenant: str, who: str, patience: float, *, yes: bool, as_json: bool) -> None:
    """Erase a person, here and in the helpdesk as its settings say."""
    with services() as balie:
        person = _person(balie, tenant, who)
        if not yes:
            _rehearse(balie, person, as_json=as_json)
            return
        counts = balie.erasures.erase(person)
        if not as_json:
            click.echo(
                f"person:{person.id}: {counts.messages} messages in {counts.conversations} "
                f"conversations, {counts.files} files and {counts.addresses} addresses erased; "
                f"{counts.waiting} pieces of waiting work cancelled"
            )
            _tell_of_groups(counts)
        outcomes = _awaited(balie, person, patience, quiet=as_json)
        gone_by = balie.erasures.gone_by(person)
        if as_json:
            told = {"person": person.id, "erased": True, "balie": asdict(counts)}
            told |= {"connections": [asdict(one) for one in outcomes], "all_gone_by": gone_by}
            print_json(told)
        else:
            _tell(outcomes)
            if gone_by is not None:
                click.echo(f"ids of messages that a vendor may send again go by {gone_by:%Y-%m-%d}")
    if any(not _is_well(one) for one in outcomes):
        raise click.exceptions.Exit(1)


erase.help = f"{erase.help}\n\n{_WHO}"


def _person(balie: Services, tenant: str, who: str) -> PersonRow:
    owner = balie.directory.tenant(tenant)
    with balie.store.reading() as session:
        return find(session, Asked(owner.id, owner.region, who))


def _write(balie: Services, person: PersonRow, holding: Holding, path: Path) -> None:
    facts = orjson.dumps(holding.facts, option=orjson.OPT_INDENT_2)
    # Nobody else on this machine is to read it.
    with contextlib.suppress(FileNotFoundError):
        path.unlink()
    number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(number, "wb") as target:
        if path.suffix.lower() == ".json":
            target.write(facts)
            return
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("person.json", facts)
            _add_files(balie, person, holding, archive)


def _add_files(
    balie: Services, person: PersonRow, holding: Holding, archive: zipfile.ZipFile
) -> None:
    store = balie.erasures.files.of_tenant(person.tenant_id)
    for file in holding.files:
        try:
            source = store.open(file.key)
        except KeyError:
            archive.writestr(f"{file.name}.missing.txt", "no longer kept\n")
            continue
        with source, archive.open(file.name, "w") as target:
            while chunk := source.read(_CHUNK):
                target.write(chunk)


def _rehearse(balie: Services, person: PersonRow, *, as_json: bool) -> None:
    counts, outcomes = balie.erasures.counts(person), balie.erasures.rehearse(person)
    if as_json:
        told = {"person": person.id, "erased": False, "balie": asdict(counts)}
        print_json(told | {"connections": [asdict(one) for one in outcomes]})
        return
    click.echo(
        f"person:{person.id} has {counts.messages} messages in {counts.conversations} "
        f"conversations, {counts.files} files and {counts.addresses} addresses"
    )
    _tell_of_groups(counts)
    _tell(outcomes)
    click.echo("Nothing was erased. Do it with --yes; there is no way back.")


def _tell_of_groups(counts: Counts) -> None:
    if counts.in_groups:
        click.echo(f"of what was said in groups: {counts.in_groups} messages")
    if counts.unattributed:
        click.echo(_unattributed(counts.unattributed))


def _unattributed(count: int) -> str:
    return (
        f"of {count} messages in groups Balie does not know who said them; some may be theirs and "
        "stay: look at the groups' tickets by hand"
    )


def _awaited(balie: Services, person: PersonRow, patience: float, *, quiet: bool) -> list[Outcome]:
    """Work what is to be done at the vendors, here or in a Balie that runs, and see it end."""
    end = time.monotonic() + patience
    told = ""
    while True:
        with balie.store.reading() as session:
            lanes = due_lanes(session, balie.clock.now(), 500)
        outcomes = balie.erasures.outcomes(person)
        waiting = [one for one in outcomes if one.state == State.PENDING]
        if not waiting or time.monotonic() > end:
            return outcomes
        theirs = balie.erasures.lanes(person)
        for lane in lanes:
            if lane.id in theirs:
                balie.drainer.drain(lane.id)
        news = "; ".join(f"{one.connection}: {one.reason or 'at work'}" for one in waiting)
        if news != told and not quiet:
            click.echo(news)
        told = news
        time.sleep(_LOOK_SECONDS)


def _tell(outcomes: Sequence[Outcome]) -> None:
    rows: list[dict[str, Any]] = []
    for one in outcomes:
        said = [("done", text) for text in one.done]
        said += [("stays", text) for text in one.kept]
        said += [("left", text) for text in one.left]
        if not said:
            said = [(one.state, one.reason)]
        rows += [{"connection": one.connection, "": what, "what": text} for what, text in said]
        if one.state == State.PARKED:
            again = f"try again: balie ledger replay {one.item}"
            rows.append({"connection": one.connection, "": "parked", "what": again})
        elif one.state == State.PENDING:
            rows.append({"connection": one.connection, "": "goes on", "what": "in balie serve"})
    print_rows(rows, as_json=False, none="Nothing is known of them elsewhere.")


def _is_well(outcome: Outcome) -> bool:
    return outcome.state in (State.DELIVERED, "nothing there")
