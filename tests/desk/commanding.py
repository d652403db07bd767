"""Commands of agents, and what came of them."""

from balie.api import AgentCommanded, EventKind


def command(paper, text: str, comment: str = "c1", ticket: str = "ticket-of-1") -> None:
    event = AgentCommanded(
        ticket_id=ticket, comment_id=comment, at=paper.clock.now(), text=text, author="Sam"
    )
    paper.happens(event, kind=EventKind.TICKET, lane=ticket, plugin=paper.desk)
    paper.drain()


def note(paper) -> str:
    """The last internal note."""
    return paper.filed(internal=True)[-1][-1]


def parts(paper):
    return [part for reply in paper.channel.sent for part in reply.parts]
