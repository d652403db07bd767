"""A customer and the phone in their hand."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from .messages import Message

#: How long a business that was in touch sees the number of a customer with a username.
SHARED_FOR = timedelta(days=30)


class Persona(StrEnum):
    """What a business gets to see of a customer (reference/whatsapp.md 3.3)."""

    PHONE = "phone"  # number and BSUID
    USERNAME = "username"  # number, BSUID and a username
    RECENT = "recent"  # a username, and the number for 30 days after each contact
    BSUID_ONLY = "bsuid_only"  # a username and no number
    LEGACY = "legacy"  # as before April 2026: a number only


WITH_USERNAME = (Persona.USERNAME, Persona.RECENT, Persona.BSUID_ONLY)


@dataclass(slots=True)
class Phone:
    """A customer. Each switch can be set by POST /control/whatsapp/phones/<number>."""

    wa_id: str
    user_id: str
    name: str
    username: str
    persona: Persona = Persona.PHONE
    #: Of businesses with linked portfolios only: US.ENT. and digits.
    parent_user_id: str | None = None
    #: What the business's identity check compares; None while nobody asked.
    identity_hash: str | None = None
    online: bool = True
    read_receipts: bool = True
    auto_read: bool = False
    #: The chat is on the screen: a message is read at once and never only "delivered".
    chat_open: bool = False
    not_on_whatsapp: bool = False
    #: The customer blocked the business, which then sees code 131026.
    blocks_business: bool = False
    #: The customer wants no marketing (131050).
    marketing_stopped: bool = False
    #: Codes that the next messages fail with, one each.
    failures: list[int] = field(default_factory=list)
    #: "no_permission", "temporary" or "permanent": whether the business may call.
    call_permission: str = "no_permission"
    #: What the phone shows, oldest first.
    shown: list[Message] = field(default_factory=list)
    #: What waits for the phone to come online.
    waiting: list[Message] = field(default_factory=list)
    typing_until: datetime | None = None
