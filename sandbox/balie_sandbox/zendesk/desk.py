"""The agent's desk: a page with the tickets, and the little JSON it lives on."""

from flask import Blueprint, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue

from balie_sandbox.bad_input import BadInput, json_object
from balie_sandbox.zendesk import desk_texts
from balie_sandbox.zendesk.account import ZendeskAccount
from balie_sandbox.zendesk.agent_work import (
    AgentFile,
    UnknownAgent,
    answer,
    attach,
    find_agent,
    set_status,
)
from balie_sandbox.zendesk.errors import ApiError, Json, forbidden
from balie_sandbox.zendesk.files.download_routes import bytes_of
from balie_sandbox.zendesk.files.model import StoredFile
from balie_sandbox.zendesk.tickets.model import Comment, Ticket
from balie_sandbox.zendesk.timestamps import stamp

#: What the page shows itself; all else is a link that saves it.
SHOWN_TYPES = (
    "image/png",
    "image/jpeg",
    "image/gif",
    "image/webp",
    "audio/ogg",
    "audio/mpeg",
    "audio/aac",
    "audio/amr",
    "audio/mp4",
    "audio/opus",
    "audio/wav",
    "video/mp4",
    "video/3gpp",
)


def desk_blueprint(account: ZendeskAccount) -> Blueprint:
    """Return the page and its routes, to be mounted at /desk."""
    blueprint = Blueprint(
        "desk", __name__, template_folder="templates", static_folder="static", static_url_path="/s"
    )
    _add_page(blueprint, account)
    _add_work(blueprint, account)

    @blueprint.errorhandler(ApiError)
    def explain(error: ApiError) -> ResponseReturnValue:
        return jsonify(error=_sentence(error)), error.status

    @blueprint.errorhandler(UnknownAgent)
    def nobody(error: UnknownAgent) -> ResponseReturnValue:
        return jsonify(error=str(error)), 400

    return blueprint


def _add_page(blueprint: Blueprint, account: ZendeskAccount) -> None:
    @blueprint.get("/", strict_slashes=False)
    def desk() -> ResponseReturnValue:
        lang = desk_texts.language(request.args.get("lang"), request.accept_languages)
        base = url_for(".desk").rstrip("/")
        texts = desk_texts.TEXTS[lang]
        return render_template("zendesk_desk.html", lang=lang, texts=texts, base=base)

    @blueprint.get("/tickets")
    def tickets() -> ResponseReturnValue:
        """All tickets, latest first; 204 while `since` is the present version."""
        if request.args.get("since") == str(account.version):
            return "", 204
        rows = sorted(account.tickets, key=lambda one: (one.updated_at, one.id), reverse=True)
        agents = account.agents()
        return jsonify(
            version=account.version,
            agent={"name": agents[0].name if agents else ""},
            tickets=[_row(account, ticket) for ticket in rows[:200]],
        )

    @blueprint.get("/tickets/<int:ticket_id>")
    def ticket(ticket_id: int) -> ResponseReturnValue:
        return jsonify(_whole(account, account.tickets.get(ticket_id)))


def _add_work(blueprint: Blueprint, account: ZendeskAccount) -> None:
    @blueprint.post("/tickets/<int:ticket_id>/comments")
    def say(ticket_id: int) -> ResponseReturnValue:
        """{body, public}: a public reply or an internal note of the first agent.

        As JSON, or as a form with files: those named `files` are attached, `images` are pasted.
        """
        ticket = account.tickets.get(ticket_id)
        sent = form_comment() if request.files else json_object()
        text, public = sent.get("body"), sent.get("public")
        if not isinstance(text, str) or not isinstance(public, bool):
            raise BadInput("Send body as a string and public as true or false.")
        comment: Json = {"body": text, "public": public}
        # Before the first call of the API, only the browser says where the account is.
        account.files.root = account.files.root or f"{request.host_url}zendesk"
        attach(account, comment, sent_files())
        answer(account, ticket, find_agent(account, None), comment, solve=False)
        return jsonify(_whole(account, ticket)), 201

    @blueprint.get("/files/<int:file_id>")
    def content(file_id: int) -> ResponseReturnValue:
        """A file's bytes for the page itself, without the account's address."""
        file = account.files.get(file_id)
        if file.is_blocked:
            raise forbidden("Malware was found in this attachment.")
        answer = bytes_of(file)
        if file.content_type in SHOWN_TYPES:
            del answer.headers["Content-Disposition"]
        return answer

    @blueprint.post("/tickets/<int:ticket_id>/solve")
    def solve(ticket_id: int) -> ResponseReturnValue:
        ticket = account.tickets.get(ticket_id)
        set_status(account, ticket, find_agent(account, None), "solved")
        return jsonify(_whole(account, ticket))


def _row(account: ZendeskAccount, ticket: Ticket) -> Json:
    requester = account.users.find(ticket.requester_id)
    last = ticket.comments[-1]
    return {
        "id": ticket.id,
        "subject": ticket.subject,
        "status": ticket.status,
        "requester": requester.name if requester else "",
        "updated_at": stamp(ticket.updated_at),
        "last": last.body[:120],
        "last_id": last.id,
        # The page marks what a customer said last and nobody has opened since.
        "waiting": _side(account, ticket, last) == "customer",
    }


def _whole(account: ZendeskAccount, ticket: Ticket) -> Json:
    requester = account.users.find(ticket.requester_id)
    assignee = account.users.find(ticket.assignee_id)
    return {
        "id": ticket.id,
        "subject": ticket.subject,
        "status": ticket.status,
        "tags": list(ticket.tags),
        "external_id": ticket.external_id,
        "assignee": assignee.name if assignee else None,
        "requester": {
            "name": requester.name if requester else "",
            "phone": requester.phone if requester else None,
            "external_id": requester.external_id if requester else None,
        },
        "comments": [_comment(account, ticket, one) for one in ticket.comments],
    }


def _comment(account: ZendeskAccount, ticket: Ticket, comment: Comment) -> Json:
    author = account.users.find(comment.author_id)
    return {
        "id": comment.id,
        "author": author.name if author else "",
        "side": _side(account, ticket, comment),
        "public": comment.public,
        "body": comment.body,
        "files": [_file(one) for one in comment.files],
        "at": stamp(comment.created_at),
    }


def _file(file: StoredFile) -> Json:
    return {
        "id": file.id,
        "name": file.file_name,
        "type": file.content_type,
        "size": len(file.data),
        "inline": file.inline,
        "blocked": file.is_blocked,
        "shown": file.content_type in SHOWN_TYPES,
    }


def form_comment() -> Json:
    return {"body": request.form.get("body", ""), "public": request.form.get("public") == "true"}


def sent_files() -> list[AgentFile]:
    found = [(one, False) for one in request.files.getlist("files")]
    found += [(one, True) for one in request.files.getlist("images")]
    return [
        AgentFile(one.filename or "file", one.mimetype, one.read(), inline) for one, inline in found
    ]


def _side(account: ZendeskAccount, ticket: Ticket, comment: Comment) -> str:
    """Whose words: the customer's, an agent's, or an integration's (said through the API)."""
    author = account.users.find(comment.author_id)
    if comment.author_id == ticket.requester_id or (author and not author.is_staff):
        return "customer"
    return "agent" if comment.via.channel == "web" else "integration"


def _sentence(error: ApiError) -> str:
    details = error.body.get("details") or {}
    found = [row["description"] for rows in details.values() for row in rows]
    return "; ".join(found) or str(error.body.get("description", error.body.get("error", "")))
