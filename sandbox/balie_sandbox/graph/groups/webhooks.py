"""Webhooks about groups (reference/whatsapp.md 10.2)."""

from typing import Any

from balie_sandbox.graph.account import GraphAccount
from balie_sandbox.graph.notify import announce

from .model import Group


def tell(
    account: GraphAccount,
    group: Group,
    field: str,
    type_: str,
    *,
    request_id: str | None = None,
    **more: Any,
) -> None:
    """Send one entry of ``groups[]``; ``request_id`` is that of the call it answers."""
    entry: dict[str, Any] = {
        "timestamp": str(int(account.clock.now().timestamp())),
        "group_id": group.id,
        "type": type_,
    }
    if request_id is not None:
        entry["request_id"] = request_id
    number = account.numbers[group.number_id]
    announce(account, number, field, {"groups": [entry | more]}, about=group.id)


def tell_created(account: GraphAccount, group: Group, request_id: str) -> None:
    """Tell that the group is there, and how to come in."""
    tell(
        account,
        group,
        "group_lifecycle_update",
        "group_create",
        request_id=request_id,
        subject=group.subject,
        description=group.description,
        invite_link=group.invite_link,
        join_approval_mode=group.join_approval_mode,
    )
