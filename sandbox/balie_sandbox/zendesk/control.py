"""Zendesk's routes: control."""

from flask import Blueprint

from .account import ZendeskAccount


def zendesk_control_blueprint(account: ZendeskAccount) -> Blueprint:
    """Return the routes of control."""
    return Blueprint("zendesk_control", __name__)
