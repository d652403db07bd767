"""``balie contact``: how customers find a channel, to be put on a site, a door or a card.

What is held of them, and how it is erased, is in :mod:`balie.cli.privacy`.
"""

from pathlib import Path

import click
import segno

from balie.api import WayIn
from balie.cli.naming import connection_argument
from balie.cli.output import json_option, print_done, print_json
from balie.cli.session import services

_NAME = click.option("--name", default="", help="Which way in. Default: the first.")
_OUT = click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="Write into this file."
)
_SUFFIXES = (".svg", ".png")
_SCALE = 8


@click.group()
def contact() -> None:
    """How customers find a channel; what is held of one, and erasing it."""


@contact.command("link")
@connection_argument
@json_option
def link(connection: tuple[str, str], *, as_json: bool) -> None:
    """Print the links to a channel."""
    ways = _ways(connection)
    if as_json:
        print_json([{"name": way.name, "url": way.url} for way in ways])
        return
    for way in ways:
        click.echo(f"{way.url}  {way.name}".rstrip())


@contact.command("qr")
@connection_argument
@_NAME
@_OUT
@json_option
def qr(connection: tuple[str, str], name: str, out: Path | None, *, as_json: bool) -> None:
    """Make a QR code of a link: --out code.svg or code.png, else shown here."""
    way = _one(connection, name)
    try:
        code = segno.make_qr(way.url, error="m")
    except segno.DataOverflowError as error:
        raise click.ClickException(f"the link is too long for a QR code: {way.url}") from error
    if out is None:
        if as_json:
            print_json({"url": way.url, "svg": code.svg_inline(scale=_SCALE)})
        else:
            code.terminal(compact=True)
        return
    if out.suffix.lower() not in _SUFFIXES:
        raise click.UsageError(f"--out {out}: name it .svg or .png")
    try:
        code.save(str(out), scale=_SCALE)
    except OSError as error:
        raise click.ClickException(f"{out} cannot be written: {error}") from error
    print_done(f"{out}: {way.url}", {"file": str(out), "url": way.url}, as_json=as_json)


@contact.command("card")
@connection_argument
@_NAME
@_OUT
@json_option
def card(connection: tuple[str, str], name: str, out: Path | None, *, as_json: bool) -> None:
    """Make a contact card (vCard) that customers can keep: --out card.vcf, else shown here."""
    way = _one(connection, name)
    if not way.vcard:
        raise click.ClickException("this way in has no card")
    if out is None:
        if as_json:
            print_json({"vcard": way.vcard})
        else:
            click.echo(way.vcard.replace("\r\n", "\n").rstrip())
        return
    try:
        out.write_bytes(way.vcard.encode())
    except OSError as error:
        raise click.ClickException(f"{out} cannot be written: {error}") from error
    print_done(f"{out} written", {"file": str(out)}, as_json=as_json)


def _ways(connection: tuple[str, str]) -> list[WayIn]:
    with services() as balie:
        row = balie.directory.connection(*connection)
        ways = balie.hooks.ways_in(balie.contexts.get(row.id).ctx)
    if not ways:
        raise click.ClickException("this channel knows no way in; run: balie connection setup")
    return ways


def _one(connection: tuple[str, str], name: str) -> WayIn:
    ways = _ways(connection)
    if not name:
        return ways[0]
    for way in ways:
        if way.name == name:
            return way
    names = ", ".join(way.name for way in ways)
    raise click.ClickException(f"there is no way in {name!r}; there is: {names}")
