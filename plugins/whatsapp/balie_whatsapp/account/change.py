"""One change that Meta tells of the account, as readers of it get it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from balie.api import AccountNotice, Context, RawEvent, Severity
from balie_whatsapp.untrusted import one_line
from balie_whatsapp.words import say

_LONGEST = 300
_LONGEST_TOPIC = 100


@dataclass(frozen=True, slots=True)
class Change:
    """A field's value, with what is needed to tell of it."""

    ctx: Context
    raw: RawEvent
    field: str
    value: Mapping[str, Any]

    def text(self, key: str) -> str:
        """Return what stands under a key on one line; '' where nothing does."""
        return one_line(self.value.get(key), _LONGEST)

    def say(self, dutch: str, english: str) -> str:
        """Return the one that the tenant reads."""
        return say(self.ctx.tenant.locale, dutch, english)

    def notice(self, topic: str, severity: Severity, text: str, more: str = "") -> AccountNotice:
        """Return a notice; what Meta adds in its own words stands behind a colon."""
        return AccountNotice(
            id=f"{self.raw.id}:{topic}",
            at=self.raw.at,
            topic=topic[:_LONGEST_TOPIC],
            severity=severity,
            text=f"{text.rstrip('.')}: {more}" if more else text,
        )
