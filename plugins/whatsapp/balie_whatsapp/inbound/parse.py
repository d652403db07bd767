"""The full reading of one stored event, in its turn."""

from collections.abc import Callable, Mapping
from typing import Any

from balie.api import Context, Event, EventKind, PayloadInvalid, RawEvent, Refused
from balie_whatsapp.account.changes import read_change
from balie_whatsapp.inbound.calls import read_call, read_call_status
from balie_whatsapp.inbound.coexistence import read_echo, read_thread
from balie_whatsapp.inbound.groups import read_group
from balie_whatsapp.inbound.messages import read_message
from balie_whatsapp.inbound.preferences import read_preference
from balie_whatsapp.inbound.statuses import read_status

_READERS: dict[str, Callable[[Context, RawEvent, Mapping[str, Any]], list[Event]]] = {
    "message": read_message,
    "status": read_status,
    "change": read_change,
    "echo": read_echo,
    "thread": read_thread,
    "call": read_call,
    "call_status": read_call_status,
    "group": read_group,
    "preference": read_preference,
}
"""By the key that the door put the event's own JSON under."""


def parse(ctx: Context, raw: RawEvent) -> list[Event]:
    """Return what the event says. Raises PayloadInvalid where its body is not ours."""
    if raw.refused:
        return [Refused(reason=raw.refused)]
    for key, read in _READERS.items():
        content = raw.body.get(key)
        if isinstance(content, Mapping):
            return read(ctx, raw, content)
    if raw.kind is EventKind.TICKET:
        return [Refused(reason="WhatsApp has no tickets.")]
    raise PayloadInvalid(f"the stored event {raw.id} holds no {raw.kind} that can be read")
