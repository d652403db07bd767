"""Zendesk's users."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from marshmallow import fields

from .shapes import EPOCH, Shape, load

STAFF = frozenset({"agent", "admin"})


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A user. ``direct_line``: the phone number is this user's alone, not shared.

    One that was deleted, or merged into another, is not ``active``.
    """

    id: int
    name: str
    alias: str
    role: str
    phone: str
    direct_line: bool
    external_id: str
    active: bool
    suspended: bool
    organization_id: int | None
    tags: tuple[str, ...]
    fields: Mapping[str, Any]
    updated_at: datetime

    @property
    def is_staff(self) -> bool:
        """Whether it is an agent or an admin."""
        return self.role in STAFF

    @property
    def is_customer(self) -> bool:
        """Whether tickets can be in its name."""
        return self.active and self.role == "end-user"


class _User(Shape):
    id = fields.Integer(required=True)
    name = fields.String(load_default="", allow_none=True)
    alias = fields.String(load_default="", allow_none=True)
    role = fields.String(load_default="", allow_none=True)
    phone = fields.String(load_default="", allow_none=True)
    shared_phone_number = fields.Boolean(load_default=None, allow_none=True)
    external_id = fields.String(load_default="", allow_none=True)
    active = fields.Boolean(load_default=True, allow_none=True)
    suspended = fields.Boolean(load_default=False, allow_none=True)
    organization_id = fields.Integer(load_default=None, allow_none=True)
    tags = fields.List(fields.String(), load_default=list, allow_none=True)
    user_fields = fields.Dict(load_default=dict, allow_none=True)
    updated_at = fields.AwareDateTime(load_default=EPOCH, allow_none=True, default_timezone=UTC)


_USER = _User()


def user(data: object) -> User:
    """Read a user. Raises TransientError where it is none."""
    found = load(_USER, data, "user")
    return User(
        id=found["id"],
        name=found["name"] or "",
        alias=found["alias"] or "",
        role=found["role"] or "",
        phone=found["phone"] or "",
        direct_line=found["shared_phone_number"] is False,
        external_id=found["external_id"] or "",
        active=found["active"] is not False,
        suspended=bool(found["suspended"]),
        organization_id=found["organization_id"],
        tags=tuple(found["tags"] or ()),
        fields=found["user_fields"] or {},
        updated_at=found["updated_at"] or EPOCH,
    )
