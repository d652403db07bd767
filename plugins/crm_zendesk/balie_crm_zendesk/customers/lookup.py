"""Zendesk's end users: finding a customer among them, and making one.

The order of the look-ups is that of Zendesk's own advice: external_id is exact and immediate;
search takes any notation of a number but lags minutes behind, so it finds old customers only.
https://developer.zendesk.com/documentation/integration-services/retrieving-the-zendesk-user-id/
"""

from balie.api import (
    Address,
    AddressKind,
    Batch,
    Context,
    Customer,
    PermanentError,
    PhoneInvalid,
    national_digits,
    to_e164,
)
from balie_crm_zendesk import records
from balie_crm_zendesk.client import Client
from balie_crm_zendesk.errors import NotFound, Refusal
from balie_crm_zendesk.tickets import wording

#: Search shows 1,000 results and no more; a hundred a page.
SEARCH_PAGES = 10
#: Users whose profile shows another number may still have ours as an identity: one call each.
MOST_IDENTITY_LOOKUPS = 10

_NAMESPACES = {AddressKind.PHONE: "wa", AddressKind.BSUID: "wa", AddressKind.VISITOR: "visitor"}


def lookup(ctx: Context, address: Address) -> Customer | None:
    """Return the end user with this address, or None. Read-only."""
    client = Client(ctx)
    key = _external_id(address)
    if key is None:
        return None
    if (known := _by_external_id(client, key)) is not None:
        return _customer(known, "This Balie made or linked the user (external id).")
    if address.kind is AddressKind.PHONE:
        return _by_phone(client, address.value)
    return None


def requester_id(client: Client, batch: Batch) -> int:
    """Return the id of the batch's customer, making the user where there is none yet.

    A user of ours has an external id and no e-mail address; Zendesk sends it no mail.
    """
    if batch.customer is not None:
        return int(batch.customer.id)
    keyed = [address for address in batch.addresses if _external_id(address)]
    if not keyed:
        raise PermanentError("A customer without any address cannot be made in Zendesk.")
    phone = next((one.value for one in keyed if one.kind is AddressKind.PHONE), None)
    # The number first, as in the look-up: it is what other tools know the customer by.
    keyed.sort(key=lambda one: one.kind is not AddressKind.PHONE)
    region = client.ctx.tenant.region
    user: dict[str, object] = {
        "name": wording.person(batch, region),
        "external_id": _external_id(keyed[0]),
        "skip_verify_email": True,
    }
    if phone is None:
        return _create_or_update(client, user)
    try:
        return _create_or_update(client, {**user, "phone": phone})
    except Refusal as refused:
        # Some accounts demand a number of their own plan, or one that nobody else has. The
        # message matters more than the profile; the external id holds the number anyway.
        if not refused.fields & {"phone", "phone_number", "identities"}:
            raise
        return _create_or_update(client, user)


def _external_id(address: Address) -> str | None:
    # A user id is another connection's as likely as ours, so it identifies nobody here.
    namespace = _NAMESPACES.get(address.kind)
    return None if namespace is None else f"{namespace}:{address.value.removeprefix('+')}"


def _create_or_update(client: Client, user: dict[str, object]) -> int:
    answer = client.write("POST", "/users/create_or_update", {"user": user})
    return records.user(answer.get("user")).id


def _by_external_id(client: Client, key: str) -> records.User | None:
    page = client.get("/users", external_id=key)
    users = [records.user(one) for one in records.listed(page, "users")]
    return next((user for user in users if user.is_customer and not user.suspended), None)


def _by_phone(client: Client, e164: str) -> Customer | None:
    direct: list[records.User] = []
    shared: list[records.User] = []
    others: list[records.User] = []
    for user in _searched(client, e164):
        if same_number(user.phone, e164, client.ctx.tenant.region):
            (direct if user.direct_line else shared).append(user)
        else:
            others.append(user)
    for user in others[:MOST_IDENTITY_LOOKUPS] if not direct else ():
        if _has_identity(client, user, e164):
            direct.append(user)  # a number that is an identity is this user's alone
    if not direct and not shared:
        return None
    found = max(direct or shared, key=lambda user: (user.updated_at, user.id))
    return _customer(found, _evidence(bool(direct), len(direct) + len(shared)))


def _searched(client: Client, e164: str) -> list[records.User]:
    """Return the usable end users that search finds for any notation of the number."""
    # No "+": Zendesk's search wants digits only. The asterisk finds every prefix and notation.
    query = f"type:user role:end-user phone:*{_digits(e164, client.ctx.tenant.region)}"
    found: list[records.User] = []
    for number in range(1, SEARCH_PAGES + 1):
        page = client.get("/search", query=query, per_page=100, page=number)
        found += [records.user(one) for one in records.listed(page, "results")]
        if not page.get("next_page"):
            break
    return [user for user in found if user.is_customer and not user.suspended]


def _digits(e164: str, region: str) -> str:
    try:
        return national_digits(to_e164(e164, region))
    except PhoneInvalid:  # a number newer than our numbering plans
        return e164.removeprefix("+")


def same_number(written: str, e164: str, region: str) -> bool:
    """Say whether ``written``, in whatever notation, is this number."""
    try:
        return to_e164(written, region) == e164
    except PhoneInvalid:
        digits = "".join(filter(str.isdigit, written)).removeprefix("00")
        return bool(digits) and "+" + digits == e164


def _has_identity(client: Client, user: records.User, e164: str) -> bool:
    try:
        page = client.get(f"/users/{user.id}/identities")
    except NotFound:  # deleted; search lags behind that too
        return False
    return any(
        isinstance(one, dict)
        and one.get("type") == "phone_number"
        and same_number(str(one.get("value")), e164, client.ctx.tenant.region)
        for one in records.listed(page, "identities")
    )


def _evidence(direct: bool, count: int) -> str:
    whose = "as a direct line" if direct else "on the profile"
    if count == 1:
        return f"The only user with this phone number ({whose})."
    choice = "the one with the direct line" if direct else "the one updated last"
    return f"{count} users have this phone number; {choice} was chosen."


def _customer(user: records.User, evidence: str) -> Customer:
    return Customer(id=str(user.id), name=user.name, evidence=evidence)
