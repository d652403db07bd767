"""The Flask app: two vendors' APIs, the control routes, a shop, and the pages."""

from flask import Flask, jsonify
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from .bad_input import BadInput
from .control import control_blueprint
from .fault_gate import FaultGate, zendesk_envelope
from .graph.control.routes import whatsapp_control_blueprint
from .graph.errors import fault_envelope
from .graph.media.serving import lookaside_blueprint
from .graph.routes import graph_blueprint
from .pages import pages_blueprint
from .sandbox import Sandbox
from .shop.routes import shop_blueprint, shop_control_blueprint
from .zendesk.control import zendesk_control_blueprint
from .zendesk.desk import desk_blueprint
from .zendesk.routes import zendesk_blueprint

#: Meta's and Zendesk's own limits are below it (100 MB of media).
MAX_BODY_BYTES = 110 * 1024 * 1024


def create_app(sandbox: Sandbox | None = None) -> Flask:
    """Return the sandbox as one WSGI app around ``sandbox``, or around a fresh one.

    Serve it with ``server.make_server``: webhooks leave from greenlets, and a dropped
    connection needs that server's handler.
    """
    sandbox = sandbox or Sandbox()
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    app.json.sort_keys = False  # type: ignore[attr-defined]  # of the default provider
    app.extensions["balie_sandbox"] = sandbox
    app.register_blueprint(graph_blueprint(sandbox.phones), url_prefix="/graph")
    app.register_blueprint(lookaside_blueprint(sandbox.phones), url_prefix="/lookaside")
    app.register_blueprint(zendesk_blueprint(sandbox.zendesk), url_prefix="/zendesk")
    app.register_blueprint(control_blueprint(sandbox), url_prefix="/control")
    app.register_blueprint(
        whatsapp_control_blueprint(sandbox.phones), url_prefix="/control/whatsapp"
    )
    app.register_blueprint(
        zendesk_control_blueprint(sandbox.zendesk), url_prefix="/control/zendesk"
    )
    app.register_blueprint(desk_blueprint(sandbox.zendesk), url_prefix="/desk")
    app.register_blueprint(shop_blueprint(sandbox.shop))
    app.register_blueprint(shop_control_blueprint(sandbox.shop), url_prefix="/control/shop")
    app.register_blueprint(pages_blueprint(sandbox))
    app.register_error_handler(BadInput, refuse)
    app.register_error_handler(HTTPException, explain)
    graph_errors = fault_envelope(sandbox.ids)
    envelopes = {
        "graph": graph_errors,
        "lookaside": graph_errors,
        "zendesk": zendesk_envelope,
    }
    app.wsgi_app = FaultGate(app.wsgi_app, sandbox.faults, envelopes)  # type: ignore[method-assign]  # Flask's way to add middleware
    return app


def refuse(error: BadInput) -> ResponseReturnValue:
    """Answer 400 with the sentence."""
    return jsonify(error=str(error)), 400


def explain(error: HTTPException) -> ResponseReturnValue:
    """Answer Werkzeug's own errors (404, 405, 413) as JSON, as a client of an API expects."""
    return jsonify(error=error.description), error.code or 500
