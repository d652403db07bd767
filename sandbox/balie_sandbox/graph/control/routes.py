"""The routes of /control/whatsapp, put together."""

from flask import Blueprint

from balie_sandbox.graph.account import GraphAccount

from . import calls, coexistence, events, files, groups, phones, set_up, templates, writing

MODULES = (writing, files, phones, templates, events, calls, groups, coexistence, set_up)


def whatsapp_control_blueprint(account: GraphAccount) -> Blueprint:
    """Return the routes, mounted at /control/whatsapp."""
    blueprint = Blueprint("whatsapp_control", __name__)
    for module in MODULES:
        # One each, so that their views may have the same names.
        part = Blueprint(module.__name__.rpartition(".")[2], __name__)
        module.add_routes(part, account)
        blueprint.register_blueprint(part)
    return blueprint
