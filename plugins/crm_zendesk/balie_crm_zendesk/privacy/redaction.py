"""Making a comment unreadable, words and files, in whichever way the account has.

https://developer.zendesk.com/api-reference/ticketing/tickets/comment_redactions/
https://developer.zendesk.com/api-reference/ticketing/tickets/ticket_comments/#redact-string-in-comment
"""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass

from balie.api import PermanentError
from balie_crm_zendesk import records
from balie_crm_zendesk.client import Client
from balie_crm_zendesk.errors import NotFound

#: What Zendesk puts in the place of each character, and of a file.
MARK = "▇"
FILE_NAME = "redacted.txt"

TAG = re.compile(r"(<[^>]*>)")
#: Whose attributes hold words or an address: the tag goes, and its text is redacted by itself.
TELLING = re.compile(r"<(a|img)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Part:
    """What of a comment is to go: marked in its HTML, as lines of words, and files.

    ``asked`` are the words that the older way is asked to take out.
    """

    html: str
    words: tuple[str, ...]
    asked: tuple[str, ...]
    files: tuple[records.File, ...]

    @property
    def is_readable(self) -> bool:
        """Whether any of the words can be read."""
        return any(map(can_be_read, self.words))


def whole(comment: records.Comment) -> Part:
    """Return a whole comment, to go."""
    lines = tuple(dict.fromkeys(comment.text.splitlines()))
    return Part(html=marked(shown(comment)), words=lines, asked=lines, files=tuple(files(comment)))


def shown(comment: records.Comment) -> str:
    """Return a comment as HTML."""
    return comment.html or html.escape(comment.text, quote=False)


def is_readable(comment: records.Comment) -> bool:
    """Say whether any of the words can be read."""
    return can_be_read(comment.text)


def files(comment: records.Comment) -> list[records.File]:
    """Return the files that can be fetched."""
    return [file for file in comment.files if not file.deleted and file.name != FILE_NAME]


def redact(
    client: Client, ticket: records.Ticket, comment: records.Comment, part: Part | None = None
) -> str:
    """Make a comment unreadable, or a part of it. Returns why that did not work, or nothing.

    First by the way of the agents' workspace, which closed tickets allow too; then by the older.
    """
    part = part or whole(comment)
    why = _files(client, ticket, comment, part.files) if not ticket.is_closed else ""
    try:
        _by_html(client, ticket, comment, part)
    except PermanentError as refusal:
        if ticket.is_closed or not part.is_readable:
            return str(refusal)
        return _by_words(client, ticket, comment, part.asked) or why
    return why


def marked(shown: str) -> str:
    """Return HTML with all of its words marked to be redacted."""
    return "".join(
        TELLING.sub(r"<\1 redact", one) if one.startswith("<") else _wrapped(one)
        for one in TAG.split(shown)
    )


def comments_in(client: Client, number: int) -> list[records.Comment] | None:
    """Return a ticket's comments; None where the ticket is gone."""
    found: list[records.Comment] = []
    try:
        pages = client.pages(f"/tickets/{number}/comments", include_inline_images="true")
        for page in pages:
            found += map(records.comment, records.listed(page, "comments"))
    except NotFound:
        return None
    return found


def _wrapped(words: str) -> str:
    return f"<redact>{words}</redact>" if html.unescape(words).strip() else words


def can_be_read(words: str) -> bool:
    """Say whether any of these words can be read."""
    return bool(words.replace(MARK, "").strip())


def _by_html(client: Client, ticket: records.Ticket, comment: records.Comment, part: Part) -> None:
    # On a closed ticket files go this way only.
    urls = [file.url for file in part.files] if ticket.is_closed else []
    body = {"ticket_id": ticket.id, "html_body": part.html}
    if urls:
        body["external_attachment_urls"] = urls
    client.write("PUT", f"/comment_redactions/{comment.id}", body)


def _by_words(
    client: Client, ticket: records.Ticket, comment: records.Comment, words: Sequence[str]
) -> str:
    """Redact line by line: what is asked for must stand in the comment just so."""
    path = f"/tickets/{ticket.id}/comments/{comment.id}/redact"
    why = ""
    # The longest first: a short one may stand within another, which is then not there any more.
    for line in sorted(words, key=len, reverse=True):
        if can_be_read(line):
            try:
                client.write("PUT", path, {"text": line})
            except PermanentError as refusal:
                why = str(refusal)
    return why


def _files(
    client: Client,
    ticket: records.Ticket,
    comment: records.Comment,
    theirs: Sequence[records.File],
) -> str:
    why = ""
    for file in theirs:
        path = f"/tickets/{ticket.id}/comments/{comment.id}/attachments/{file.id}/redact"
        try:
            client.write("PUT", path, {})
        except PermanentError as refusal:
            why = str(refusal)
    return why
