"""A ticket, its comments and its audits."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from balie_sandbox.zendesk.files.model import StoredFile
from balie_sandbox.zendesk.users.model import User

#: In the order that less_than and greater_than go by.
STATUSES = ("new", "open", "pending", "hold", "solved", "closed")
PRIORITIES = ("urgent", "high", "normal", "low")
TYPES = ("problem", "incident", "question", "task")

#: Channels as the API names them, and the ids by which trigger conditions know them.
VIA_IDS = {"web": 0, "mail": 4, "api": 5, "rule": 8, "merge": 19, "batch": 20, "closed_ticket": 27}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who writes, and through what: the API user, an agent at the desk, or an automation."""

    user: User
    channel: str = "api"
    client: str = ""
    ip_address: str = ""


@dataclass(slots=True)
class Via:
    """How a ticket, comment or audit came about."""

    channel: str
    rel: str | None = None
    origin: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {
            "channel": self.channel,
            "source": {"from": dict(self.origin), "to": {}, "rel": self.rel},
        }


@dataclass(slots=True)
class Comment:
    """Something said on a ticket. Its id is also the id of the audit's Comment event."""

    id: int
    author_id: int
    body: str
    html_body: str
    public: bool
    audit_id: int
    via: Via
    created_at: datetime
    metadata: dict[str, Any]
    files: list[StoredFile] = field(default_factory=list)


@dataclass(slots=True)
class Audit:
    """One write of a ticket and all that it did."""

    id: int
    ticket_id: int
    author_id: int
    created_at: datetime
    via: Via
    metadata: dict[str, Any]
    events: list[dict[str, Any]] = field(default_factory=list)
    comment: Comment | None = None


@dataclass(slots=True)
class Ticket:
    """One ticket. `custom_fields` is keyed by the field's id."""

    id: int
    subject: str
    description: str
    requester_id: int
    submitter_id: int
    via: Via
    created_at: datetime
    updated_at: datetime
    status: str = "new"
    priority: str | None = None
    type: str | None = None
    external_id: str | None = None
    assignee_id: int | None = None
    group_id: int | None = None
    organization_id: int | None = None
    brand_id: int | None = None
    ticket_form_id: int | None = None
    is_public: bool = True
    followup_source_id: int | None = None
    followup_ids: list[int] = field(default_factory=list)
    email_cc_ids: list[int] = field(default_factory=list)
    follower_ids: list[int] = field(default_factory=list)
    #: None: the default status of the category.
    custom_status_id: int | None = None
    satisfaction_rating: dict[str, Any] | None = None
    deleted_at: datetime | None = None
    deleted_by_id: int | None = None
    tags: list[str] = field(default_factory=list)
    custom_fields: dict[int, Any] = field(default_factory=dict)
    comments: list[Comment] = field(default_factory=list)
    audits: list[Audit] = field(default_factory=list)

    @property
    def latest_public_comment(self) -> Comment | None:
        return next((one for one in reversed(self.comments) if one.public), None)
