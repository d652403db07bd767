"""When a customer becomes reachable in another way: by a new number, a new user id, or both."""

from collections.abc import Mapping
from typing import Any

from balie.api import Address, AddressKind, Context, CustomerNotice, RawEvent
from balie_whatsapp.inbound.cards import shared_numbers
from balie_whatsapp.inbound.sender import addresses, known_as, phone
from balie_whatsapp.untrusted import identifier, mapping, one_line
from balie_whatsapp.words import labelled

_LONGEST = 500
_MOVES = ("user_changed_number", "user_changed_user_id")
_IDENTITY = "customer_identity_changed"


def moved(
    ctx: Context, raw: RawEvent, message: Mapping[str, Any], contact: Mapping[str, Any]
) -> CustomerNotice | None:
    """Return what WhatsApp's own message says of a customer; None for one of another matter."""
    system = mapping(message.get("system"))
    kind = system.get("type")
    if kind not in (*_MOVES, _IDENTITY):
        return None
    sender = addresses(message, contact)
    former = known_as(identifier(system.get("previous_user_id")), "")
    here = tuple(dict.fromkeys((*former, *sender)))
    new_number = identifier(system.get("wa_id")) or identifier(system.get("new_wa_id"))
    there = known_as(identifier(system.get("user_id")), new_number) if kind in _MOVES else ()
    if not here:
        return None
    label = "identity_changed" if kind == _IDENTITY else kind
    told = "" if kind == _IDENTITY else one_line(system.get("body"), _LONGEST)
    return CustomerNotice(
        id=raw.id,
        sender=here,
        at=raw.at,
        text=labelled(ctx.tenant.locale, label, told),
        moves_to=tuple(address for address in there if address not in here),
    )


def shared(
    ctx: Context, raw: RawEvent, message: Mapping[str, Any], sender: tuple[Address, ...]
) -> list[CustomerNotice]:
    """Return the news that a customer who was asked for its number has shared it.

    A number that the customer already has stays; the shared one comes beside it.
    """
    numbers = [address for digits in shared_numbers(message) for address in phone(digits)]
    new = tuple(dict.fromkeys(number for number in numbers if number not in sender))
    if not new:
        return []
    by_user_id = tuple(address for address in sender if address.kind is AddressKind.BSUID)
    text = labelled(ctx.tenant.locale, "number_shared", ", ".join(address.value for address in new))
    return [
        CustomerNotice(
            id=f"{raw.id}:shared", sender=by_user_id or sender, at=raw.at, text=text, moves_to=new
        )
    ]
