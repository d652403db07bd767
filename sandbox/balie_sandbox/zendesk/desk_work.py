"""What an agent can do on the desk's page."""

from typing import Any

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from balie_sandbox.bad_input import BadInput, json_object
from balie_sandbox.zendesk.account import ZendeskAccount
from balie_sandbox.zendesk.agent_work import (
    AgentFile,
    answer,
    at_screen,
    attach,
    find_agent,
    set_status,
)
from balie_sandbox.zendesk.desk_shapes import SHOWN_TYPES, whole_ticket
from balie_sandbox.zendesk.errors import Json, forbidden
from balie_sandbox.zendesk.files.download_routes import bytes_of
from balie_sandbox.zendesk.records.macro_applying import applied
from balie_sandbox.zendesk.tickets.merging import check_merge, merge
from balie_sandbox.zendesk.tickets.model import STATUSES, Ticket


def add_desk_work(blueprint: Blueprint, account: ZendeskAccount) -> None:
    _add_words(blueprint, account)
    _add_changes(blueprint, account)


def _add_words(blueprint: Blueprint, account: ZendeskAccount) -> None:
    @blueprint.post("/tickets/<int:ticket_id>/comments")
    def say(ticket_id: int) -> ResponseReturnValue:
        """{body, public, agent?}: a public reply or an internal note.

        As JSON, or as a form with files: those named `files` are attached, `images` are pasted.
        """
        ticket = account.tickets.get(ticket_id)
        sent = form_comment() if request.mimetype == "multipart/form-data" else json_object()
        text, public = sent.get("body"), sent.get("public")
        if not isinstance(text, str) or not isinstance(public, bool):
            raise BadInput("Send body as a string and public as true or false.")
        comment: Json = {"body": text, "public": public}
        # Before the first call of the API, only the browser says where the account is.
        account.files.root = account.files.root or f"{request.host_url}zendesk"
        agent = find_agent(account, sent.get("agent"))
        attach(account, comment, sent_files())
        answer(account, ticket, agent, comment, solve=False)
        return jsonify(whole_ticket(account, ticket)), 201

    @blueprint.get("/tickets/<int:ticket_id>/macros/<int:macro_id>")
    def macro(ticket_id: int, macro_id: int) -> ResponseReturnValue:
        """The words that a macro puts into the answer."""
        ticket, chosen = account.tickets.get(ticket_id), account.catalog.macros.get(macro_id)
        who = at_screen(find_agent(account, None))
        changes = applied(account, who, ticket, chosen)
        return jsonify(body=changes.get("comment", {}).get("body", ""))

    @blueprint.get("/files/<int:file_id>")
    def content(file_id: int) -> ResponseReturnValue:
        """A file's bytes for the page itself, without the account's address."""
        file = account.files.get(file_id)
        if file.is_blocked:
            raise forbidden("Malware was found in this attachment.")
        found = bytes_of(file)
        if file.content_type in SHOWN_TYPES:
            del found.headers["Content-Disposition"]
        return found


def _add_changes(blueprint: Blueprint, account: ZendeskAccount) -> None:
    def changed(ticket: Ticket, status: str, who: Any) -> ResponseReturnValue:
        set_status(account, ticket, find_agent(account, who), status)
        return jsonify(whole_ticket(account, ticket))

    @blueprint.post("/tickets/<int:ticket_id>/solve")
    def solve(ticket_id: int) -> ResponseReturnValue:
        return changed(account.tickets.get(ticket_id), "solved", json_object().get("agent"))

    @blueprint.post("/tickets/<int:ticket_id>/status")
    def status(ticket_id: int) -> ResponseReturnValue:
        """{status, agent?}; closed is what the nightly automation does."""
        sent, ticket = json_object(), account.tickets.get(ticket_id)
        if sent.get("status") not in STATUSES:
            raise BadInput(f"status must be one of {', '.join(STATUSES)}.")
        return changed(ticket, str(sent["status"]), sent.get("agent"))

    @blueprint.post("/tickets/<int:ticket_id>/merge")
    def merge_into(ticket_id: int) -> ResponseReturnValue:
        """{into, agent?}: this ticket goes up in another, which is returned."""
        sent, source = json_object(), account.tickets.get(ticket_id)
        into = sent.get("into")
        if type(into) is not int:
            raise BadInput("into must be the number of a ticket.")
        target = account.tickets.get(into)
        check_merge(target, [source])
        who = at_screen(find_agent(account, sent.get("agent")))
        merge(account.ticket_writing, who, target, [source], {})
        return jsonify(whole_ticket(account, target))


def form_comment() -> Json:
    sent = request.form
    public = sent.get("public") == "true"
    return {"body": sent.get("body", ""), "public": public, "agent": sent.get("agent")}


def sent_files() -> list[AgentFile]:
    found = [(one, False) for one in request.files.getlist("files")]
    found += [(one, True) for one in request.files.getlist("images")]
    return [
        AgentFile(one.filename or "file", one.mimetype, one.read(), inline) for one, inline in found
    ]
