"""What an agent does in the helpdesk's own screens: answer, note, solve; and the automations."""

import html
from collections.abc import Sequence
from dataclasses import dataclass

from balie_sandbox.zendesk import defaults
from balie_sandbox.zendesk.account import ZendeskAccount
from balie_sandbox.zendesk.errors import Json
from balie_sandbox.zendesk.files.rendering import content_address
from balie_sandbox.zendesk.records.macro_applying import applied
from balie_sandbox.zendesk.records.model import Record
from balie_sandbox.zendesk.tickets.comment_html import html_of_text
from balie_sandbox.zendesk.tickets.model import Actor, Ticket
from balie_sandbox.zendesk.users.model import User


class UnknownAgent(LookupError):
    """No agent of the account has this id or name."""


def find_agent(account: ZendeskAccount, who: object) -> User:
    """An agent by id, name or alias; the first one for None. Raises UnknownAgent."""
    agents = account.agents()
    if who is None and agents:
        return agents[0]
    for agent in agents:
        names = (str(agent.id), agent.name.lower(), (agent.alias or "").lower())
        if str(who).lower() in names:
            return agent
    raise UnknownAgent("There is no such agent." if who else "The account has no agents.")


def answer(
    account: ZendeskAccount, ticket: Ticket, agent: User, comment: Json, *, solve: bool
) -> None:
    """Say something on a ticket through the agent's screen.

    An agent who answers an unassigned ticket takes it, as accounts have it by default; a new
    ticket becomes open by that. Raises ApiError (422) on a closed ticket or an empty comment.
    """
    data: Json = {"comment": comment}
    if ticket.assignee_id is None:
        data["assignee_id"] = agent.id
        data["group_id"] = agent.default_group_id
    if solve:
        data["status"] = "solved"
    elif ticket.status == "new":
        data["status"] = "open"
    account.ticket_writing.update(at_screen(agent), ticket, data)


@dataclass(frozen=True, slots=True)
class AgentFile:
    """A file that an agent adds: attached, or pasted into the text. `address` plants another one
    than the account's own."""

    name: str
    content_type: str
    data: bytes
    inline: bool = False
    address: str | None = None


def attach(account: ZendeskAccount, comment: Json, files: Sequence[AgentFile]) -> None:
    """Upload the files and put their tokens, and the inline images, into the comment.

    Raises ApiError as an upload does: 413, 422.
    """
    images = ""
    for sent in files:
        file = account.files.store(sent.name, sent.content_type, sent.data)
        if sent.address:
            file.content_url = sent.address
        comment.setdefault("uploads", []).append(account.files.upload(file).token)
        if sent.inline:
            address = html.escape(content_address(file))
            images += f'<p dir="auto"><img src="{address}" alt="{html.escape(sent.name)}"></p>'
            file.inline = True
    if images:
        text = str(comment.get("body") or "")
        comment["html_body"] = str(comment.get("html_body") or html_of_text(text)) + images


def set_status(account: ZendeskAccount, ticket: Ticket, agent: User, status: str) -> None:
    """Change the status in the screen; closing is what the nightly automation does."""
    actor = at_screen(agent)
    if status == "closed":
        actor = Actor(account.users.get(defaults.ADMIN_ID), "rule")
    account.ticket_writing.update(actor, ticket, {"status": status})


def change_fields(account: ZendeskAccount, ticket: Ticket, agent: User, data: Json) -> None:
    """Fields of the ticket, changed in the screen. Raises ApiError (422)."""
    account.ticket_writing.update(at_screen(agent), ticket, data)


def apply_macro(account: ZendeskAccount, ticket: Ticket, agent: User, macro: Record) -> None:
    """Run a macro and submit what it filled in."""
    changes = applied(account, at_screen(agent), ticket, macro)
    values = changes.pop("fields")
    if values:
        changes["custom_fields"] = [{"id": key, "value": value} for key, value in values.items()]
    account.ticket_writing.update(at_screen(agent), ticket, changes)


def mail_in(account: ZendeskAccount, ticket: Ticket, user: User, body: str) -> None:
    """The customer, or somebody copied in, answers by mail: the actor is the end user."""
    account.ticket_writing.update(Actor(user, "mail"), ticket, {"comment": {"body": body}})


def at_screen(agent: User) -> Actor:
    return Actor(agent, "web", "Sandbox desk", "127.0.0.1")
