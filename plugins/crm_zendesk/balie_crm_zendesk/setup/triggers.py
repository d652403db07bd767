"""The triggers that call Balie, and those of others that would mail the customer as well.

https://support.zendesk.com/hc/en-us/articles/4408893545882
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import orjson

from balie.api import Context, PermanentError
from balie_crm_zendesk import records
from balie_crm_zendesk.answers import webhook
from balie_crm_zendesk.client import Client

from .texts import tell
from .webhooks import Hook, name_of

#: What is updated through the API, Balie's own writing included.
#: https://developer.zendesk.com/documentation/ticketing/reference-guides/via-types/
_VIA_API = "5"
#: Whom a notification goes to, where that is the customer.
_REQUESTER = re.compile(r"\brequester_(id|and_ccs)\b")


def ensure(client: Client, hook: Hook) -> str:
    """Make the triggers, or put them right; return what was done.

    Raises PermanentError where one of our name calls another Balie.
    """
    known = {str(one.get("title")): one for one in every(client)}
    mine = list(wanted(client, hook))
    for one in mine:
        _check_whose(client.ctx, hook, known.get(one["title"], {}))
    told = [_ensured(client, one, known.get(one["title"])) for one in mine]
    return " ".join(told)


def switch_off(client: Client, hook: Hook) -> str:
    """Switch our triggers off, where Zendesk's own events tell Balie all.

    Raises PermanentError where one of our name calls another Balie.
    """
    told = []
    ours = {one["title"] for one in wanted(client, Hook("", ""))}
    for one in every(client):
        if one.get("title") in ours and one.get("active"):
            _check_whose(client.ctx, hook, one)
            client.write("PUT", f"/triggers/{one.get('id')}", {"trigger": {"active": False}})
            told.append(tell(client.ctx, "switched_off", name=one.get("title")))
    return " ".join(told)


def mailing(client: Client) -> list[str]:
    """Return the titles of active triggers that mail the requester of a ticket of ours."""
    return [
        str(one.get("title"))
        for one in every(client)
        if one.get("active") and _mails(one) and not _leaves_out(one, client.ctx.config["tag"])
    ]


def wanted(client: Client, hook: Hook) -> Iterator[dict[str, Any]]:
    """Return our triggers as they should be."""
    ctx = client.ctx
    tagged = _condition("current_tags", "includes", ctx.config["tag"])
    by_agent = _condition("role", "is", "agent")
    by_hand = _condition("current_via_id", "is_not", _VIA_API)
    answers = [
        _condition("status", "less_than", "closed"),
        tagged,
        _condition("comment_is_public", "is", "true"),
        by_agent,
    ]
    commands = [tagged, _condition("comment_is_public", "is", "false"), by_agent, by_hand]
    states = [tagged, _condition("update_type", "is", "Change"), _changed("status")]
    # Whoever changed it, by hand or not. When a message of ours opens a ticket that is no news,
    # when a note of ours solves one it is.
    news = [
        _condition("role", "is_not", str(client.my_id())),
        _condition("status", "is", "solved"),
    ]
    hand = [] if ctx.config["api_answers"] else [by_hand]
    yield _trigger(ctx, hook, "answers", [*answers, *hand])
    yield _trigger(ctx, hook, "commands", commands)
    yield _trigger(ctx, hook, "status", states, news, event=webhook.STATUS)


def every(client: Client) -> list[dict[str, Any]]:
    """Return all triggers of the account."""
    return [
        one
        for page in client.pages("/triggers")
        for one in records.listed(page, "triggers")
        if isinstance(one, dict)
    ]


def _trigger(
    ctx: Context,
    hook: Hook,
    name: str,
    conditions: list[dict[str, str]],
    one_of: Sequence[dict[str, str]] = (),
    **more: str,
) -> dict[str, Any]:
    # The ticket's number only: agents' words could break the JSON, and are read with the ticket.
    body = orjson.dumps({"ticket_id": "{{ticket.id}}", **more}).decode()
    return {
        "title": f"{name_of(ctx)}: {name}",
        "active": True,
        "conditions": {"all": conditions, "any": [*one_of]},
        "actions": [{"field": "notification_webhook", "value": [hook.id, body]}],
    }


def _condition(field: str, operator: str, value: str) -> dict[str, str]:
    return {"field": field, "operator": operator, "value": value}


def _changed(field: str) -> dict[str, str]:
    return {"field": field, "operator": "changed"}


def _ensured(client: Client, trigger: dict[str, Any], known: Mapping[str, Any] | None) -> str:
    name = trigger["title"]
    if known is None:
        client.write("POST", "/triggers", {"trigger": trigger})
        return tell(client.ctx, "made", name=name)
    if _as_sent(known) == _as_sent(trigger):
        return tell(client.ctx, "right", name=name)
    client.write("PUT", f"/triggers/{known.get('id')}", {"trigger": trigger})
    return tell(client.ctx, "put_right", name=name)


def _check_whose(ctx: Context, hook: Hook, trigger: Mapping[str, Any]) -> None:
    for row in trigger.get("actions") or ():
        value = row.get("value") if isinstance(row, Mapping) else None
        called = hook.others.get(str(value[0])) if isinstance(value, list) and value else None
        if called is not None and row.get("field") == "notification_webhook":
            values = {"name": trigger.get("title"), "url": called}
            raise PermanentError(tell(ctx, "trigger_of_another", **values))


def _as_sent(trigger: Mapping[str, Any]) -> object:
    conditions = trigger.get("conditions")
    rows = conditions if isinstance(conditions, Mapping) else {}
    return (
        trigger.get("active"),
        [_pair(row) for row in rows.get("all") or ()],
        [_pair(row) for row in rows.get("any") or ()],
        [(row.get("field"), row.get("value")) for row in trigger.get("actions") or ()],
    )


def _pair(row: Mapping[str, Any]) -> tuple[object, object, str]:
    return row.get("field"), row.get("operator"), str(row.get("value") or "").lower()


def _mails(trigger: Mapping[str, Any]) -> bool:
    return any(
        row.get("field") == "notification_user" and _REQUESTER.search(str(row.get("value")))
        for row in trigger.get("actions") or ()
        if isinstance(row, Mapping)
    )


def _leaves_out(trigger: Mapping[str, Any], tag: str) -> bool:
    conditions = trigger.get("conditions")
    rows = conditions.get("all") if isinstance(conditions, Mapping) else None
    return any(
        row.get("field") == "current_tags"
        and row.get("operator") == "not_includes"
        and tag in str(row.get("value")).split()
        for row in rows or ()
        if isinstance(row, Mapping)
    )
