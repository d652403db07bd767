"""/shop: its pages, and the control that says which chat they show."""

import re

from flask import Blueprint, Response, abort, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from marshmallow import EXCLUDE, Schema, fields, validate

from balie_sandbox.bad_input import json_object, load
from balie_sandbox.pages import language

from . import model
from .texts import TEXTS

_SCRIPT = re.compile(r"(https?://[a-z0-9.:-]+/[A-Za-z0-9/._-]+\.js)?\Z")


class ShopSchema(Schema):
    """The body of POST /control/shop: the address of a chat's script; '' for no chat."""

    class Meta:
        unknown = EXCLUDE

    script = fields.String(
        required=True,
        validate=validate.Regexp(
            _SCRIPT,
            error="Give the address of a script, http or https and ending in .js, or ''.",
        ),
    )


def shop_blueprint(shop: model.Shop) -> Blueprint:
    """Return the pages, mounted at /shop."""
    blueprint = Blueprint(
        "shop", __name__, template_folder="templates", static_folder="static", url_prefix="/shop"
    )

    @blueprint.get("")
    def front() -> ResponseReturnValue:
        return _page(shop, "shop_front.html")

    @blueprint.get("/<slug>")
    def one(slug: str) -> ResponseReturnValue:
        found = model.product(slug)
        if found is None:
            abort(404)
        return _page(shop, "shop_product.html", product=found)

    return blueprint


def shop_control_blueprint(shop: model.Shop) -> Blueprint:
    """Return the control, mounted at /control/shop."""
    blueprint = Blueprint("shop_control", __name__)

    @blueprint.post("")
    def set_up() -> ResponseReturnValue:
        shop.script = load(ShopSchema(), json_object())["script"]
        return jsonify(script=shop.script)

    return blueprint


def _page(shop: model.Shop, template: str, **more: object) -> Response:
    lang = language()
    html = render_template(
        template,
        lang=lang,
        texts=TEXTS[lang],
        products=model.PRODUCTS,
        price=lambda cents: model.price(cents, lang),
        script=shop.script,
        asked=request.args.get("lang", ""),
        **more,
    )
    response = Response(html, content_type="text/html; charset=utf-8")
    chat = shop.origin or "'none'"
    # As strict as any shop's: the chat needs its own site and nothing else.
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; script-src {chat}; frame-src {chat}; "
        "style-src 'self'; img-src 'self' data:; "
        "base-uri 'none'; form-action 'none'"
    )
    return response
