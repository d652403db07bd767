"""Access tokens: where they come along, whom they act for, and what they may do."""

from dataclasses import dataclass, field
from datetime import datetime

from flask import request

MANAGEMENT = "whatsapp_business_management"
MESSAGING = "whatsapp_business_messaging"
SCOPES = (MANAGEMENT, MESSAGING)


@dataclass(slots=True)
class Token:
    """A system user's token. Without ``expires_at`` it lives until it is revoked."""

    app_id: str
    scopes: set[str] = field(default_factory=lambda: set(SCOPES))
    expires_at: datetime | None = None
    revoked: bool = False

    def is_valid(self, now: datetime) -> bool:
        """Say whether the token still opens anything."""
        return not self.revoked and (self.expires_at is None or now < self.expires_at)


def given_tokens() -> list[str]:
    """Return the tokens of this request, in query string, header and form; usually one."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    tokens = [
        request.args.get("access_token", ""),
        token if scheme.lower() in ("bearer", "oauth") else "",
        request.form.get("access_token", ""),
    ]
    return [entry.strip() for entry in tokens if entry.strip()]
