"""Zendesk's routes: routes."""

from flask import Blueprint

from .account import ZendeskAccount


def zendesk_blueprint(account: ZendeskAccount) -> Blueprint:
    """Return the routes of routes."""
    return Blueprint("zendesk", __name__)
