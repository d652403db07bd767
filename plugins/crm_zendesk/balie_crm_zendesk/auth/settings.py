"""Settings for signing in."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from balie.api import BaseUrl, ConfigSchema, Secret

_OAUTH = ("client_id", "client_secret")
_LEGACY = ("email", "api_token")


class SignIn(StrEnum):
    """How the OAuth client signs in."""

    CLIENT = "client_credentials"
    CONSENT = "authorization_code"


class SigningIn(ConfigSchema):
    """Sign in either with an OAuth client or, until Zendesk ends them on 2027-04-30, with an
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
    sign_in = fields.String(
        load_default=str(SignIn.CLIENT),
        validate=validate.OneOf(
            [*SignIn], error="is neither client_credentials nor authorization_code."
        ),
        metadata={
            "description": "client_credentials: the client signs in by itself."
            " authorization_code: an admin agrees once, at an address that setting up prints."
        },
    )
    scope = fields.String(
        load_default="read write",
        validate=validate.Length(min=1, error="is empty; leave it out for “read write”."),
        metadata={
            "description": "What the OAuth client asks to be allowed. Keep “read write”, unless"
            " setting up accepts something narrower."
        },
    )
    email = fields.Email(
        error_messages={"invalid": "is no e-mail address."},
        metadata={"description": "Only with an API token: the address of the token's agent."},
    )
    api_token = Secret(
        metadata={"description": "An API token (legacy). Zendesk ends these on 2027-04-30."}
    )

    @validates_schema
    def _sign_in_one_way(self, data: Mapping[str, Any], **_: object) -> None:
        given = {name for name in _OAUTH + _LEGACY if data.get(name)}
        by_consent = data.get("sign_in") == SignIn.CONSENT
        if given in ({*_OAUTH}, {*_LEGACY}) or (by_consent and given == {"client_id"}):
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
