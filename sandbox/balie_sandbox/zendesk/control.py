"""/control/zendesk: acts as agents and automations, seeds data, and changes settings."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from balie_sandbox.bad_input import BadInput, json_object
from balie_sandbox.zendesk import defaults
from balie_sandbox.zendesk.account import ZendeskAccount
from balie_sandbox.zendesk.agent_work import (
    UnknownAgent,
)
from balie_sandbox.zendesk.bridge_setup import set_up_bridge
from balie_sandbox.zendesk.control_access import add_access_control
from balie_sandbox.zendesk.control_input import text
from balie_sandbox.zendesk.control_people import add_people_control
from balie_sandbox.zendesk.control_shapes import API
from balie_sandbox.zendesk.control_tickets import add_ticket_control
from balie_sandbox.zendesk.errors import ApiError
from balie_sandbox.zendesk.files.model import VERDICTS
from balie_sandbox.zendesk.files.rendering import attachment_json
from balie_sandbox.zendesk.records.model import Records
from balie_sandbox.zendesk.settings import SettingRefused


def zendesk_control_blueprint(account: ZendeskAccount) -> Blueprint:
    """Return the routes, to be mounted at /control/zendesk."""
    blueprint = Blueprint("zendesk_control", __name__)
    blueprint.register_error_handler(ApiError, explain)
    blueprint.register_error_handler(SettingRefused, sentence)
    blueprint.register_error_handler(UnknownAgent, sentence)
    add_ticket_control(blueprint, account)
    add_access_control(blueprint, account)
    add_people_control(blueprint, account)
    _add_account(blueprint, account)
    return blueprint


def explain(error: ApiError) -> ResponseReturnValue:
    """The vendor's refusal, with its own status and body."""
    return jsonify(error.body), error.status


def sentence(error: Exception) -> ResponseReturnValue:
    return jsonify(error=str(error)), 400


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
        account.touch()
        return jsonify(attachment=attachment_json(file))

    @blueprint.get("/mails")
    def mails() -> ResponseReturnValue:
        """What notification triggers would have mailed: [{ticket_id, to, subject, body}]."""
        return jsonify(mails=list(account.engine.mails))

    @blueprint.get("/catalog/<path:plural>")
    def catalog(plural: str) -> ResponseReturnValue:
        store = records_called(account, plural)
        return jsonify(rows=[store.shape(one, API) for one in store])

    @blueprint.post("/catalog/<path:plural>")
    def seed(plural: str) -> ResponseReturnValue:
        """Any simple record (ticket_fields, macros, help_center/articles, holidays...)."""
        store = records_called(account, plural)
        return jsonify(store.shape(store.create(json_object()), API)), 201

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


def records_called(account: ZendeskAccount, plural: str) -> Records:
    store = account.catalog.called(plural)
    if store is None:
        raise BadInput(f"The account has no {plural}.")
    return store
