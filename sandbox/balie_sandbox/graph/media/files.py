"""The files there are, their ids, and the short-lived URLs to them."""

import base64
import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from balie_sandbox.ids import Ids

#: Source: Meta's page on media.
URL_LIFE = timedelta(minutes=5)
UPLOAD_LIFE = timedelta(days=30)
#: Of files from customers, since 2025-10-09; 30 days before.
INBOUND_LIFE = timedelta(days=7)

#: Where the files are served from, in place of lookaside.fbsbx.com.
ATTACHMENTS = "/lookaside/whatsapp_business/attachments/"


@dataclass(slots=True)
class MediaFile:
    """One file. ``fault`` names a way to misbehave while serving it (misbehaviour.py)."""

    id: str
    number_id: str
    mime_type: str
    data: bytes
    filename: str | None
    until: datetime
    fault: str | None = None
    #: What the fault needs to know: seconds, bytes, location.
    fault_options: dict[str, Any] = field(default_factory=dict)

    @property
    def digest(self) -> bytes:
        """The SHA-256 that is told of the file, which a fault can make a wrong one."""
        data = self.data + b"?" if self.fault == "wrong_hash" else self.data
        return hashlib.sha256(data).digest()

    @property
    def told_size(self) -> int:
        """The size in bytes that is told of the file."""
        return int(self.fault_options.get("told_size", len(self.data)))


@dataclass(frozen=True, slots=True)
class FetchedLink:
    """A file from elsewhere, and when it came."""

    data: bytes
    mime_type: str
    at: datetime


class MediaFiles:
    """All files, by id."""

    def __init__(self, ids: Ids) -> None:
        self._ids = ids
        #: Signs URLs; a new one after each reset, as the old URLs are worth nothing then.
        self._key = secrets.token_bytes(16)
        self.files: dict[str, MediaFile] = {}
        #: Requests that followed a redirect to another host: their headers.
        self.led_astray: list[dict[str, str]] = []

    def add(
        self,
        number_id: str,
        data: bytes,
        mime_type: str,
        until: datetime,
        *,
        filename: str | None = None,
    ) -> MediaFile:
        """Keep a file until ``until``, usable by this number alone."""
        made = MediaFile(self._ids.numeric(16), number_id, mime_type, data, filename, until)
        self.files[made.id] = made
        return made

    def find(self, media_id: str, now: datetime) -> MediaFile | None:
        """Return the file, unless it is unknown or its time is over."""
        found = self.files.get(media_id)
        return found if found is not None and now < found.until else None

    def url_path(self, file: MediaFile, now: datetime, source: str) -> str:
        """Return the path and query of a URL that works for five minutes."""
        expires = int((now + URL_LIFE).timestamp())
        query = f"mid={file.id}&source={source}&ext={expires}&hash={self.seal(file.id, expires)}"
        return f"{ATTACHMENTS}?{query}"

    def seal(self, media_id: str, expires: int) -> str:
        """Return what proves that a URL was made here and not altered."""
        sealed = hashlib.blake2b(f"{media_id} {expires}".encode(), key=self._key, digest_size=20)
        return base64.urlsafe_b64encode(sealed.digest()).decode().rstrip("=")
