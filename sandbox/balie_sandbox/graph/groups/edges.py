"""The routes of groups (reference/whatsapp.md 10.2)."""

import base64
import re
import secrets
from typing import Any

from balie_sandbox.graph.account import GraphAccount
from balie_sandbox.graph.errors import GraphError, invalid_parameter
from balie_sandbox.graph.fields import pick
from balie_sandbox.graph.model import App, Number
from balie_sandbox.graph.paging import paged
from balie_sandbox.graph.parameters import Parameters, required_text, text_of

from .members import join, leave
from .model import Group
from .webhooks import tell, tell_created

SUBJECT_LENGTH = 128
DESCRIPTION_LENGTH = 2048
MOST_GROUPS = 10_000
MODES = ("auto_approve", "approval_required")
USUAL_FIELDS = (
    "id",
    "subject",
    "description",
    "suspended",
    "creation_timestamp",
    "total_participant_count",
    "participants",
    "join_approval_mode",
)


def as_json(group: Group) -> dict[str, Any]:
    """Return a group as GET /{group-id} shows it."""
    return {
        "messaging_product": "whatsapp",
        "id": group.id,
        "subject": group.subject,
        "description": group.description,
        "suspended": group.suspended,
        "creation_timestamp": int(group.made_at.timestamp()),
        "total_participant_count": len(group.participants),
        "participants": [{"wa_id": wa_id} for wa_id in group.participants],
        "join_approval_mode": group.join_approval_mode,
    }


def make(account: GraphAccount, number: Number, found: Parameters) -> Group:
    """Make a group. Raises 100 and 131211."""
    subject = required_text(found, "subject")
    if len(subject) > SUBJECT_LENGTH:
        raise invalid_parameter(f"Param subject must be at most {SUBJECT_LENGTH} characters long.")
    description = text_of(found, "description", DESCRIPTION_LENGTH) or ""
    mode = text_of(found, "join_approval_mode") or "auto_approve"
    if mode not in MODES:
        raise invalid_parameter(f"Param join_approval_mode must be one of {{{', '.join(MODES)}}}.")
    if sum(one.number_id == number.id for one in account.groups.values()) >= MOST_GROUPS:
        raise GraphError(131211)
    name = f"capi_group:{number.display}:{account.ids.numeric(18)}"
    id_ = base64.urlsafe_b64encode(name.encode()).decode().rstrip("=") + "ZD"
    code = secrets.token_urlsafe(16)
    group = Group(id_, number.id, subject, description, mode, account.clock.now(), code)
    account.groups[id_] = group
    return group


def create(account: GraphAccount, _app: App, number: Number, found: Parameters) -> dict[str, Any]:
    """POST /{phone-number-id}/groups: the group is told of by webhook."""
    required_text(found, "messaging_product")
    group = make(account, number, found)
    request_id = account.ids.token(32).upper()
    tell_created(account, group, request_id)
    return {"messaging_product": "whatsapp", "request_id": request_id}


def list_groups(
    account: GraphAccount, _app: App, number: Number, found: Parameters
) -> dict[str, Any]:
    """GET /{phone-number-id}/groups."""
    shown = [
        {"id": one.id, "subject": one.subject, "created_at": str(int(one.made_at.timestamp()))}
        for one in account.groups.values()
        if one.number_id == number.id
    ]
    page = paged(shown, found)
    return page | {"data": {"groups": page["data"]}}


def show(group: Group, found: Parameters) -> dict[str, Any]:
    """GET /{group-id}. Raises code 100."""
    return {"messaging_product": "whatsapp"} | pick(as_json(group), USUAL_FIELDS, found, "Group")


def change(account: GraphAccount, group: Group, found: Parameters) -> dict[str, Any]:
    """POST /{group-id}: subject and description. Raises code 100."""
    request_id = account.ids.token(32).upper()
    changed: dict[str, Any] = {}
    for key, longest in (("subject", SUBJECT_LENGTH), ("description", DESCRIPTION_LENGTH)):
        text = text_of(found, key, longest)
        if text is not None:
            setattr(group, key, text)
            changed[f"group_{key}"] = {"text": text, "update_successful": True}
    field, type_ = "group_settings_update", "group_settings_update"
    tell(account, group, field, type_, request_id=request_id, **changed)
    return {"messaging_product": "whatsapp", "request_id": request_id}


def delete(account: GraphAccount, group: Group) -> dict[str, Any]:
    """DELETE /{group-id}."""
    request_id = account.ids.token(32).upper()
    del account.groups[group.id]
    tell(account, group, "group_lifecycle_update", "group_delete", request_id=request_id)
    return {"messaging_product": "whatsapp", "request_id": request_id}


def show_link(_account: GraphAccount, _app: App, group: Group, _: Parameters) -> dict[str, Any]:
    """GET /{group-id}/invite_link."""
    return {"messaging_product": "whatsapp", "invite_link": group.invite_link}


def reset_link(account: GraphAccount, app: App, group: Group, found: Parameters) -> dict[str, Any]:
    """POST /{group-id}/invite_link: the old one leads nowhere any more."""
    group.invite_code = secrets.token_urlsafe(16)
    return show_link(account, app, group, found)


def remove_participants(
    account: GraphAccount, _app: App, group: Group, found: Parameters
) -> dict[str, Any]:
    """DELETE /{group-id}/participants. Raises code 100."""
    given = found.get("participants")
    if not isinstance(given, list) or not given:
        raise invalid_parameter("The parameter participants is required.")
    request_id = account.ids.token(32).upper()
    users = [re.sub(r"\D", "", str(one.get("user"))) for one in given if isinstance(one, dict)]
    for wa_id in users:
        leave(account, group, wa_id, by="business", request_id=request_id)
    return {"messaging_product": "whatsapp", "request_id": request_id}


def list_requests(
    _account: GraphAccount, _app: App, group: Group, found: Parameters
) -> dict[str, Any]:
    """GET /{group-id}/join_requests."""
    shown = [
        {"join_request_id": id_, "wa_id": wa_id, "creation_timestamp": "0"}
        for id_, wa_id in group.join_requests.items()
    ]
    return paged(shown, found)


def decide_requests(
    account: GraphAccount, group: Group, found: Parameters, *, approve: bool
) -> dict[str, Any]:
    """POST or DELETE /{group-id}/join_requests: let them in, or do not."""
    given = found.get("join_requests")
    if not isinstance(given, list) or not given:
        raise invalid_parameter("The parameter join_requests is required.")
    known = [str(id_) for id_ in given if str(id_) in group.join_requests]
    for id_ in known:
        wa_id = group.join_requests.pop(id_)
        if approve:
            join(account, group, wa_id)
    done = "approved_join_requests" if approve else "rejected_join_requests"
    answer: dict[str, Any] = {"messaging_product": "whatsapp", done: known}
    unknown = [str(id_) for id_ in given if str(id_) not in known]
    if unknown:
        error = {"code": 131213, "message": "(#131213) Join request does not exist"}
        answer["failed_join_requests"] = [
            {"join_request_id": id_, "errors": [error]} for id_ in unknown
        ]
    return answer
