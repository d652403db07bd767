"""One group."""

from dataclasses import dataclass, field
from datetime import datetime

#: Participants beside the business (reference/whatsapp.md 10.2).
MAX_PARTICIPANTS = 8


@dataclass(slots=True)
class Group:
    """A group as GET /{group-id} shows it."""

    id: str
    number_id: str
    subject: str
    description: str
    join_approval_mode: str
    made_at: datetime
    invite_code: str
    suspended: bool = False
    #: By wa_id, in the order they came.
    participants: list[str] = field(default_factory=list)
    #: By request id: the wa_id that asks to come in.
    join_requests: dict[str, str] = field(default_factory=dict)

    @property
    def invite_link(self) -> str:
        """What brings customers into the group."""
        return f"https://chat.whatsapp.com/{self.invite_code}"
