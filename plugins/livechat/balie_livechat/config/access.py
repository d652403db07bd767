"""Who may use the widget: the sites that show it, signed identities, throttles."""

import re

from marshmallow import ValidationError, fields, validate, validates

from balie.api import ConfigSchema, Secret

_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
ORIGIN = re.compile(
    rf"https://(\*\.)?({_LABEL}\.)+{_LABEL}(:\d{{1,5}})?|http://(127\.0\.0\.1|localhost)(:\d{{1,5}})?"
)
"""One origin: https, or this machine; ``https://*.example.com`` is every host below it."""


class Access(ConfigSchema):
    """Empty ``allowed_origins`` lets nobody in: a default that is open would be found."""

    allowed_origins = fields.String(
        load_default="",
        metadata={
            "description": "Sites that may show the widget, with a comma between: "
            "https://www.example.nl, https://*.example.nl. Empty: none but the preview."
        },
    )
    allow_apps = fields.Boolean(
        load_default=False,
        metadata={"description": "Let apps show the widget in a web view, which names no site."},
    )
    identity_secret = Secret(
        load_default=None,
        allow_none=True,
        validate=validate.Length(min=32, error="is too short; use at least 32 characters."),
        metadata={
            "description": "Signs the tokens (JWT, HS256) by which your site says who is signed in."
        },
    )
    identity_required = fields.Boolean(
        load_default=False,
        metadata={"description": "Only customers who are signed in may chat."},
    )
    remember_days = fields.Float(
        load_default=30.0,
        validate=validate.Range(min=0, max=400, error="must be 400 at most."),
        metadata={"description": "How long an anonymous visitor finds the talk again."},
    )
    most_streams = fields.Integer(
        load_default=5_000,
        validate=validate.Range(min=0),
        metadata={"description": "Open pages that get news at once; the others ask now and then."},
    )
    visitor_messages = fields.Integer(
        load_default=20,
        validate=validate.Range(min=1),
        metadata={
            "description": "Messages a minute of one visitor before the widget says: slower."
        },
    )
    address_talks = fields.Integer(
        load_default=1_000,
        validate=validate.Range(min=1),
        metadata={
            "description": "New talks in ten minutes from one internet address; a whole office may "
            "be behind one."
        },
    )
    browser_talks = fields.Integer(
        load_default=250,
        validate=validate.Range(min=1),
        metadata={
            "description": "New talks in ten minutes from one kind of browser at one internet "
            "address: who begins again and again is stopped before the others there are."
        },
    )
    address_sessions = fields.Integer(
        load_default=3_000,
        validate=validate.Range(min=1),
        metadata={"description": "Sessions begun in ten minutes from one internet address."},
    )
    address_megabytes = fields.Integer(
        load_default=500,
        validate=validate.Range(min=1),
        metadata={"description": "Megabytes of files in ten minutes from one internet address."},
    )
    connection_talks = fields.Integer(
        load_default=2_000,
        validate=validate.Range(min=1),
        metadata={"description": "New talks in ten minutes in all."},
    )

    @validates("allowed_origins")
    def _are_origins(self, value: str, data_key: str) -> None:
        for origin in origins(value):
            if not ORIGIN.fullmatch(origin):
                raise ValidationError(
                    f"{data_key} holds {origin!r}, which is no site; write https://www.example.nl, "
                    "without anything behind the name."
                )


def origins(written: str) -> tuple[str, ...]:
    """Return the origins of a setting, in lower case."""
    return tuple(one.strip().lower() for one in written.split(",") if one.strip())
