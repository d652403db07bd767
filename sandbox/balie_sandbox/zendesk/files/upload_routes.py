"""/uploads and /attachments."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from balie_sandbox.zendesk import fields
from balie_sandbox.zendesk.account import ZendeskAccount
from balie_sandbox.zendesk.errors import bad_request, forbidden
from balie_sandbox.zendesk.files.rendering import attachment_json, upload_json
from balie_sandbox.zendesk.gateway import caller, envelope, route, shown


def add_upload_routes(blueprint: Blueprint, account: ZendeskAccount) -> None:
    @route(blueprint, "POST", "/uploads")
    def upload() -> ResponseReturnValue:
        """Raw bytes, with their true type; ?filename= and, to add to an upload, ?token=."""
        name = request.args.get("filename")
        if not name:
            raise bad_request("ParameterMissing", "Parameter filename is required")
        content_type = request.mimetype or "application/octet-stream"
        token = request.args.get("token")
        account.files.check([token] if token else [])
        file = account.files.store(name, content_type, request.get_data())
        return {"upload": upload_json(account.files.upload(file, token))}, 201

    @route(blueprint, "DELETE", "/uploads/<token>")
    def drop(token: str) -> ResponseReturnValue:
        account.files.drop_upload(token.removesuffix(".json"))
        return "", 204

    @route(blueprint, "GET", "/attachments/<int:file_id>")
    def show(file_id: int) -> ResponseReturnValue:
        return shown({"attachment": attachment_json(account.files.get(file_id))})

    @route(blueprint, "PUT", "/attachments/<int:file_id>")
    def allow(file_id: int) -> ResponseReturnValue:
        """An admin lets agents open a file in which malware was found."""
        if caller().role != "admin":
            raise forbidden("You do not have access to this page.")
        file = account.files.get(file_id)
        wanted = fields.flag(envelope("attachment"), "malware_access_override")
        file.malware_access_override = bool(wanted)
        return shown({"attachment": attachment_json(file)})
