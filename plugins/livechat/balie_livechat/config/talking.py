"""What is asked before a talk, what is agreed to, and what may be sent."""

import re

import orjson
from marshmallow import ValidationError, fields, validate, validates

from balie.api import ConfigSchema
from balie_livechat.config.languages import spoken
from balie_livechat.config.looks import described
from balie_livechat.prechat import FieldsInvalid, read_fields

USUAL_TYPES = (
    "image/png, image/jpeg, image/gif, image/webp, application/pdf, text/plain, "
    "audio/ogg, audio/mpeg, audio/mp4, video/mp4, "
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document, "
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
)
_TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]+")


class Talking(ConfigSchema):
    """Consent is asked where there is a text for it."""

    fields_before = described(
        'Asked before a talk, as JSON: [{"name": "name", "label": "Naam", "required": true}]. '
        'Labels and options are words, or {"nl": …, "en": …}.',
        most=10_000,
    )
    consent_text = spoken("What a visitor agrees to before the first message.", most=2_000)
    consent_version = described(
        "The version of that text; change it when the text changes.", most=40
    )
    privacy_url = described("Your privacy statement's address.", most=500)
    text_limit = fields.Integer(
        load_default=4_000,
        validate=validate.Range(min=100, max=20_000),
        metadata={"description": "Characters of one message at most."},
    )
    file_types = described(
        "Files that visitors may send: MIME types with a comma between.", most=2_000
    )
    file_megabytes = fields.Float(
        load_default=20.0,
        validate=validate.Range(min=0, max=100),
        metadata={"description": "How large a file may be; 0: no files."},
    )

    file_seconds = fields.Float(
        load_default=300.0,
        validate=validate.Range(min=1, max=3_600),
        metadata={"description": "How many seconds a file may take to come, however slow."},
    )

    @validates("fields_before")
    def _fields_can_be_read(self, value: str, data_key: str) -> None:
        try:
            read_fields(orjson.loads(value) if value.strip() else [])
        except (orjson.JSONDecodeError, FieldsInvalid) as error:
            raise ValidationError(f"{data_key}: {error}") from None

    @validates("file_types")
    def _types_are_types(self, value: str, data_key: str) -> None:
        for one in types(value):
            if not _TYPE.fullmatch(one):
                raise ValidationError(
                    f"{data_key} holds {one!r}, which is no type: image/png is one."
                )

    @validates("privacy_url")
    def _is_an_address(self, value: str, data_key: str) -> None:
        if value and not re.fullmatch(r"https://[^\s\"'<>]+", value):
            raise ValidationError(f"{data_key} is no address that begins with https://.")


def types(written: str) -> tuple[str, ...]:
    """Return the MIME types of a setting; the usual ones where it is empty."""
    found = (one.strip().lower() for one in (written or USUAL_TYPES).split(","))
    return tuple(one for one in found if one)
