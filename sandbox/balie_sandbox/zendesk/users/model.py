"""A user and its identities."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

STAFF = ("agent", "admin")


@dataclass(slots=True)
class Identity:
    """One way a user is known: an e-mail address or a direct line."""

    id: int
    user_id: int
    type: str
    value: str
    verified: bool
    primary: bool
    created_at: datetime
    updated_at: datetime


@dataclass(slots=True)
class User:
    """An end user, agent or admin. `phone` is kept exactly as it was sent."""

    id: int
    name: str
    role: str
    created_at: datetime
    updated_at: datetime
    phone: str | None = None
    shared_phone_number: bool | None = None
    external_id: str | None = None
    alias: str | None = None
    locale: str = "en-US"
    time_zone: str = "Europe/Amsterdam"
    organization_id: int | None = None
    notes: str | None = None
    details: str | None = None
    active: bool = True
    suspended: bool = False
    verified: bool = False
    default_group_id: int | None = None
    tags: list[str] = field(default_factory=list)
    user_fields: dict[str, Any] = field(default_factory=dict)
    identities: list[Identity] = field(default_factory=list)

    @property
    def is_staff(self) -> bool:
        return self.role in STAFF

    @property
    def email(self) -> str | None:
        addresses = [one for one in self.identities if one.type == "email"]
        primary = next((one for one in addresses if one.primary), None)
        if primary:
            return primary.value
        return addresses[0].value if addresses else None

    @property
    def shown_name(self) -> str:
        """What end users see: the alias where there is one."""
        return self.alias or self.name
