"""What the bodies of /control/whatsapp hold."""

from typing import Any

from marshmallow import EXCLUDE, RAISE, Schema, ValidationError, fields, validate, validates_schema

from .addresses import is_user_id
from .model import Persona

MAX_COUNT = 10_000


class WrittenSchema(Schema):
    """The body of POST /control/whatsapp/messages."""

    class Meta:
        unknown = EXCLUDE

    from_ = fields.String(required=True, data_key="from")
    to = fields.String()
    type = fields.String(load_default="text", validate=validate.Length(1, 50))
    text = fields.Raw()
    message = fields.Dict(keys=fields.String())
    name = fields.String(validate=validate.Length(1, 500))
    user_id = fields.String()
    reply_to = fields.String()
    count = fields.Integer(load_default=1, validate=validate.Range(1, MAX_COUNT))

    @validates_schema
    def check(self, data: dict[str, Any], **_: Any) -> None:
        """Ask for the part that the type needs, and for a user id that is one."""
        if data["type"] == "text" and not isinstance(text_in(data.get("text")), str):
            raise ValidationError('Give the message\'s text, as "text": "...".', "text")
        if data["type"] != "text" and "message" not in data:
            raise ValidationError(f"Give the webhook's part of type {data['type']}.", "message")
        if "user_id" in data and not is_user_id(data["user_id"]):
            raise ValidationError('Must look like "NL." and digits.', "user_id")


class PhoneSchema(Schema):
    """The body of POST /control/whatsapp/phones/<number>."""

    class Meta:
        unknown = RAISE

    name = fields.String(validate=validate.Length(1, 500))
    username = fields.String(validate=validate.Length(1, 35))
    persona = fields.Enum(Persona, by_value=True)
    online = fields.Boolean()
    read_receipts = fields.Boolean()
    auto_read = fields.Boolean()
    not_on_whatsapp = fields.Boolean()


class AppSchema(Schema):
    """The body of POST /control/whatsapp/app: each part has a default (defaults.py)."""

    class Meta:
        unknown = RAISE

    app_id = fields.String(validate=validate.Regexp(r"\d+$"))
    app_secret = fields.String(validate=validate.Length(1))
    waba_id = fields.String(validate=validate.Regexp(r"\d+$"))
    phone_number_id = fields.String(validate=validate.Regexp(r"\d+$"))
    display_phone_number = fields.String(validate=validate.Regexp(r"\d{7,15}$"))
    verified_name = fields.String(validate=validate.Length(1))
    access_token = fields.String(validate=validate.Length(1))
    verify_token = fields.String(validate=validate.Length(1))
    callback_url = fields.Url(schemes={"http", "https"}, require_tld=False)


class SettingsSchema(Schema):
    """The body of POST /control/whatsapp/settings."""

    class Meta:
        unknown = RAISE

    pair_limit = fields.Boolean()
    throughput_limit = fields.Boolean()
    messages_per_second = fields.Integer(validate=validate.Range(1, 100_000))
    window_error_sync = fields.Boolean()
    escape_unicode = fields.Boolean()
    retries = fields.Boolean()
    batch_size = fields.Integer(validate=validate.Range(1, 1000))


def text_in(text: Any) -> Any:
    """Return the body of a text, given plainly or as Meta's {"body": ...}."""
    return text.get("body") if isinstance(text, dict) else text
