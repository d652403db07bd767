"""Apps, numbers, tokens and switches.

``POST /control/whatsapp/app`` adds an app with a number, or changes it: ``app_id``,
``app_secret``, ``waba_id``, ``phone_number_id``, ``display_phone_number``, ``verified_name``,
``access_token``, ``verify_token``, ``callback_url`` (which also subscribes it), each with a
default.

``POST /control/whatsapp/tokens`` ``{"token", "app_id"?, "scopes"?: [...], "expires_in"?: seconds,
"revoked"?: true}`` makes an access token or changes one.

``GET`` and ``POST /control/whatsapp/settings``: the switches of settings.py.

``POST /control/whatsapp/numbers/<id>`` sets ``registered``, ``coexists`` (the number is also used
in the WhatsApp Business app), ``refuses_with`` (a code that every send is refused with, or null),
``quality_rating``, ``messaging_limit`` (TIER_250...), ``status``, ``name_status``, ``throughput``,
``account_mode``; no webhook is sent (events.py does that).
"""

from dataclasses import asdict
from dataclasses import fields as dataclass_fields
from datetime import timedelta
from typing import Any

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from marshmallow import RAISE, Schema, fields, validate

from balie_sandbox.bad_input import json_object, load
from balie_sandbox.graph import defaults
from balie_sandbox.graph.account import AppSetup, GraphAccount
from balie_sandbox.graph.model import Number
from balie_sandbox.graph.tokens import SCOPES, Token

from .finding import number_named
from .schemas import AppSchema, NumberSchema, SettingsSchema


class TokenSchema(Schema):
    """The body of POST /control/whatsapp/tokens."""

    class Meta:
        unknown = RAISE

    token = fields.String(required=True, validate=validate.Length(1, 500))
    app_id = fields.String(load_default=defaults.APP_ID)
    scopes = fields.List(fields.String(), load_default=lambda: list(SCOPES))
    expires_in = fields.Float()
    revoked = fields.Boolean(load_default=False)


def add_routes(blueprint: Blueprint, account: GraphAccount) -> None:
    """Add apps, numbers, tokens and switches."""

    @blueprint.post("/app")
    def set_up_app() -> ResponseReturnValue:
        setup = AppSetup(**load(AppSchema(), json_object()))
        account.set_up(setup)
        shown = {field.name: getattr(setup, field.name) for field in dataclass_fields(setup)}
        return jsonify(shown)

    @blueprint.post("/tokens")
    def set_token() -> ResponseReturnValue:
        asked = load(TokenSchema(), json_object())
        expires_at = None
        if "expires_in" in asked:
            expires_at = account.clock.now() + timedelta(seconds=asked["expires_in"])
        account.tokens[asked["token"]] = Token(
            asked["app_id"], set(asked["scopes"]), expires_at, asked["revoked"]
        )
        return jsonify(success=True)

    @blueprint.get("/settings")
    def show_settings() -> ResponseReturnValue:
        return jsonify(asdict(account.settings))

    @blueprint.post("/settings")
    def change_settings() -> ResponseReturnValue:
        for name, value in load(SettingsSchema(), json_object()).items():
            setattr(account.settings, name, value)
        return jsonify(asdict(account.settings))

    @blueprint.post("/numbers/<number_id>")
    def set_number(number_id: str) -> ResponseReturnValue:
        number = number_named(account, number_id)
        change_number_fields(account, number, load(NumberSchema(), json_object()))
        return jsonify(id=number.id, registered=number.registered, **number.changed)


def change_number_fields(account: GraphAccount, number: Number, asked: dict[str, Any]) -> None:
    """Set what was asked for."""
    if "coexists" in asked:
        number.coexists_since = account.clock.now() if asked.pop("coexists") else None
        number.synced.clear()
    for key in ("registered", "refuses_with"):
        if key in asked:
            setattr(number, key, asked.pop(key))
    number.changed |= asked
