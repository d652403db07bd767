"""How busy the people are who answer."""

from typing import Protocol


class Workload(Protocol):
    """The load of the context's connection, from the database. Cheap, yet not for every request."""

    def waiting(self) -> int:
        """Return how many customers of today wait for an answer.

        Raises TransientError where the database is away.
        """
