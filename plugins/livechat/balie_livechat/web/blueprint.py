"""All routes of live chat."""

from flask import Blueprint

from balie.api import Site
from balie_livechat.web import (
    elsewhere_routes,
    file_routes,
    message_routes,
    page_routes,
    privacy_routes,
    session_routes,
    stream_routes,
)
from balie_livechat.web.desk import Desk


def blueprint(site: Site) -> Blueprint:
    """Return the routes, under ``/<tenant>/<connection>``."""
    routes = Blueprint("livechat", __name__)
    desk = Desk(site)
    for module in (
        page_routes,
        session_routes,
        message_routes,
        stream_routes,
        file_routes,
        elsewhere_routes,
        privacy_routes,
    ):
        module.add(routes, desk)
    return routes
