"""The files themselves, on a path of their own that wants the bearer."""

import hmac
import io

import segno
from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from balie_sandbox.graph.account import GraphAccount
from balie_sandbox.graph.business.qr_codes import deep_link
from balie_sandbox.graph.tokens import given_tokens

from .files import MediaFile
from .misbehaviour import SERVE_BADLY

#: QR codes open for everybody, as at Meta.
PICTURES = {"svg": "image/svg+xml", "png": "image/png"}


def lookaside_blueprint(account: GraphAccount) -> Blueprint:
    """Return the routes, mounted at /lookaside."""
    blueprint = Blueprint("lookaside", __name__)

    @blueprint.get("/whatsapp_business/attachments/")
    def attachment() -> ResponseReturnValue:
        tokens = given_tokens()
        app = account.app_of_token(tokens[0]) if tokens else None
        if app is None:
            return Response(status=401)
        file = file_of_url(account)
        if file is None or account.seen_by(app, file.number_id) is None:
            return Response(status=404)
        if file.fault in SERVE_BADLY:
            return SERVE_BADLY[file.fault](file)
        return Response(file.data, mimetype=None, content_type=file.mime_type)

    @blueprint.get("/qr/<code>.<any(svg, png):kind>")
    def picture(code: str, kind: str) -> ResponseReturnValue:
        if not any(code in number.qr_codes for number in account.numbers.values()):
            return Response(status=404)
        drawn = io.BytesIO()
        segno.make(deep_link(code)).save(drawn, kind=kind, scale=8)
        return Response(drawn.getvalue(), mimetype=PICTURES[kind])

    @blueprint.get("/elsewhere/<media_id>")
    def elsewhere(media_id: str) -> ResponseReturnValue:
        account.media.led_astray.append(dict(request.headers))
        file = account.media.files.get(media_id)
        return Response(file.data if file else b"", content_type="application/octet-stream")

    return blueprint


def file_of_url(account: GraphAccount) -> MediaFile | None:
    """Return the file this URL is for, while the URL is whole and its time not over."""
    media_id, expires = request.args.get("mid", ""), request.args.get("ext", "")
    if not (expires.isascii() and expires.isdecimal() and len(expires) < 15):
        return None
    seal = account.media.seal(media_id, int(expires))
    now = account.clock.now()
    whole = hmac.compare_digest(seal.encode(), request.args.get("hash", "").encode())
    if not whole or now.timestamp() >= int(expires):
        return None
    return account.media.find(media_id, now)
