"""A message as the customer's phone holds it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(slots=True)
class Message:
    """One message.

    ``direction`` is the phone's: "out" was typed by the customer, "in" came from the
    business. ``status`` of "out" climbs pending, sent (a webhook was accepted), read; of
    "in" accepted, sent, delivered, read, played, or is failed.
    """

    id: str
    number_id: str
    wa_id: str
    direction: str
    type: str
    content: Any
    at: datetime
    status: str
    quoted_id: str | None = None
    group_id: str | None = None
    #: Of "in": what the business asked to have echoed, and how it addressed the customer.
    opaque: str | None = None
    by_user_id: bool = False
    #: What it costs as: "service", or a template's category.
    category: str = "service"
    error_code: int | None = None
    #: By whom ("customer", "business"): an emoji.
    reactions: dict[str, str] = field(default_factory=dict)
    edited: bool = False
    revoked: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return the message as a phone shows it; what is not the case is left out."""
        shown: dict[str, Any] = {
            "id": self.id,
            "direction": self.direction,
            "type": self.type,
            "text": self.content.get("body") if self.type == "text" else None,
            "at": self.at.isoformat(),
            "status": self.status,
            "phone_number_id": self.number_id,
        }
        if self.type != "text":
            shown["message"] = self.content
        if self.quoted_id is not None:
            shown["context"] = {"id": self.quoted_id}
        for key in ("group_id", "error_code", "reactions", "edited", "revoked"):
            if getattr(self, key):
                shown[key] = getattr(self, key)
        return shown
