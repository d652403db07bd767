"""/oauth: the tokens, and the page on which an admin lets a client in."""

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from balie_sandbox.zendesk import defaults, desk_texts
from balie_sandbox.zendesk.account import ZendeskAccount
from balie_sandbox.zendesk.auth.clients import Client, Token
from balie_sandbox.zendesk.auth.gate import unauthenticated
from balie_sandbox.zendesk.auth.grants import refused, scopes_of
from balie_sandbox.zendesk.errors import Json, not_found
from balie_sandbox.zendesk.gateway import api_url, body, route, shown
from balie_sandbox.zendesk.timestamps import stamp

#: What the page takes from its address and gives back with the answer.
ASKED = ("client_id", "redirect_uri", "scope", "state", "code_challenge", "code_challenge_method")


def add_oauth_routes(blueprint: Blueprint, account: ZendeskAccount) -> None:
    @blueprint.post("/oauth/tokens")
    def issue_token() -> ResponseReturnValue:
        """JSON as documented, and the form that OAuth itself asks for."""
        is_form = request.mimetype == "application/x-www-form-urlencoded"
        sent: Json = request.form.to_dict() if is_form else body()
        return shown(account.gate.grants.issue(sent))

    _add_consent(blueprint, account)
    _add_tokens(blueprint, account)


def _add_consent(blueprint: Blueprint, account: ZendeskAccount) -> None:
    @blueprint.get("/oauth/authorizations/new")
    def ask() -> ResponseReturnValue:
        """The page; whoever opens the sandbox is signed in as the admin."""
        client = _checked_client(account, request.args.to_dict())
        lang = desk_texts.language(request.args.get("lang"), request.accept_languages)
        return render_template(
            "zendesk_consent.html",
            lang=lang,
            texts=desk_texts.TEXTS[lang],
            client=client.id,
            admin=defaults.ADMIN_NAME,
            scopes=scopes_of(request.args.to_dict()),
            asked={name: request.args.get(name, "") for name in ASKED},
        )

    @blueprint.post("/oauth/authorizations/new")
    def decide() -> ResponseReturnValue:
        asked: dict[str, Any] = request.form.to_dict()
        client, place = _checked_client(account, asked), str(asked["redirect_uri"])
        answer = {"state": asked["state"]} if asked.get("state") else {}
        if asked.get("decision") == "allow":
            answer |= {"code": account.gate.grants.consent(client, place, asked)}
        else:
            answer |= {"error": "access_denied"}
            answer |= {"error_description": "The end-user or authorization server denied it."}
        return redirect(f"{place}{'&' if '?' in place else '?'}{urlencode(answer)}")


def _checked_client(account: ZendeskAccount, asked: Json) -> Client:
    """Never redirects to an address that the client does not list. Raises ApiError (400)."""
    client = account.gate.clients.get(str(asked.get("client_id", "")))
    if client is None:
        raise refused(400, "invalid_client", "No such client.")
    if asked.get("redirect_uri") not in client.redirect_uris:
        raise refused(400, "invalid_request", "The redirect_uri is not one of the client's.")
    if client.is_public and asked.get("code_challenge_method") != "S256":
        raise refused(400, "invalid_request", "A public client needs a code_challenge with S256.")
    return client


def _add_tokens(blueprint: Blueprint, account: ZendeskAccount) -> None:
    def current() -> Token:
        token = account.gate.token_of(request.headers.get("Authorization"))
        if token is None:
            raise unauthenticated()
        return token

    @route(blueprint, "GET", "/oauth/tokens")
    def list_tokens() -> ResponseReturnValue:
        return shown({"tokens": [_shape(one) for one in account.gate.tokens.listed()]})

    @route(blueprint, "GET", "/oauth/tokens/current")
    def show_current() -> ResponseReturnValue:
        return shown({"token": _shape(current())})

    @route(blueprint, "DELETE", "/oauth/tokens/current")
    def revoke_current() -> ResponseReturnValue:
        account.gate.tokens.revoke(current())
        return "", 204

    @route(blueprint, "DELETE", "/oauth/tokens/<int:token_id>")
    def revoke(token_id: int) -> ResponseReturnValue:
        for token in account.gate.tokens.listed():
            if token.id == token_id:
                account.gate.tokens.revoke(token)
                return "", 204
        raise not_found()


def _shape(token: Token) -> Json:
    """Never the token itself, only how it begins."""
    return {
        "url": f"{api_url()}/oauth/tokens/{token.id}.json",
        "id": token.id,
        "user_id": token.user_id,
        "client_id": token.client_id,
        "token": token.access[:10],
        "scopes": list(token.scopes),
        "created_at": stamp(token.created_at),
        "expires_at": stamp(token.expires_at),
    }
