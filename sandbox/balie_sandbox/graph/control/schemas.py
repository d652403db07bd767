"""What the bodies of /control/whatsapp hold."""

from typing import Any

from marshmallow import EXCLUDE, INCLUDE, RAISE, Schema, ValidationError, fields, validate
from marshmallow import validates_schema as validates

from balie_sandbox.graph.addresses import is_user_id
from balie_sandbox.graph.limits import TIERS
from balie_sandbox.graph.media.misbehaviour import FAULTS
from balie_sandbox.graph.phones import Persona

MAX_COUNT = 10_000
MAX_FILE_BYTES = 110 * 1024 * 1024


class FileSchema(Schema):
    """The file of a media message; each part has a default (a small file of the type)."""

    class Meta:
        unknown = RAISE

    base64 = fields.String()
    text = fields.String()
    name = fields.String(validate=validate.Length(0, 5000))
    mime_type = fields.String(validate=validate.Length(1, 200))
    size = fields.Integer(validate=validate.Range(1, MAX_FILE_BYTES))
    fault = fields.String(allow_none=True, validate=validate.OneOf(FAULTS))
    fault_options = fields.Dict(keys=fields.String())


class WrittenSchema(Schema):
    """The body of POST /control/whatsapp/messages. What a type needs stands under its name."""

    class Meta:
        unknown = INCLUDE

    from_ = fields.String(required=True, data_key="from")
    to = fields.String()
    type = fields.String(load_default="text", validate=validate.Length(1, 50))
    text = fields.Raw()
    message = fields.Dict(keys=fields.String())
    name = fields.String(validate=validate.Length(1, 5000))
    user_id = fields.String()
    reply_to = fields.String()
    count = fields.Integer(load_default=1, validate=validate.Range(1, MAX_COUNT))
    file = fields.Nested(FileSchema)
    caption = fields.String()
    too_big = fields.Boolean()
    forwarded = fields.Raw(validate=validate.OneOf([True, False, "frequently"]))
    referral = fields.Raw()
    context = fields.Dict(keys=fields.String())
    group = fields.String()
    timestamp = fields.Float(validate=validate.Range(0, 4_102_444_800))
    contacts = fields.List(fields.Dict(keys=fields.String()))
    errors = fields.List(fields.Dict(keys=fields.String()))

    @validates
    def check(self, data: dict[str, Any], **_: Any) -> None:
        """Ask for a user id that is one."""
        if "user_id" in data and not is_user_id(data["user_id"]):
            raise ValidationError('Must look like "NL." and digits.', "user_id")


class PhoneSchema(Schema):
    """The body of POST /control/whatsapp/phones/<number>."""

    class Meta:
        unknown = RAISE

    name = fields.String(validate=validate.Length(1, 5000))
    username = fields.String(validate=validate.Length(1, 35))
    persona = fields.Enum(Persona, by_value=True)
    user_id = fields.String()
    parent_user_id = fields.String(allow_none=True)
    identity_hash = fields.String(allow_none=True)
    online = fields.Boolean()
    read_receipts = fields.Boolean()
    auto_read = fields.Boolean()
    chat_open = fields.Boolean()
    not_on_whatsapp = fields.Boolean()
    blocks_business = fields.Boolean()
    failures = fields.List(fields.Integer())
    call_permission = fields.String(
        validate=validate.OneOf(["no_permission", "temporary", "permanent"])
    )


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
    tier_limit = fields.Boolean()
    management_limit = fields.Boolean()
    management_calls_per_hour = fields.Integer(validate=validate.Range(0, 1_000_000))
    window_error_sync = fields.Boolean()
    escape_unicode = fields.Boolean()
    retries = fields.Boolean()
    batch_size = fields.Integer(validate=validate.Range(1, 1000))
    status_before_answer = fields.Boolean()
    conversations = fields.Boolean()
    media_urls = fields.Boolean()
    hidden_fields = fields.String(validate=validate.OneOf(["omit", "null", "empty"]))
    media_origin = fields.String(validate=validate.Regexp(r"(https?://[^/]+)?$"))
    strict_links = fields.Boolean()
    review = fields.String(validate=validate.OneOf(["approve", "reject", "hold"]))
    review_seconds = fields.Float(validate=validate.Range(0, 86400))
    allowed_recipients = fields.String()


class NumberSchema(Schema):
    """The body of POST /control/whatsapp/numbers/<id>."""

    class Meta:
        unknown = EXCLUDE

    registered = fields.Boolean()
    coexists = fields.Boolean()
    refuses_with = fields.Integer(allow_none=True)
    quality_rating = fields.String(validate=validate.OneOf(["GREEN", "YELLOW", "RED", "UNKNOWN"]))
    messaging_limit = fields.String(validate=validate.OneOf(list(TIERS)))
    status = fields.String()
    name_status = fields.String()
    throughput = fields.Dict()
    account_mode = fields.String()
