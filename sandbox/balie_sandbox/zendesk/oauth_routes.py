"""POST /oauth/tokens."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from balie_sandbox.zendesk.account import ZendeskAccount
from balie_sandbox.zendesk.errors import Json
from balie_sandbox.zendesk.gateway import body, shown


def add_oauth_routes(blueprint: Blueprint, account: ZendeskAccount) -> None:
    @blueprint.post("/oauth/tokens")
    def issue_token() -> ResponseReturnValue:
        """JSON as documented, and the form that OAuth itself asks for."""
        is_form = request.mimetype == "application/x-www-form-urlencoded"
        sent: Json = request.form.to_dict() if is_form else body()
        return shown(account.gate.issue(sent))
