"""Zendesk's ticketing API for one connection."""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from balie.api import Context
from balie_crm_zendesk import records

from .auth import header as auth
from .transport import Call, Content, read, send

#: Zendesk's own limit to a page.
PAGE_SIZE = 100
#: A ticket holds at most 5,000 comments, so this many pages hold every audit worth reading.
MOST_PAGES = 100
#: https://developer.zendesk.com/api-reference/ticketing/introduction/#idempotency
LONGEST_IDEMPOTENCY_KEY = 255
ME_SECONDS = 3600.0


class Client:
    """Small on purpose: what is asked is said by the modules that ask.

    Every method raises Balie's errors only; see ``errors``.
    """

    def __init__(self, ctx: Context) -> None:
        self.ctx = ctx

    def get(self, path: str, **params: str | int) -> dict[str, Any]:
        """Return what is at ``path`` (below /api/v2)."""
        return self._call(Call(method="GET", path="/api/v2" + path, params=params, repeatable=True))

    def pages(self, path: str, **params: str | int) -> Iterator[dict[str, Any]]:
        """Return a list's pages, by cursor."""
        cursor: dict[str, str | int] = {"page[size]": PAGE_SIZE}
        for _ in range(MOST_PAGES):
            page = self.get(path, **params, **cursor)
            yield page
            meta = page.get("meta")
            if not isinstance(meta, dict) or not meta.get("has_more"):
                return
            cursor["page[after]"] = str(meta.get("after_cursor"))

    def write(
        self, method: str, path: str, body: Mapping[str, Any], *, key: str = ""
    ) -> dict[str, Any]:
        """Create or change something. Raises OutcomeUnknown where it may have taken effect.

        ``key`` goes along as Idempotency-Key, which Zendesk heeds on new tickets, for two hours.
        Even so an unclear outcome is told as unknown: the next try may come after those hours.
        """
        headers = {"Idempotency-Key": _fitting(key)} if key else {}
        return self._call(
            Call(
                method=method,
                path="/api/v2" + path,
                body=body,
                headers=headers,
                repeatable=False,
            )
        )

    def delete(self, path: str) -> None:
        """Delete what is at ``path``. Doing it again is harmless: it is not there then."""
        self._call(Call(method="DELETE", path="/api/v2" + path, repeatable=True))

    def upload(self, path: str, content: Content, **params: str | int) -> dict[str, Any]:
        """Send a file. What nobody uses afterwards, Zendesk drops, so it may be sent again."""
        call = Call(
            method="POST", path="/api/v2" + path, params=params, content=content, repeatable=True
        )
        return self._call(call)

    def me(self) -> records.User:
        """Return the user that these credentials act as."""
        return records.user(self.get("/users/me").get("user"))

    def my_id(self) -> int:
        """Return that user's id, remembered for an hour."""
        authorization = auth.authorization(self.ctx)
        key = "me:" + hashlib.sha256(authorization.encode()).hexdigest()[:16]
        if known := self.ctx.kv.get(key):
            return int(known)
        found = self.me().id
        self.ctx.kv.set(key, str(found), seconds=ME_SECONDS)
        return found

    def _call(self, call: Call) -> dict[str, Any]:
        authorization = auth.authorization(self.ctx)
        answer = send(self.ctx, call, authorization)
        if answer.status_code == 401 and (another := auth.renew(self.ctx, authorization)):
            answer = send(self.ctx, call, another)
        return read(call, answer)


def _fitting(key: str) -> str:
    if len(key) <= LONGEST_IDEMPOTENCY_KEY:
        return key
    return hashlib.sha256(key.encode()).hexdigest()
