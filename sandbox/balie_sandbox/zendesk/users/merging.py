"""Merging users: identities and tickets move, the source is left inactive."""

from balie_sandbox.zendesk.account import ZendeskAccount

from .model import User


def merge_users(account: ZendeskAccount, source: User, target: User) -> User:
    """The source goes up in the target, which is returned. Raises ApiError (422)."""
    account.user_writing.merge(source, target)
    for ticket in account.tickets:
        if ticket.requester_id == source.id:
            ticket.requester_id = target.id
    account.user_written(source)
    account.user_events.tell("merged", source, {"user": {"id": str(target.id)}})
    return account.user_written(target)
