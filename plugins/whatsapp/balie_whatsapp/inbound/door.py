"""The events of one change, as far as they are this connection's."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from balie.api import Context, EventKind, RawEvent
from balie_whatsapp.inbound.sender import Contacts, by_id, contact_of, lane_of
from balie_whatsapp.untrusted import (
    fingerprint,
    identifier,
    mapping,
    mappings,
    moment,
    one_line,
    written,
)

_ACCOUNT_LANE = "account"
_NOT_EVENTS = frozenset({"metadata", "contacts"})


@dataclass(frozen=True, slots=True)
class Door:
    """Lets in what is for one connection's number or account, at one moment."""

    phone_number_id: str
    waba_id: str
    now: datetime

    @classmethod
    def of(cls, ctx: Context) -> Self:
        """Return the door of a connection as of now."""
        return cls(ctx.config["phone_number_id"], ctx.config["waba_id"], ctx.clock.now())

    def events(self, entry: Mapping[str, Any], change: Any) -> Iterator[RawEvent]:
        """Return a change's events; at least one, whatever it is."""
        value = change.get("value") if isinstance(change, dict) else None
        if not isinstance(value, dict):
            yield self.refused("change", change, "The change holds no value that is an object.")
            return
        field = one_line(change.get("field"), 60) or "unnamed"
        if field != "messages" and not isinstance(value.get("metadata"), dict):
            yield self._account_update(entry, field, change)
        else:
            yield from self._number_events(field, value)

    def refused(self, name: str, item: Any, reason: str, at: Any = None) -> RawEvent:
        """Return an event that is counted, and that nothing is done with."""
        return RawEvent(
            id=f"{name}:{fingerprint(item)}",
            kind=EventKind.NOTICE,
            lane=_ACCOUNT_LANE,
            at=moment(at, self.now),
            refused=reason,
        )

    def _account_update(self, entry: Mapping[str, Any], field: str, change: Any) -> RawEvent:
        account, time = identifier(entry.get("id")), entry.get("time")
        reason = f"{field} tells about the account; Balie does nothing with that yet."
        if account != self.waba_id:
            reason = f"{field} is about account {account or 'unnamed'}, not this connection's."
        return self.refused(field, [account, time, change], reason, time)

    def _number_events(self, field: str, value: Mapping[str, Any]) -> Iterator[RawEvent]:
        number = identifier(mapping(value.get("metadata")).get("phone_number_id"))
        ours = number == self.phone_number_id
        contacts = by_id(mappings(value.get("contacts")))
        nothing = True
        for key, items in value.items():
            if key in _NOT_EVENTS or not isinstance(items, list | dict) or not items:
                continue
            nothing = False
            name = one_line(key, 60) if field == "messages" else f"{field}.{one_line(key, 60)}"
            for item in items if isinstance(items, list) else [items]:
                if ours:
                    yield self._event(name, item, value, contacts)
                else:
                    yield self._for_another(number, name, item)
        if nothing:
            yield self.refused(field, value, f"The {field} update holds nothing to read.")

    def _for_another(self, number: str, name: str, item: Any) -> RawEvent:
        whose = f"is for phone number id {number}" if number else "names no phone number id"
        # Not its own id: the same message may reach us rightly once the settings are put right.
        return self.refused(f"{number}:{name}", item, f"{name} {whose}, not this connection's.")

    def _event(
        self, name: str, item: Any, value: Mapping[str, Any], contacts: Contacts
    ) -> RawEvent:
        if not isinstance(item, dict):
            return self.refused(name, item, f"What stands in {name} is no object.")
        if name == "messages":
            return self._message(item, value["metadata"], contacts)
        if name == "statuses" and item.get("type") != "call":
            return self._status(item)
        return self.refused(name, item, _why_not(name, item), item.get("timestamp"))

    def _message(self, message: Any, metadata: Any, contacts: Contacts) -> RawEvent:
        contact = contact_of(message, contacts)
        return RawEvent(
            id=identifier(message.get("id")) or f"message:{fingerprint(message)}",
            kind=EventKind.MESSAGE,
            lane=lane_of(message, contact or {}),
            at=moment(message.get("timestamp"), self.now),
            body={"message": message, "contact": contact, "metadata": metadata},
        )

    def _status(self, status: Mapping[str, Any]) -> RawEvent:
        # The number first: a failed status of what went to a number names no user id.
        keys = ("recipient_id", "recipient_user_id", "recipient_participant_id")
        recipients = [known for key in keys if (known := identifier(status.get(key)))]
        return RawEvent(
            id=_status_id(status),
            kind=EventKind.STATUS,
            lane=recipients[0] if recipients else "unknown",
            at=moment(status.get("timestamp"), self.now),
            body={"status": status},
        )


def _status_id(status: Mapping[str, Any]) -> str:
    """Return what Meta says to deduplicate by, and in a group also whose status it is."""
    message = identifier(status.get("id"))
    reached = identifier(status.get("status"))
    if not message or not reached:
        return f"status:{fingerprint(status)}"
    member = identifier(status.get("recipient_participant_id"))
    return f"{message}:{reached}" + (f":{member}" if member else "")


def _why_not(name: str, item: Mapping[str, Any]) -> str:
    if name == "errors":
        title = one_line(item.get("title") or item.get("message"), 200)
        return f"WhatsApp reports error {written(item.get('code')) or '?'}: {title}"
    if name == "statuses":
        return "The status is a call's; Balie does not follow calls yet."
    return f"{name} is not followed yet."
