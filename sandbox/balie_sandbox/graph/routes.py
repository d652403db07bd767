"""The Graph API's routes: who is asking, for which object, and what of it."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from .account import GraphAccount
from .assets import phone_numbers, read_object
from .errors import GraphError, invalid_parameter, no_such_object
from .model import App, Number, Waba
from .parameters import Parameters, parameters, required_text
from .registration import deregister, register
from .send import post_message
from .subscriptions import (
    configure_number,
    list_app_callback,
    list_subscribed,
    set_app_callback,
    subscribe,
    unsubscribe,
)

Answer = dict[str, Any]
View = Callable[..., ResponseReturnValue]


def graph_blueprint(account: GraphAccount) -> Blueprint:
    """Return the routes, mounted at /graph; each with and without a version before it."""
    blueprint = Blueprint("graph", __name__)

    @blueprint.errorhandler(GraphError)
    def envelope(error: GraphError) -> ResponseReturnValue:
        return jsonify(error.as_json(account.ids.fbtrace())), error.http

    @blueprint.url_value_preprocessor
    def drop_version(_endpoint: str | None, values: dict[str, Any] | None) -> None:
        (values or {}).pop("version", None)

    add_login(blueprint, account)
    add_objects(blueprint, account)
    add_edges(blueprint, account)
    return blueprint


def on(blueprint: Blueprint, method: str, rule: str) -> Callable[[View], View]:
    """Register a view for ``rule`` and for the same behind ``/v24.0`` or any version."""

    def register_view(view: View) -> View:
        for path in (rule, f"/v<float:version>{rule}"):
            blueprint.add_url_rule(path, view_func=view, methods=[method], strict_slashes=False)
        return view

    return register_view


def caller(account: GraphAccount) -> App:
    """Return the app whose token came along. Raises 104 without one and 190 for a wrong one."""
    authorization = request.headers.get("Authorization", "")
    scheme, _, token = authorization.partition(" ")
    tokens = [request.args.get("access_token", ""), token if scheme.lower() == "bearer" else ""]
    tokens.append(request.form.get("access_token", ""))
    given = [entry.strip() for entry in tokens if entry.strip()]
    if not given:
        message = "An access token is required to request this resource."
        raise GraphError(104, message, http=401)
    app = account.app_of_token(given[0])
    if app is None:
        raise GraphError(190, "Invalid OAuth access token - Cannot parse access token", http=401)
    return app


def node(account: GraphAccount, app: App, object_id: str, *kinds: type) -> Any:
    """Return the object of one of ``kinds`` with this id. Raises 100 with subcode 33."""
    found = account.seen_by(app, object_id)
    if found is None or not isinstance(found, kinds):
        raise no_such_object(object_id, request.method)
    return found


def add_login(blueprint: Blueprint, account: GraphAccount) -> None:
    """Add what deals in tokens."""

    @blueprint.route("/<path:rest>", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
    def unknown_path(rest: str) -> ResponseReturnValue:
        raise GraphError(2500, f"Unknown path components: /{rest}")

    @on(blueprint, "GET", "/oauth/access_token")
    def app_token() -> ResponseReturnValue:
        found = parameters()
        app_id, secret = required_text(found, "client_id"), required_text(found, "client_secret")
        app = account.app_of_token(f"{app_id}|{secret}")
        if app is None:
            raise GraphError(1, "Error validating client secret.")
        return jsonify(access_token=f"{app_id}|{secret}", token_type="bearer")  # noqa: S106 - names a kind, is no secret

    @on(blueprint, "GET", "/debug_token")
    def debug_token() -> ResponseReturnValue:
        caller(account)
        app = account.app_of_token(required_text(parameters(), "input_token"))
        scopes = ["whatsapp_business_management", "whatsapp_business_messaging"]
        if app is None:
            return jsonify(data={"is_valid": False, "scopes": []})
        return jsonify(
            data={
                "app_id": app.id,
                "type": "SYSTEM_USER",
                "application": app.name,
                "is_valid": True,
                "expires_at": 0,
                "scopes": scopes,
            }
        )


def add_objects(blueprint: Blueprint, account: GraphAccount) -> None:
    """Add reading and changing an object itself."""

    @on(blueprint, "GET", "/<object_id>")
    def read(object_id: str) -> ResponseReturnValue:
        app = caller(account)
        found = node(account, app, object_id, App, Waba, Number)
        return jsonify(read_object(account, app, found, parameters()))

    @on(blueprint, "DELETE", "/<object_id>")
    def remove(object_id: str) -> ResponseReturnValue:
        caller(account)
        # Nothing that is built can be deleted, and Graph says that as of an unknown id.
        raise no_such_object(object_id, "DELETE")

    @on(blueprint, "POST", "/<object_id>")
    def change(object_id: str) -> ResponseReturnValue:
        app = caller(account)
        number = node(account, app, object_id, Number)
        return jsonify(configure_number(account, app, number, parameters()))


#: What hangs on an object: (method, edge) to the kind of object and what answers.
Edge = Callable[[GraphAccount, App, Any, Parameters], Answer]
EDGES: dict[tuple[str, str], tuple[type, Edge]] = {
    ("POST", "messages"): (Number, lambda account, _, it, found: post_message(account, it, found)),
    ("POST", "register"): (Number, lambda _account, _app, it, found: register(it, found)),
    ("POST", "deregister"): (Number, lambda _account, _app, it, _found: deregister(it)),
    ("GET", "phone_numbers"): (Waba, phone_numbers),
    ("POST", "subscribed_apps"): (Waba, lambda _, app, it, found: subscribe(app, it, found)),
    ("GET", "subscribed_apps"): (Waba, lambda account, _, it, _found: list_subscribed(account, it)),
    ("DELETE", "subscribed_apps"): (Waba, lambda _, app, it, _found: unsubscribe(app, it)),
    ("POST", "subscriptions"): (App, lambda _, _app, it, found: set_app_callback(it, found)),
    ("GET", "subscriptions"): (App, lambda _, _app, it, _found: list_app_callback(it)),
}


def add_edges(blueprint: Blueprint, account: GraphAccount) -> None:
    """Add the edges of every kind of object."""

    def answer(object_id: str, edge: str) -> ResponseReturnValue:
        app = caller(account)
        kind, run = EDGES.get((request.method, edge), (None, None))
        if kind is None or run is None:
            node(account, app, object_id, App, Waba, Number)
            raise invalid_parameter(f"{request.method} {edge} is not available in this sandbox.")
        it = node(account, app, object_id, kind)
        return jsonify(run(account, app, it, parameters()))

    for method in ("GET", "POST", "DELETE"):
        on(blueprint, method, "/<object_id>/<edge>")(answer)
