"""/control/zendesk: acts as agents and automations, seeds data, and changes settings."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from balie_sandbox.bad_input import BadInput, json_object
from balie_sandbox.zendesk import defaults
from balie_sandbox.zendesk.account import ZendeskAccount
from balie_sandbox.zendesk.agent_work import (
    UnknownAgent,
    answer,
    attach,
    find_agent,
    set_status,
)
from balie_sandbox.zendesk.bridge_setup import set_up_bridge
from balie_sandbox.zendesk.control_input import files, flag, optional_text, text
from balie_sandbox.zendesk.errors import ApiError, Json
from balie_sandbox.zendesk.files.model import VERDICTS
from balie_sandbox.zendesk.files.rendering import attachment_json
from balie_sandbox.zendesk.settings import SettingRefused
from balie_sandbox.zendesk.tickets.model import STATUSES, Ticket
from balie_sandbox.zendesk.tickets.rendering import comment_json
from balie_sandbox.zendesk.timestamps import stamp
from balie_sandbox.zendesk.users.model import User
from balie_sandbox.zendesk.users.rendering import user_json

API = "/zendesk/api/v2"


def zendesk_control_blueprint(account: ZendeskAccount) -> Blueprint:
    """Return the routes, to be mounted at /control/zendesk."""
    blueprint = Blueprint("zendesk_control", __name__)
    blueprint.register_error_handler(ApiError, explain)
    blueprint.register_error_handler(SettingRefused, sentence)
    blueprint.register_error_handler(UnknownAgent, sentence)
    _add_tickets(blueprint, account)
    _add_users(blueprint, account)
    _add_account(blueprint, account)
    return blueprint


def explain(error: ApiError) -> ResponseReturnValue:
    """The vendor's refusal, with its own status and body."""
    return jsonify(error.body), error.status


def sentence(error: Exception) -> ResponseReturnValue:
    return jsonify(error=str(error)), 400


def _add_tickets(blueprint: Blueprint, account: ZendeskAccount) -> None:
    @blueprint.get("/counts")
    def counts() -> ResponseReturnValue:
        """How much there is, for who only counts."""
        return jsonify(tickets=len(list(account.tickets)), users=len(list(account.users)))

    @blueprint.get("/tickets")
    def tickets() -> ResponseReturnValue:
        return jsonify(tickets=[ticket_shape(account, one) for one in account.tickets])

    @blueprint.post("/tickets/<int:ticket_id>/comments")
    def comment(ticket_id: int) -> ResponseReturnValue:
        """{body, html_body?, public=true, agent?, solve=false, files?}: an agent answers."""
        sent, ticket = json_object(), account.tickets.get(ticket_id)
        agent = find_agent(account, sent.get("agent"))
        said: Json = {"public": flag(sent, "public", default=True)}
        said["body"] = optional_text(sent, "body")
        if "html_body" in sent:
            said["html_body"] = text(sent, "html_body")
        attach(account, said, files(sent))
        answer(account, ticket, agent, said, solve=flag(sent, "solve", default=False))
        return jsonify(comment=comment_json(ticket.comments[-1]), status=ticket.status), 201

    @blueprint.post("/tickets/<int:ticket_id>/status")
    def status(ticket_id: int) -> ResponseReturnValue:
        """{status, agent?}: in the screen, or for closed, as the automation."""
        sent, ticket = json_object(), account.tickets.get(ticket_id)
        wanted = text(sent, "status")
        if wanted not in STATUSES:
            raise BadInput(f"status must be one of {', '.join(STATUSES)}.")
        set_status(account, ticket, find_agent(account, sent.get("agent")), wanted)
        return jsonify(ticket_shape(account, ticket))


def _add_users(blueprint: Blueprint, account: ZendeskAccount) -> None:
    @blueprint.get("/users")
    def users() -> ResponseReturnValue:
        return jsonify(users=[user_json(one, API) for one in account.users])

    @blueprint.post("/users")
    def seed_user() -> ResponseReturnValue:
        """A customer who was there before; the fields of POST /users, found at once."""
        user = account.user_written(account.user_writing.create(json_object()))
        account.index.settle("user", user.id)
        return jsonify(user=user_json(user, API)), 201


def _add_account(blueprint: Blueprint, account: ZendeskAccount) -> None:
    @blueprint.get("/settings")
    def settings() -> ResponseReturnValue:
        return jsonify(account.settings.as_json())

    @blueprint.post("/settings")
    def change_settings() -> ResponseReturnValue:
        account.settings.change(json_object())
        return jsonify(account.settings.as_json())

    @blueprint.post("/attachments/<int:file_id>")
    def judge(file_id: int) -> ResponseReturnValue:
        """{malware_scan_result}: what the scan found, from now on."""
        file, verdict = account.files.get(file_id), text(json_object(), "malware_scan_result")
        if verdict not in VERDICTS:
            raise BadInput(f"malware_scan_result must be one of {', '.join(VERDICTS)}.")
        file.verdict, file.scanned_at = verdict, account.source.now()
        account.version += 1
        return jsonify(attachment=attachment_json(file))

    @blueprint.post("/tokens/revoke")
    def revoke_tokens() -> ResponseReturnValue:
        return jsonify(revoked=account.gate.revoke_all())

    @blueprint.post("/clients")
    def add_client() -> ResponseReturnValue:
        """{client_id, client_secret}: an OAuth client of the admin, or a new secret for one."""
        sent = json_object()
        secret = text(sent, "client_secret")
        account.gate.clients[text(sent, "client_id")] = (secret, defaults.ADMIN_ID)
        return jsonify(client_id=sent["client_id"]), 201

    @blueprint.post("/webhook")
    def webhook() -> ResponseReturnValue:
        """{url, secret?, tag?}: the webhook and the trigger of a bridge."""
        sent = json_object()
        secret, tag = sent.get("secret"), sent.get("tag", defaults.BRIDGE_TAG)
        if not isinstance(secret, str | None) or not isinstance(tag, str):
            raise BadInput("secret and tag must be strings.")
        made, trigger = set_up_bridge(account, text(sent, "url"), secret, tag)
        shape = {"id": made.id, "secret": made.secret, "trigger_id": trigger.id}
        return jsonify(shape), 201


def ticket_shape(account: ZendeskAccount, ticket: Ticket) -> Json:
    """A ticket with all that tests ask about."""
    return {
        "id": ticket.id,
        "subject": ticket.subject,
        "status": ticket.status,
        "external_id": ticket.external_id,
        "tags": list(ticket.tags),
        "priority": ticket.priority,
        "requester": _person(account, ticket.requester_id),
        "assignee": _person(account, ticket.assignee_id),
        "via": ticket.via.channel,
        "followup_source_id": ticket.followup_source_id,
        "followup_ids": list(ticket.followup_ids),
        "custom_fields": {str(key): value for key, value in ticket.custom_fields.items()},
        "created_at": stamp(ticket.created_at),
        "updated_at": stamp(ticket.updated_at),
        "comments": [
            {
                "id": one.id,
                "author": _person(account, one.author_id),
                "body": one.body,
                "html_body": one.html_body,
                "public": one.public,
                "via": one.via.channel,
                "metadata": one.metadata,
                "attachments": [attachment_json(file) for file in one.files],
                "created_at": stamp(one.created_at),
            }
            for one in ticket.comments
        ],
    }


def _person(account: ZendeskAccount, user_id: int | None) -> Json | None:
    user: User | None = account.users.find(user_id)
    if user is None:
        return None
    return {
        "id": user.id,
        "name": user.name,
        "role": user.role,
        "phone": user.phone,
        "external_id": user.external_id,
    }
