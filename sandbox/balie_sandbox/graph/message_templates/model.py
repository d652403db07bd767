"""One template in one language."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

#: {{1}} or {{first_name}}.
VARIABLE = re.compile(r"\{\{\s*([A-Za-z0-9_]+)\s*\}\}")


@dataclass(slots=True)
class Template:
    """A template as GET /{template-id} shows it."""

    id: str
    waba_id: str
    name: str
    language: str
    category: str
    components: list[dict[str, Any]]
    made_at: datetime
    parameter_format: str = "POSITIONAL"
    status: str = "PENDING"
    quality: str = "UNKNOWN"
    rejected_reason: str = "NONE"
    previous_category: str | None = None
    correct_category: str | None = None
    ttl_seconds: int | None = None
    #: When it was changed by its owner, for Meta's limits on that.
    edited_at: list[datetime] = field(default_factory=list)
    #: Whether it ever was approved: its name is then locked for 30 days when deleted.
    was_approved: bool = False

    def component(self, type_: str) -> dict[str, Any] | None:
        """Return the component of this type, or None."""
        return next((one for one in self.components if one.get("type") == type_), None)

    def text_of(self, type_: str) -> str:
        """Return the text of a component, or an empty one."""
        return str((self.component(type_) or {}).get("text") or "")

    @property
    def buttons(self) -> list[dict[str, Any]]:
        """The buttons, in order."""
        return list((self.component("BUTTONS") or {}).get("buttons") or [])


def variables_of(text: str) -> list[str]:
    """Return the names or numbers of a text's variables, each once, in order."""
    return list(dict.fromkeys(VARIABLE.findall(text)))


def filled(text: str, values: dict[str, str]) -> str:
    """Return the text with its variables replaced; one without a value stays."""
    return VARIABLE.sub(lambda found: values.get(found[1], found[0]), text)
