"""Takes words and files out of comments for good, and makes comments private."""

import html
import re

from balie_sandbox.zendesk.errors import blank, closed_ticket, invalid, not_found
from balie_sandbox.zendesk.files.model import StoredFile
from balie_sandbox.zendesk.files.rendering import content_address
from balie_sandbox.zendesk.files.store import FileStore

from .comment_html import html_of_client, text_of_html
from .model import Actor, Comment, Ticket
from .writing import TicketWriting

MARK = "▇"
_REDACTED = re.compile(r"<redact>(.*?)</redact>", re.IGNORECASE | re.DOTALL)
#: An element with the attribute `redact`: only the tag goes, its text stays.
_REDACTED_TAG = re.compile(r"<[^>]*\sredact(?=[\s/>])[^>]*>", re.IGNORECASE)
_TAG = re.compile(r"(<[^>]*>)")


class Redaction:
    """Redactions leave an audit and a webhook event, and run no triggers."""

    def __init__(self, writing: TicketWriting, files: FileStore) -> None:
        self._writing = writing
        self._files = files

    def redact_text(self, actor: Actor, ticket: Ticket, comment: Comment, text: str) -> None:
        """The older way. Raises ApiError (422): closed ticket, no text, text not there."""
        if ticket.status == "closed":
            raise closed_ticket()
        if not text.strip():
            raise blank("text")
        if text not in comment.body:
            raise invalid("text", "Text: is not in the comment", "InvalidValue")
        comment.body = comment.body.replace(text, MARK * len(text))
        shown = html.escape(text, quote=False)
        comment.html_body = comment.html_body.replace(shown, MARK * len(text))
        self._tell(actor, ticket, comment)

    def redact_html(
        self, actor: Actor, ticket: Ticket, comment: Comment, html_body: str, urls: list[str]
    ) -> None:
        """What stands in <redact> tags, elements with the attribute, and files by address.

        Works on closed tickets too (developer docs, comment_redactions).
        """
        if html_body:
            marked = _REDACTED.sub(lambda found: _blacked(found[1]), html_body)
            comment.html_body = html_of_client(_REDACTED_TAG.sub("", marked))
            comment.body = text_of_html(comment.html_body)
        for file in comment.files:
            if content_address(file) in urls or file.content_url in urls:
                self._files.redact(file)
        self._tell(actor, ticket, comment)

    def redact_file(
        self, actor: Actor, ticket: Ticket, comment: Comment, file_id: int
    ) -> StoredFile:
        """Raises ApiError: 404, 422 on a closed ticket."""
        if ticket.status == "closed":
            raise closed_ticket()
        for file in comment.files:
            if file.id == file_id:
                self._files.redact(file)
                change = self._writing.open(actor, ticket, {})
                change.quiet = True
                shown = {"attachment": {"id": str(file.id)}, "comment": {"id": str(comment.id)}}
                event = {"type": "AttachmentRedactionEvent", "attachment_id": file.id}
                change.happen(
                    event | {"comment_id": comment.id},
                    "ticket.attachment_redacted_from_comment",
                    shown,
                )
                self._writing.finish(change)
                return file
        raise not_found()

    def make_private(self, actor: Actor, ticket: Ticket, comment: Comment) -> None:
        """For good: there is no way back."""
        if ticket.status == "closed":
            raise closed_ticket()
        if not comment.public:
            return
        comment.public = False
        change = self._writing.open(actor, ticket, {})
        change.quiet = True
        event = {"type": "CommentPrivacyChange", "comment_id": comment.id, "public": False}
        shown = {"comment": {"id": str(comment.id)}}
        change.happen(event, "ticket.comment_made_private", shown)
        self._writing.finish(change)

    def _tell(self, actor: Actor, ticket: Ticket, comment: Comment) -> None:
        if ticket.comments[0] is comment:
            ticket.description = comment.body
        change = self._writing.open(actor, ticket, {})
        change.quiet = True
        event = {"type": "CommentRedactionEvent", "comment_id": comment.id}
        change.happen(event, "ticket.comment_redacted", {"comment": {"id": str(comment.id)}})
        self._writing.finish(change)


def comment_of(ticket: Ticket, comment_id: int) -> Comment:
    """Raises ApiError (404)."""
    for comment in ticket.comments:
        if comment.id == comment_id:
            return comment
    raise not_found()


def _blacked(inner: str) -> str:
    """Each character marked, the tags in between left."""
    parts = _TAG.split(inner)
    return "".join(one if one.startswith("<") else MARK * len(one) for one in parts)
