"""``balie template``: what the vendor has, tried out and handed in."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
import orjson

from balie.api import Template
from balie.cli.naming import connection_argument
from balie.cli.output import json_option, print_done, print_json, print_rows
from balie.cli.session import services
from balie.desk.templates import catalogue as known
from balie.desk.templates.values import own_names, render

_LANGUAGE = click.option("--language", default="", help="Where a template has several.")
_FIELDS = ("name", "language", "category")


@click.group()
def template() -> None:
    """Templates: what may be sent outside the service window."""


@template.command("list")
@connection_argument
@json_option
def list_templates(connection: tuple[str, str], *, as_json: bool) -> None:
    """List a connection's templates, as they were read last."""
    with services() as balie:
        row = balie.directory.connection(*connection)
        with balie.store.reading() as session:
            found = [one.as_template() for one in known.all_of(session, row.id)]
            were_read = known.were_read(session, row.id)
    rows = [
        {
            "name": one.name,
            "language": one.language,
            "status": one.status,
            "category": one.category,
            "quality": one.quality or None,
            "variables": ", ".join(name for name, _ in one.variables) or None,
            "reason": one.reason or None,
        }
        for one in found
    ]
    name = "/".join(connection)
    none = "The vendor has none." if were_read else f"Not read yet: balie template sync {name}"
    print_rows(rows, as_json=as_json, none=none)


@template.command("show")
@connection_argument
@click.argument("name")
@_LANGUAGE
@json_option
def show(connection: tuple[str, str], name: str, language: str, *, as_json: bool) -> None:
    """Show a template whole."""
    found = _named(connection, name, language)
    facts = {field: getattr(found, field) for field in Template.__slots__}
    if as_json:
        print_json(facts)
        return
    click.echo(f"{found.name} ({found.language}): {found.status} {found.reason}".rstrip())
    click.echo(f"{found.category} {found.quality}".rstrip())
    click.echo(found.text)
    for variable, example in found.variables:
        click.echo(f"  {variable} = {example}")


@template.command("sync")
@connection_argument
@json_option
def sync(connection: tuple[str, str], *, as_json: bool) -> None:
    """Read a connection's templates from the vendor now. The clock does so each hour."""
    with services() as balie:
        number = balie.templates.sync(balie.directory.connection(*connection).id)
    print_done(f"{number} templates read", {"templates": number}, as_json=as_json)


@template.command("create")
@connection_argument
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
def create(connection: tuple[str, str], file: Path, *, as_json: bool) -> None:
    """Hand a new template in: FILE holds name, language, category and components as JSON."""
    wanted = _read(file)
    with services() as balie:
        taken = balie.templates.submit(balie.directory.connection(*connection).id, wanted)
    print_done(
        f"{taken.name} ({taken.language}) is {taken.status}",
        {"id": taken.id, "name": taken.name, "language": taken.language, "status": taken.status},
        as_json=as_json,
    )


@template.command("preview")
@connection_argument
@click.argument("name")
@click.option("--set", "values", multiple=True, metavar="NAME=VALUE", help="A variable's value.")
@_LANGUAGE
@json_option
def preview(
    connection: tuple[str, str],
    name: str,
    values: tuple[str, ...],
    language: str,
    *,
    as_json: bool,
) -> None:
    """Show how a template reads; a variable that is not set shows its example."""
    found = _named(connection, name, language)
    given = own_names(found.name, found.variables, _pairs(values))
    examples = {variable: example for variable, example in found.variables if example}
    text = render(found.text, examples | given)
    unset = [variable for variable, _ in found.variables if variable not in given]
    facts = {"text": text, "usable": found.is_usable, "status": found.status, "unset": unset}
    if as_json:
        print_json(facts)
        return
    click.echo(text)
    if unset:
        click.echo(f"Examples stand for: {', '.join(unset)}", err=True)
    if not found.is_usable:
        click.echo(f"It cannot be sent now: it is {found.status} {found.reason}".rstrip(), err=True)


def _named(connection: tuple[str, str], name: str, language: str) -> Template:
    with services() as balie:
        row = balie.directory.connection(*connection)
        locale = balie.directory.tenant(connection[0]).locale
        with balie.store.reading() as session:
            return known.named(session, row.id, name, language=language, locale=locale)


def _pairs(values: tuple[str, ...]) -> dict[str, str]:
    pairs = {}
    for value in values:
        name, equals, text = value.partition("=")
        if not equals:
            raise click.UsageError(f"--set {value}: write NAME=VALUE")
        pairs[name] = text
    return pairs


def _read(file: Path) -> Template:
    try:
        found: Any = orjson.loads(file.read_bytes())
    except (OSError, orjson.JSONDecodeError) as error:
        raise click.ClickException(f"{file} cannot be read as JSON: {error}") from error
    if not isinstance(found, Mapping):
        raise click.ClickException(f"{file} holds no JSON object")
    missing = [field for field in _FIELDS if not isinstance(found.get(field), str)]
    if not isinstance(found.get("components"), list):
        missing.append("components")
    if missing:
        raise click.ClickException(f"{file} lacks {', '.join(missing)}")
    return Template(
        id="",
        status="",
        text="",
        name=found["name"],
        language=found["language"],
        category=found["category"],
        components=found["components"],
    )
