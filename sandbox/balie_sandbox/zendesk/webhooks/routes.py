"""/webhooks: the webhooks themselves and their signing secrets."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from balie_sandbox.zendesk.account import ZendeskAccount
from balie_sandbox.zendesk.errors import Json
from balie_sandbox.zendesk.gateway import caller, envelope, route, shown
from balie_sandbox.zendesk.paging import cursor_page
from balie_sandbox.zendesk.webhooks.model import Webhook, as_sent, webhook_json
from balie_sandbox.zendesk.webhooks.store import new_secret


def add_webhook_routes(blueprint: Blueprint, account: ZendeskAccount) -> None:
    _add_crud(blueprint, account)
    _add_secret(blueprint, account)


def _add_crud(blueprint: Blueprint, account: ZendeskAccount) -> None:
    @route(blueprint, "GET", "/webhooks")
    def list_webhooks() -> ResponseReturnValue:
        part = request.args.get("filter[name_contains]", "").lower()
        rows = [one for one in account.webhooks.listed() if part in one.name.lower()]
        return shown(cursor_page(rows, request.args, request.base_url, "webhooks", webhook_json))

    @route(blueprint, "POST", "/webhooks")
    def create_webhook() -> ResponseReturnValue:
        """A new one, or with ?clone_webhook_id= a copy."""
        cloned = request.args.get("clone_webhook_id")
        source = as_sent(_get(account, cloned)) if cloned else envelope("webhook")
        webhook = account.webhooks.create(source, caller().id)
        return {"webhook": webhook_json(webhook, fresh=True)}, 201

    @route(blueprint, "GET", "/webhooks/<webhook_id>")
    def show_webhook(webhook_id: str) -> ResponseReturnValue:
        return shown({"webhook": webhook_json(_get(account, webhook_id))})

    @route(blueprint, "PUT", "/webhooks/<webhook_id>")
    def replace_webhook(webhook_id: str) -> ResponseReturnValue:
        return change(webhook_id, partial=False)

    @route(blueprint, "PATCH", "/webhooks/<webhook_id>")
    def patch_webhook(webhook_id: str) -> ResponseReturnValue:
        return change(webhook_id, partial=True)

    def change(webhook_id: str, *, partial: bool) -> ResponseReturnValue:
        webhook, sent = _get(account, webhook_id), envelope("webhook")
        account.webhooks.update(webhook, sent, caller().id, partial=partial)
        return "", 204

    @route(blueprint, "DELETE", "/webhooks/<webhook_id>")
    def delete_webhook(webhook_id: str) -> ResponseReturnValue:
        account.webhooks.delete(_get(account, webhook_id))
        return "", 204


def _add_secret(blueprint: Blueprint, account: ZendeskAccount) -> None:
    @route(blueprint, "GET", "/webhooks/<webhook_id>/signing_secret")
    def show_secret(webhook_id: str) -> ResponseReturnValue:
        return shown(_secret(account.webhooks.get(webhook_id)))

    @route(blueprint, "POST", "/webhooks/<webhook_id>/signing_secret")
    def rotate_secret(webhook_id: str) -> ResponseReturnValue:
        webhook = account.webhooks.get(webhook_id)
        webhook.secret = new_secret()
        return _secret(webhook), 201


def _secret(webhook: Webhook) -> Json:
    return {"signing_secret": {"secret": webhook.secret, "algorithm": "SHA256"}}


def _get(account: ZendeskAccount, webhook_id: str) -> Webhook:
    return account.webhooks.get(webhook_id.removesuffix(".json"))
