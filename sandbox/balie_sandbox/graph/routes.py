"""The Graph API's routes: who is asking, for which object, and what of it."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from .access import allow, caller, count_management, find_node
from .account import GraphAccount
from .edges import EDGES, EDGES_WITH_ITEMS, MESSAGING_EDGES
from .errors import GraphError, invalid_parameter
from .media.files import MediaFile
from .nodes import change_node, delete_node, read_node
from .parameters import parameters, required_text
from .token_routes import debug_token, exchange_token

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


def add_login(blueprint: Blueprint, account: GraphAccount) -> None:
    """Add what deals in tokens."""

    @blueprint.route("/<path:rest>", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
    def unknown_path(rest: str) -> ResponseReturnValue:
        raise GraphError(2500, f"Unknown path components: /{rest}")

    @on(blueprint, "GET", "/oauth/access_token")
    def app_token() -> ResponseReturnValue:
        return jsonify(exchange_token(account, parameters()))

    @on(blueprint, "GET", "/debug_token")
    def show_token() -> ResponseReturnValue:
        caller(account)
        return jsonify(data=debug_token(account, required_text(parameters(), "input_token")))


def add_objects(blueprint: Blueprint, account: GraphAccount) -> None:
    """Add reading, changing and deleting an object itself."""

    def of_object(object_id: str) -> ResponseReturnValue:
        app = caller(account)
        node = find_node(account, app, object_id)
        allow(account, messaging=isinstance(node, MediaFile))
        if not isinstance(node, MediaFile):
            count_management(account, app, node)
        match request.method:
            case "GET":
                return jsonify(read_node(account, app, node, parameters()))
            case "POST":
                return jsonify(change_node(account, app, node, parameters()))
        return jsonify(delete_node(account, node, parameters()))

    for method in ("GET", "POST", "DELETE"):
        on(blueprint, method, "/<object_id>")(of_object)


def add_edges(blueprint: Blueprint, account: GraphAccount) -> None:
    """Add the edges of every kind of object, and what hangs on an edge by its own id."""

    def of_edge(object_id: str, edge: str, item: str | None = None) -> ResponseReturnValue:
        app = caller(account)
        name = edge if item is None else f"{edge}/item"
        if item is not None and name not in EDGES_WITH_ITEMS:
            raise GraphError(2500, f"Unknown path components: /{object_id}/{edge}/{item}")
        kind, run = EDGES.get((request.method, name), (None, None))
        if kind is None or run is None:
            find_node(account, app, object_id)
            raise invalid_parameter(f"{request.method} {edge} is not available in this sandbox.")
        node = find_node(account, app, object_id, kind)
        messaging = edge in MESSAGING_EDGES
        allow(account, messaging=messaging)
        if not messaging:
            count_management(account, app, node)
        found = parameters()
        if item is not None:
            found["item"] = item
        return jsonify(run(account, app, node, found))

    for method in ("GET", "POST", "DELETE"):
        on(blueprint, method, "/<object_id>/<edge>")(of_edge)
        on(blueprint, method, "/<object_id>/<edge>/<item>")(of_edge)
