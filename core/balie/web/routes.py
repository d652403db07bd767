"""Routes that plugins serve themselves, each plugin's under its own id."""

import structlog
from flask import Blueprint, Flask, Response, jsonify
from werkzeug.exceptions import HTTPException

from balie.api import BalieError, Context, NoSuchConnection, PluginError, TransientError
from balie.run.services import Services
from balie.store import StoreUnavailable
from balie.tenants.models import State
from balie.web.proxies import client_address

RETRY_SECONDS = 5
_HOOK = "web_blueprint"
_OURS = frozenset({"admin", "api", "files", "healthz", "hooks", "metrics", "readyz", "static"})

_log = structlog.get_logger("routes")


class PluginSite:
    """Where the routes of one plugin find their connections (:class:`balie.api.Site`)."""

    def __init__(self, services: Services, plugin: str) -> None:
        self._services = services
        self._plugin = plugin

    def context(self, tenant: str, connection: str, /) -> Context:
        """Return the context of a connection of this plugin."""
        try:
            # PostgreSQL refuses a NUL even in a question.
            odd = "\0" in tenant + connection
            live = None if odd else self._services.contexts.find(tenant, connection)
        except (StoreUnavailable, BalieError) as error:
            _log.warning("try_again_later", plugin=self._plugin, reason=str(error))
            raise TransientError("the connection cannot be used now") from error
        if live is None or live.state is State.OFF or live.ctx.connection.plugin != self._plugin:
            raise NoSuchConnection("there is no such connection")
        return live.ctx

    def visitor_address(self) -> str:
        """Return the IP address of who made the present request."""
        return client_address(self._services.settings.trusted_proxies)


def mount(app: Flask, services: Services) -> None:
    """Mount the routes of every plugin that has some. One that fails is left out."""
    for plugin in services.registry.plugins.values():
        if _HOOK not in plugin.hooks:
            continue
        if plugin.id in _OURS:
            _log.warning("routes_left_out", plugin=plugin.id, error=f"/{plugin.id} is Balie's own")
            continue
        try:
            blueprint = services.hooks.web_blueprint(plugin.id, PluginSite(services, plugin.id))
            _translate(blueprint, plugin.id)
            app.register_blueprint(blueprint, url_prefix=f"/{plugin.id}")
        except (PluginError, ValueError) as error:
            _log.warning("routes_left_out", plugin=plugin.id, error=str(error))


def _translate(blueprint: Blueprint, plugin: str) -> None:
    """Let a plugin's views raise what plugins raise."""

    @blueprint.errorhandler(NoSuchConnection)
    def unknown(error: NoSuchConnection) -> Response:
        text = f"{error}\n"
        return Response(text, status=404, content_type="text/plain; charset=utf-8")

    @blueprint.errorhandler(StoreUnavailable)
    @blueprint.errorhandler(TransientError)
    def later(error: Exception) -> tuple[Response, int, dict[str, str]]:
        _log.warning("try_again_later", plugin=plugin, reason=str(error))
        body = jsonify(error="unavailable", text="not done; try again in a moment")
        return body, 503, {"Retry-After": str(RETRY_SECONDS)}

    @blueprint.errorhandler(Exception)
    def broken(error: Exception) -> HTTPException | tuple[Response, int]:
        if isinstance(error, HTTPException):
            return error
        _log.warning("routes_failed", plugin=plugin, exc_info=error)
        return jsonify(error="broken", text="something went wrong here"), 500
