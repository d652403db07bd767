"""An admin lets Balie in: the address to open, and what Zendesk sends back to ours.

https://developer.zendesk.com/documentation/api-basics/authentication/using-oauth-to-authenticate-zendesk-api-requests-in-a-web-app/
"""

import base64
import hashlib
import hmac
import secrets
from urllib.parse import urlencode

from balie.api import Context, PluginError, WebAnswer, WebRequest
from balie_crm_zendesk import texts

from . import rotation
from .grants import ask

#: How long the address that is shown can be used.
LINK_SECONDS = 3600.0
_PLACE = "consent-asked"
_ADVICE = "Zendesk does not take the code: open the address that setting up prints once more."
_LONGEST_CODE = 500


def link(ctx: Context) -> str:
    """Return an address for an admin to open; it takes the place of an earlier one."""
    state, verifier = secrets.token_urlsafe(24), secrets.token_urlsafe(48)
    ctx.kv.set(_PLACE, f"{state} {verifier}", seconds=LINK_SECONDS)
    digest = hashlib.sha256(verifier.encode()).digest()
    query = {
        "response_type": "code",
        "client_id": ctx.config["client_id"],
        "redirect_uri": ctx.hook_url,
        "scope": ctx.config["scope"],
        "state": state,
        "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
        "code_challenge_method": "S256",
    }
    return f"{ctx.config['base_url']}/oauth/authorizations/new?{urlencode(query)}"


def is_answer(request: WebRequest) -> bool:
    """Say whether Zendesk sent an admin's browser back to us."""
    return request.method == "GET" and bool({"code", "error"} & set(request.query))


def answer(ctx: Context, request: WebRequest) -> WebAnswer:
    """Take the admin's consent and say how it went. The address works once."""
    state, _, verifier = (ctx.kv.get(_PLACE) or "").partition(" ")
    given = request.query.get("state", "")
    if not state or not hmac.compare_digest(state.encode(), given.encode()):
        return _page(ctx, 400, "not_signed_in", "the address is not ours or too old.")
    ctx.kv.delete(_PLACE)
    code = request.query.get("code", "")[:_LONGEST_CODE]
    if not code:
        return _page(ctx, 400, "not_signed_in", "the admin did not agree.")
    body = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": ctx.hook_url,
        "scope": ctx.config["scope"],
        "code_verifier": verifier,
        **rotation.proof(ctx),
        **rotation.lives(),
    }
    try:
        rotation.keep(ctx, ask(ctx, body, _ADVICE))
    except PluginError as problem:
        return _page(ctx, 502, "not_signed_in", str(problem))
    return _page(ctx, 200, "signed_in")


def _page(ctx: Context, status: int, what: str, reason: str = "") -> WebAnswer:
    return WebAnswer(status=status, body=texts.say(ctx.tenant.locale, what, reason=reason) + "\n")
