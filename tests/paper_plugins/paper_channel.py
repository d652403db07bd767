"""A channel that exists on paper: what a vendor would do is written down by the test.

Its webhooks are JSON ``{"events": [{"id", "kind", "lane", "at", "say", ...}]}`` under the header
``x-paper-secret``. What it sends lands in ``sent``; ``outcomes`` holds what happens next. What
stands in ``readings`` under an event's id is what that event means; ``files`` holds files by ref.
"""

from collections import deque
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import orjson
from marshmallow import fields

from balie.api import (
    Address,
    AddressKind,
    Capabilities,
    ConfigSchema,
    Context,
    Event,
    EventKind,
    Ingress,
    Kind,
    Manifest,
    Media,
    MediaStream,
    MessageReceived,
    PayloadInvalid,
    RawEvent,
    Receipt,
    Refused,
    Reply,
    Secret,
    SignatureInvalid,
    Status,
    StatusReported,
    Text,
    WebRequest,
    hookimpl,
)


class Config(ConfigSchema):
    """One secret, and how patient to be with a send of unknown outcome."""

    secret = Secret(required=True)
    reconcile_seconds = fields.Float(load_default=0.2)


class PaperChannel:
    """The channel."""

    manifest = Manifest(id="paper_channel", name="Paper", kind=Kind.CHANNEL, config=Config)

    def __init__(self) -> None:
        self.sent: list[Reply] = []
        self.outcomes: deque[Exception | str] = deque()
        self.parse_errors: deque[Exception] = deque()
        self.readings: dict[str, list[Event]] = {}
        self.files: dict[str, list[bytes | Exception]] = {}
        self.abilities: dict[str, Any] = {}

    @hookimpl
    def channel_ingress(self, ctx: Context, request: WebRequest) -> Ingress:
        if request.headers.get("x-paper-secret") != ctx.config["secret"]:
            raise SignatureInvalid("the header x-paper-secret is wrong")
        try:
            events = orjson.loads(request.body)["events"]
        except (orjson.JSONDecodeError, KeyError, TypeError) as error:
            raise PayloadInvalid("this is no paper") from error
        return Ingress(events=tuple(self._raw(event) for event in events))

    @hookimpl
    def event_parse(self, ctx: Context, raw: RawEvent) -> list[Event]:
        if self.parse_errors:
            raise self.parse_errors.popleft()
        if raw.id in self.readings:
            return self.readings[raw.id]
        if raw.kind is EventKind.STATUS:
            return [
                StatusReported(
                    message_id=raw.body["message"],
                    status=Status(raw.body["status"]),
                    at=raw.at,
                    reference=raw.body.get("reference", ""),
                    code=raw.body.get("code", ""),
                    text=raw.body.get("text", ""),
                )
            ]
        if raw.kind is EventKind.MESSAGE:
            return [
                MessageReceived(
                    id=raw.id,
                    sender=self._sender(raw),
                    at=raw.at,
                    parts=(Text(text=raw.body["say"]),),
                    name=raw.body.get("name", ""),
                )
            ]
        return [Refused(reason="paper has no notices")]

    @hookimpl
    def reply_dispatch(self, ctx: Context, reply: Reply) -> Receipt:
        outcome = self.outcomes.popleft() if self.outcomes else f"paper-{len(self.sent) + 1}"
        if isinstance(outcome, Exception):
            raise outcome
        self.sent.append(reply)
        return Receipt(message_id=outcome)

    @hookimpl
    def capabilities(self, ctx: Context) -> Capabilities:
        return Capabilities(reconcile_seconds=ctx.config["reconcile_seconds"], **self.abilities)

    @hookimpl
    def media_fetch(self, ctx: Context, media: Media) -> MediaStream:
        return MediaStream(chunks=_pieces(self.files[media.ref]))

    def _raw(self, event: dict[str, object]) -> RawEvent:
        return RawEvent(
            id=str(event["id"]),
            kind=EventKind(event.get("kind", "message")),
            lane=str(event["lane"]),
            at=datetime.fromisoformat(str(event["at"])),
            body=event,
            refused=str(event.get("refused", "")),
        )

    def _sender(self, raw: RawEvent) -> tuple[Address, ...]:
        given = raw.body.get("sender") or [["phone", raw.lane]]
        return tuple(Address(kind=AddressKind(kind), value=value) for kind, value in given)


def _pieces(file: list[bytes | Exception]) -> Iterator[bytes]:
    for piece in file:
        if isinstance(piece, Exception):
            raise piece
        yield piece


plugin = PaperChannel()
