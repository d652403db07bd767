"""A Zendesk connection's settings."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from balie.api import BaseUrl, ConfigSchema, Secret

_OAUTH = ("client_id", "client_secret")
_LEGACY = ("email", "api_token")


class ZendeskConfig(ConfigSchema):
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
        required=True,
        metadata={"description": "The signing secret that Zendesk shows on the webhook's page."},
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
