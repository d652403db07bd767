"""What the Graph API's side consists of."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Persona(StrEnum):
    """What a business gets to see of a customer (reference/whatsapp.md 3.3)."""

    PHONE = "phone"  # number and BSUID
    USERNAME = "username"  # number, BSUID and a username
    BSUID_ONLY = "bsuid_only"  # a username and no number
    LEGACY = "legacy"  # as before April 2026: a number only


@dataclass(slots=True)
class Callback:
    """Where webhooks go, and the token of its handshake."""

    url: str
    verify_token: str = ""


@dataclass(slots=True)
class App:
    """A developer's app. ``tokens`` act for it; ``secret`` signs its webhooks."""

    id: str
    secret: str
    name: str
    tokens: set[str] = field(default_factory=set)
    callback: Callback | None = None
    fields: set[str] = field(default_factory=lambda: {"messages"})


@dataclass(slots=True)
class Waba:
    """A WhatsApp Business Account. ``apps`` may use it; ``subscribed`` hear of it."""

    id: str
    name: str
    apps: set[str] = field(default_factory=set)
    #: By app id: its override of the app's callback, or None.
    subscribed: dict[str, Callback | None] = field(default_factory=dict)


@dataclass(slots=True)
class Number:
    """A business's phone number."""

    id: str
    waba_id: str
    #: Digits only, as webhooks show it.
    display: str
    verified_name: str
    #: By app id.
    overrides: dict[str, Callback] = field(default_factory=dict)
    registered: bool = True
    #: When each customer (by wa_id) last wrote: the service window counts from here.
    last_inbound: dict[str, datetime] = field(default_factory=dict)
    #: Delivered service messages by month ("2026-11"), for the free allowance.
    delivered_by_month: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class Message:
    """One message, as the customer's phone holds it.

    ``direction`` is the phone's: "out" was typed by the customer, "in" came from the
    business. ``status`` of "out" climbs pending, sent (a webhook was accepted), read; of
    "in" accepted, sent, delivered, read, or is failed.
    """

    id: str
    number_id: str
    wa_id: str
    direction: str
    type: str
    content: Any
    at: datetime
    status: str
    quoted_id: str | None = None
    #: Of "in": what the business asked to have echoed, and how it addressed the customer.
    opaque: str | None = None
    by_user_id: bool = False
    error_code: int | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the message as a phone shows it."""
        shown: dict[str, Any] = {
            "id": self.id,
            "direction": self.direction,
            "type": self.type,
            "text": self.content.get("body") if self.type == "text" else None,
            "at": self.at.isoformat(),
            "status": self.status,
            "phone_number_id": self.number_id,
        }
        if self.type != "text":
            shown["message"] = self.content
        if self.quoted_id is not None:
            shown["context"] = {"id": self.quoted_id}
        return shown


@dataclass(frozen=True, slots=True)
class Change:
    """What one element of ``changes[]`` says, and whom it pleases to hear that it arrived."""

    value: dict[str, Any]
    then: Callable[[], None] | None


@dataclass(slots=True)
class Phone:
    """A customer and the phone in their hand."""

    wa_id: str
    user_id: str
    name: str
    username: str
    persona: Persona = Persona.PHONE
    online: bool = True
    read_receipts: bool = True
    auto_read: bool = False
    not_on_whatsapp: bool = False
    #: What the phone shows, oldest first.
    shown: list[Message] = field(default_factory=list)
    #: What waits for the phone to come online.
    waiting: list[Message] = field(default_factory=list)
    typing_until: datetime | None = None


@dataclass(slots=True)
class Settings:
    """Switches of the Graph side; POST /control/whatsapp/settings changes them."""

    #: 131056 beyond a burst of 45 and one message per 6 seconds to one customer.
    pair_limit: bool = True
    #: 130429 beyond this many messages in one second on one number.
    throughput_limit: bool = True
    messages_per_second: int = 80
    #: Refuse outside the 24-hour window in the answer, instead of by a failed status.
    window_error_sync: bool = False
    #: Write webhooks with \\uXXXX and \\/, as Meta often does.
    escape_unicode: bool = True
    #: Retry webhooks that failed.
    retries: bool = True
    #: Put up to this many changes of one number into one webhook, as Meta may under load.
    batch_size: int = 1
