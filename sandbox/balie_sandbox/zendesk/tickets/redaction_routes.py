"""Redactions of comments and of their files, and make_private."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from balie_sandbox.zendesk import fields
from balie_sandbox.zendesk.account import ZendeskAccount
from balie_sandbox.zendesk.errors import wrong_type
from balie_sandbox.zendesk.files.rendering import attachment_json
from balie_sandbox.zendesk.gateway import actor, body, route, shown
from balie_sandbox.zendesk.tickets.redaction import comment_of
from balie_sandbox.zendesk.tickets.rendering import comment_json

COMMENT = "/tickets/<int:ticket_id>/comments/<int:comment_id>"


def add_redaction_routes(blueprint: Blueprint, account: ZendeskAccount) -> None:
    @route(blueprint, "PUT", f"{COMMENT}/redact")
    def redact(ticket_id: int, comment_id: int) -> ResponseReturnValue:
        ticket = account.tickets.get(ticket_id)
        comment = comment_of(ticket, comment_id)
        text = fields.text(body(), "text") or ""
        account.redaction.redact_text(actor(), ticket, comment, text)
        return shown({"comment": comment_json(comment)})

    @route(blueprint, "PUT", "/comment_redactions/<int:comment_id>")
    def redact_html(comment_id: int) -> ResponseReturnValue:
        sent = body()
        ticket = account.tickets.get(fields.identifier(sent, "ticket_id") or 0)
        comment = comment_of(ticket, comment_id)
        urls = sent.get("external_attachment_urls") or []
        if not isinstance(urls, list) or not all(isinstance(one, str) for one in urls):
            raise wrong_type("external_attachment_urls", "a list of strings")
        html_body = fields.text(sent, "html_body") or ""
        account.redaction.redact_html(actor(), ticket, comment, html_body, urls)
        return shown({"comment": comment_json(comment)})

    @route(blueprint, "PUT", f"{COMMENT}/attachments/<int:file_id>/redact")
    def redact_file(ticket_id: int, comment_id: int, file_id: int) -> ResponseReturnValue:
        ticket = account.tickets.get(ticket_id)
        comment = comment_of(ticket, comment_id)
        file = account.redaction.redact_file(actor(), ticket, comment, file_id)
        return shown({"attachment": attachment_json(file)})

    @route(blueprint, "PUT", f"{COMMENT}/make_private")
    def make_private(ticket_id: int, comment_id: int) -> ResponseReturnValue:
        ticket = account.tickets.get(ticket_id)
        account.redaction.make_private(actor(), ticket, comment_of(ticket, comment_id))
        return ""
