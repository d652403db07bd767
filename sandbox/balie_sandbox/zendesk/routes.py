"""All of the account's API in one blueprint."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from balie_sandbox.zendesk.account import ZendeskAccount
from balie_sandbox.zendesk.auth.routes import add_oauth_routes
from balie_sandbox.zendesk.errors import ApiError
from balie_sandbox.zendesk.files.download_routes import add_download_routes
from balie_sandbox.zendesk.files.upload_routes import add_upload_routes
from balie_sandbox.zendesk.gateway import API_PATH, guard
from balie_sandbox.zendesk.incremental.routes import add_incremental_routes
from balie_sandbox.zendesk.job_routes import add_job_routes
from balie_sandbox.zendesk.records.catalog_routes import add_catalog_routes
from balie_sandbox.zendesk.records.macro_routes import add_macro_routes
from balie_sandbox.zendesk.records.view_routes import add_view_routes
from balie_sandbox.zendesk.search.routes import add_search_routes
from balie_sandbox.zendesk.tickets.batch_routes import add_ticket_batch_routes
from balie_sandbox.zendesk.tickets.lifecycle_routes import add_lifecycle_routes
from balie_sandbox.zendesk.tickets.people_routes import add_ticket_people_routes
from balie_sandbox.zendesk.tickets.reading_routes import add_ticket_reading_routes
from balie_sandbox.zendesk.tickets.redaction_routes import add_redaction_routes
from balie_sandbox.zendesk.tickets.routes import add_ticket_routes
from balie_sandbox.zendesk.triggers.routes import add_trigger_routes
from balie_sandbox.zendesk.users.batch_routes import add_user_batch_routes
from balie_sandbox.zendesk.users.deletion_routes import add_deletion_routes
from balie_sandbox.zendesk.users.identity_routes import add_identity_routes
from balie_sandbox.zendesk.users.organization_routes import add_organization_routes
from balie_sandbox.zendesk.users.related_routes import add_related_routes
from balie_sandbox.zendesk.users.routes import add_user_routes
from balie_sandbox.zendesk.webhooks.log_routes import add_webhook_log_routes
from balie_sandbox.zendesk.webhooks.routes import add_webhook_routes

EVERY_METHOD = ["GET", "POST", "PUT", "PATCH", "DELETE"]


def zendesk_blueprint(account: ZendeskAccount) -> Blueprint:
    """The API under /api/v2/... and the token endpoint under /oauth/tokens."""
    blueprint = Blueprint("zendesk", __name__)
    guard(blueprint, account)
    for add in (
        add_oauth_routes,
        add_user_routes,
        add_identity_routes,
        add_related_routes,
        add_organization_routes,
        add_deletion_routes,
        add_user_batch_routes,
        add_ticket_routes,
        add_ticket_reading_routes,
        add_search_routes,
        add_trigger_routes,
        add_webhook_routes,
        add_webhook_log_routes,
        add_incremental_routes,
        add_redaction_routes,
        add_lifecycle_routes,
        add_ticket_batch_routes,
        add_ticket_people_routes,
        add_macro_routes,
        add_view_routes,
        add_catalog_routes,
        add_job_routes,
        add_upload_routes,
        add_download_routes,
    ):
        add(blueprint, account)

    @blueprint.route(f"{API_PATH}/<path:path>", methods=EVERY_METHOD)
    def unknown(path: str) -> ResponseReturnValue:  # noqa: ARG001 - part of the route
        raise ApiError(404, {"error": "InvalidEndpoint", "description": "Not found"})

    return blueprint
