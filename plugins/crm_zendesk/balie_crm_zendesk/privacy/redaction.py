"""Making a comment unreadable, words and files, in whichever way the account has.

https://developer.zendesk.com/api-reference/ticketing/tickets/comment_redactions/
https://developer.zendesk.com/api-reference/ticketing/tickets/ticket_comments/#redact-string-in-comment
"""

import html
import re

from balie.api import PermanentError
from balie_crm_zendesk import records
from balie_crm_zendesk.client import Client

#: What Zendesk puts in the place of each character, and of a file.
MARK = "▇"
FILE_NAME = "redacted.txt"

_TAG = re.compile(r"(<[^>]*>)")
#: Whose attributes hold words or an address: the tag goes, and its text is redacted by itself.
_TELLING = re.compile(r"<(a|img)\b", re.IGNORECASE)


def is_readable(comment: records.Comment) -> bool:
    """Say whether any of the words can be read."""
    return bool(comment.text.replace(MARK, "").strip())


def files(comment: records.Comment) -> list[records.File]:
    """Return the files that can be fetched."""
    return [file for file in comment.files if not file.deleted and file.name != FILE_NAME]


def redact(client: Client, ticket: records.Ticket, comment: records.Comment) -> str:
    """Make a comment unreadable. Returns why that did not work, or nothing.

    First by the way of the agents' workspace, which closed tickets allow too; then by the older.
    """
    why = _files(client, ticket, comment) if not ticket.is_closed else ""
    try:
        _by_html(client, ticket, comment)
    except PermanentError as refusal:
        if ticket.is_closed or not is_readable(comment):
            return str(refusal)
        return _by_words(client, ticket, comment) or why
    return why


def marked(shown: str) -> str:
    """Return HTML with all of its words marked to be redacted."""
    return "".join(
        _TELLING.sub(r"<\1 redact", one) if one.startswith("<") else _wrapped(one)
        for one in _TAG.split(shown)
    )


def _wrapped(words: str) -> str:
    return f"<redact>{words}</redact>" if html.unescape(words).strip() else words


def _by_html(client: Client, ticket: records.Ticket, comment: records.Comment) -> None:
    shown = comment.html or html.escape(comment.text, quote=False)
    # On a closed ticket files go this way only.
    urls = [file.url for file in files(comment)] if ticket.is_closed else []
    body = {"ticket_id": ticket.id, "html_body": marked(shown)}
    if urls:
        body["external_attachment_urls"] = urls
    client.write("PUT", f"/comment_redactions/{comment.id}", body)


def _by_words(client: Client, ticket: records.Ticket, comment: records.Comment) -> str:
    """Redact line by line: what is asked for must stand in the comment just so."""
    path = f"/tickets/{ticket.id}/comments/{comment.id}/redact"
    why = ""
    for line in dict.fromkeys(comment.text.splitlines()):
        if line.replace(MARK, "").strip():
            try:
                client.write("PUT", path, {"text": line})
            except PermanentError as refusal:
                why = str(refusal)
    return why


def _files(client: Client, ticket: records.Ticket, comment: records.Comment) -> str:
    why = ""
    for file in files(comment):
        path = f"/tickets/{ticket.id}/comments/{comment.id}/attachments/{file.id}/redact"
        try:
            client.write("PUT", path, {})
        except PermanentError as refusal:
            why = str(refusal)
    return why
