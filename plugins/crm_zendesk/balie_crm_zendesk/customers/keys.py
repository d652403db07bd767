"""By what Balie knows a customer of Zendesk's again: the external id, one for each address."""

from collections.abc import Sequence

from balie.api import Address, AddressKind, variants

_NAMESPACES = {
    AddressKind.PHONE: "wa",
    AddressKind.BSUID: "wa",
    AddressKind.VISITOR: "visitor",
    AddressKind.GROUP: "group",
}


def external_id(address: Address) -> str | None:
    """Return the external id of who has this address."""
    # A user id is another connection's as likely as ours, so it identifies nobody here.
    namespace = _NAMESPACES.get(address.kind)
    return None if namespace is None else f"{namespace}:{address.value.removeprefix('+')}"


def external_ids(address: Address) -> list[str]:
    """Return the external ids of who has this address, however the number is written."""
    if address.kind is AddressKind.PHONE:
        written = [Address(kind=address.kind, value=one) for one in variants(address.value)]
    else:
        written = [address]
    return [key for key in map(external_id, written) if key is not None]


def beside_an_agent(key: str) -> str:
    """Return the external id for a customer where an agent has the usual one."""
    return f"{key}:customer"


def keyed(addresses: Sequence[Address]) -> list[str]:
    """Return the external ids of these addresses, that of the number first.

    The number is what other tools know the customer by.
    """
    ranked = sorted(addresses, key=lambda one: one.kind is not AddressKind.PHONE)
    return [key for address in ranked for key in external_ids(address)]


def is_ours(key: str) -> bool:
    """Say whether an external id is one that Balie gave."""
    return key.partition(":")[0] in _NAMESPACES.values() and ":" in key


def phone(addresses: Sequence[Address]) -> str | None:
    """Return the number among the addresses, E.164, if there is one."""
    return next((one.value for one in addresses if one.kind is AddressKind.PHONE), None)
