"""What Meta gives for one business phone number, and where Meta is."""

import re

from marshmallow import ValidationError, fields, validate, validates

from balie.api import BaseUrl, ConfigSchema, Secret

_ID = validate.Regexp(
    r"[0-9A-Za-z_-]{1,64}\Z",
    error="is no id; copy the digits from WhatsApp Manager, not the telephone number itself.",
)
_VERSION = validate.Regexp(r"v[0-9]{1,3}\.[0-9]\Z", error="is no version; write it as v24.0.")


class Credentials(ConfigSchema):
    """What Meta's app dashboard and WhatsApp Manager give for one number."""

    phone_number_id = fields.String(
        required=True,
        validate=_ID,
        metadata={"description": "The number's id (not the number) in WhatsApp Manager."},
    )
    waba_id = fields.String(
        required=True,
        validate=_ID,
        metadata={"description": "The id of the WhatsApp Business account that has the number."},
    )
    access_token = Secret(
        required=True,
        metadata={
            "description": "A system user's token with whatsapp_business_messaging on the account."
        },
    )
    app_secret = Secret(
        required=True,
        metadata={"description": "The app secret, from the app's basic settings. Signs webhooks."},
    )
    verify_token = Secret(
        required=True,
        metadata={"description": "Any words you choose; give Meta the same beside the address."},
    )
    graph_url = BaseUrl(
        load_default="https://graph.facebook.com",
        metadata={"description": "Where the Graph API is; another only for a sandbox."},
    )
    media_url = BaseUrl(
        load_default="https://lookaside.fbsbx.com",
        metadata={"description": "Where files are fetched; no other host is given the token."},
    )
    link_url = BaseUrl(
        load_default="https://wa.me",
        metadata={"description": "Where links lead that open a chat; another only for a sandbox."},
    )
    api_version = fields.String(
        load_default="v24.0",
        validate=_VERSION,
        metadata={"description": "The Graph API's version; each lives about two years."},
    )
    reconcile_seconds = fields.Float(
        load_default=90.0,
        validate=validate.Range(min=0, min_inclusive=False, error="must be more than 0."),
        metadata={
            "description": "Seconds a status may take to prove a send whose answer was lost."
        },
    )

    @validates("access_token")
    def _fits_a_header(self, value: str, data_key: str) -> None:
        """Refuse what HTTP would refuse later, in an error that quotes the token."""
        if not re.fullmatch(r"[!-~]+", value):
            raise ValidationError(f"{data_key} holds a space or a line break; copy it again.")
