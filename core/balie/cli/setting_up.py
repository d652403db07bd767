"""``balie connection setup`` and ``balie connection notices``."""

import click
from sqlalchemy import select

from balie.cli.connections import hurry_connection
from balie.cli.naming import connection_words
from balie.cli.output import json_option, print_json, print_rows
from balie.cli.session import services
from balie.desk import notices as told
from balie.desk.records.models import NoticeRow
from balie.run.services import Services
from balie.run.setting_up import set_up


@click.command()
@connection_words
@json_option
def setup(connection: tuple[str, str], *, as_json: bool) -> None:
    """Prepare the vendor's side, again and again: what is there stays or is put right.

    Says of each step what was done, or what to do where it failed; exit code 1 if any did.
    """
    tenant, slug = connection
    with services() as balie:
        steps = set_up(balie, tenant, slug)
        hurry_connection(balie, tenant, slug)
    ok = all(step.ok for step in steps)
    rows = [{"step": step.name, "ok": step.ok, "text": step.text} for step in steps]
    if as_json:
        print_json({"ok": ok, "steps": rows})
    else:
        print_rows(rows, as_json=False, none="There was nothing to set up.")
    if not ok:
        raise click.exceptions.Exit(1)


@click.command()
@connection_words
@click.option("--limit", default=50, show_default=True)
@click.option("--clear", multiple=True, metavar="TOPIC", help="End an alarm that you saw to.")
@json_option
def notices(
    connection: tuple[str, str], limit: int, clear: tuple[str, ...], *, as_json: bool
) -> None:
    """List what the vendor told of the account, the newest first."""
    with services() as balie:
        row = balie.directory.connection(*connection)
        if clear:
            _clear(balie, row.id, frozenset(clear))
        with balie.store.reading() as session:
            found = session.scalars(
                select(NoticeRow)
                .where(NoticeRow.connection_id == row.id)
                .order_by(NoticeRow.at.desc(), NoticeRow.id.desc())
                .limit(limit)
            ).all()
    rows = [
        {
            "at": f"{notice.at:%Y-%m-%d %H:%M:%S}",
            "severity": notice.severity,
            "topic": notice.topic,
            "text": notice.text,
        }
        for notice in found
    ]
    print_rows(rows, as_json=as_json, none="The vendor has told nothing yet.")


def _clear(balie: Services, connection_id: int, topics: frozenset[str]) -> None:
    with balie.store.writing() as session:
        standing = told.standing(session, connection_id)
        there = {notice.topic for notice in standing}
        if topics - there:
            missing = ", ".join(sorted(topics - there))
            stands = ", ".join(sorted(there)) or "none"
            raise click.ClickException(f"no alarm stands about {missing}; there is: {stands}")
        for notice in standing:
            if notice.topic in topics:
                told.take_back(session, notice, balie.clock.now())
