"""POST /{phone-number-id}/media, and GET and DELETE /{media-id} (reference/whatsapp.md 7)."""

from typing import Any

from flask import request

from balie_sandbox.graph.account import GraphAccount
from balie_sandbox.graph.errors import invalid_parameter, no_such_object
from balie_sandbox.graph.model import App, Number
from balie_sandbox.graph.parameters import Parameters, required_text, text_of

from .files import UPLOAD_LIFE, MediaFile
from .kinds import MAX_UPLOAD_BYTES, bare, every_mime_type, kind_of


def upload(account: GraphAccount, _app: App, number: Number, found: Parameters) -> dict[str, Any]:
    """Keep a file for 30 days and return its id. Raises code 100.

    The content is not looked at yet: a file that is not what it says fails when it is sent.
    """
    if required_text(found, "messaging_product") != "whatsapp":
        raise invalid_parameter("Param messaging_product must be one of {WHATSAPP}.")
    part = request.files.get("file")
    if part is None:
        raise invalid_parameter("The parameter file is required.")
    mime_type = part.mimetype if not part.content_type else part.content_type
    if bare(mime_type) in ("", "application/octet-stream"):
        mime_type = text_of(found, "type") or mime_type
    kind = kind_of(mime_type)
    if kind is None:
        raise invalid_parameter(
            f"Param file must be a file with one of the following types: "
            f"{', '.join(every_mime_type())}. Received file of type '{mime_type}'."
        )
    data = part.stream.read(MAX_UPLOAD_BYTES + 1)
    if len(data) > kind.max_bytes:
        raise invalid_parameter(f"Param file must be at most {kind.max_bytes} bytes.")
    until = account.clock.now() + UPLOAD_LIFE
    file = account.media.add(number.id, data, mime_type, until, filename=part.filename)
    return {"id": file.id}


def describe(account: GraphAccount, file: MediaFile, found: Parameters) -> dict[str, Any]:
    """GET /{media-id}: a URL that works for five minutes. Raises 100 with subcode 33."""
    check_number(file, found)
    return {
        "messaging_product": "whatsapp",
        "url": url_of(account, file, "getMedia"),
        "mime_type": file.mime_type,
        "sha256": file.digest.hex(),
        "file_size": str(file.told_size),
        "id": file.id,
    }


def remove(account: GraphAccount, file: MediaFile, found: Parameters) -> dict[str, Any]:
    """DELETE /{media-id}. Raises 100 with subcode 33."""
    check_number(file, found)
    del account.media.files[file.id]
    return {"success": True}


def check_number(file: MediaFile, found: Parameters) -> None:
    """Refuse a caller who names another number than the file's."""
    number_id = text_of(found, "phone_number_id")
    if number_id is not None and number_id != file.number_id:
        raise no_such_object(file.id, request.method)


def url_of(account: GraphAccount, file: MediaFile, source: str) -> str:
    """Return a full URL to the file, on the host that the caller used or the one that is set."""
    origin = account.settings.media_origin or request.host_url
    return origin.rstrip("/") + account.media.url_path(file, account.clock.now(), source)
