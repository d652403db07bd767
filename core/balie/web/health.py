"""Health and metrics, for load balancers and for Prometheus."""

import hmac

from flask import Blueprint, Response, jsonify, request

from balie.run.beats import living, missing
from balie.run.exposition import CONTENT_TYPE, exposed
from balie.run.roles import Role
from balie.run.services import Services
from balie.store import StoreUnavailable, migrate


def health_blueprint(services: Services, role: Role) -> Blueprint:
    """Return ``/healthz``, ``/readyz`` and ``/metrics``."""
    blueprint = Blueprint("health", __name__)

    @blueprint.get("/healthz")
    def healthz() -> Response:
        return jsonify(ok=True)

    @blueprint.get("/readyz")
    def readyz() -> tuple[Response, int]:
        checks = _checks(services, role)
        ready = all(state == "ok" for state in checks.values())
        facts = {"ok": ready, "checks": checks}
        if role is not Role.SERVE:
            # Told, and no reason to turn webhooks away: what is kept now is worked afterwards.
            facts["missing"] = _missing(services)
        return jsonify(facts), 200 if ready else 503

    @blueprint.get("/metrics")
    def metrics() -> Response:
        if not _may_read(services.settings.metrics_token):
            sentence = "set BALIE_METRICS_TOKEN and send it as a bearer token\n"
            return Response(sentence, status=403, content_type="text/plain; charset=utf-8")
        return Response(exposed(services), content_type=CONTENT_TYPE)

    return blueprint


def _missing(services: Services) -> dict[str, str]:
    try:
        with services.store.reading() as session:
            return missing(living(session, services.clock.now()))
    except StoreUnavailable:
        return {}


def _checks(services: Services, role: Role) -> dict[str, str]:
    checks = {}
    if role is Role.SERVE:
        checks["worker"] = "ok" if services.schedule.is_alive() else "the clock has stopped"
    try:
        services.store.ping()
        checks["database"] = "ok"
        known, there = migrate.head(), migrate.current(services.store)
        fits = "ok" if known == there else f"schema {there}, wanted {known}: run balie db upgrade"
        checks["migrations"] = fits
    except StoreUnavailable as error:
        checks["database"] = str(error)
    return checks


def _may_read(token: str) -> bool:
    if token:
        given = request.headers.get("Authorization", "")
        return hmac.compare_digest(given.encode(), f"Bearer {token}".encode())
    # Unset: for this machine only, and not for whom a proxy on this machine speaks for.
    forwarded = "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
    return request.remote_addr in ("127.0.0.1", "::1") and not forwarded
