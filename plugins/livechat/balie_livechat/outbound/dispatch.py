"""Agents' answers: they stand in the core's tables already, so that sending one is showing it."""

from balie.api import AddressKind, Context, ReadMark, Receipt, Reply, topic_of

NEWS = "news"
"""What is published when there is something to be read."""


def dispatch(ctx: Context, reply: Reply) -> Receipt:
    """Show an answer and wake the visitor's pages. Again is the same."""
    ctx.threads.show(reply.id)
    for address in reply.to:
        if address.kind is AddressKind.VISITOR:
            ctx.bus.publish(topic_of(address.value), NEWS)
    return Receipt(message_id=own_id(reply.id))


def own_id(message_id: str) -> str:
    """Return the channel's id of one of our messages."""
    return f"out.{message_id}"


def mark(ctx: Context, read: ReadMark) -> None:
    """Tell the visitor's pages that a message stands in the helpdesk."""
    ctx.threads.changed(read.message_id)
    ctx.bus.publish(topic_of(read.message_id.partition(".")[0]), NEWS)
