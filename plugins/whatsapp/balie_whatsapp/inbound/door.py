"""The events of one change, as far as they are this connection's: named and placed, not read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from balie.api import Context, EventKind, RawEvent
from balie_whatsapp.inbound.placing import ACCOUNT_LANE, Placing
from balie_whatsapp.inbound.sender import by_id
from balie_whatsapp.untrusted import (
    fingerprint,
    identifier,
    mapping,
    mappings,
    moment,
    one_line,
    written,
)

_NOT_EVENTS = frozenset({"metadata", "contacts", "messaging_product"})
_OF_THE_NUMBER = frozenset(
    {
        *("messages", "calls", "history", "smb_message_echoes", "smb_app_state_sync"),
        *("message_echoes", "user_preferences", "group_lifecycle_update"),
        *("group_participants_update", "group_settings_update", "group_status_update"),
    }
)
_OF_THE_PORTFOLIO = frozenset({"partner_solutions"})
"""Fields whose entry names the business portfolio, whose id no setting holds."""


@dataclass(frozen=True, slots=True)
class Door:
    """Lets in what is for one connection's number or account, at one moment."""

    phone_number_id: str
    waba_id: str
    import_history: bool
    now: datetime

    @classmethod
    def of(cls, ctx: Context) -> Self:
        """Return the door of a connection as of now."""
        config = ctx.config
        return cls(
            config["phone_number_id"],
            config["waba_id"],
            config["import_history"],
            ctx.clock.now(),
        )

    def events(self, entry: Mapping[str, Any], change: Any) -> Iterator[RawEvent]:
        """Return a change's events; at least one, whatever it is."""
        value = change.get("value") if isinstance(change, dict) else None
        if not isinstance(value, dict):
            yield self.refused("change", change, "The change holds no value that is an object.")
            return
        field = one_line(change.get("field"), 60)
        if field in _OF_THE_NUMBER or not field:
            yield from self._number_events(field or "unnamed", value)
        else:
            yield self._account_event(entry, field, value)

    def refused(self, name: str, item: Any, reason: str, at: Any = None) -> RawEvent:
        """Return an event that is counted, and that nothing is done with."""
        return RawEvent(
            id=f"{name}:{fingerprint(item)}",
            kind=EventKind.NOTICE,
            lane=ACCOUNT_LANE,
            at=moment(at, self.now),
            refused=reason,
        )

    def _account_event(
        self, entry: Mapping[str, Any], field: str, value: Mapping[str, Any]
    ) -> RawEvent:
        account, time = identifier(entry.get("id")), entry.get("time")
        metadata = value.get("metadata")
        number = identifier(mapping(metadata).get("phone_number_id"))
        seen = [account, time, field, value]
        if isinstance(metadata, dict) and number != self.phone_number_id:
            return self._for_another(number, field, seen)
        if account != self.waba_id and not number and field not in _OF_THE_PORTFOLIO:
            reason = f"{field} is about account {account or 'unnamed'}, not this connection's."
            return self.refused(field, seen, reason, time)
        return RawEvent(
            id=f"{field}:{fingerprint(seen)}",
            kind=EventKind.NOTICE,
            lane=ACCOUNT_LANE,
            at=moment(time, self.now),
            body={"change": {"field": field, "value": value}},
        )

    def _number_events(self, field: str, value: Mapping[str, Any]) -> Iterator[RawEvent]:
        number = identifier(mapping(value.get("metadata")).get("phone_number_id"))
        ours = number == self.phone_number_id
        contacts = by_id(mappings(value.get("contacts")))
        placing = Placing(field, mapping(value.get("metadata")), contacts, self.now)
        nothing = True
        for key, items in value.items():
            if key in _NOT_EVENTS or not isinstance(items, list | dict) or not items:
                continue
            nothing = False
            name = one_line(key, 60) if field == "messages" else f"{field}.{one_line(key, 60)}"
            for item in items if isinstance(items, list) else [items]:
                if ours:
                    yield from self._placed(placing, name, item)
                else:
                    yield self._for_another(number, name, item)
        if nothing:
            yield self.refused(field, value, f"The {field} update holds nothing to read.")

    def _for_another(self, number: str, name: str, item: Any) -> RawEvent:
        whose = f"is for phone number id {number}" if number else "names no phone number id"
        # Not its own id: the same message may reach us rightly once the settings are put right.
        return self.refused(f"{number}:{name}", item, f"{name} {whose}, not this connection's.")

    def _placed(self, placing: Placing, name: str, item: Any) -> Iterator[RawEvent]:
        if not isinstance(item, dict):
            yield self.refused(name, item, f"What stands in {name} is no object.")
            return
        if name in ("history.history", "history.messages") and not self.import_history:
            reason = "The history from before Balie is not imported; see import_history."
            yield self.refused(name, item, reason, item.get("timestamp"))
            return
        placed = placing.place(name, item)
        yield from placed or (
            self.refused(name, item, _why_not(name, item), item.get("timestamp")),
        )


def _why_not(name: str, item: Mapping[str, Any]) -> str:
    if name == "calls.errors":
        title = one_line(item.get("title") or item.get("message"), 200)
        return f"WhatsApp reports error {written(item.get('code')) or '?'} of a call: {title}"
    if name == "smb_app_state_sync.state_sync":
        return "The app's address book is not kept: names in it are the colleagues' own."
    if name == "history.history":
        return "The history holds no thread."
    return f"{name} is not followed yet."
