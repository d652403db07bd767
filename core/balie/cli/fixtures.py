"""``balie fixture``: stored payloads, sent as the vendor would."""

from pathlib import Path

import click
import requests

from balie.api import Fixture
from balie.cli.output import json_option, print_done
from balie.cli.session import services

_SECONDS = 30


@click.group()
def fixture() -> None:
    """Stored webhook payloads."""


@fixture.command("send")
@click.argument("connection", metavar="TENANT/CONNECTION")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--as-is", is_flag=True, help="Leave the ids in the payload as they are.")
@click.option("--url", default=None, help="Where Balie runs. Default: BALIE_PUBLIC_URL.")
@json_option
def send(connection: str, file: Path, url: str | None, *, as_is: bool, as_json: bool) -> None:
    """Put the connection's own ids into a stored payload, sign it, and post it."""
    tenant, slash, slug = connection.partition("/")
    if not slash:
        raise click.UsageError("name the connection as TENANT/CONNECTION")
    with services() as balie:
        row = balie.directory.connection(tenant, slug)
        made = balie.hooks.fixture_prepare(
            balie.contexts.get(row.id).ctx, Fixture(payload=file.read_bytes(), as_is=as_is)
        )
        address = f"{(url or balie.settings.public_url).rstrip('/')}/hooks/{tenant}/{slug}"
    try:
        answer = requests.request(
            made.method,
            address,
            params=dict(made.query),
            headers=dict(made.headers),
            data=made.body,
            timeout=_SECONDS,
        )
    except requests.ConnectionError as error:
        raise click.ClickException(f"nothing answers at {address}; start: balie serve") from error
    except requests.RequestException as error:
        raise click.ClickException(f"{address}: {error}") from error
    print_done(
        f"{answer.status_code} {answer.text.strip()}".rstrip(),
        {"status": answer.status_code, "answer": answer.text.strip()},
        as_json=as_json,
    )
    if not answer.ok:
        raise click.exceptions.Exit(1)
