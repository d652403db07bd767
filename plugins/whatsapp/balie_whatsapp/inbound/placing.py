"""Each kind of event named, and put into the row that it is to be worked in."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from balie.api import EventKind, RawEvent
from balie_whatsapp.inbound.sender import UNKNOWN_LANE, Contacts, contact_of, lane_of
from balie_whatsapp.untrusted import fingerprint, identifier, mappings, moment

ACCOUNT_LANE = "account"

Item = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Placing:
    """Places what stands in one change."""

    field: str
    metadata: Mapping[str, Any]
    contacts: Contacts
    now: datetime

    def place(self, name: str, item: Item) -> list[RawEvent]:
        """Return the events of one item; none where it is of a kind that is not followed."""
        if name == "statuses" and item.get("type") == "call":
            name = "calls.statuses"
        found = _PLACES.get(name)
        return list(found(self, item)) if found else []


def _messages(here: Placing, message: Item) -> Iterator[RawEvent]:
    contact = contact_of(message, here.contacts)
    yield RawEvent(
        id=identifier(message.get("id")) or f"message:{fingerprint(message)}",
        kind=EventKind.MESSAGE,
        lane=lane_of(message, contact or {}),
        at=moment(message.get("timestamp"), here.now),
        body={"message": message, "contact": contact, "metadata": here.metadata},
    )


def _statuses(here: Placing, status: Item) -> Iterator[RawEvent]:
    # The number first: a failed status of what went to a number names no user id.
    recipients = _first(status, "recipient_id", "recipient_user_id", "recipient_participant_id")
    yield RawEvent(
        id=_status_id(status),
        kind=EventKind.STATUS,
        lane=recipients,
        at=moment(status.get("timestamp"), here.now),
        body={"status": status},
    )


def _errors(here: Placing, error: Item) -> Iterator[RawEvent]:
    yield RawEvent(
        # Errors have no id; the hour keeps two troubles of one kind apart.
        id=f"error:{fingerprint([error, f'{here.now:%Y-%m-%d %H:%M}'])}",
        kind=EventKind.NOTICE,
        lane=ACCOUNT_LANE,
        at=here.now,
        body={"change": {"field": "errors", "value": error}},
    )


def _echoes(here: Placing, echo: Item) -> Iterator[RawEvent]:
    yield RawEvent(
        id=identifier(echo.get("id")) or f"echo:{fingerprint(echo)}",
        kind=EventKind.MESSAGE,
        lane=_first(echo, "to_user_id", "to"),
        at=moment(echo.get("timestamp"), here.now),
        body={"echo": echo},
    )


def _history(here: Placing, chunk: Item) -> Iterator[RawEvent]:
    for error in mappings(chunk.get("errors")):
        yield from _errors(here, error)
    for thread in mappings(chunk.get("threads")):
        yield _thread(here, thread, follows=False)


def _history_file(here: Placing, message: Item) -> Iterator[RawEvent]:
    other = _first(message, "to", "from")
    yield _thread(here, {"id": other, "messages": [message]}, follows=True)


def _thread(here: Placing, thread: Item, *, follows: bool) -> RawEvent:
    return RawEvent(
        id=f"history:{fingerprint(thread)}",
        kind=EventKind.HISTORY,
        lane=_first(thread, "id"),
        at=here.now,
        body={"thread": thread, "follows": follows},
    )


def _calls(here: Placing, call: Item) -> Iterator[RawEvent]:
    by_us = call.get("direction") == "BUSINESS_INITIATED"
    # Who is called, and who calls: the customer is the one that we are not.
    person = {"from": call.get("to" if by_us else "from")}
    person["from_user_id"] = call.get("to_user_id" if by_us else "from_user_id")
    contact = contact_of(person, here.contacts)
    name, step = identifier(call.get("id")), identifier(call.get("event"))
    yield RawEvent(
        id=f"{name}:{step}" if name and step else f"call:{fingerprint(call)}",
        kind=EventKind.MESSAGE,
        lane=lane_of(person, contact or {}),
        at=moment(call.get("timestamp"), here.now),
        body={"call": {**call, **person}, "contact": contact},
    )


def _call_statuses(here: Placing, status: Item) -> Iterator[RawEvent]:
    yield RawEvent(
        id=f"call:{_status_id(status)}",
        kind=EventKind.MESSAGE,
        lane=_first(status, "recipient_user_id", "recipient_id"),
        at=moment(status.get("timestamp"), here.now),
        body={"call_status": status},
    )


def _groups(here: Placing, item: Item) -> Iterator[RawEvent]:
    yield RawEvent(
        id=f"group:{fingerprint(item)}",
        kind=EventKind.MESSAGE,
        lane=_first(item, "group_id"),
        at=moment(item.get("timestamp"), here.now),
        body={"group": item},
    )


def _preferences(here: Placing, preference: Item) -> Iterator[RawEvent]:
    yield RawEvent(
        id=f"preference:{fingerprint(preference)}",
        kind=EventKind.MESSAGE,
        lane=_first(preference, "user_id", "wa_id"),
        at=moment(preference.get("timestamp"), here.now),
        body={"preference": preference},
    )


def _first(item: Item, *keys: str) -> str:
    """Return the first of an item's ids that is there; it names the item's row."""
    return next((found for key in keys if (found := identifier(item.get(key)))), UNKNOWN_LANE)


def _status_id(status: Item) -> str:
    """Return what Meta says to deduplicate by, and in a group also whose status it is."""
    message = identifier(status.get("id"))
    reached = identifier(status.get("status"))
    if not message or not reached:
        return f"status:{fingerprint(status)}"
    member = identifier(status.get("recipient_participant_id")) or identifier(
        status.get("participant_recipient_id")
    )
    return f"{message}:{reached}" + (f":{member}" if member else "")


_PLACES: dict[str, Callable[[Placing, Item], Iterator[RawEvent]]] = {
    "messages": _messages,
    "statuses": _statuses,
    "errors": _errors,
    "smb_message_echoes.message_echoes": _echoes,
    "message_echoes.message_echoes": _echoes,
    "history.history": _history,
    "history.messages": _history_file,
    "history.errors": _errors,
    "calls.calls": _calls,
    "calls.statuses": _call_statuses,
    "group_lifecycle_update.groups": _groups,
    "group_participants_update.groups": _groups,
    "group_settings_update.groups": _groups,
    "group_status_update.groups": _groups,
    "user_preferences.user_preferences": _preferences,
}
