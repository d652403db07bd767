"""Customers' files on their way into a comment: uploaded first, then named in it by token.

A token is good for one comment. Zendesk says it lives for three days, and elsewhere for one hour.
https://developer.zendesk.com/api-reference/ticketing/tickets/ticket-attachments/#upload-files
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import BinaryIO

import orjson

from balie.api import Media, TransientError
from balie_crm_zendesk import texts
from balie_crm_zendesk.client import Client
from balie_crm_zendesk.errors import Refusal
from balie_crm_zendesk.transport import Content

from .names import media_type, safe_name

#: Zendesk's own limit for a file.
MOST_BYTES = 50 * 1024 * 1024
#: Within the shorter of the two lives that Zendesk gives a token.
KEPT_SECONDS = 45 * 60.0
_MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """What to put into a comment: tokens, and a line for each file that could not come along."""

    tokens: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()


def attach(client: Client, key: str, files: Sequence[Media]) -> Attached:
    """Upload the files of one comment, each once however often its writing is tried.

    ``key`` is the comment's own. Raises what any call does; nothing is in the ticket then.
    """
    found = [_Upload(client, f"{key}/{number}", file) for number, file in enumerate(files)]
    outcomes = [one.outcome() for one in found]
    return Attached(
        tokens=tuple(one["token"] for one in outcomes if "token" in one),
        lines=tuple(one["line"] for one in outcomes if "line" in one),
    )


def forget(client: Client, key: str, files: Sequence[Media]) -> None:
    """Forget the tokens of one comment, which Zendesk does not take any more."""
    for number, file in enumerate(files):
        client.ctx.kv.delete(_Upload(client, f"{key}/{number}", file).place)


@dataclass(frozen=True, slots=True)
class _Upload:
    client: Client
    key: str
    file: Media

    def outcome(self) -> dict[str, str]:
        """Return the token, or the line that stands for the file; kept for a second attempt."""
        kv, key = self.client.ctx.kv, self.place
        if known := kv.get(key):
            return dict(orjson.loads(known))
        outcome = self._made()
        kv.set(key, orjson.dumps(outcome).decode(), seconds=KEPT_SECONDS)
        return outcome

    def _made(self) -> dict[str, str]:
        try:
            size = self.client.ctx.files.size(self.file.stored)
        except KeyError:
            return self._line("file_gone")
        if size > MOST_BYTES:
            return self._too_large(size)
        try:
            return {"token": self._sent()}
        except KeyError:  # deleted just now
            return self._line("file_gone")
        except Refusal as refusal:
            if refusal.status == 413:
                return self._too_large(size)
            return self._line("file_refused", reason=refusal.text)

    def _sent(self) -> str:
        answer = self.client.upload(
            "/uploads",
            Content(open=self._opened, type=media_type(self.file.type)),
            filename=safe_name(self.file),
        )
        upload = answer.get("upload")
        token = upload.get("token") if isinstance(upload, dict) else None
        if not isinstance(token, str) or not token:
            raise TransientError("Zendesk took a file and does not say under which token.")
        return token

    def _opened(self) -> BinaryIO:
        return self.client.ctx.files.open(self.file.stored)

    def _too_large(self, size: int) -> dict[str, str]:
        """Return a line with the file's link, or that there could be one."""
        ctx, name = self.client.ctx, safe_name(self.file)
        megabytes, days = max(1, round(size / _MEGABYTE)), ctx.config["file_link_days"]
        link = ctx.files.link(
            self.file.stored, name=name, type=media_type(self.file.type), days=days
        )
        if not link:
            return self._line("file_too_large", size=megabytes)
        until = f"{ctx.clock.now() + timedelta(days=days):%Y-%m-%d}"
        return self._line("file_linked", size=megabytes, link=link, until=until)

    def _line(self, what: str, **values: object) -> dict[str, str]:
        name = safe_name(self.file)
        return {"line": texts.say(self.client.ctx.tenant.locale, what, name=name, **values)}

    @property
    def place(self) -> str:
        """Where the outcome is kept."""
        return "upload:" + hashlib.sha256(f"{self.key}:{self.file.stored}".encode()).hexdigest()
