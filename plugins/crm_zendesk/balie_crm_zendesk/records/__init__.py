"""Zendesk's records, read from its JSON: only what Balie uses, and never trusted to be there."""

from .comments import NOT_KNOWN, NOT_SCANNED, Comment, File, comment, comments, file
from .export import Export, TicketEvent, export
from .shapes import listed
from .tickets import MERGED_TAG, Audit, Ticket, audit, ticket
from .users import STAFF, User, user

__all__ = [
    "MERGED_TAG",
    "NOT_KNOWN",
    "NOT_SCANNED",
    "STAFF",
    "Audit",
    "Comment",
    "Export",
    "File",
    "Ticket",
    "TicketEvent",
    "User",
    "audit",
    "comment",
    "comments",
    "export",
    "file",
    "listed",
    "ticket",
    "user",
]
