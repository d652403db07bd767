"""The ``balie`` command."""

from balie.cli.root import main

__all__ = ["main"]
