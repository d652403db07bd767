"""Files put at Meta, so that a message can name them."""

import hashlib
import io
import uuid
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import BinaryIO

from balie.api import Context, TransientError
from balie_whatsapp.graph.client import GraphClient
from balie_whatsapp.untrusted import identifier

_KEPT_SECONDS = 20 * 86_400.0
"""Meta keeps an uploaded file for 30 days."""


class Form:
    """A multipart form with one file, read as it is sent. Nothing of the file stays in memory."""

    def __init__(self, fields: dict[str, str], file: BinaryIO, size: int, mime: str) -> None:
        boundary = uuid.uuid4().hex
        self.content_type = f"multipart/form-data; boundary={boundary}"
        head = "".join(
            f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in fields.items()
        )
        # The name is ours: Meta shows the one that the message carries.
        head += (
            f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="file"\r\n'
            f"Content-Type: {mime}\r\n\r\n"
        )
        parts = (io.BytesIO(head.encode()), file, io.BytesIO(f"\r\n--{boundary}--\r\n".encode()))
        self._parts: Iterator[BinaryIO] = iter(parts)
        self._part: BinaryIO | None = next(self._parts)
        self._length = len(head.encode()) + size + len(boundary) + 8

    def __len__(self) -> int:
        return self._length

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes, at most ``size`` of them; none at the end."""
        while self._part is not None:
            if found := self._part.read(size):
                return found
            self._part = next(self._parts, None)
        return b""


@dataclass(slots=True)
class Uploads:
    """The files of one message. ``remembered`` are those that an earlier message had put there."""

    ctx: Context
    remembered: list[str] = field(default_factory=list)

    def media_id(self, stored: str, mime: str) -> str:
        """Return Meta's id for a stored file, uploading it unless that was done before.

        Raises KeyError where no such file is stored, and what ``GraphClient.upload`` raises.
        """
        key = self._key(stored, mime)
        if known := self.ctx.kv.get(key):
            self.remembered.append(key)
            return known
        client = GraphClient(self.ctx)
        size = self.ctx.files.size(stored)
        with closing(self.ctx.files.open(stored)) as file:
            form = Form({"messaging_product": "whatsapp", "type": mime}, file, size, mime)
            answer = client.upload(client.of_number("media"), form, form.content_type)
        media_id = identifier(answer.get("id"))
        if not media_id:
            raise TransientError("Graph took the file and named no id for it")
        self.ctx.kv.set(key, media_id, seconds=_KEPT_SECONDS)
        return media_id

    def forget(self) -> None:
        """Upload the remembered files anew next time: Meta may have lost them."""
        for key in self.remembered:
            self.ctx.kv.delete(key)

    def _key(self, stored: str, mime: str) -> str:
        # An id is good for the number that uploaded it only.
        whole = f"{self.ctx.config['phone_number_id']} {stored} {mime}"
        return f"media:{hashlib.sha256(whole.encode()).hexdigest()[:40]}"
