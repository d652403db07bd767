"""/control/zendesk: OAuth clients, tokens and API tokens."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from balie_sandbox.bad_input import BadInput, json_object
from balie_sandbox.zendesk import defaults
from balie_sandbox.zendesk.account import ZendeskAccount
from balie_sandbox.zendesk.auth.clients import Client
from balie_sandbox.zendesk.control_input import optional_text, text


def add_access_control(blueprint: Blueprint, account: ZendeskAccount) -> None:
    @blueprint.post("/tokens/revoke")
    def revoke_tokens() -> ResponseReturnValue:
        return jsonify(revoked=account.gate.revoke_all())

    @blueprint.post("/tokens/expire")
    def expire_tokens() -> ResponseReturnValue:
        """End every access token; refresh tokens stay."""
        return jsonify(expired=account.gate.tokens.expire_all())

    @blueprint.delete("/api_tokens")
    def end_api_tokens() -> ResponseReturnValue:
        """Switch every API token off, as Zendesk will."""
        account.gate.api_tokens.clear()
        return jsonify(success=True)

    @blueprint.post("/clients")
    def add_client() -> ResponseReturnValue:
        """{client_id, client_secret, kind=confidential, redirect_uris?}: new, or changed."""
        sent = json_object()
        kind, uris = optional_text(sent, "kind", "confidential"), sent.get("redirect_uris", [])
        if kind not in ("confidential", "public") or not isinstance(uris, list):
            raise BadInput("kind is confidential or public, redirect_uris a list of strings.")
        client = Client(
            text(sent, "client_id"),
            text(sent, "client_secret"),
            defaults.ADMIN_ID,
            kind,
            tuple(str(one) for one in uris),
        )
        account.gate.register(client)
        return jsonify(client_id=client.id), 201
