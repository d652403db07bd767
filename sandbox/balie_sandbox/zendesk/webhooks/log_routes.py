"""/webhooks/test, and the log of invocations and their attempts."""

import requests
from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from balie_sandbox.zendesk import defaults
from balie_sandbox.zendesk.account import ZendeskAccount
from balie_sandbox.zendesk.errors import Json
from balie_sandbox.zendesk.gateway import envelope, route, shown
from balie_sandbox.zendesk.paging import cursor_page
from balie_sandbox.zendesk.timestamps import stamp
from balie_sandbox.zendesk.webhooks.model import (
    Invocation,
    Webhook,
    attempt_json,
    invocation_json,
)
from balie_sandbox.zendesk.webhooks.sender import TIMEOUT_SECONDS, signed_headers
from balie_sandbox.zendesk.webhooks.signature import TEST_SECRET
from balie_sandbox.zendesk.webhooks.store import checked_webhook, refusal


def add_webhook_log_routes(blueprint: Blueprint, account: ZendeskAccount) -> None:
    @route(blueprint, "POST", "/webhooks/test")
    def test_webhook() -> ResponseReturnValue:
        """Sends at once, signed with the public test secret where no webhook is named."""
        sent = envelope("request")
        known = account.webhooks.find(request.args.get("webhook_id", ""))
        webhook = _tested(account, sent, known)
        return shown({"response": _send(account, webhook, _payload(sent))})

    @route(blueprint, "GET", "/webhooks/<webhook_id>/invocations")
    def invocations(webhook_id: str) -> ResponseReturnValue:
        wanted = request.args.get("filter[status]")
        rows = [
            one
            for one in account.webhooks.invocations(account.webhooks.get(webhook_id))
            if wanted in (None, one.status)
        ]
        args, url = request.args, request.base_url
        return shown(cursor_page(rows, args, url, "invocations", invocation_json))

    @route(blueprint, "GET", "/webhooks/<webhook_id>/invocations/<invocation_id>/attempts")
    def attempts(webhook_id: str, invocation_id: str) -> ResponseReturnValue:
        webhook = account.webhooks.get(webhook_id)
        found = _invocation(account.webhooks.invocations(webhook), invocation_id)
        args, url = request.args, request.base_url
        return shown(cursor_page(found.attempts, args, url, "attempts", attempt_json))


def _invocation(rows: list[Invocation], invocation_id: str) -> Invocation:
    for row in rows:
        if row.id == invocation_id:
            return row
    raise refusal(404, "NotFound", "Invocation not found")


def _tested(account: ZendeskAccount, sent: Json, known: Webhook | None) -> Webhook:
    """The webhook as the test describes it, on top of the one it names."""
    base = {"name": "test", "endpoint": known.endpoint if known else None}
    checked = checked_webhook({**base, **sent})
    now = account.source.now()
    return Webhook(
        known.id if known else account.source.ids.ulid(),
        checked.pop("name"),
        checked.pop("endpoint"),
        known.secret if known else TEST_SECRET,
        str(defaults.ADMIN_ID),
        now,
        now,
        **checked,
    )


def _payload(sent: Json) -> bytes:
    payload = sent.get("payload")
    return payload.encode() if isinstance(payload, str) else b""


def _send(account: ZendeskAccount, webhook: Webhook, body: bytes) -> Json:
    headers = signed_headers(webhook, account.source.ids.ulid(), stamp(account.source.now()), body)
    try:
        answer = requests.request(
            webhook.http_method,
            webhook.endpoint,
            data=body,
            headers=headers,
            timeout=TIMEOUT_SECONDS,
            allow_redirects=False,
        )
    except requests.RequestException as error:
        raise refusal(502, "EndpointUnreachable", type(error).__name__) from None
    seen = [{"key": key, "value": value} for key, value in answer.headers.items()]
    return {"status_code": answer.status_code, "headers": seen, "payload": answer.text[:10_000]}
