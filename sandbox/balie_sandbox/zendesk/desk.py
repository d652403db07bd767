"""The agent's desk: a page with the tickets, and what it reads."""

from flask import Blueprint, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue

from balie_sandbox.zendesk import desk_texts
from balie_sandbox.zendesk.account import ZendeskAccount
from balie_sandbox.zendesk.agent_work import UnknownAgent
from balie_sandbox.zendesk.desk_shapes import sentence_of, ticket_row, whole_ticket
from balie_sandbox.zendesk.desk_work import add_desk_work
from balie_sandbox.zendesk.errors import ApiError

#: How long the page's question for news is held open.
HELD_SECONDS = 20.0
#: The page lists the latest.
LISTED = 200


def desk_blueprint(account: ZendeskAccount) -> Blueprint:
    """Return the page and its routes, to be mounted at /desk."""
    blueprint = Blueprint(
        "desk", __name__, template_folder="templates", static_folder="static", static_url_path="/s"
    )
    _add_page(blueprint, account)
    add_desk_work(blueprint, account)

    @blueprint.errorhandler(ApiError)
    def explain(error: ApiError) -> ResponseReturnValue:
        return jsonify(error=sentence_of(error)), error.status

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
        """All tickets, latest first. With `since`, the question is held until there is news;
        204 when none comes."""
        since = request.args.get("since", "")
        if since == str(account.version) and account.wait(int(since), HELD_SECONDS) == int(since):
            return "", 204
        rows = sorted(account.tickets, key=lambda one: (one.updated_at, one.id), reverse=True)
        macros = account.catalog.macros.where("active", True)
        return jsonify(
            version=account.version,
            agents=[{"id": one.id, "name": one.name} for one in account.agents()],
            macros=[{"id": one.id, "title": one.values["title"]} for one in macros],
            tickets=[ticket_row(account, ticket) for ticket in rows[:LISTED]],
        )

    @blueprint.get("/tickets/<int:ticket_id>")
    def ticket(ticket_id: int) -> ResponseReturnValue:
        return jsonify(whole_ticket(account, account.tickets.get(ticket_id)))
