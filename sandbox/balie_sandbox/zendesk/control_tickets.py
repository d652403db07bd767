"""/control/zendesk/tickets: what agents and automations do."""

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from balie_sandbox.bad_input import BadInput, json_object
from balie_sandbox.zendesk.account import ZendeskAccount
from balie_sandbox.zendesk.agent_work import (
    answer,
    apply_macro,
    at_screen,
    attach,
    change_fields,
    find_agent,
    mail_in,
    set_status,
)
from balie_sandbox.zendesk.control_input import files, flag, ids, optional_text, text
from balie_sandbox.zendesk.control_shapes import API, ticket_shape
from balie_sandbox.zendesk.errors import Json
from balie_sandbox.zendesk.tickets.merging import check_merge, merge
from balie_sandbox.zendesk.tickets.model import STATUSES
from balie_sandbox.zendesk.tickets.rating import rate
from balie_sandbox.zendesk.tickets.rendering import comment_json


def add_ticket_control(blueprint: Blueprint, account: ZendeskAccount) -> None:
    @blueprint.get("/counts")
    def counts() -> ResponseReturnValue:
        """How much there is, for who only counts."""
        return jsonify(tickets=len(list(account.tickets)), users=len(list(account.users)))

    @blueprint.get("/tickets")
    def tickets() -> ResponseReturnValue:
        """All; with ``said``, those in which these words were said."""
        words = request.args.get("said", "")
        found = [
            ticket
            for ticket in account.tickets
            if not words or any(words in comment.body for comment in ticket.comments)
        ]
        return jsonify(tickets=[ticket_shape(account, one) for one in found])

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

    _add_changes(blueprint, account)
    _add_others(blueprint, account)


def _add_changes(blueprint: Blueprint, account: ZendeskAccount) -> None:
    @blueprint.post("/tickets/<int:ticket_id>/status")
    def status(ticket_id: int) -> ResponseReturnValue:
        """{status, agent?}: in the screen, or for closed, as the automation."""
        sent, ticket = json_object(), account.tickets.get(ticket_id)
        wanted = text(sent, "status")
        if wanted not in STATUSES:
            raise BadInput(f"status must be one of {', '.join(STATUSES)}.")
        set_status(account, ticket, find_agent(account, sent.get("agent")), wanted)
        return jsonify(ticket_shape(account, ticket))

    @blueprint.post("/tickets/<int:ticket_id>/fields")
    def change(ticket_id: int) -> ResponseReturnValue:
        """{agent?, and any field of PUT /tickets}: in the screen."""
        sent, ticket = json_object(), account.tickets.get(ticket_id)
        agent = find_agent(account, sent.pop("agent", None))
        change_fields(account, ticket, agent, sent)
        return jsonify(ticket_shape(account, ticket))

    @blueprint.post("/tickets/<int:ticket_id>/merge")
    def merge_into(ticket_id: int) -> ResponseReturnValue:
        """{into, agent?, public=false}: this ticket goes up in another."""
        sent, source = json_object(), account.tickets.get(ticket_id)
        [target_id] = ids({"into": [sent.get("into")]}, "into")
        target, public = account.tickets.get(target_id), flag(sent, "public", default=False)
        check_merge(target, [source])
        words: Json = {"target_comment_is_public": public, "source_comment_is_public": public}
        who = at_screen(find_agent(account, sent.get("agent")))
        merge(account.ticket_writing, who, target, [source], words)
        return jsonify(ticket_shape(account, target))

    @blueprint.delete("/tickets/<int:ticket_id>")
    def delete_ticket(ticket_id: int) -> ResponseReturnValue:
        account.removal.delete(at_screen(find_agent(account, None)), account.tickets.get(ticket_id))
        return jsonify(success=True)

    @blueprint.post("/tickets/<int:ticket_id>/restore")
    def restore_ticket(ticket_id: int) -> ResponseReturnValue:
        ticket = account.tickets.get_deleted(ticket_id)
        account.removal.restore(at_screen(find_agent(account, None)), ticket)
        return jsonify(ticket_shape(account, ticket))

    @blueprint.post("/tickets/<int:ticket_id>/macro")
    def run_macro(ticket_id: int) -> ResponseReturnValue:
        """{title, agent?}: an agent runs a macro and submits."""
        sent, ticket = json_object(), account.tickets.get(ticket_id)
        title = text(sent, "title")
        for macro in account.catalog.macros.where("title", title):
            apply_macro(account, ticket, find_agent(account, sent.get("agent")), macro)
            return jsonify(ticket_shape(account, ticket))
        raise BadInput(f"There is no macro called {title}.")


def _add_others(blueprint: Blueprint, account: ZendeskAccount) -> None:
    """What customers and outsiders do to a ticket."""

    @blueprint.post("/tickets/<int:ticket_id>/mail")
    def mail(ticket_id: int) -> ResponseReturnValue:
        """{body, user_id?}: the requester, or another, answers by mail."""
        sent, ticket = json_object(), account.tickets.get(ticket_id)
        [user_id] = ids({"user_id": [sent.get("user_id", ticket.requester_id)]}, "user_id")
        mail_in(account, ticket, account.users.get(user_id), text(sent, "body"))
        return jsonify(ticket_shape(account, ticket)), 201

    @blueprint.post("/tickets/<int:ticket_id>/rating")
    def rating(ticket_id: int) -> ResponseReturnValue:
        """{score: good | bad, comment?}: the customer rates a solved ticket."""
        sent, ticket = json_object(), account.tickets.get(ticket_id)
        rate(account, ticket, text(sent, "score"), optional_text(sent, "comment"))
        return jsonify(satisfaction_rating=ticket.satisfaction_rating), 201

    @blueprint.post("/tickets/<int:ticket_id>/side_conversations")
    def side_conversation(ticket_id: int) -> ResponseReturnValue:
        """{subject, body}: an agent asks a colleague beside the ticket."""
        sent, store = json_object(), account.catalog.side_conversations
        account.tickets.get(ticket_id)
        data = {"ticket_id": ticket_id, "subject": text(sent, "subject")}
        made = store.create(data | {"preview_text": text(sent, "body")[:100]})
        account.touch()
        return jsonify(side_conversation=store.shape(made, API)), 201
