"""The application factory."""

from flask import Flask, Response

from balie.run.roles import Role
from balie.run.services import Services
from balie.web.files import files_blueprint
from balie.web.health import health_blueprint
from balie.web.home import home_blueprint
from balie.web.ingress import MAX_BODY_BYTES, ingress_blueprint
from balie.web.routes import mount

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def create_app(services: Services, role: Role = Role.SERVE) -> Flask:
    """Return the application on these services. It starts nothing."""
    app = Flask("balie.web")
    # One more than is let in, so that a body in chunks shows that it is too large.
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES + 1
    app.register_blueprint(ingress_blueprint(services))
    app.register_blueprint(files_blueprint(services))
    app.register_blueprint(health_blueprint(services, role))
    app.register_blueprint(home_blueprint(services))
    mount(app, services)

    @app.after_request
    def harden(response: Response) -> Response:
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        if _may_be_framed(response):
            del response.headers["X-Frame-Options"]
        return response

    return app


def _may_be_framed(response: Response) -> bool:
    """Say whether a page names those who may frame it; X-Frame-Options cannot name any."""
    policy = response.headers.get("Content-Security-Policy", "")
    return "frame-ancestors" in policy and "frame-ancestors 'none'" not in policy
