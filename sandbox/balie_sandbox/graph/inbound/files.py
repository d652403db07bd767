"""Images, videos, audio, documents and stickers from customers."""

import base64
from typing import Any

from balie_sandbox.bad_input import BadInput
from balie_sandbox.graph.errors import status_error
from balie_sandbox.graph.media.edges import url_of
from balie_sandbox.graph.media.files import INBOUND_LIFE, MediaFile
from balie_sandbox.graph.media.samples import sample
from balie_sandbox.graph.media.sniffing import is_animated, sniff

from .scene import Parts, Scene

#: Customers cannot send more to a business. Source: Meta's page on media.
TOO_BIG = "Media file size too big. Max file size we currently support: 100 MB."


def media_parts(scene: Scene, type_: str) -> Parts:
    """Return the parts of a media message, its file kept for 7 days. Raises BadInput.

    ``type_`` "voice" is an audio message that was recorded in the app.
    """
    kind = "audio" if type_ == "voice" else type_
    given = scene.given(type_) or scene.given(kind)
    if scene.asked.get("too_big"):
        return {"errors": [status_error(131052, TOO_BIG)]}
    file = file_of(scene, type_)
    shown: dict[str, Any] = {}
    caption = scene.asked.get("caption", given.get("caption"))
    if caption is not None:
        shown["caption"] = caption
    if kind == "document" and file.filename is not None:
        shown["filename"] = file.filename
    shown |= {
        "mime_type": file.mime_type,
        "sha256": base64.b64encode(file.digest).decode(),
        "id": file.id,
    }
    if scene.account.settings.media_urls:
        shown["url"] = url_of(scene.account, file, "webhook")
    if kind == "audio":
        shown["voice"] = type_ == "voice"
    if kind == "sticker":
        shown["animated"] = is_animated(file.data)
    return {kind: shown | given}


def file_of(scene: Scene, type_: str) -> MediaFile:
    """Return the file the caller gave, or this sandbox's own of the type. Raises BadInput."""
    asked = scene.asked.get("file", {})
    data, mime_type, filename = sample(type_)
    if "base64" in asked or "text" in asked:
        data = decoded(asked)
        mime_type, filename = sniff(data), None
    if "size" in asked:
        data = data[: asked["size"]].ljust(asked["size"], b"\0")
    now = scene.account.clock.now()
    file = scene.account.media.add(
        scene.number.id,
        data,
        asked.get("mime_type", mime_type),
        now + INBOUND_LIFE,
        filename=asked.get("name", filename),
    )
    file.fault = asked.get("fault")
    file.fault_options = asked.get("fault_options", {})
    return file


def decoded(asked: dict[str, Any]) -> bytes:
    """Return the bytes the caller gave. Raises BadInput."""
    if "text" in asked:
        return str(asked["text"]).encode()
    try:
        return base64.b64decode(asked["base64"], validate=True)
    except ValueError as error:
        raise BadInput("file.base64 is not base64.") from error
