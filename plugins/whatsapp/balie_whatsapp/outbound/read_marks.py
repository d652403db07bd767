"""Blue ticks: they say that the message stands in the helpdesk."""

from balie.api import Context, ReadMark
from balie_whatsapp.graph.client import GraphClient

_MESSAGE = "wamid."
"""What the ids of messages begin with. Calls and files of the history have others, and no ticks."""


def mark(ctx: Context, read: ReadMark) -> None:
    """Mark a message, and with it all before it, as read. Raises as ``GraphClient.write``."""
    if read.message_id.startswith(_MESSAGE) and ":" not in read.message_id:
        GraphClient(ctx).mark_read(read.message_id, typing=ctx.config["typing"])
