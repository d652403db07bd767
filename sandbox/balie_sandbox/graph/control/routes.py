"""The routes of /control/whatsapp, put together."""

from flask import Blueprint

from balie_sandbox.graph.account import GraphAccount

from . import files, phones, set_up, templates, writing

MODULES = (writing, files, phones, templates, set_up)


def whatsapp_control_blueprint(account: GraphAccount) -> Blueprint:
    """Return the routes, mounted at /control/whatsapp."""
    blueprint = Blueprint("whatsapp_control", __name__)
    for module in MODULES:
        module.add_routes(blueprint, account)
    return blueprint
