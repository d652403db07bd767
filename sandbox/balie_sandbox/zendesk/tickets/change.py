"""One write of a ticket while it is under way: its audit, and what it changed."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from balie_sandbox.zendesk.errors import Json

from .model import Actor, Audit, Comment, Ticket, Via
from .rendering import comment_event


@dataclass(slots=True)
class Change:
    """What triggers and webhook events look at. `before` holds the first old value of a field.

    `happened` names what is no change of a field, for the webhooks; business rules are not run
    for a `quiet` change.
    """

    ticket: Ticket
    actor: Actor
    audit: Audit
    is_create: bool
    new_id: Callable[[], int]
    comment: Comment | None = None
    before: dict[str, Any] = field(default_factory=dict)
    rule: Via | None = None
    happened: list[tuple[str, Json]] = field(default_factory=list)
    quiet: bool = False

    def set(self, name: str, value: Any) -> bool:
        """Set a field and write it down; says whether it was different."""
        old = getattr(self.ticket, name)
        if old == value:
            return False
        setattr(self.ticket, name, value)
        self.note(name, old, value)
        return True

    def note(self, name: str, old: Any, new: Any) -> None:
        """Write down a change that the caller has made."""
        self.before.setdefault(name, old)
        if self.is_create and self.rule is None:
            self._event({"type": "Create", "field_name": name, "value": shown(new)})
            return
        event: Json = {"type": "Change", "field_name": name, "value": shown(new)}
        self._event(event | {"previous_value": shown(old)})

    def say(self, comment: Comment) -> None:
        self.ticket.comments.append(comment)
        self.comment = self.audit.comment = comment
        self.audit.events.append(comment_event(comment))

    def happen(self, audit_event: Json, webhook_event: str, details: Json) -> None:
        """Write down what is no change of a field: a redaction, a merge."""
        self._event(audit_event)
        self.happened.append((webhook_event, details))

    def _event(self, event: Json) -> None:
        numbered: Json = {"id": self.new_id()} | event
        if self.rule:
            numbered["via"] = self.rule.as_json()
        self.audit.events.append(numbered)


def shown(value: Any) -> Any:
    """Ids stand in audits as strings, tags as a list, the rest as it is."""
    if isinstance(value, bool) or not isinstance(value, int):
        return list(value) if isinstance(value, list) else value
    return str(value)
