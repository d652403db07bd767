"""The triggers that every new account has. They mail customers, which a bridge must reckon with:
a customer's words that a bridge posts through the API are mailed back to the customer."""

from balie_sandbox.zendesk.errors import Json

RECEIVED: Json = {
    "title": "Notify requester and CCs of received request",
    "conditions": {
        "all": [
            {"field": "update_type", "operator": "is", "value": "Create"},
            {"field": "status", "operator": "is_not", "value": "solved"},
            {"field": "ticket_is_public", "operator": "is", "value": "public"},
        ],
        "any": [],
    },
    "actions": [
        {
            "field": "notification_user",
            "value": [
                "requester_and_ccs",
                "[{{ticket.account}}] {{ticket.title}}",
                "Your request ({{ticket.id}}) has been received.",
            ],
        }
    ],
}
UPDATED: Json = {
    "title": "Notify requester and CCs of comment update",
    "conditions": {
        "all": [
            {"field": "update_type", "operator": "is", "value": "Change"},
            {
                "field": "comment_is_public",
                "operator": "is",
                "value": "requester_can_see_comment",
            },
            {"field": "requester_id", "operator": "is_not", "value": "current_user"},
        ],
        "any": [],
    },
    "actions": [
        {
            "field": "notification_user",
            "value": [
                "requester_and_ccs",
                "[{{ticket.account}}] Re: {{ticket.title}}",
                "{{ticket.latest_public_comment}}",
            ],
        }
    ],
}
STANDARD = (RECEIVED, UPDATED)
