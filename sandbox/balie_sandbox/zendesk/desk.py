"""Zendesk's routes: desk."""

from flask import Blueprint

from .account import ZendeskAccount


def desk_blueprint(account: ZendeskAccount) -> Blueprint:
    """Return the routes of desk."""
    return Blueprint("desk", __name__)
