"""In whose name a ticket is: the customer as linked, or made, or followed where it moved."""

from dataclasses import dataclass

from balie.api import Batch, PermanentError
from balie_crm_zendesk import memory, records
from balie_crm_zendesk.client import Client
from balie_crm_zendesk.errors import NotFound, Refusal
from balie_crm_zendesk.tickets import wording

from . import keys, profile, written
from .candidates import several, with_number
from .lookup import by_external_id
from .numbers import is_same


@dataclass(frozen=True, slots=True)
class Requester:
    """Whose ticket it is, and what agents should know of them that came up just now."""

    id: int
    remark: str = ""


def requester(client: Client, batch: Batch) -> Requester:
    """Return the batch's customer, making the user where there is none yet."""
    if batch.customer is None:
        return Requester(_made(client, batch))
    linked = int(batch.customer.id)
    if profile.is_current(client, linked, batch):
        return Requester(linked)
    user = find(client, linked)
    if user is None or not user.is_customer:
        return whoever_now(client, batch, linked)
    return Requester(linked, profile.keep_current(client, user, batch))


def find(client: Client, user_id: int) -> records.User | None:
    """Return the user, or None where there is none any more."""
    try:
        return records.user(client.get(f"/users/{user_id}").get("user"))
    except NotFound:
        return None


def whoever_now(client: Client, batch: Batch, gone: int) -> Requester:
    """Return who took over from a user that was deleted, merged, or made an agent.

    Zendesk does not say into whom a user was merged. The external id and the number move along,
    and so do the tickets. Where nobody can be told, a new user is made. Of several with the number
    one is chosen, with a remark.
    """
    for key in keys.keyed(batch.addresses):
        if (found := by_external_id(client, key)) is not None and found.id != gone:
            return Requester(found.id)
    if (owner := _owner_of_the_ticket(client, batch)) is not None and owner.id != gone:
        return Requester(owner.id)
    phone = keys.phone(batch.addresses)
    if phone is not None:
        found_ones = [one for one in with_number(client, phone).all if one.id != gone]
        if found_ones:
            chosen, *others = found_ones
            return Requester(chosen.id, several(client.ctx.tenant.locale, chosen, others))
    return Requester(_made(client, batch))


def _owner_of_the_ticket(client: Client, batch: Batch) -> records.User | None:
    """Return the requester of the conversation's ticket, if nothing says it is somebody else."""
    if batch.ticket_id is None:
        return None
    try:
        ticket = records.ticket(client.get(f"/tickets/{batch.ticket_id}").get("ticket"))
    except NotFound:
        return None
    user = None if ticket.requester_id is None else find(client, ticket.requester_id)
    phone = keys.phone(batch.addresses)
    if user is None or not user.is_customer:
        return None
    stranger = phone and user.phone and not is_same(user.phone, phone, client.ctx.tenant.region)
    return None if stranger else user


def _made(client: Client, batch: Batch) -> int:
    """Make a user, or find the one with its external id.

    It has no e-mail address, so that Zendesk sends it no mail.
    """
    possible = keys.keyed(batch.addresses)
    if not possible:
        raise PermanentError("A customer without any address cannot be made in Zendesk.")
    user = _User(client, batch).found_or_made(possible[0])
    memory.of(client.ctx).current.add(user.id, profile.facts(batch))
    return user.id


@dataclass(frozen=True, slots=True)
class _User:
    client: Client
    batch: Batch

    def found_or_made(self, key: str) -> records.User:
        """Make the user with this external id, which Zendesk lets only one have.

        Not by create_or_update, which would change whoever has the external id, even an agent.
        """
        try:
            return self._made(key)
        except Refusal as refused:
            if refused.status != 422:
                raise
            if (known := by_external_id(self.client, key)) is not None:
                return known
            if "external_id" not in refused.fields:
                raise
        # An agent who writes as a customer: in the agent's name its messages would be answers.
        return self._made(keys.beside_an_agent(key))

    def _made(self, key: str) -> records.User:
        user: dict[str, object] = {
            "name": wording.person(self.batch, self.client.ctx.tenant),
            "external_id": key,
            "skip_verify_email": True,
        }
        phone = keys.phone(self.batch.addresses)
        if phone is None:
            return self._written(user)
        try:
            return self._written({**user, "phone": phone})
        except Refusal as refused:
            # Some accounts demand a number of their own plan, or one that nobody else has. The
            # message matters more than the profile; the external id holds the number anyway.
            if not refused.fields & profile.NUMBER_FIELDS or "external_id" in refused.fields:
                raise
            return self._written(user)

    def _written(self, user: dict[str, object]) -> records.User:
        made = records.user(self.client.write("POST", "/users", {"user": user}).get("user"))
        talk = self.batch.conversation_id
        written.remember(self.client.ctx, made.id, talk, user, is_new=True)
        return made
