"""The front page: in the demo the phone and the desk side by side, else a word of what this is."""

from flask import Blueprint, Response, render_template

from balie.run.services import Services


def home_blueprint(services: Services) -> Blueprint:
    """Return the page ``/``."""
    blueprint = Blueprint("home", __name__, template_folder="templates")
    desk = services.settings.demo_desk
    frames = desk or "'none'"

    @blueprint.get("/")
    def home() -> Response:
        page = "demo.html" if desk else "home.html"
        response = Response(
            render_template(page, desk=desk), content_type="text/html; charset=utf-8"
        )
        response.headers["Content-Security-Policy"] = (
            f"default-src 'none'; style-src 'unsafe-inline'; frame-src {frames}; "
            "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        )
        return response

    return blueprint
