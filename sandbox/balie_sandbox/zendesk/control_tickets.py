"""/control/zendesk/tickets: what agents and automations do."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from balie_sandbox.bad_input import BadInput, json_object
from balie_sandbox.zendesk.account import ZendeskAccount
from balie_sandbox.zendesk.agent_work import answer, attach, find_agent, set_status
from balie_sandbox.zendesk.control_input import files, flag, optional_text, text
from balie_sandbox.zendesk.control_shapes import ticket_shape
from balie_sandbox.zendesk.errors import Json
from balie_sandbox.zendesk.tickets.model import STATUSES
from balie_sandbox.zendesk.tickets.rendering import comment_json


def add_ticket_control(blueprint: Blueprint, account: ZendeskAccount) -> None:
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
        sent_files = files(sent)
        if not said["body"].strip() and not sent_files and "html_body" not in said:
            raise BadInput("Send a body, an html_body or files.")
        attach(account, said, sent_files)
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
