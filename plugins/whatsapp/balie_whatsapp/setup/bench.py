"""What each step of setting up works with, and how it tells what came of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from balie.api import Context, PluginError, Rejected, Step
from balie_whatsapp.graph.client import GraphClient
from balie_whatsapp.words import say


@dataclass(slots=True)
class Bench:
    """One setting up.

    ``app_id`` is learned from the token; '' where Meta would not tell. ``learned`` are settings
    to be kept.
    """

    ctx: Context
    client: GraphClient
    app_id: str = ""
    learned: dict[str, Any] = field(default_factory=dict)

    def say(self, dutch: str, english: str) -> str:
        """Return the one that the tenant reads."""
        return say(self.ctx.tenant.locale, dutch, english)

    def done(self, name: tuple[str, str], dutch: str, english: str) -> Step:
        """Return a step that is in order."""
        return Step(name=self.say(*name), ok=True, text=self.say(dutch, english))

    def wrong(self, name: tuple[str, str], dutch: str, english: str) -> Step:
        """Return a step that is not, with what to do."""
        return Step(name=self.say(*name), ok=False, text=self.say(dutch, english))

    def attempt(self, name: tuple[str, str], run: "Callable[[Bench], Step]") -> Step:
        """Run a step; what Meta refuses becomes a step that failed, in words."""
        try:
            return run(self)
        except Rejected as error:
            return Step(name=self.say(*name), ok=False, text=error.text)
        except PluginError as error:
            return Step(name=self.say(*name), ok=False, text=str(error))
