"""What Zendesk holds of a person: the user, the identities, the tickets, what was said there."""

from typing import Any

from balie.api import Concerned, Context, Exported
from balie_crm_zendesk import records
from balie_crm_zendesk.client import Client
from balie_crm_zendesk.errors import NotFound

from . import among


def export(ctx: Context, who: Concerned) -> Exported:
    """Return it in Zendesk's own words, agents' internal notes among them; files by address.

    Of tickets that they share with others only what is theirs, as far as that can be told.
    """
    client = Client(ctx)
    tickets: dict[int, dict[str, Any]] = {}
    users = []
    for user_id in who.users:
        found = _one(client, f"/users/{user_id}", "user")
        if found is None:
            continue
        identities = _all(client, f"/users/{user_id}/identities", "identities")
        users.append({**found, "identities": identities})
        for ticket in _all(client, f"/users/{user_id}/tickets/requested", "tickets"):
            tickets[ticket["id"]] = ticket
    for number in map(int, who.tickets):
        known = tickets.get(number) or _one(client, f"/tickets/{number}", "ticket")
        if known is not None:
            tickets[number] = known
    for number, ticket in tickets.items():
        ticket["comments"] = _all(client, f"/tickets/{number}/comments", "comments")
    shared = [
        one
        for number, comments in who.among.items()
        for one in among.said(client, int(number), comments)
    ]
    return Exported(
        data={"users": users, "tickets": list(tickets.values()), "among_others": shared}
    )


def _one(client: Client, path: str, name: str) -> dict[str, Any] | None:
    try:
        found = client.get(path).get(name)
    except NotFound:
        return None
    return found if isinstance(found, dict) else None


def _all(client: Client, path: str, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    try:
        for page in client.pages(path):
            found += [one for one in records.listed(page, name) if isinstance(one, dict)]
    except NotFound:
        return found
    return found
