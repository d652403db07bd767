"""From what a caller of the control asked for to what the customer writes."""

from datetime import UTC, datetime
from typing import Any

from balie_sandbox.graph.account import GraphAccount
from balie_sandbox.graph.messages import Message
from balie_sandbox.graph.model import Number
from balie_sandbox.graph.phones import Phone

from .kinds import parts_of, unsupported_parts
from .scene import Parts, Scene
from .writing import Written, customer_writes

#: What an ad brings along (reference/whatsapp.md 2.12).
REFERRAL: dict[str, Any] = {
    "source_url": "https://fb.me/sandbox-ad",
    "source_id": "120226305854810726",
    "source_type": "ad",
    "headline": "Chat met ons",
    "body": "De zomer begint hier.",
    "media_type": "image",
    "image_url": "https://example.org/ad.jpg",
    "ctwa_clid": "Aff-sandbox-click",
}
FORWARDS = {True: {"forwarded": True}, "frequently": {"frequently_forwarded": True}}


def write_as_asked(
    account: GraphAccount, phone: Phone, number: Number, asked: dict[str, Any]
) -> Message:
    """Let the customer write what was asked for, once. Raises BadInput."""
    scene = Scene(account, phone, number, asked)
    asked_type = str(asked["type"])
    parts = parts_of(scene, asked_type)
    silently = None
    if asked_type in ONLY_COEXISTING and number.coexists_since is None and "message" not in asked:
        silently = (asked_type, parts[asked_type])
        parts = unsupported_parts(scene) | {"unsupported": {"type": asked_type}}
        asked_type = "unsupported"
    written = Written(
        # A recording is an audio message with a mark.
        type="audio" if asked_type == "voice" else asked_type,
        parts=parts | extras(asked),
        reply_to=asked.get("reply_to"),
        context=asked.get("context", {}) | FORWARDS.get(asked.get("forwarded"), {}),
        group_id=asked.get("group"),
        at=datetime.fromtimestamp(asked["timestamp"], UTC) if "timestamp" in asked else None,
        silently=silently,
    )
    return customer_writes(account, phone, number, written)


#: Numbers without the app get these as unsupported (reference/whatsapp.md 2.10).
ONLY_COEXISTING = {"edit", "revoke"}


def extras(asked: dict[str, Any]) -> Parts:
    """Return what any type can have: a referral, errors, an id of the caller's choice."""
    found: Parts = {key: asked[key] for key in ("errors", "id") if key in asked}
    referral = asked.get("referral")
    if referral:
        found["referral"] = REFERRAL | (referral if isinstance(referral, dict) else {})
    return found
