"""Who is this? By external id, which is exact and immediate; then by telephone number."""

from balie.api import Address, AddressKind, Context, Customer
from balie_crm_zendesk import records, texts
from balie_crm_zendesk.client import Client

from . import card, keys
from .candidates import Candidates, several, with_number


def lookup(ctx: Context, address: Address) -> Customer | None:
    """Return the end user with this address, or None. Read-only."""
    client = Client(ctx)
    for key in keys.external_ids(address):
        if (known := by_external_id(client, key)) is not None:
            return _customer(client, known, "This Balie made or linked the user (external id).")
    if address.kind is AddressKind.PHONE:
        return _by_phone(client, address.value)
    return None


def by_external_id(client: Client, key: str) -> records.User | None:
    """Return the end user with this external id, or the one made beside an agent who has it."""
    found = _with_key(client, key)
    if found is not None and found.is_staff:
        found = _with_key(client, keys.beside_an_agent(key))
    return found if found is not None and found.is_customer else None


def _with_key(client: Client, key: str) -> records.User | None:
    page = client.get("/users", external_id=key)
    users = [records.user(one) for one in records.listed(page, "users")]
    return next((user for user in users if user.active), None)


def _by_phone(client: Client, e164: str) -> Customer | None:
    candidates = with_number(client, e164)
    if not candidates.all:
        return None
    chosen, *others = candidates.all
    return _customer(client, chosen, _evidence(candidates), others)


def _evidence(candidates: Candidates) -> str:
    count = len(candidates.all)
    if count == 1:
        whose = "as a direct line" if candidates.direct else "on the profile"
        return f"The only user with this phone number ({whose})."
    of_a_line = candidates.all[0] in candidates.direct
    choice = "the one with the direct line" if of_a_line else "the one updated last"
    return f"{count} users have this phone number; {choice} was chosen."


def _customer(
    client: Client, user: records.User, evidence: str, others: list[records.User] | None = None
) -> Customer:
    locale = client.ctx.tenant.locale
    remarks = [told] if (told := several(locale, user, others or [])) else []
    if user.suspended:
        remarks.append(texts.say(locale, "suspended"))
    if client.ctx.config["customer_card"]:
        remarks += card.lines(client, user)
    return Customer(id=str(user.id), name=user.name, evidence=evidence, remark="\n".join(remarks))
