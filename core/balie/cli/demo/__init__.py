"""``balie demo``: the whole on this machine, with stand-ins for the vendors."""

from balie.cli.demo.command import demo

__all__ = ["demo"]
