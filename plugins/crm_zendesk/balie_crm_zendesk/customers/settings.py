"""Settings for customers."""

from marshmallow import fields, validate

from balie.api import ConfigSchema


class Customers(ConfigSchema):
    """Settings for who is who."""

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
