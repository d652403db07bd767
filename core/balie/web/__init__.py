"""The Flask application."""

from balie.web.app import create_app

__all__ = ["create_app"]
