"""What an agent does in the helpdesk's own screens: answer, note, solve; and the automations."""

from balie_sandbox.zendesk import defaults
from balie_sandbox.zendesk.account import ZendeskAccount
from balie_sandbox.zendesk.errors import Json
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
    account.ticket_writing.update(_at_screen(agent), ticket, data)


def set_status(account: ZendeskAccount, ticket: Ticket, agent: User, status: str) -> None:
    """Change the status in the screen; closing is what the nightly automation does."""
    actor = _at_screen(agent)
    if status == "closed":
        actor = Actor(account.users.get(defaults.ADMIN_ID), "rule")
    account.ticket_writing.update(actor, ticket, {"status": status})


def _at_screen(agent: User) -> Actor:
    return Actor(agent, "web", "Sandbox desk", "127.0.0.1")
