"""Keeping a customer's profile current: what Zendesk lacks and we know.

What Balie wrote itself it changes; what an agent or another tool wrote is theirs and stays. Zendesk
takes five changes of a user a minute, so it is tried once for what we know, and later again where
Zendesk could not just then. A message never waits for it.
"""

from datetime import datetime, timedelta
from typing import Any

from balie.api import (
    Address,
    AddressKind,
    AuthFailed,
    Batch,
    PluginError,
    TransientError,
    for_people,
)
from balie_crm_zendesk import memory, records, texts
from balie_crm_zendesk.client import Client
from balie_crm_zendesk.errors import Refusal
from balie_crm_zendesk.tickets import wording

from . import keys, written
from .candidates import has_identity, with_number
from .numbers import is_same

#: No note lists more.
MOST_LISTED = 10
#: When a change that Zendesk could not make just now is tried again, where it names no time.
AGAIN_SECONDS = 60.0
#: What Zendesk complains of where it is the number.
NUMBER_FIELDS = frozenset({"phone", "phone_number", "identities"})


def facts(batch: Batch) -> object:
    """Return what we know of the customer, to be compared."""
    # With the conversation: what another one of the same user wrote is not changed by this one.
    return batch.person_name, frozenset(batch.addresses), batch.conversation_id


def is_current(client: Client, user_id: int, batch: Batch) -> bool:
    """Say whether there is nothing to look at in the profile now."""
    known = memory.of(client.ctx)
    again = known.again.get(user_id)
    is_due = isinstance(again, datetime) and again <= client.ctx.clock.now()
    return known.current.get(user_id) == facts(batch) and not is_due


def keep_current(client: Client, user: records.User, batch: Batch) -> str:
    """Write what is missing or old; log what could not be written.

    Returns a remark where a number that was just learned is another user's too: then it is not
    written, and people decide whether the two are one.
    """
    remark, known = "", memory.of(client.ctx)
    known.again.forget(user.id)
    try:
        changes = missing(client, user, batch)
        other = None if changes else _another_number(client, user, batch)
        learned = other or changes.get("phone")
        if learned is not None and _is_news(user, learned):
            remark = _shared(client, user, learned)
        if remark:
            changes.pop("phone", None)
        if changes:
            _change(client, user, batch, changes)
        elif other is not None and not remark:
            identity = {"type": "phone_number", "value": other}
            client.write("POST", f"/users/{user.id}/identities", {"identity": identity})
    except AuthFailed:
        raise
    except PluginError as problem:
        client.ctx.log.warning("profile_not_changed", user=user.id, reason=str(problem))
        if isinstance(problem, TransientError):
            wait = AGAIN_SECONDS if problem.retry_after is None else problem.retry_after
            known.again.add(user.id, client.ctx.clock.now() + timedelta(seconds=wait))
    known.current.add(user.id, facts(batch))
    return remark


def _change(client: Client, user: records.User, batch: Batch, changes: dict[str, Any]) -> None:
    """Change the user; without what Zendesk refuses, so that the rest is not lost with it."""
    try:
        client.write("PUT", f"/users/{user.id}", {"user": changes})
    except Refusal as refusal:
        refused = refusal.fields | ({"phone"} if refusal.fields & NUMBER_FIELDS else set())
        rest = {name: value for name, value in changes.items() if name not in refused}
        if refusal.status != 422 or not rest or rest == changes:
            raise
        client.ctx.log.warning("profile_field_refused", user=user.id, reason=refusal.text)
        _change(client, user, batch, rest)
        return
    written.remember(client.ctx, user.id, batch.conversation_id, changes)


def _is_news(user: records.User, phone: str) -> bool:
    """Say whether a customer of ours was known without this number until now."""
    address = Address(kind=AddressKind.PHONE, value=phone)
    return keys.is_ours(user.external_id) and user.external_id not in keys.external_ids(address)


def _shared(client: Client, user: records.User, phone: str) -> str:
    """Return a remark on the others who have the number, if there are any."""
    others = [one for one in with_number(client, phone).all if one.id != user.id]
    if not others:
        return ""
    tenant = client.ctx.tenant
    told = ", ".join(f"{one.name} (#{one.id})" for one in others[:MOST_LISTED])
    number = for_people(phone, tenant.region)
    return texts.say(tenant.locale, "number_of_others", number=number, others=told)


def missing(client: Client, user: records.User, batch: Batch) -> dict[str, Any]:
    """Return what the profile should say and does not."""

    def is_ours(field: str, shown: str) -> bool:
        return written.is_ours(client.ctx, user.id, batch.conversation_id, field, shown)

    changes: dict[str, Any] = {}
    possible, phone = keys.keyed(batch.addresses), keys.phone(batch.addresses)
    if possible and not user.external_id:
        changes["external_id"] = possible[0]
    known = phone is None or is_same(user.phone, phone, client.ctx.tenant.region)
    if not known and (not user.phone or is_ours("phone", user.phone)):
        changes["phone"] = phone
    name = wording.name(batch) or user.name
    made_up = wording.is_placeholder(user.name, batch.channel)
    if name != user.name and (made_up or is_ours("name", user.name)):
        changes["name"] = name
    return changes


def _another_number(client: Client, user: records.User, batch: Batch) -> str | None:
    """Return the number that a customer of ours has beside the one on the profile."""
    phone = keys.phone(batch.addresses)
    if phone is None or not keys.is_ours(user.external_id):
        return None
    if is_same(user.phone, phone, client.ctx.tenant.region):
        return None
    return None if has_identity(client, user, phone) else phone
