"""Comments in Zendesk's tickets, and the files that hang on them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from marshmallow import fields

from .shapes import Metadata, Shape, load
from .via import Via, tickets


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file on a comment. ``infected``: Zendesk found malware and no admin said to trust it."""

    id: int
    url: str
    name: str
    type: str
    size: int | None
    infected: bool
    deleted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """A comment. ``html`` is what the agent's editor made, ``text`` the plain words of it.

    ``relation`` says what it came of (``merge``), ``elsewhere`` are the numbers of the tickets that
    its origin names. ``custom`` is its metadata.
    """

    id: int
    author_id: int
    public: bool
    created_at: datetime
    text: str
    html: str
    files: tuple[File, ...]
    channel: str
    relation: str
    elsewhere: tuple[int, ...]
    custom: Mapping[str, Any]

    @property
    def is_of_a_merge(self) -> bool:
        """Whether a merge wrote it, quoting another ticket."""
        return "merge" in (self.channel, self.relation)


class _File(Shape):
    id = fields.Integer(load_default=0, allow_none=True)
    content_url = fields.String(load_default="", allow_none=True)
    mapped_content_url = fields.String(load_default="", allow_none=True)
    file_name = fields.String(load_default="", allow_none=True)
    content_type = fields.String(load_default="", allow_none=True)
    size = fields.Integer(load_default=None, allow_none=True)
    deleted = fields.Boolean(load_default=False, allow_none=True)
    malware_scan_result = fields.String(load_default="", allow_none=True)
    malware_access_override = fields.Boolean(load_default=False, allow_none=True)


class _Comment(Shape):
    id = fields.Integer(required=True)
    author_id = fields.Integer(required=True)
    public = fields.Boolean(required=True)
    created_at = fields.AwareDateTime(required=True, default_timezone=UTC)
    body = fields.String(load_default="", allow_none=True)
    plain_body = fields.String(load_default="", allow_none=True)
    html_body = fields.String(load_default="", allow_none=True)
    attachments = fields.List(fields.Nested(_File), load_default=list, allow_none=True)
    via = fields.Nested(Via, load_default=dict, allow_none=True)
    metadata = fields.Nested(Metadata, load_default=dict, allow_none=True)


_COMMENT = _Comment()


def comment(data: object) -> Comment:
    """Read a comment. Raises TransientError where it is none."""
    found = load(_COMMENT, data, "comment")
    via = found["via"] or {}
    source = via.get("source") or {}
    return Comment(
        id=found["id"],
        author_id=found["author_id"],
        public=found["public"],
        created_at=found["created_at"],
        text=found["plain_body"] or found["body"] or "",
        html=found["html_body"] or "",
        files=tuple(map(_file, found["attachments"] or ())),
        channel=str(via.get("channel") or ""),
        relation=source.get("rel") or "",
        elsewhere=(*tickets(source.get("to")), *tickets(source.get("from_"))),
        custom=(found["metadata"] or {}).get("custom") or {},
    )


def _file(found: Mapping[str, Any]) -> File:
    flagged = found["malware_scan_result"] == "malware_found"
    return File(
        id=found["id"] or 0,
        url=found["content_url"] or found["mapped_content_url"] or "",
        name=found["file_name"] or "",
        type=found["content_type"] or "",
        size=found["size"],
        infected=flagged and not found["malware_access_override"],
        deleted=bool(found["deleted"]),
    )
