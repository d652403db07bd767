"""Customers coming into a group and leaving it."""

from balie_sandbox.graph.account import GraphAccount

from .model import MAX_PARTICIPANTS, Group
from .webhooks import tell

FIELD = "group_participants_update"


def join(account: GraphAccount, group: Group, wa_id: str) -> bool:
    """Let a customer in by the invite link; False when the group is full."""
    account.phone(wa_id)
    if wa_id in group.participants:
        return True
    if len(group.participants) >= MAX_PARTICIPANTS:
        return False
    group.participants.append(wa_id)
    added = [{"input": wa_id, "wa_id": wa_id}]
    tell(
        account,
        group,
        FIELD,
        "group_participants_add",
        reason="invite_link",
        added_participants=added,
    )
    return True


def ask_to_join(account: GraphAccount, group: Group, wa_id: str) -> str:
    """Let a customer ask to come in; return the request's id."""
    account.phone(wa_id)
    id_ = account.ids.token(32).upper()
    group.join_requests[id_] = wa_id
    tell(account, group, FIELD, "group_join_request_created", join_request_id=id_, wa_id=wa_id)
    return id_


def leave(
    account: GraphAccount, group: Group, wa_id: str, *, by: str, request_id: str | None = None
) -> None:
    """Take a customer out, ``by`` the "business" or the "participant"."""
    if wa_id not in group.participants:
        return
    group.participants.remove(wa_id)
    removed = [{"input": wa_id, "wa_id": wa_id}]
    tell(
        account,
        group,
        FIELD,
        "group_participants_remove",
        request_id=request_id,
        initiated_by=by,
        removed_participants=removed,
    )
