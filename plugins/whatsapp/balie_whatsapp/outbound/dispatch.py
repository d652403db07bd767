"""One reply of an agent, as a message that Graph takes."""

from collections.abc import Mapping
from typing import Any

from balie.api import (
    Address,
    AddressKind,
    Context,
    Receipt,
    Rejected,
    Reply,
    TemplateUse,
    TransientError,
)
from balie_whatsapp.graph.client import GraphClient, JsonObject
from balie_whatsapp.graph.uploads import Uploads
from balie_whatsapp.inbound.sender import known_as
from balie_whatsapp.outbound.content import content_of
from balie_whatsapp.outbound.refusals import refusal
from balie_whatsapp.untrusted import identifier

_BAD_FILE = frozenset({"100", "131008", "131009", "131053", "132012"})
"""Codes that may mean that Meta no longer has a file that was put there earlier."""


def dispatch(ctx: Context, reply: Reply) -> Receipt:
    """Send the reply; raises Rejected before anything leaves, else as ``GraphClient.send``."""
    recipient, uploads = _recipient(ctx, reply), Uploads(ctx)
    in_group = recipient["recipient_type"] == "group"
    kind, content = content_of(ctx, reply, uploads, in_group=in_group)
    message = {
        "messaging_product": "whatsapp",
        **recipient,
        "type": kind,
        kind: content,
        "biz_opaque_callback_data": reply.id,
    }
    if reply.quotes and kind != "reaction" and not isinstance(reply.parts[0], TemplateUse):
        message["context"] = {"message_id": reply.quotes}
    try:
        sent = GraphClient(ctx).send(message)
    except Rejected as error:
        if uploads.remembered and error.code in _BAD_FILE:
            uploads.forget()
            raise TransientError(f"the file is put at WhatsApp anew, after: {error}") from None
        raise
    addresses = () if in_group else _learned(reply, sent.recipients)
    return Receipt(message_id=sent.message_id, addresses=addresses)


def _recipient(ctx: Context, reply: Reply) -> Mapping[str, Any]:
    """Return whom it is for: a group, or the number where it is known, else the user id.

    A user id in ``to`` is taken by Graph and never delivered, so each has its own key.
    """
    for kind, type_, key in (
        (AddressKind.GROUP, "group", "to"),
        (AddressKind.PHONE, "individual", "to"),
        (AddressKind.BSUID, "individual", "recipient"),
    ):
        for address in reply.to:
            if address.kind is kind:
                return {"recipient_type": type_, key: address.value}
    raise refusal(ctx, "no_address")


def _learned(reply: Reply, recipients: tuple[JsonObject, ...]) -> tuple[Address, ...]:
    """Return the addresses that the answer tells beside those we had.

    The wa_id may be another than the number written to: it is the one that Meta knows.
    """
    return tuple(
        address
        for recipient in recipients[:1]
        for address in known_as(
            identifier(recipient.get("user_id")), identifier(recipient.get("wa_id"))
        )
        if address not in reply.to
    )
