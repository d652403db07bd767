"""Makes the webhook and the trigger that a bridge needs, in one go (reference 4.5)."""

from balie_sandbox.zendesk import defaults
from balie_sandbox.zendesk.account import ZendeskAccount
from balie_sandbox.zendesk.errors import Json
from balie_sandbox.zendesk.triggers.model import Trigger
from balie_sandbox.zendesk.webhooks.model import Webhook

#: Ids and stamps only: agents' text may break the JSON, and is fetched with the comments.
BODY = (
    '{"ticket_id":"{{ticket.id}}","external_id":"{{ticket.external_id}}",'
    '"status":"{{ticket.status}}","updated_at":"{{ticket.updated_at_with_timestamp}}",'
    '"agent":"{{current_user.name}}"}'
)


def set_up_bridge(
    account: ZendeskAccount, url: str, secret: str | None, tag: str = defaults.BRIDGE_TAG
) -> tuple[Webhook, Trigger]:
    """Agents' public replies, written in the screen, on tickets with the tag. Raises ApiError."""
    described: Json = {
        "name": "Bridge",
        "endpoint": url,
        "http_method": "POST",
        "request_format": "json",
        "subscriptions": ["conditional_ticket_events"],
    }
    webhook = account.webhooks.create(described, defaults.ADMIN_ID, secret)
    return webhook, account.triggers.create(_trigger(webhook, tag))


def _trigger(webhook: Webhook, tag: str) -> Json:
    conditions = [
        {"field": "status", "operator": "less_than", "value": "closed"},
        {"field": "current_tags", "operator": "includes", "value": tag},
        {"field": "comment_is_public", "operator": "is", "value": "true"},
        {"field": "role", "operator": "is", "value": "agent"},
        {"field": "current_via_id", "operator": "is_not", "value": "5"},
    ]
    return {
        "title": "Bridge: agent's public reply",
        "conditions": {"all": conditions, "any": []},
        "actions": [{"field": "notification_webhook", "value": [webhook.id, BODY]}],
    }
