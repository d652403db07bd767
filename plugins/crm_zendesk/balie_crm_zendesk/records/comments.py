"""Comments in Zendesk's tickets, and the files that hang on them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from marshmallow import fields

from balie.api import TransientError

from .shapes import Shape, custom, listed, load, mapping, number, text
from .via import via

#: What a scan for malware that is not over says, and one that came to nothing.
NOT_SCANNED = "not_scanned"
NOT_KNOWN = frozenset({NOT_SCANNED, "failed_to_scan"})


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file on a comment. ``scan`` is what Zendesk's scan for malware says.

    It is empty where there is none, and where an admin said to trust the file.
    """

    id: int
    url: str
    name: str
    type: str
    size: int | None
    scan: str
    deleted: bool

    @property
    def infected(self) -> bool:
        """Whether Zendesk found malware in it."""
        return self.scan == "malware_found"


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


class _Comment(Shape):
    id = fields.Integer(required=True)
    author_id = fields.Integer(required=True)
    public = fields.Boolean(required=True, allow_none=True)
    created_at = fields.AwareDateTime(required=True, default_timezone=UTC)
    body = fields.String(load_default="", allow_none=True)
    plain_body = fields.String(load_default="", allow_none=True)
    html_body = fields.String(load_default="", allow_none=True)
    attachments = fields.Raw(load_default=None)
    via = fields.Raw(load_default=None)
    metadata = fields.Raw(load_default=None)


_COMMENT = _Comment()


def comments(page: Mapping[str, Any]) -> tuple[list[Comment], int]:
    """Read a page of comments; return also how many cannot be read and are left out.

    One must not hold up all others. Raises TransientError where none can be read: then it is not
    the comment that is odd.
    """
    rows = listed(page, "comments")
    found: list[Comment] = []
    odd: TransientError | None = None
    for row in rows:
        try:
            found.append(comment(row))
        except TransientError as failure:
            odd = failure
    if odd is not None and not found:
        raise odd
    return found, len(rows) - len(found)


def comment(data: object) -> Comment:
    """Read a comment. Raises TransientError where it is none.

    What any client may write of it can be odd; who wrote what, and when, is Zendesk's own.
    """
    found = load(_COMMENT, data, "comment")
    came = via(found["via"])
    attached = found["attachments"]
    return Comment(
        id=found["id"],
        author_id=found["author_id"],
        public=found["public"] is True,
        created_at=found["created_at"],
        text=found["plain_body"] or found["body"] or "",
        html=found["html_body"] or "",
        files=tuple(map(file, attached if isinstance(attached, list) else ())),
        channel=came.channel,
        relation=came.relation,
        elsewhere=(*came.to_tickets, *came.from_tickets),
        custom=custom(found["metadata"]),
    )


def file(data: object) -> File:
    """Read an attachment. One that says nothing of itself has no address."""
    found = mapping(data)
    trusted = found.get("malware_access_override") is True
    return File(
        id=number(found.get("id")) or 0,
        url=text(found.get("content_url")) or text(found.get("mapped_content_url")),
        name=text(found.get("file_name")),
        type=text(found.get("content_type")),
        size=number(found.get("size")),
        scan="" if trusted else text(found.get("malware_scan_result")),
        deleted=found.get("deleted") is True,
    )
