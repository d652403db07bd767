"""A claim, and whether it held."""

import sys
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One figure against its bound."""

    name: str
    value: float
    unit: str
    at_least: float | None = None
    at_most: float | None = None
    detail: str = ""

    @property
    def holds(self) -> bool:
        """Whether the figure is within its bound."""
        above = self.at_least is None or self.value >= self.at_least
        below = self.at_most is None or self.value <= self.at_most
        return above and below

    @property
    def bound(self) -> str:
        """The bound as a person writes it."""
        if self.at_least is not None:
            return f"at least {self.at_least:g} {self.unit}"
        return f"at most {self.at_most:g} {self.unit}"


def say(what: str) -> None:
    """Show what is being measured now."""
    print(f"... {what}", file=sys.stderr, flush=True)
