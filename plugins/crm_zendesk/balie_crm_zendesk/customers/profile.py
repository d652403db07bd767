"""Keeping a customer's profile current: what Zendesk lacks and we know.

What an agent or another tool wrote is theirs and stays. Zendesk takes five changes of a user a
minute, so it is tried once for what we know, and a message never waits for it.
"""

from typing import Any

from balie.api import Address, AddressKind, AuthFailed, Batch, PluginError, for_people
from balie_crm_zendesk import memory, records, texts
from balie_crm_zendesk.client import Client
from balie_crm_zendesk.tickets import wording

from . import keys
from .candidates import has_identity, with_number
from .numbers import is_same

#: No note lists more.
MOST_LISTED = 10


def facts(batch: Batch) -> object:
    """Return what we know of the customer, to be compared."""
    return batch.person_name, frozenset(batch.addresses)


def keep_current(client: Client, user: records.User, batch: Batch) -> str:
    """Write what is missing; log what could not be written.

    Returns a remark where a number that was just learned is another user's too: then it is not
    written, and people decide whether the two are one.
    """
    remark = ""
    try:
        changes = missing(user, batch)
        other = None if changes else _another_number(client, user, batch)
        learned = other or changes.get("phone")
        if learned is not None and _is_news(user, learned):
            remark = _shared(client, user, learned)
        if remark:
            changes.pop("phone", None)
        if changes:
            client.write("PUT", f"/users/{user.id}", {"user": changes})
        elif other is not None and not remark:
            identity = {"type": "phone_number", "value": other}
            client.write("POST", f"/users/{user.id}/identities", {"identity": identity})
    except AuthFailed:
        raise
    except PluginError as problem:
        client.ctx.log.warning("profile_not_changed", user=user.id, reason=str(problem))
    memory.of(client.ctx).current.add(user.id, facts(batch))
    return remark


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


def missing(user: records.User, batch: Batch) -> dict[str, Any]:
    """Return what the profile should say and does not."""
    changes: dict[str, Any] = {}
    possible, phone = keys.keyed(batch.addresses), keys.phone(batch.addresses)
    if possible and not user.external_id:
        changes["external_id"] = possible[0]
    if phone is not None and not user.phone:
        changes["phone"] = phone
    name = wording.name(batch)
    if name and name != user.name and wording.is_placeholder(user.name, batch.channel):
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
