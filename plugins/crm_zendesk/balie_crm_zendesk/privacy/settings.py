"""Settings for erasing people."""

from enum import StrEnum

from marshmallow import fields, validate

from balie.api import ConfigSchema


class Erase(StrEnum):
    """How far erasing goes."""

    COMMENTS = "comments"
    USER = "user"


class Privacy(ConfigSchema):
    """Settings for people who are to be forgotten."""

    erase = fields.String(
        load_default=str(Erase.COMMENTS),
        validate=validate.OneOf([*Erase], error="is neither comments nor user."),
        metadata={
            "description": "How far balie contact erase goes. comments: what the customer said and"
            " sent through Balie is redacted, and Balie's own notes. user: after that Balie's"
            " tickets are closed and the user is deleted for good, whoever made it."
        },
    )
    erase_on_request = fields.Boolean(
        load_default=False,
        metadata={
            "description": "Whether a visitor who erases a talk in the chat is redacted in its"
            " ticket too, without an admin in between. The user is never deleted by that."
        },
    )
