"""Comments: who wrote them, what they say, who may see them."""

from typing import Any

from balie_sandbox.zendesk import fields
from balie_sandbox.zendesk.clock_source import ClockSource
from balie_sandbox.zendesk.errors import Json, blank, invalid, wrong_type
from balie_sandbox.zendesk.files.model import StoredFile
from balie_sandbox.zendesk.files.store import FileStore
from balie_sandbox.zendesk.settings import AccountSettings
from balie_sandbox.zendesk.users.directory import Directory
from balie_sandbox.zendesk.users.model import User

from .change import Change
from .comment_html import html_of_client, html_of_text, text_of_html
from .model import Actor, Comment, Ticket, Via

#: About 64 KB; Zendesk's pages give no exact figure.
MAX_BODY_BYTES = 65_536


class Commenting:
    """Reads a comment out of a ticket's JSON and adds it to the ticket."""

    def __init__(
        self,
        directory: Directory,
        source: ClockSource,
        files: FileStore,
        settings: AccountSettings,
    ) -> None:
        self._directory = directory
        self._source = source
        self._files = files
        self._settings = settings

    def first(self, data: Json) -> Json:
        """The comment a new ticket starts with; `description` is its older name."""
        comment = self._read(data)
        if comment is None and "description" in data:
            comment = {"body": fields.text(data, "description")}
        if comment is None:
            raise invalid("base", "Description: cannot be blank", "BlankValue")
        return self._checked(comment)

    def next(self, data: Json) -> Json | None:
        """The comment of an update, if it has one. Raises ApiError (422)."""
        comment = self._read(data)
        return None if comment is None else self._checked(comment)

    def first_author(self, actor: Actor, data: Json, comment: Json) -> User:
        """The submitter is always the author of the first comment; else the API user is."""
        asked = fields.identifier(data, "submitter_id") or fields.identifier(comment, "author_id")
        return self._author(asked, actor)

    def next_author(self, actor: Actor, comment: Json | None) -> User:
        return self._author(fields.identifier(comment or {}, "author_id"), actor)

    def say(self, change: Change, comment: Json, author_id: int) -> None:
        """Add the comment, with its files, to the ticket and its audit.

        Raises ApiError (422) at the 5,001st: "5,000 comments per ticket, then 422 on new comments
        only" (developer docs, ticket_comments).
        """
        if len(change.ticket.comments) >= self._settings.max_comments:
            raise invalid("comment", "Comment: the ticket has too many comments", "TooMany")
        text, shown = bodies(comment)
        public = fields.flag(comment, "public")
        change.say(
            Comment(
                self._source.new_id(),
                author_id,
                text,
                shown,
                self._default_visibility(change) if public is None else public,
                change.audit.id,
                Via(change.actor.channel),
                self._source.now(),
                change.audit.metadata,
                self._claimed(comment, shown),
            )
        )

    def copy_files(self, comment: Comment, sources: list[Ticket]) -> None:
        """ "Any attachment to the source ticket is copied to the target ticket." """
        there = [file for one in sources for said in one.comments for file in said.files]
        comment.files = [self._files.copy(file) for file in there]

    def _claimed(self, comment: Json, shown: str) -> list[StoredFile]:
        """The upload's files; those that the HTML shows are inline images."""
        files = self._files.claim(upload_tokens(comment))
        for file in files:
            file.inline = file.inline or file.token in shown
        return files

    def _default_visibility(self, change: Change) -> bool:
        return change.is_create or change.ticket.is_public

    def _author(self, asked: int | None, actor: Actor) -> User:
        if asked is None:
            return actor.user
        user = self._directory.find(asked)
        if user is None or not user.active:
            raise invalid("author", "Author: is invalid", "InvalidValue")
        if user.suspended:
            raise invalid("author", f"Author: {user.name} is suspended.")
        return user

    def _read(self, data: Json) -> Json | None:
        comment: Any = data.get("comment")
        if isinstance(comment, str):
            return {"body": comment}
        return fields.mapping(data, "comment")

    def _checked(self, comment: Json) -> Json:
        text, shown = bodies(comment)
        tokens = upload_tokens(comment)
        self._files.check(tokens)
        if not text.strip() and not tokens and "<img" not in shown:
            raise blank("comment")
        if len(text.encode()) > MAX_BODY_BYTES:
            raise invalid("comment", "Comment: is too long (maximum 64 KB)", "ValueTooLong")
        fields.flag(comment, "public")
        fields.identifier(comment, "author_id")
        return comment


def upload_tokens(comment: Json) -> list[str]:
    """`uploads` is a list of tokens; a bare token is taken as well. Raises ApiError (422)."""
    sent = comment.get("uploads")
    tokens = [sent] if isinstance(sent, str) else sent or []
    if not isinstance(tokens, list) or not all(isinstance(one, str) for one in tokens):
        raise wrong_type("uploads", "a list of tokens")
    return tokens


def bodies(comment: Json) -> tuple[str, str]:
    """The comment as text and as HTML, whichever of the two was sent."""
    client_html = fields.text(comment, "html_body")
    if client_html:
        return text_of_html(client_html), html_of_client(client_html)
    text = fields.text(comment, "body") or ""
    return text, html_of_text(text)
