"""Fills {{placeholders}} of a trigger's texts.

Text goes in as it is: whether Zendesk escapes it for JSON is not documented, so the sandbox takes
the case that breaks careless bodies. Ids and stamps are always safe.
"""

from collections.abc import Callable

from balie_sandbox.zendesk import defaults
from balie_sandbox.zendesk.files.rendering import content_address
from balie_sandbox.zendesk.tickets.change import Change
from balie_sandbox.zendesk.tickets.model import Comment
from balie_sandbox.zendesk.timestamps import stamp, written_out
from balie_sandbox.zendesk.users.directory import Directory
from balie_sandbox.zendesk.users.model import User

from .liquid import Rows, Template

_VIA_TITLES = {"api": "Web service", "web": "Web form", "mail": "Mail"}


def fill(text: str, change: Change, directory: Directory, base_url: str) -> str:
    """Unknown placeholders become nothing, as Liquid does."""
    values = Placeholders(change, directory, base_url)
    return Template(text, values.value, values.rows).fill()


class Placeholders:
    """The values of one change."""

    def __init__(self, change: Change, directory: Directory, base_url: str) -> None:
        self._change = change
        self._directory = directory
        self._base_url = base_url

    def value(self, path: str) -> str:
        ticket = self._change.ticket
        if path.startswith("current_user."):
            return _user_value(self._change.actor.user, path.removeprefix("current_user."))
        for name, user_id in (
            ("requester", ticket.requester_id),
            ("assignee", ticket.assignee_id),
            ("submitter", ticket.submitter_id),
        ):
            prefix = f"ticket.{name}."
            if path.startswith(prefix):
                return _user_value(self._directory.find(user_id), path.removeprefix(prefix))
        if path.startswith(("ticket.latest_comment", "ticket.latest_public_comment")):
            return self._comment_value(path)
        reader = _TICKET.get(path.removeprefix("ticket."))
        if path in ("ticket.link", "ticket.url"):
            return f"{self._base_url}/agent/tickets/{ticket.id}"
        return reader(self._change) if reader and path.startswith("ticket.") else ""

    def rows(self, path: str) -> Rows:
        """What a loop goes through: comments, attachments, tags. The key "" is the row itself."""
        ticket = self._change.ticket
        if path in ("ticket.comments", "ticket.public_comments"):
            shown = [one for one in ticket.comments if one.public or path == "ticket.comments"]
            return [self._comment_row(one) for one in reversed(shown)]
        if path == "ticket.tags":
            return [{"": tag} for tag in ticket.tags]
        comment = {
            "ticket.latest_comment.attachments": ticket.comments[-1] if ticket.comments else None,
            "ticket.latest_public_comment.attachments": ticket.latest_public_comment,
        }.get(path)
        files = comment.files if comment else []
        return [{"filename": one.file_name, "url": content_address(one)} for one in files]

    def _comment_row(self, comment: Comment) -> dict[str, str]:
        parts = ("value", "id", "is_public", "created_at", "author.name", "author.id")
        row = {part: self._of_comment(comment, f".{part}") for part in parts}
        return row | {"": comment.body, "body": comment.body}

    def _comment_value(self, path: str) -> str:
        ticket = self._change.ticket
        public = path.startswith("ticket.latest_public_comment")
        last = ticket.comments[-1] if ticket.comments else None
        comment = ticket.latest_public_comment if public else last
        name = "latest_public_comment" if public else "latest_comment"
        if comment is None:
            return ""
        return self._of_comment(comment, path.removeprefix(f"ticket.{name}"))

    def _of_comment(self, comment: Comment, part: str) -> str:
        author = self._directory.find(comment.author_id)
        return {
            "": comment.body,
            ".value": comment.body,
            "_html": comment.html_body,
            "_rich": comment.html_body,
            ".id": str(comment.id),
            ".is_public": "true" if comment.public else "false",
            ".created_at": written_out(comment.created_at),
            ".created_at_with_time": written_out(comment.created_at),
            ".author.name": author.name if author else "",
            ".author.id": str(comment.author_id),
        }.get(part, "")


def _user_value(user: User | None, part: str) -> str:
    if user is None:
        return ""
    first, _, last = user.name.partition(" ")
    return {
        "id": str(user.id),
        "name": user.name,
        "first_name": first,
        "last_name": last,
        "email": user.email or "",
        "phone": user.phone or "",
        "external_id": user.external_id or "",
        "alias": user.alias or "",
    }.get(part, "")


_TICKET: dict[str, Callable[[Change], str]] = {
    "id": lambda change: str(change.ticket.id),
    "external_id": lambda change: change.ticket.external_id or "",
    "title": lambda change: change.ticket.subject,
    "subject": lambda change: change.ticket.subject,
    "description": lambda change: change.ticket.description,
    "status": lambda change: change.ticket.status.capitalize(),
    "priority": lambda change: (change.ticket.priority or "").capitalize(),
    "ticket_type": lambda change: (change.ticket.type or "").capitalize(),
    "via": lambda change: _VIA_TITLES.get(change.ticket.via.channel, change.ticket.via.channel),
    "tags": lambda change: " ".join(change.ticket.tags),
    "account": lambda _: defaults.BRAND_NAME,
    "brand.name": lambda _: defaults.BRAND_NAME,
    "group.name": lambda change: defaults.GROUP_NAME if change.ticket.group_id else "",
    "created_at_with_timestamp": lambda change: stamp(change.ticket.created_at),
    "updated_at_with_timestamp": lambda change: stamp(change.ticket.updated_at),
    "created_at": lambda change: written_out(change.ticket.created_at),
    "updated_at": lambda change: written_out(change.ticket.updated_at),
}
