"""Resumable uploads: samples for template headers, and profile pictures.

Source: Meta's page "Resumable Upload API".
"""

from dataclasses import dataclass
from typing import Any

from .errors import invalid_parameter
from .parameters import Parameters, required_text


@dataclass(slots=True)
class Upload:
    """A file that comes in one or more parts. ``handle`` exists when it is whole."""

    id: str
    app_id: str
    length: int
    mime_type: str
    data: bytes = b""
    handle: str | None = None


def opened(upload_id: str, app_id: str, found: Parameters) -> Upload:
    """POST /{app-id}/uploads. Raises code 100."""
    length = required_text(found, "file_length")
    if not (length.isascii() and length.isdecimal()):
        raise invalid_parameter("Param file_length must be a number of bytes.")
    return Upload(upload_id, app_id, int(length), required_text(found, "file_type"))


def received(upload: Upload, offset: str, part: bytes, handle: str) -> dict[str, Any]:
    """POST /{upload-id}: take the part that begins at ``offset``. Raises code 100."""
    if offset != str(len(upload.data)):
        raise invalid_parameter(f"Param file_offset must be {len(upload.data)}.")
    upload.data += part
    if len(upload.data) < upload.length:
        return {"id": upload.id, "file_offset": len(upload.data)}
    upload.handle = handle
    return {"h": handle}
