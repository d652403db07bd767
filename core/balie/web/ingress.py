"""Where vendors' webhooks come in: authenticated, committed, and only then answered with 200."""

import hashlib
import hmac
import time
from dataclasses import dataclass

import structlog
from flask import Blueprint, Request, Response, request

from balie.api import (
    BalieError,
    Ingress,
    PayloadInvalid,
    PluginError,
    SignatureInvalid,
    WebAnswer,
    WebRequest,
)
from balie.desk.inbound.arrivals import event_item, unreadable_item
from balie.hooks import ConnectionDisabled
from balie.ledger.door import Submission
from balie.ledger.rows import NewItem
from balie.run.services import Services
from balie.store import StoreUnavailable
from balie.tenants.contexts import Live
from balie.tenants.models import State
from balie.tenants.secrets import SealBroken

MAX_BODY_BYTES = 3 * 1024 * 1024
"""Meta sends up to 3 MB; nobody we know sends more."""

RETRY_SECONDS = 5

_log = structlog.get_logger("ingress")


def ingress_blueprint(services: Services) -> Blueprint:
    """Return the route ``/hooks/<tenant>/<connection>``."""
    door = IngressDoor(services)
    blueprint = Blueprint("ingress", __name__)

    @blueprint.route(
        "/hooks/<tenant>/<connection>", methods=["GET", "POST"], provide_automatic_options=False
    )
    def hook(tenant: str, connection: str) -> Response:
        return door.answer(tenant, connection, request)

    return blueprint


@dataclass(frozen=True, slots=True)
class IngressDoor:
    """Answers vendors."""

    services: Services

    def answer(self, tenant: str, connection: str, web: Request) -> Response:
        """Return the answer to one request; count what it was."""
        start = time.perf_counter()
        body = _body(web)
        if body is None:
            return self._counted("unknown", "too_large", 413, "a body may have 3 MB")
        try:
            live = self._find(tenant, connection)
        except StoreUnavailable as error:
            return self._later("unknown", str(error))
        except (SealBroken, BalieError) as error:
            _log.warning(
                "settings_unusable", tenant=tenant, connection=connection, error=str(error)
            )
            return self._later("unknown", "the connection's settings cannot be read")
        if live is None or live.state is State.OFF:
            # As much work as a wrong signature costs, so that nobody can list tenants by time.
            hmac.digest(b"nobody", body, hashlib.sha256)
            return self._counted("unknown", "not_found", 404, "there is no such connection")
        made = WebRequest(
            method=web.method,
            headers={name.lower(): value for name, value in web.headers.items()},
            query=web.args,
            body=body,
        )
        response = self._accept(live, made)
        self.services.metrics.ingress_seconds.observe(time.perf_counter() - start)
        return response

    def _find(self, tenant: str, connection: str) -> Live | None:
        # PostgreSQL refuses a NUL even in a question.
        if "\0" in tenant + connection:
            return None
        return self.services.contexts.find(tenant, connection)

    def _accept(self, live: Live, made: WebRequest) -> Response:
        plugin = live.ctx.connection.plugin
        try:
            live, ingress = self._ingress(live, made)
            items = tuple(
                event_item(live.tenant_id, live.ctx.connection.id, event)
                for event in ingress.events
            )
        except SignatureInvalid as refusal:
            live.ctx.log.warning("signature_invalid", reason=str(refusal))
            return self._counted(plugin, "signature_invalid", 401, refusal.answer)
        except PayloadInvalid as problem:
            return self._park(live, made, str(problem))
        except ConnectionDisabled:
            return self._counted(plugin, "not_found", 404, "there is no such connection")
        except PluginError as error:
            live.ctx.log.warning("ingress_failed", error=str(error))
            return self._later(plugin, "the plugin failed; send it again")
        return self._store(live, items, ingress, "accepted")

    def _ingress(self, live: Live, made: WebRequest) -> tuple[Live, Ingress]:
        """Ask the plugin; where the signature does not fit, with the settings of this moment.

        A secret may just have been changed, and what is refused now the vendor never sends again.
        """
        try:
            return live, self.services.hooks.channel_ingress(live.ctx, made)
        except SignatureInvalid:
            changed = self.services.contexts.changed_since(live)
            if changed is None:
                raise
        return changed, self.services.hooks.channel_ingress(changed.ctx, made)

    def _park(self, live: Live, made: WebRequest, reason: str) -> Response:
        live.ctx.log.warning("payload_parked", reason=reason)
        item = unreadable_item(
            live.tenant_id, live.ctx.connection.id, made, reason, self.services.clock.now()
        )
        return self._store(live, (item,), Ingress(), "parked")

    def _store(
        self, live: Live, items: tuple[NewItem, ...], ingress: Ingress, outcome: str
    ) -> Response:
        plugin = live.ctx.connection.plugin
        if not items:
            return self._counted_answer(plugin, outcome, ingress.answer)
        try:
            accepted = self.services.door.accept(
                Submission(
                    tenant_id=live.tenant_id, connection_id=live.ctx.connection.id, items=items
                )
            )
        except StoreUnavailable as error:
            return self._later(plugin, str(error))
        events = self.services.metrics.events
        if accepted.new:
            events.labels(plugin, "new").inc(accepted.new)
        if accepted.duplicates:
            events.labels(plugin, "duplicate").inc(accepted.duplicates)
        for item in items:
            if item.reason and outcome == "accepted":
                events.labels(plugin, "refused").inc()
                live.ctx.log.info("event_refused", reason=item.reason)
        return self._counted_answer(plugin, outcome, ingress.answer)

    def _later(self, plugin: str, reason: str) -> Response:
        _log.warning("try_again_later", plugin=plugin, reason=reason)
        response = self._counted(plugin, "unavailable", 503, "not stored; send it again")
        response.headers["Retry-After"] = str(RETRY_SECONDS)
        return response

    def _counted(self, plugin: str, outcome: str, status: int, sentence: str) -> Response:
        return self._counted_answer(plugin, outcome, WebAnswer(status=status, body=sentence + "\n"))

    def _counted_answer(self, plugin: str, outcome: str, answer: WebAnswer) -> Response:
        self.services.metrics.webhooks.labels(plugin, outcome).inc()
        return Response(answer.body, status=answer.status, content_type=answer.content_type)


def _body(web: Request) -> bytes | None:
    """Return the whole body, or None where it is too large.

    Flask refuses by Content-Length only; a body in chunks it would cut off at its limit.
    """
    if (web.content_length or 0) > MAX_BODY_BYTES:
        return None
    body = web.get_data(cache=False)
    return body if len(body) <= MAX_BODY_BYTES else None
