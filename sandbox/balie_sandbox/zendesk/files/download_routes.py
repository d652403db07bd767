"""The bytes of attachments: an address that redirects, and the store of bytes behind it.

Zendesk answers a file's address with a 302 to a signed one at another host, which refuses a
request that still carries an Authorization header (reference 3.9).
"""

import hashlib
import hmac
import secrets
from datetime import timedelta
from urllib.parse import quote

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from balie_sandbox.zendesk.account import ZendeskAccount
from balie_sandbox.zendesk.errors import forbidden, not_found
from balie_sandbox.zendesk.files.model import StoredFile

SIGNED_FOR_SECONDS = 600
STORE_PATH = "/zdusercontent"
_KEY = secrets.token_bytes(32)


def add_download_routes(blueprint: Blueprint, account: ZendeskAccount) -> None:
    @blueprint.get("/attachments/token/<token>/")
    def attachment(token: str) -> ResponseReturnValue:
        file = account.files.by_token(token)
        if account.settings.private_attachments:
            account.gate.caller(request.headers.get("Authorization"), "GET", "attachments")
        if file.is_blocked:
            raise forbidden("Malware was found in this attachment.")
        end = int((account.source.now() + timedelta(seconds=SIGNED_FOR_SECONDS)).timestamp())
        host = account.settings.file_host or account.files.root
        query = f"expires={end}&signature={signature(token, end)}"
        place = f"{host}{STORE_PATH}/{token}/{quote(file.file_name)}?{query}"
        return "", 302, {"Location": place, "Cache-Control": "no-store"}

    @blueprint.get(f"{STORE_PATH}/<token>/<name>")
    def content(token: str, name: str) -> ResponseReturnValue:  # noqa: ARG001 - for the reader
        if "Authorization" in request.headers:
            return denied("Only one way to authenticate is allowed.")
        sent, end = request.args.get("signature", ""), request.args.get("expires", "0")
        known = end.isascii() and end.isdigit() and len(end) < 12
        if not known or not hmac.compare_digest(sent.encode(), signature(token, int(end)).encode()):
            return denied("The signature does not fit.")
        if int(end) < account.source.now().timestamp():
            return denied("The address has expired.")
        return bytes_of(account.files.by_token(token))


def bytes_of(file: StoredFile) -> Response:
    """The file with the headers of a store that never lets a browser run it."""
    if file.deleted:
        raise not_found()
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.file_name)}",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return Response(file.data, 200, headers, content_type=file.content_type)


def denied(reason: str) -> Response:
    return Response(f"Access denied. {reason}", 403, mimetype="text/plain")


def signature(token: str, end: int) -> str:
    return hmac.new(_KEY, f"{token}:{end}".encode(), hashlib.sha256).hexdigest()
