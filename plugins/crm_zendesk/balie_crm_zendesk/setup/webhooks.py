"""The webhook by which Zendesk tells Balie what happens.

https://developer.zendesk.com/api-reference/webhooks/webhooks-api/webhooks/
"""

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from balie.api import Context, PermanentError, SignatureInvalid
from balie_crm_zendesk import records
from balie_crm_zendesk.answers import webhook
from balie_crm_zendesk.answers.settings import Heard
from balie_crm_zendesk.client import Client

from .texts import tell

_BY_TRIGGERS = ("conditional_ticket_events",)


@dataclass(frozen=True, slots=True)
class Hook:
    """The webhook as it stands now. ``text`` says what was done.

    ``others``: where the account's other webhooks point to, by their ids.
    """

    id: str
    text: str
    others: Mapping[str, str] = field(default_factory=dict)


def ensure(client: Client) -> Hook:
    """Make the webhook, or put it right, and switch off what would tell everything twice.

    What a webhook is subscribed to cannot be changed, so that another way of hearing needs
    another webhook. Raises PermanentError where one of our name is another Balie's.
    """
    ctx, wanted = client.ctx, _wanted(client.ctx)
    every = _all(client)
    ours = [one for one in every if _is_ours(ctx, one)]
    _check_whose(client, ours)
    others = {str(one.get("id")): str(one.get("endpoint")) for one in every if one not in ours}
    fitting = [one for one in ours if _subscriptions(one) == set(wanted["subscriptions"])]
    told = [text for one in ours if one not in fitting[:1] and (text := _switch_off(client, one))]
    if not fitting:
        made = client.write("POST", "/webhooks", {"webhook": wanted}).get("webhook")
        text = " ".join([tell(ctx, "made", name=wanted["name"]), *told])
        return Hook(_id(made), text, others)
    hook = fitting[0]
    changes = {
        name: value
        for name, value in wanted.items()
        if name != "subscriptions" and hook.get(name) != value
    }
    if changes:
        client.write("PATCH", f"/webhooks/{_id(hook)}", {"webhook": changes})
    done = tell(ctx, "put_right" if changes else "right", name=wanted["name"])
    return Hook(_id(hook), " ".join([done, *told]), others)


def secret(client: Client, hook_id: str) -> str:
    """Return a webhook's signing secret."""
    found = client.get(f"/webhooks/{hook_id}/signing_secret").get("signing_secret")
    value = found.get("secret") if isinstance(found, Mapping) else None
    if not isinstance(value, str) or not value:
        raise PermanentError("Zendesk does not tell the webhook's signing secret.")
    return value


def reached(client: Client, hook: Hook) -> tuple[bool, str]:
    """Have Zendesk call Balie. Return whether that worked, and what came back.

    A 401 may be Balie's own, which does not know the secret before this setting up has ended; then
    it says so. Any other is of something that stands before Balie, such as a proxy.
    """
    request = {
        "endpoint": client.ctx.hook_url,
        "http_method": "POST",
        "request_format": "json",
        "payload": webhook.PING.decode(),
    }
    path = f"/webhooks/test?webhook_id={hook.id}"
    found = client.write("POST", path, {"request": request}).get("response")
    if not isinstance(found, Mapping):
        return False, "?"
    status = found.get("status_code")
    is_ours = status == 401 and SignatureInvalid.answer in str(found.get("payload"))
    return status == 200 or is_ours, f"HTTP {status}"


def name_of(ctx: Context) -> str:
    """Return what the webhook is called."""
    return f"Balie {ctx.tenant.slug}/{ctx.connection.slug}"


def _wanted(ctx: Context) -> dict[str, Any]:
    by_events = ctx.config["heard_by"] == Heard.EVENTS
    return {
        "name": name_of(ctx),
        "endpoint": ctx.hook_url,
        "status": "active",
        "http_method": "POST",
        "request_format": "json",
        "subscriptions": list(webhook.SUBSCRIPTIONS if by_events else _BY_TRIGGERS),
    }


def _all(client: Client) -> list[dict[str, Any]]:
    return [
        one
        for page in client.pages("/webhooks")
        for one in records.listed(page, "webhooks")
        if isinstance(one, dict)
    ]


def _is_ours(ctx: Context, hook: Mapping[str, Any]) -> bool:
    return hook.get("endpoint") == ctx.hook_url or hook.get("name") == name_of(ctx)


def _check_whose(client: Client, named: Sequence[Mapping[str, Any]]) -> None:
    """Raise PermanentError for a webhook of our name that another Balie made.

    One that points elsewhere is ours where we know its secret: then it is our address that changed.
    """
    known = client.ctx.config.get("webhook_secret") or ""
    places = {client.ctx.hook_url}
    elsewhere = [one for one in named if one.get("endpoint") not in places]
    for one in elsewhere:
        if known and hmac.compare_digest(secret(client, _id(one)).encode(), known.encode()):
            places.add(str(one.get("endpoint")))
    for one in elsewhere:
        if one.get("endpoint") not in places:
            values = {"name": one.get("name"), "url": one.get("endpoint")}
            raise PermanentError(tell(client.ctx, "webhook_of_another", **values))


def _is_on(hook: Mapping[str, Any]) -> bool:
    return hook.get("status") == "active"


def _subscriptions(hook: Mapping[str, Any]) -> set[str]:
    found = hook.get("subscriptions")
    return set(map(str, found)) if isinstance(found, list) else set()


def _switch_off(client: Client, hook: Mapping[str, Any]) -> str:
    # Its address is kept as ours is: a later setting up must not take it for another Balie's.
    wanted = {"status": "inactive", "endpoint": client.ctx.hook_url}
    if any(hook.get(name) != value for name, value in wanted.items()):
        client.write("PATCH", f"/webhooks/{_id(hook)}", {"webhook": wanted})
    return tell(client.ctx, "switched_off", name=hook.get("name")) if _is_on(hook) else ""


def _id(hook: object) -> str:
    found = hook.get("id") if isinstance(hook, Mapping) else None
    if not isinstance(found, str) or not found.isalnum():
        raise PermanentError("Zendesk does not tell the webhook's id.")
    return found
