"""The application factory."""

from flask import Flask

from balie.run.roles import Role
from balie.run.services import Services
from balie.web.files import files_blueprint
from balie.web.hardening import harden
from balie.web.health import health_blueprint
from balie.web.home import home_blueprint
from balie.web.ingress import MAX_BODY_BYTES, ingress_blueprint
from balie.web.routes import mount


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

    app.wsgi_app = harden(app.wsgi_app)  # type: ignore[assignment]  # positional parameters
    return app
