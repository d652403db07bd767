"""The customer card: what Zendesk knows of a customer, as lines for the agent."""

from typing import Any

from balie.api import PluginError
from balie_crm_zendesk import records, texts
from balie_crm_zendesk.client import Client

MOST_TICKETS = 5
MOST_FIELDS = 12
LONGEST_VALUE = 120
_OPEN = frozenset({"new", "open", "pending", "hold"})


def lines(client: Client, user: records.User) -> list[str]:
    """Return organisation, tags, open tickets and the user's own fields, as far as they are there.

    A card that cannot be had is left out: it must not hold up the message.
    """
    locale = client.ctx.tenant.locale
    found = []
    if organisation := _organisation(client, user):
        found.append(texts.say(locale, "card_organisation", name=organisation))
    if user.tags:
        found.append(texts.say(locale, "card_tags", tags=", ".join(user.tags)))
    if tickets := _open_tickets(client, user):
        found.append(texts.say(locale, "card_open", tickets="; ".join(tickets)))
    told = [(key, value) for key, value in user.fields.items() if value not in (None, "", False)]
    found += [f"{key}: {_short(value)}" for key, value in told[:MOST_FIELDS]]
    return found


def _organisation(client: Client, user: records.User) -> str:
    if user.organization_id is None:
        return ""
    found = _asked(client, f"/organizations/{user.organization_id}").get("organization")
    return _short(found.get("name") or "") if isinstance(found, dict) else ""


def _open_tickets(client: Client, user: records.User) -> list[str]:
    page = _asked(client, f"/users/{user.id}/tickets/requested", sort="-updated_at")
    rows = page.get("tickets")
    tickets = [one for one in rows if isinstance(one, dict)] if isinstance(rows, list) else []
    told = [
        f"#{one.get('id')} {_short(one.get('subject') or '')}".strip()
        for one in tickets
        if one.get("status") in _OPEN
    ]
    return told[:MOST_TICKETS] + (["…"] if len(told) > MOST_TICKETS else [])


def _asked(client: Client, path: str, **params: str | int) -> dict[str, Any]:
    try:
        return client.get(path, **params)
    except PluginError as problem:
        client.ctx.log.warning("card_incomplete", reason=str(problem))
        return {}


def _short(value: object) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"
