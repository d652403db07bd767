"""Who else is on a ticket, what hangs on it, and the customer's rating."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from balie_sandbox.zendesk import fields
from balie_sandbox.zendesk.account import ZendeskAccount
from balie_sandbox.zendesk.errors import Json, forbidden
from balie_sandbox.zendesk.gateway import api_url, caller, envelope, route, shown
from balie_sandbox.zendesk.records.model import Record
from balie_sandbox.zendesk.records.routes import listed, shape
from balie_sandbox.zendesk.tickets.rating import rate
from balie_sandbox.zendesk.users.rendering import user_json


def add_ticket_people_routes(blueprint: Blueprint, account: ZendeskAccount) -> None:
    def people(ids: list[int]) -> ResponseReturnValue:
        found = [account.users.find(key) for key in ids]
        rows = [user_json(one, api_url()) for one in found if one]
        page: Json = {"count": len(rows), "next_page": None, "previous_page": None}
        return shown({"users": rows} | page)

    @route(blueprint, "GET", "/tickets/<int:ticket_id>/collaborators")
    def collaborators(ticket_id: int) -> ResponseReturnValue:
        ticket = account.tickets.get(ticket_id)
        return people([*ticket.email_cc_ids, *ticket.follower_ids])

    @route(blueprint, "GET", "/tickets/<int:ticket_id>/email_ccs")
    def email_ccs(ticket_id: int) -> ResponseReturnValue:
        return people(account.tickets.get(ticket_id).email_cc_ids)

    @route(blueprint, "GET", "/tickets/<int:ticket_id>/followers")
    def followers(ticket_id: int) -> ResponseReturnValue:
        return people(account.tickets.get(ticket_id).follower_ids)

    @route(blueprint, "GET", "/tickets/<int:ticket_id>/related")
    def related(ticket_id: int) -> ResponseReturnValue:
        ticket = account.tickets.get(ticket_id)
        source = ticket.followup_source_id
        return shown(
            {
                "url": f"{api_url()}/tickets/{ticket_id}/related.json",
                "topic_id": None,
                "followup_source_ids": [str(source)] if source else [],
                "from_archive": False,
                "incidents": 0,
                "twitter": None,
            }
        )

    _add_ratings(blueprint, account)
    _add_side_conversations(blueprint, account)


def _add_ratings(blueprint: Blueprint, account: ZendeskAccount) -> None:
    def one(rating: Record) -> ResponseReturnValue:
        """A single rating comes in a list of one, as the OpenAPI file has it."""
        return shown({"satisfaction_rating": [shape(account.catalog.ratings, rating)]})

    @route(blueprint, "GET", "/satisfaction_ratings/<int:key>")
    def show_rating(key: int) -> ResponseReturnValue:
        return one(account.catalog.ratings.get(key))

    @route(blueprint, "GET", "/satisfaction_ratings")
    def ratings() -> ResponseReturnValue:
        wanted, store = request.args.get("score"), account.catalog.ratings
        rows = [one for one in store if wanted in (None, "received", one.values["score"])]
        return listed(store, rows)

    @route(blueprint, "POST", "/tickets/<int:ticket_id>/satisfaction_rating")
    def rate_ticket(ticket_id: int) -> ResponseReturnValue:
        """Only as the requester, who must be verified, of a solved ticket."""
        ticket, user = account.tickets.get(ticket_id), caller()
        if user.id != ticket.requester_id or not user.verified:
            raise forbidden("Only the verified requester may rate a ticket.")
        sent = envelope("satisfaction_rating")
        score, comment = fields.text(sent, "score") or "", fields.text(sent, "comment") or ""
        return one(rate(account, ticket, score, comment))


def _add_side_conversations(blueprint: Blueprint, account: ZendeskAccount) -> None:
    base = "/tickets/<int:ticket_id>/side_conversations"

    @route(blueprint, "GET", base)
    def side_conversations(ticket_id: int) -> ResponseReturnValue:
        store = account.catalog.side_conversations
        account.tickets.get(ticket_id)
        return listed(store, store.where("ticket_id", ticket_id))

    @route(blueprint, "POST", base)
    def start(ticket_id: int) -> ResponseReturnValue:
        """Talk among colleagues and others; never a comment of the ticket."""
        store = account.catalog.side_conversations
        account.tickets.get(ticket_id)
        message = envelope("message")
        made = store.create(
            {
                "ticket_id": ticket_id,
                "subject": message.get("subject"),
                "preview_text": str(message.get("body") or "")[:100],
                "participants": message.get("to") or [],
            }
        )
        account.touch()
        return {"side_conversation": shape(store, made)}, 201
