"""What a customer and a test can do."""

from flask import Blueprint

from .account import GraphAccount


def whatsapp_control_blueprint(account: GraphAccount) -> Blueprint:  # noqa: ARG001 - routes follow
    """Return the routes, mounted at /control/whatsapp."""
    return Blueprint("whatsapp_control", __name__)
