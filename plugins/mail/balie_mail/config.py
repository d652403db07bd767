"""The settings of an e-mail connection: a server to hand letters to, and who they are from."""

import re
from typing import Any

from marshmallow import ValidationError, fields, validate, validates, validates_schema

from balie.api import ConfigSchema, Secret

STARTTLS, TLS, NONE = "starttls", "tls", "none"
PORTS = {STARTTLS: 587, TLS: 465, NONE: 25}
ADDRESS = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@([A-Za-z0-9-]{1,63}\.)+[A-Za-z0-9-]{2,63}"
)
"""An address as it stands in an envelope: no words around it, and no letters beyond ASCII."""
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|[0-9a-f:]{2,39}")
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]")


class Config(ConfigSchema):
    """Nothing goes unencrypted beyond this machine."""

    host = fields.String(
        required=True, metadata={"description": "Your mail server: smtp.example.nl."}
    )
    port = fields.Integer(
        load_default=0,
        validate=validate.Range(min=0, max=65_535),
        metadata={"description": "Its port; 0: the usual one, 587 for starttls and 465 for tls."},
    )
    security = fields.String(
        load_default=STARTTLS,
        validate=validate.OneOf((STARTTLS, TLS, NONE)),
        metadata={"description": "starttls, tls, or none (to this machine only)."},
    )
    user = fields.String(
        load_default="", metadata={"description": "Who signs in there; empty: nobody does."}
    )
    password = Secret(
        load_default=None, allow_none=True, metadata={"description": "With which password."}
    )
    from_address = fields.String(
        required=True, metadata={"description": "Whom letters are from: chat@example.nl."}
    )
    from_name = fields.String(
        load_default="",
        validate=validate.Length(max=100),
        metadata={"description": "The name beside it; empty: your organisation's."},
    )
    reply_to = fields.String(
        load_default="",
        metadata={
            "description": "Where answers to letters go that somebody reads; empty: letters say "
            "that nobody does."
        },
    )
    locale = fields.String(
        load_default="",
        validate=validate.OneOf(("", "nl", "en")),
        metadata={"description": "The letters' language, nl or en; empty: your organisation's."},
    )
    tone = fields.String(
        load_default="u",
        validate=validate.OneOf(("u", "je")),
        metadata={"description": "How Dutch customers are addressed: u or je."},
    )

    @validates("host")
    def _is_a_host(self, value: str, data_key: str) -> None:
        if not _HOST.fullmatch(value):
            raise ValidationError(f"{data_key} is no name of a server; write smtp.example.nl.")

    @validates("from_address")
    def _is_an_address(self, value: str, data_key: str) -> None:
        if not ADDRESS.fullmatch(value):
            raise ValidationError(f"{data_key} is no e-mail address; write chat@example.nl.")

    @validates("reply_to")
    def _is_one_or_none(self, value: str, data_key: str) -> None:
        if value:
            self._is_an_address(value, data_key)

    @validates("from_name")
    def _is_one_line(self, value: str, data_key: str) -> None:
        if _CONTROL.search(value):
            raise ValidationError(f"{data_key} holds a line break or another sign of no name.")

    @validates_schema
    def _keeps_secrets(self, data: dict[str, Any], **_: object) -> None:
        if data.get("security") == NONE and data.get("host") not in _LOOPBACK:
            raise ValidationError("none is for this machine only; use starttls or tls.", "security")
        if bool(data.get("user")) != bool(data.get("password")):
            raise ValidationError("goes with a user, and a user with it.", "password")
