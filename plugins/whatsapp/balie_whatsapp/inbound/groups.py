"""Groups: one conversation in which several customers speak.

A message names its group by an id only. The subject is told when a group is made or renamed,
and kept.
"""

from collections.abc import Mapping
from typing import Any

from balie.api import Address, AddressKind, Context, CustomerNotice, Event, RawEvent, Refused
from balie_whatsapp.untrusted import identifier, joined, mapping, mappings, one_line
from balie_whatsapp.words import labelled, word

_KEPT_SECONDS = 5 * 366 * 86_400.0
_LONGEST = 128  # characters of a subject, from Meta's "Groups" page
_TOLD = {
    "group_create": "group_create",
    "group_delete": "group_delete",
    "group_participants_add": "group_added",
    "group_add_participants": "group_added",
    "group_participants_remove": "group_removed",
    "group_remove_participants": "group_removed",
    "group_join_request_created": "group_asks",
    "group_join_request_revoked": "group_asks_no_more",
    "group_settings_update": "group_settings",
    "group_suspend": "group_suspended",
    "group_suspend_cleared": "group_resumed",
}


def address(group: str) -> tuple[Address, ...]:
    """Return a group's only address."""
    return (Address(kind=AddressKind.GROUP, value=group),)


def subject(ctx: Context, group: str) -> str:
    """Return what a group is called, as far as it was told."""
    return ctx.kv.get(_key(group)) or word(ctx.tenant.locale, "group")


def remember(ctx: Context, group: str, name: str) -> None:
    """Keep what a group is called."""
    if name:
        ctx.kv.set(_key(group), name, seconds=_KEPT_SECONDS)


def read_group(ctx: Context, raw: RawEvent, item: Mapping[str, Any]) -> list[Event]:
    """Return what happened to a group: told in its ticket, if it has one."""
    group = identifier(item.get("group_id"))
    if not group:
        return [Refused(reason="The group update names no group.")]
    name = _subject(item)
    if not mappings(item.get("errors")):
        remember(ctx, group, name)
    text = _text(item, name, ctx.tenant.locale)
    return [CustomerNotice(id=raw.id, sender=address(group), at=raw.at, text=text)]


def _key(group: str) -> str:
    return f"group:{group}"


def _subject(item: Mapping[str, Any]) -> str:
    renamed = mapping(item.get("group_subject"))
    return one_line(item.get("subject") or renamed.get("text"), _LONGEST)


def _text(item: Mapping[str, Any], name: str, locale: str) -> str:
    kind = one_line(item.get("type"), 60)
    people = [
        joined(person.get("wa_id") or person.get("input") or person.get("user_id"))
        for key in ("added_participants", "removed_participants", "failed_participants")
        for person in mappings(item.get(key))
    ]
    errors = [
        joined(error.get("code"), error.get("title") or error.get("message"), by=" ")
        for error in mappings(item.get("errors"))
    ]
    told = joined(name, joined(item.get("wa_id")), *people, *errors)
    label = _TOLD.get(kind)
    if label == "group_create" and item.get("removed_participants"):
        label = "group_removed"  # an example of Meta's has it so
    return labelled(locale, label, told) if label else labelled(locale, "type", told, kind)
