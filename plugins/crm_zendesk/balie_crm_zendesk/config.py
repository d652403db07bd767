"""A Zendesk connection's settings."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from balie.api import AllowedHosts, BaseUrl, Secret

from .tickets.rules import TicketRules

_OAUTH = ("client_id", "client_secret")
_LEGACY = ("email", "api_token")


class ZendeskConfig(TicketRules):
    """Where the Zendesk is, how to sign in there, and what proves that a webhook is Zendesk's.

    Sign in either with an OAuth client or, until Zendesk ends them on 2027-04-30, with an
    agent's e-mail address and an API token.
    """

    base_url = BaseUrl(
        required=True,
        metadata={"description": "Your Zendesk's address, such as https://company.zendesk.com."},
    )
    client_id = fields.String(
        metadata={"description": "The unique identifier of the OAuth client made for Balie."}
    )
    client_secret = Secret(
        metadata={"description": "The OAuth client's secret. Zendesk shows it once."}
    )
    scope = fields.String(
        load_default="read write",
        validate=validate.Length(min=1, error="is empty; leave it out for “read write”."),
        metadata={"description": "What the OAuth client asks to be allowed. Keep “read write”."},
    )
    email = fields.Email(
        error_messages={"invalid": "is no e-mail address."},
        metadata={"description": "Only with an API token: the address of the token's agent."},
    )
    api_token = Secret(
        metadata={"description": "An API token (legacy). Zendesk ends these on 2027-04-30."}
    )
    webhook_secret = Secret(
        metadata={
            "description": "The webhook's signing secret. Setting up reads it from Zendesk; until"
            " then no webhook is believed."
        },
    )
    tag = fields.String(
        load_default="balie",
        validate=validate.Regexp(
            r"[a-z0-9_-]{1,80}\Z", error="holds more than a-z, 0-9, _ and -, or is too long."
        ),
        metadata={"description": "The tag on every ticket Balie makes; the trigger looks for it."},
    )

    reconcile_every = fields.Float(
        load_default=90.0,
        validate=validate.Range(1, 3600, error="is to be from 1 to 3600 seconds."),
        metadata={
            "description": "Seconds between two looks for answers whose webhook was lost."
            " Zendesk allows ten looks a minute to all who ask it."
        },
    )

    file_hosts = AllowedHosts(
        load_default="*.zdusercontent.com",
        metadata={
            "description": "Where agents' files may be fetched beside your Zendesk itself. Add the"
            " address of your help center where it has its own."
        },
    )
    phone_fields = fields.String(
        load_default="",
        validate=validate.Regexp(
            r"\s*([a-z0-9_]+\s*(,\s*[a-z0-9_]+\s*)*)?\Z", error="is no list of field keys."
        ),
        metadata={
            "description": "Keys of user fields that hold telephone numbers too, divided by commas."
        },
    )
    customer_card = fields.Boolean(
        load_default=False,
        metadata={
            "description": "Whether a new customer's organisation, tags, open tickets and user"
            " fields are shown to the agent in a note."
        },
    )
    delivery_field_id = fields.Integer(
        metadata={
            "description": "The ticket field that says what became of an answer. Setting up makes"
            " it and fills this in."
        },
    )

    @validates_schema
    def _sign_in_one_way(self, data: Mapping[str, Any], **_: object) -> None:
        given = {name for name in _OAUTH + _LEGACY if data.get(name)}
        if given in ({*_OAUTH}, {*_LEGACY}):
            return
        if given & {*_OAUTH} and given & {*_LEGACY}:
            raise ValidationError(
                "is a second way to sign in: give client_id and client_secret,"
                " or email and api_token, not both.",
                "api_token" if "api_token" in given else "email",
            )
        pair = _LEGACY if given & {*_LEGACY} else _OAUTH
        missing = next(name for name in reversed(pair) if name not in given)
        raise ValidationError(
            "is missing: sign in with client_id and client_secret"
            " (or, legacy, with email and api_token).",
            missing,
        )
