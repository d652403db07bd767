"""Agents' answers: which comments of a ticket are for the customer."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from balie.api import AgentReplied, Context, Event, Part, RawEvent, Refused, Text, Unknown
from balie_crm_zendesk import records
from balie_crm_zendesk.client import Client
from balie_crm_zendesk.errors import NotFound
from balie_crm_zendesk.tickets import traces

from . import webhook

#: How far before a webhook its ticket is read, beyond the newest hundred comments: for webhooks
#: that Zendesk never sent (it stops for minutes when a receiver fails) in a busy ticket.
LOOK_BACK = timedelta(hours=24)


def replies(ctx: Context, raw: RawEvent) -> list[Event]:
    """Return the agents' public comments in the event's ticket, oldest first.

    Those told before are told again: a comment's id is its identity, and forgetting nothing
    matters more than brevity.
    """
    client = Client(ctx)
    ticket_id = webhook.ticket_id(raw.body)
    try:
        ticket = records.ticket(client.get(f"/tickets/{ticket_id}").get("ticket"))
        comments, users = _read(client, ticket_id, raw)
    except NotFound:
        return [Refused(reason=f"Ticket {ticket_id} is not in Zendesk any more.")]
    sieve = _Sieve(client, ticket, users)
    found = [_reply(ticket_id, one, sieve.author(one)) for one in comments if sieve.lets_pass(one)]
    told = sorted(
        (one for one in found if one.parts), key=lambda one: (one.at, int(one.comment_id))
    )
    return [*told] or [Refused(reason=f"Ticket {ticket_id} has no public answer of an agent.")]


def _read(
    client: Client, ticket_id: str, raw: RawEvent
) -> tuple[list[records.Comment], dict[int, records.User]]:
    """Return comments, newest first, and their authors as far as Zendesk sends them along."""
    comments: list[records.Comment] = []
    users: dict[int, records.User] = {}
    for page in client.pages(
        f"/tickets/{ticket_id}/comments",
        sort="-created_at",
        include="users",
        # Images that an agent pastes are among the attachments only if asked for.
        include_inline_images="true",
    ):
        comments += map(records.comment, records.listed(page, "comments"))
        users |= {user.id: user for user in map(records.user, _sideloaded(page))}
        if comments and comments[-1].created_at < raw.at - LOOK_BACK:
            break
    return comments, users


def _sideloaded(page: dict[str, Any]) -> list[Any]:
    return records.listed(page, "users") if "users" in page else []


class _Sieve:
    """Lets through what an agent said to the customer, and nothing else."""

    def __init__(
        self, client: Client, ticket: records.Ticket, users: dict[int, records.User]
    ) -> None:
        self._client = client
        self._ticket = ticket
        self._users: dict[int, records.User | None] = dict(users)

    def lets_pass(self, comment: records.Comment) -> bool:
        if not comment.public or traces.BATCH in comment.custom:
            return False
        # What a merge adds quotes another ticket, perhaps another customer's.
        if "merge" in (comment.channel, comment.relation):
            return False
        author = self.author(comment)
        if author is None or author.role not in records.STAFF:
            return False
        # An agent who is the requester writes as the customer.
        if author.id == self._ticket.requester_id:
            return False
        return not (comment.channel == "api" and author.id == self._client.my_id())

    def author(self, comment: records.Comment) -> records.User | None:
        """Return the comment's author; None for Zendesk's own automation and for the deleted."""
        key = comment.author_id
        if key not in self._users:
            self._users[key] = self._asked(key) if key > 0 else None
        return self._users[key]

    def _asked(self, user_id: int) -> records.User | None:
        try:
            return records.user(self._client.get(f"/users/{user_id}").get("user"))
        except NotFound:
            return None


def _reply(ticket_id: str, comment: records.Comment, author: records.User | None) -> AgentReplied:
    parts: Iterator[Part] = (
        Unknown(type="attachment", text=f"[{file.name or 'attachment'}]") for file in comment.files
    )
    text = _plain(comment.text)
    return AgentReplied(
        ticket_id=ticket_id,
        comment_id=str(comment.id),
        at=comment.created_at,
        parts=(*((Text(text=text),) if text else ()), *parts),
        author=(author.alias or author.name) if author else "",
    )


def _plain(text: str) -> str:
    """Return the text without what Zendesk's editor leaves in it."""
    words = text.replace("&nbsp;", " ").replace("\u00a0", " ").replace("\r\n", "\n")
    return "\n".join(line.rstrip() for line in words.split("\n")).strip()
