"""User events for webhooks that subscribe to them: user.created, deleted, merged, identity_*."""

import uuid
from collections.abc import Callable
from datetime import datetime

from balie_sandbox.zendesk import defaults
from balie_sandbox.zendesk.errors import Json
from balie_sandbox.zendesk.timestamps import nano_stamp, stamp
from balie_sandbox.zendesk.users.model import User

from .model import EVENT_PREFIX


class UserEvents:
    """Tells `send` of what happens to users. Their phone numbers are not told (reference 4.4)."""

    def __init__(self, now: Callable[[], datetime], send: Callable[[Json], None]) -> None:
        self._now = now
        self._send = send

    def tell(self, name: str, user: User, event: Json | None = None) -> None:
        detail = {
            "id": str(user.id),
            "created_at": stamp(user.created_at),
            "updated_at": stamp(user.updated_at),
            "email": user.email or "",
            "external_id": user.external_id or "",
            "role": user.role,
            "default_group_id": str(user.default_group_id or ""),
            "organization_id": str(user.organization_id or ""),
        }
        self._send(
            {
                "account_id": defaults.ACCOUNT_ID,
                "detail": detail,
                "event": event or {},
                "id": str(uuid.uuid4()),
                "subject": f"zen:user:{user.id}",
                "time": nano_stamp(self._now()),
                "type": f"{EVENT_PREFIX}user.{name}",
                "zendesk_event_version": "2022-06-20",
            }
        )
