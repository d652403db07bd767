"""How commands are told which connection is meant."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])


def connection_argument(command: Command) -> Command:
    """Give a command the argument ``TENANT/CONNECTION``; it arrives as ``connection``, a pair."""
    return click.argument("connection", metavar="TENANT/CONNECTION", callback=_pair)(command)


def connection_words(command: Command) -> Command:
    """Give a command the same as its last argument, which may also be ``TENANT CONNECTION``."""
    return click.argument("connection", metavar="TENANT/CONNECTION", nargs=-1, callback=_pair)(
        command
    )


def _pair(
    _ctx: click.Context, _param: click.Parameter, value: str | tuple[str, ...]
) -> tuple[str, str]:
    words = value if isinstance(value, tuple) else (value,)
    tenant, slash, slug = "/".join(words).partition("/")
    if not slash or not tenant or not slug:
        raise click.UsageError("name the connection as TENANT/CONNECTION")
    return tenant, slug
