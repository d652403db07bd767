"""Who is asking, and whether they may: tokens, permissions, and the hourly limit."""

import json
from typing import Any

from flask import after_this_request, request
from werkzeug.wrappers import Response

from .account import GraphAccount, Node
from .errors import GraphError, no_such_object
from .model import App, Waba
from .tokens import MANAGEMENT, MESSAGING, given_tokens

#: Calls an hour for each app and account, without and with a registered number.
MANAGEMENT_CALLS = (200, 5000)
HOUR_SECONDS = 3600.0


def caller(account: GraphAccount) -> App:
    """Return the app whose token came along. Raises 104 without one and 190 for a wrong one."""
    given = given_tokens()
    if not given:
        message = "An access token is required to request this resource."
        raise GraphError(104, message, details="", http=401)
    app = account.app_of_token(given[0])
    if app is not None:
        return app
    known = account.tokens.get(given[0])
    if known is None:
        message = "Invalid OAuth access token - Cannot parse access token"
        raise GraphError(190, message, http=401)
    if known.revoked:
        message = "Error validating access token: The user has not authorized application."
        raise GraphError(190, message, http=401, subcode=458)
    message = "Error validating access token: Session has expired."
    raise GraphError(190, message, http=401, subcode=463)


def allow(account: GraphAccount, *, messaging: bool) -> None:
    """Raise code 10 when the token lacks the permission; an app's own token has all."""
    token = account.tokens.get(given_tokens()[0])
    if token is not None and (MESSAGING if messaging else MANAGEMENT) not in token.scopes:
        raise GraphError(10)


def find_node(account: GraphAccount, app: App, object_id: str, *kinds: type) -> Any:
    """Return the object of one of ``kinds`` with this id. Raises 100 with subcode 33."""
    found = account.seen_by(app, object_id)
    if found is None or (kinds and not isinstance(found, kinds)):
        raise no_such_object(object_id, request.method)
    return found


def count_management(account: GraphAccount, app: App, node: Node) -> None:
    """Count a management call and tell how many are used; raises 80007 beyond the limit."""
    waba = account.waba_of(node)
    if waba is None:
        return
    most = hourly(account, waba)
    now = account.clock.now()
    used = account.limits.take(f"calls {app.id} {waba.id}", now, most, HOUR_SECONDS)
    percent = 100 if used is None else used * 100 // most
    usage = {
        "type": "whatsapp_business_management",
        "call_count": percent,
        "total_cputime": 0,
        "total_time": 0,
        "estimated_time_to_regain_access": 0 if used is not None else 60,
    }

    def tell(answer: Response) -> Response:
        answer.headers["X-Business-Use-Case-Usage"] = json.dumps({waba.id: [usage]})
        return answer

    after_this_request(tell)
    if used is None and account.settings.management_limit:
        raise GraphError(80007)


def hourly(account: GraphAccount, waba: Waba) -> int:
    """Return how many calls an hour this account may take."""
    if account.settings.management_calls_per_hour:
        return account.settings.management_calls_per_hour
    numbers = [one for one in account.numbers.values() if one.waba_id == waba.id]
    return MANAGEMENT_CALLS[any(number.registered for number in numbers)]
