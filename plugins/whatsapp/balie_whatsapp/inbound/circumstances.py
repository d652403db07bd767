"""What an agent must know before reading what was said."""

from collections.abc import Iterator, Mapping
from typing import Any

from balie.api import Unknown
from balie_whatsapp.untrusted import identifier, joined, mapping, one_line
from balie_whatsapp.words import labelled

_LONGEST = 300
_QUOTING = (  # where each type says which message it is about
    ("reaction", "message_id"),
    ("edit", "original_message_id"),
    ("revoke", "original_message_id"),
    ("context", "id"),
)


def circumstances(message: Mapping[str, Any], locale: str) -> Iterator[Unknown]:
    """Yield a line each for a forwarded message, an ad, a product asked about."""
    context = mapping(message.get("context"))
    for mark in ("frequently_forwarded", "forwarded"):
        if context.get(mark) is True:
            yield Unknown(type="forwarded", text=labelled(locale, mark))
            break
    if referral := mapping(message.get("referral")):
        yield Unknown(type="referral", text=_referral(referral, locale))
    if product := mapping(context.get("referred_product")):
        told = one_line(product.get("product_retailer_id"), _LONGEST)
        yield Unknown(type="referred_product", text=labelled(locale, "product", told))


def quoted(message: Mapping[str, Any]) -> str | None:
    """Return the id of the message that this one is about, which may be one we never saw."""
    for part, key in _QUOTING:
        if part in ("context", message.get("type")):
            known = identifier(mapping(message.get(part)).get(key))
            if known:
                return known
    return None


def _referral(referral: Mapping[str, Any], locale: str) -> str:
    kind = "post" if referral.get("source_type") == "post" else "ad"
    return labelled(
        locale, kind, joined(*(referral.get(key) for key in ("headline", "body", "source_url")))
    )
