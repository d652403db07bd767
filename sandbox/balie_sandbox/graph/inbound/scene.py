"""Who writes to whom, for those who put a message together."""

from dataclasses import dataclass
from typing import Any

from balie_sandbox.graph.account import GraphAccount
from balie_sandbox.graph.model import Number
from balie_sandbox.graph.phones import Phone

#: The parts of a ``messages[]`` entry that a type needs.
Parts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Scene:
    """A customer about to write, and what the caller of the control asked for."""

    account: GraphAccount
    phone: Phone
    number: Number
    asked: dict[str, Any]

    def given(self, type_: str) -> Parts:
        """Return what the caller gave of the type's own object."""
        given = self.asked.get(type_)
        return given if isinstance(given, dict) else {}
