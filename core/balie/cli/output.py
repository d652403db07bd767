"""What commands print: a table for people, JSON for programs."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import click
import orjson
from rich.console import Console
from rich.table import Table

Command = TypeVar("Command", bound=Callable[..., Any])


def json_option(command: Command) -> Command:
    """Give a command the option ``--json``."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON.")(command)


def print_json(value: object) -> None:
    """Print one JSON document."""
    click.echo(orjson.dumps(value, option=orjson.OPT_INDENT_2, default=str).decode())


def print_rows(rows: Sequence[Mapping[str, Any]], *, as_json: bool, none: str) -> None:
    """Print rows that have the same keys; ``none`` is the sentence for an empty list."""
    if as_json:
        print_json(list(rows))
        return
    if not rows:
        click.echo(none)
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in rows[0]:
        table.add_column(name.replace("_", " "), overflow="fold")
    for row in rows:
        table.add_row(*("" if value is None else str(value) for value in row.values()))
    Console(markup=False).print(table)


def print_done(sentence: str, facts: Mapping[str, Any], *, as_json: bool) -> None:
    """Say that something was done."""
    if as_json:
        print_json(dict(facts))
    else:
        click.echo(sentence)
