"""One call."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(slots=True)
class Call:
    """A call. ``state`` is ringing, accepted, or ended."""

    id: str
    number_id: str
    wa_id: str
    direction: str
    at: datetime
    state: str = "ringing"
    accepted_at: datetime | None = None
    opaque: str | None = None
