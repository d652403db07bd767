"""Calls to the Graph API, and whether they took effect.

Meta has no idempotency key: a request that left and got no clear answer may have sent the
message. That is OutcomeUnknown, never an error that is tried again blindly. All other calls can
be made twice without harm, and for those it is a TransientError.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import requests

from balie.api import Context, OutcomeUnknown, TransientError
from balie_whatsapp.errors.graph_error import graph_error
from balie_whatsapp.graph.answers import (
    json_object,
    raise_for_no_envelope,
    raise_for_silence,
    retry_after,
)
from balie_whatsapp.untrusted import mappings, written

JsonObject = Mapping[str, Any]
_SOON = (2.0, 4.0)
"""Seconds to connect and to answer, for what must not hold up anything."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that Graph took: its wamid, and the ids it gave for the recipient."""

    message_id: str
    recipients: tuple[JsonObject, ...]


class GraphClient:
    """Speaks for one connection's business number."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._number = str(ctx.config["phone_number_id"])

    def send(self, message: JsonObject) -> Sent:
        """Send a message.

        Raises TransientError (it did not take effect), OutcomeUnknown, AuthFailed and Rejected.
        """
        answer = self._call("POST", f"{self._number}/messages", json=message)
        sent = mappings(answer.get("messages"))
        message_id = written(sent[0].get("id")) if sent else ""
        if not message_id:
            raise OutcomeUnknown("Graph took the message and named no id for it")
        return Sent(message_id, tuple(mappings(answer.get("contacts"))))

    def mark_read(self, message_id: str, *, typing: bool) -> None:
        """Show a message as read; with ``typing`` also that somebody is writing an answer."""
        body = {"messaging_product": "whatsapp", "status": "read", "message_id": message_id}
        more = {"typing_indicator": {"type": "text"}} if typing else {}
        self.write(f"{self._number}/messages", {**body, **more})

    def reject_call(self, call_id: str) -> None:
        """Hang up on a call that rings."""
        body = {"messaging_product": "whatsapp", "call_id": call_id, "action": "reject"}
        self._repeatable("POST", f"{self._number}/calls", json=body, timeout=_SOON)

    def number(self, *names: str) -> JsonObject:
        """Return these fields of the business number."""
        return self.read(self._number, fields=",".join(names))

    def of_number(self, edge: str) -> str:
        """Return the path of something that hangs on the business number."""
        return f"{self._number}/{edge}" if edge else self._number

    def of_account(self, edge: str) -> str:
        """Return the path of something that hangs on the WhatsApp Business account."""
        account = str(self._ctx.config["waba_id"])
        return f"{account}/{edge}" if edge else account

    def read(self, path: str, *, token: str = "", **params: str) -> JsonObject:
        """Return what stands at a path. Raises as :meth:`send`, without OutcomeUnknown."""
        return self._repeatable("GET", path, token=token, params=params)

    def write(self, path: str, body: JsonObject, *, token: str = "") -> JsonObject:
        """Post what may be posted twice. Raises as :meth:`send`, without OutcomeUnknown."""
        return self._repeatable("POST", path, token=token, json=body)

    def upload(self, path: str, body: Any, content_type: str) -> JsonObject:
        """Post a body that is read as it goes. Raises as :meth:`send`, without OutcomeUnknown."""
        return self._repeatable("POST", path, data=body, headers={"Content-Type": content_type})

    def _repeatable(self, method: str, path: str, **content: Any) -> JsonObject:
        try:
            return self._call(method, path, **content)
        except OutcomeUnknown as error:
            raise TransientError(str(error)) from None

    def _call(
        self,
        method: str,
        path: str,
        *,
        token: str = "",
        headers: Mapping[str, str] | None = None,
        **content: Any,
    ) -> JsonObject:
        config = self._ctx.config
        try:
            response = self._ctx.http.request(
                method,
                f"{config['graph_url']}/{config['api_version']}/{quote(path)}",
                headers={
                    "Authorization": f"Bearer {token or config['access_token']}",
                    **(headers or {}),
                },
                allow_redirects=False,  # a redirect would carry the token elsewhere
                **content,
            )
        except requests.RequestException as error:
            raise_for_silence(error)
        return self._answer(response, about_number=path.partition("/")[0] == self._number)

    def _answer(self, response: requests.Response, *, about_number: bool) -> JsonObject:
        body = json_object(response.content)
        error = body.get("error")
        if isinstance(error, dict):
            raise graph_error(
                error,
                http_status=response.status_code,
                retry_after=retry_after(response),
                locale=self._ctx.tenant.locale,
                secret=self._ctx.config["access_token"],
                about_number=about_number,
            )
        if not 200 <= response.status_code <= 299:
            raise_for_no_envelope(response)
        if not body:
            raise OutcomeUnknown(f"HTTP {response.status_code} with a body that cannot be read")
        return body
