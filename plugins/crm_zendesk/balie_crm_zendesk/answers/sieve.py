"""Who said what to whom: which comments are an agent's, and which of those are for the customer."""

import re

from balie_crm_zendesk import records
from balie_crm_zendesk.client import Client
from balie_crm_zendesk.errors import NotFound
from balie_crm_zendesk.tickets import traces

from .parts import plain

#: Internal notes that begin so are for Balie.
#: Those of Balie, in both languages; other notes that begin with a stroke are agents' own.
_COMMAND = re.compile(
    r"/(template|sjabloon|buttons|knoppen|list|lijst|link|ask|vraag|place|plaats|contact"
    r"|react|reageer|close|sluiten|whatsapp|help)(?![\w/])",
    re.IGNORECASE,
)


#: Through which other tools write, in whomever's name, and Balie itself.
API = "api"


def is_command(text: str) -> bool:
    """Say whether an internal note's text is a command."""
    return _COMMAND.match(plain(text)) is not None


class Sieve:
    """Lets through what agents wrote themselves, and knows the authors of a ticket's comments."""

    def __init__(
        self, client: Client, ticket: records.Ticket, users: dict[int, records.User]
    ) -> None:
        self._client = client
        self._ticket = ticket
        self._users: dict[int, records.User | None] = dict(users)

    def is_answer(self, comment: records.Comment) -> bool:
        """Say whether it is an agent's answer to the customer."""
        # An agent who is the requester writes as the customer.
        return (
            comment.public
            and comment.author_id != self._ticket.requester_id
            and self._may_be_by_tool(comment)
            and self._is_an_agents(comment)
        )

    def is_command(self, comment: records.Comment) -> bool:
        """Say whether it is an agent's command to Balie. Other tools command nothing."""
        return (
            not comment.public
            and comment.channel != API
            and is_command(comment.text)
            and self._is_an_agents(comment)
        )

    def name(self, comment: records.Comment) -> str:
        """Return what customers may call the author: the alias, or else the name."""
        author = self._author(comment)
        return (author.alias or author.name) if author else ""

    def _may_be_by_tool(self, comment: records.Comment) -> bool:
        """Say whether it is not by API, or what is by API and not ours counts too."""
        return comment.channel != API or self._client.ctx.config["api_answers"]

    def _is_an_agents(self, comment: records.Comment) -> bool:
        # What is ours carries our mark, and what a merge adds quotes another ticket, perhaps
        # another customer's.
        if traces.BATCH in comment.custom or comment.is_of_a_merge:
            return False
        author = self._author(comment)
        if author is None or not author.is_staff:
            return False
        return not (comment.channel == API and author.id == self._client.my_id())

    def _author(self, comment: records.Comment) -> records.User | None:
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
