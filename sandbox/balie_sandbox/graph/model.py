"""What a business has at Meta: apps, accounts, numbers; and the changes it hears of."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

#: What an app can subscribe to (reference/whatsapp.md 1.7).
WEBHOOK_FIELDS = frozenset(
    {
        "account_alerts",
        "account_review_update",
        "account_settings_update",
        "account_update",
        "automatic_events",
        "business_capability_update",
        "business_status_update",
        "business_username_updates",
        "calls",
        "flows",
        "group_lifecycle_update",
        "group_participants_update",
        "group_settings_update",
        "group_status_update",
        "history",
        "message_echoes",
        "message_template_components_update",
        "message_template_quality_update",
        "message_template_status_update",
        "messages",
        "messaging_handovers",
        "partner_solutions",
        "payment_configuration_update",
        "phone_number_name_update",
        "phone_number_quality_update",
        "security",
        "smb_app_state_sync",
        "smb_message_echoes",
        "standby",
        "template_category_update",
        "template_correct_category_detection",
        "tracking_events",
        "user_preferences",
    }
)


@dataclass(slots=True)
class Callback:
    """Where webhooks go, and the token of its handshake."""

    url: str
    verify_token: str = ""


@dataclass(slots=True)
class App:
    """A developer's app. ``secret`` signs its webhooks; ``fields`` are those it wants."""

    id: str
    secret: str
    name: str
    callback: Callback | None = None
    fields: set[str] = field(default_factory=lambda: set(WEBHOOK_FIELDS))


@dataclass(slots=True)
class Waba:
    """A WhatsApp Business Account. ``apps`` may use it; ``subscribed`` hear of it."""

    id: str
    name: str
    apps: set[str] = field(default_factory=set)
    #: By app id: its override of the app's callback, or None.
    subscribed: dict[str, Callback | None] = field(default_factory=dict)
    #: What POST /{waba-id} and the control change, over the usual values.
    changed: dict[str, Any] = field(default_factory=dict)


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
    #: Of two-step verification; None until the first registration.
    pin: str | None = None
    #: When each customer (by wa_id) last wrote: the service window counts from here.
    last_inbound: dict[str, datetime] = field(default_factory=dict)
    #: When each customer (by wa_id) was last in touch either way, for who sees whose number.
    last_contact: dict[str, datetime] = field(default_factory=dict)
    #: By wa_id: when a customer came through an ad, and until when all is free after it.
    referred: dict[str, datetime] = field(default_factory=dict)
    free_entry: dict[str, datetime] = field(default_factory=dict)
    #: Delivered service messages by month ("2026-11"), for the free allowance.
    delivered_by_month: Counter[str] = field(default_factory=Counter)
    #: When each customer (by wa_id) was last reached outside the window, for the tier.
    reached: dict[str, datetime] = field(default_factory=dict)
    #: What the control changes over the usual fields: quality_rating, status, ...
    changed: dict[str, Any] = field(default_factory=dict)
    #: A code of Meta's table that every send is refused with: 131031, 368, 131045, ...
    refuses_with: int | None = None
    #: When the number began to be used in the WhatsApp Business app as well (coexistence).
    coexists_since: datetime | None = None
    profile: dict[str, Any] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)
    commerce: dict[str, Any] = field(default_factory=dict)
    automation: dict[str, Any] = field(default_factory=dict)
    username: str | None = None
    #: By code: prefilled message.
    qr_codes: dict[str, str] = field(default_factory=dict)
    #: By wa_id, those this business has blocked.
    blocked: set[str] = field(default_factory=set)
    #: Coexistence syncs that were asked for already.
    synced: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Change:
    """What one element of ``changes[]`` says, and whom it pleases to hear that it arrived."""

    field: str
    value: dict[str, Any]
    then: Callable[[], None] | None = None
