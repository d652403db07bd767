"""What a plugin with routes of its own finds of Balie at the start."""

from typing import Protocol

from balie.api.context import Context
from balie.api.errors import BalieError


class NoSuchConnection(BalieError):
    """No connection of this plugin has that address, or it is switched off. Answered with 404."""


class Site(Protocol):
    """Where the routes of one plugin find their connections."""

    def context(self, tenant: str, connection: str, /) -> Context:
        """Return the context of a connection of this plugin, by the slugs in the address.

        Raises NoSuchConnection, and TransientError where it cannot be used now.
        """

    def visitor_address(self) -> str:
        """Return the IP address of who made the present request, proxies that we trust aside."""
