"""The Graph API's routes."""

from flask import Blueprint

from .account import GraphAccount


def graph_blueprint(account: GraphAccount) -> Blueprint:  # noqa: ARG001 - routes follow
    """Return the routes, mounted at /graph."""
    return Blueprint("graph", __name__)
