"""One reply of an agent, as a message that Graph takes."""

from collections.abc import Mapping
from typing import Any

from balie.api import AddressKind, Context, Receipt, Rejected, Reply
from balie_whatsapp.graph.client import GraphClient

TEXT_LIMIT = 4096  # characters in text.body, from Meta's "Text messages" page

_TEXTS = {
    "empty": ("Het antwoord is leeg, dus er is niets verzonden.", "The answer is empty."),
    "too_long": (
        "Het antwoord heeft {length} tekens; WhatsApp neemt er {limit}. Verdeel het.",
        "The answer has {length} characters; WhatsApp takes {limit}. Split it.",
    ),
    "no_address": (
        "Van deze klant is geen WhatsApp-adres bekend, dus er is niets verzonden.",
        "No WhatsApp address of this customer is known, so nothing was sent.",
    ),
}


def dispatch(ctx: Context, reply: Reply) -> Receipt:
    """Send the reply; raises Rejected before anything leaves, else as ``GraphClient.send``."""
    message = {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        **_recipient(ctx, reply),
        "type": "text",
        "text": {"body": _text(ctx, reply), "preview_url": True},
        "biz_opaque_callback_data": reply.id,
    }
    return Receipt(message_id=GraphClient(ctx).send(message).message_id)


def _recipient(ctx: Context, reply: Reply) -> Mapping[str, Any]:
    """Return whom it is for: the number where it is known, else the user id.

    A user id in ``to`` is taken by Graph and never delivered, so each has its own key.
    """
    for kind, key in ((AddressKind.PHONE, "to"), (AddressKind.BSUID, "recipient")):
        for address in reply.to:
            if address.kind is kind:
                return {key: address.value}
    raise _rejected(ctx, "no_address")


def _text(ctx: Context, reply: Reply) -> str:
    text = "\n\n".join(part.text for part in reply.parts if part.text.strip()).strip()
    if not text:
        raise _rejected(ctx, "empty")
    if len(text) > TEXT_LIMIT:
        raise _rejected(ctx, "too_long", length=len(text), limit=TEXT_LIMIT)
    return text


def _rejected(ctx: Context, code: str, **facts: int) -> Rejected:
    dutch, english = _TEXTS[code]
    return Rejected(code, (dutch if ctx.tenant.locale == "nl" else english).format(**facts))
