"""Keeping a customer's profile current: what Zendesk lacks and we know.

What an agent or another tool wrote is theirs and stays. Zendesk takes five changes of a user a
minute, so it is tried once for what we know, and a message never waits for it.
"""

from typing import Any

from balie.api import AuthFailed, Batch, PluginError
from balie_crm_zendesk import memory, records
from balie_crm_zendesk.client import Client
from balie_crm_zendesk.tickets import wording

from . import keys
from .candidates import has_identity
from .numbers import is_same


def facts(batch: Batch) -> object:
    """Return what we know of the customer, to be compared."""
    return batch.person_name, frozenset(batch.addresses)


def keep_current(client: Client, user: records.User, batch: Batch) -> None:
    """Write what is missing; log what could not be written."""
    try:
        if changes := missing(user, batch):
            client.write("PUT", f"/users/{user.id}", {"user": changes})
        elif (phone := _another_number(client, user, batch)) is not None:
            identity = {"type": "phone_number", "value": phone}
            client.write("POST", f"/users/{user.id}/identities", {"identity": identity})
    except AuthFailed:
        raise
    except PluginError as problem:
        client.ctx.log.warning("profile_not_changed", user=user.id, reason=str(problem))
    memory.of(client.ctx).current.add(user.id, facts(batch))


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
