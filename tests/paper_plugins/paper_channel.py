"""A channel that exists on paper: what a vendor would do is written down by the test.

Its webhooks are JSON ``{"events": [{"id", "kind", "lane", "at", "say", ...}]}`` under the header
``x-paper-secret``. What it sends lands in ``sent``; ``outcomes`` holds what happens next. What
stands in ``readings`` under an event's id is what that event means; ``files`` holds files by ref,
``templates`` what the vendor has. ``abilities`` are those of all connections, ``abilities_of`` of
those with this name. ``marked`` are the messages that were marked as read.
"""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import orjson
from marshmallow import fields

from balie.api import (
    Address,
    AddressKind,
    Capabilities,
    Choice,
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
    Part,
    PayloadInvalid,
    RawEvent,
    ReadMark,
    Receipt,
    Refused,
    Rejected,
    Reply,
    Secret,
    SetUp,
    SignatureInvalid,
    Status,
    StatusReported,
    Template,
    Text,
    WayIn,
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
        self.outcomes: deque[BaseException | str] = deque()
        self.parse_errors: deque[Exception] = deque()
        self.readings: dict[str, list[Event]] = {}
        self.files: dict[str, list[bytes | Exception]] = {}
        self.abilities: dict[str, Any] = {}
        self.abilities_of: dict[str, dict[str, Any]] = {}
        self.before_stating: deque[Callable[[], object]] = deque()
        self.templates: list[Template] | Exception = []
        self.marked: list[str] = []
        self.mark_errors: deque[Exception] = deque()
        self.set_up: SetUp | Exception = SetUp(steps=())
        self.ways: list[WayIn] = []

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
                    parts=(self._said(raw),),
                    name=raw.body.get("name", ""),
                    quotes=raw.body.get("quotes"),
                    speaker=self._addresses(raw, "speaker"),
                    speaker_name=raw.body.get("speaker_name", ""),
                )
            ]
        return [Refused(reason="paper has no notices")]

    def _said(self, raw: RawEvent) -> Part:
        words, option = raw.body["say"], raw.body.get("option")
        return Choice(text=words, id=option, title=words) if option else Text(text=words)

    @hookimpl
    def reply_dispatch(self, ctx: Context, reply: Reply) -> Receipt:
        outcome = self.outcomes.popleft() if self.outcomes else f"paper-{len(self.sent) + 1}"
        if isinstance(outcome, BaseException):
            raise outcome
        self.sent.append(reply)
        return Receipt(message_id=outcome)

    @hookimpl
    def capabilities(self, ctx: Context) -> Capabilities:
        if self.before_stating:
            self.before_stating.popleft()()
        stated = self.abilities | self.abilities_of.get(ctx.connection.slug, {})
        return Capabilities(reconcile_seconds=ctx.config["reconcile_seconds"], **stated)

    @hookimpl
    def media_fetch(self, ctx: Context, media: Media) -> MediaStream:
        return MediaStream(chunks=_pieces(self.files[media.ref]))

    @hookimpl
    def read_mark(self, ctx: Context, mark: ReadMark) -> None:
        if self.mark_errors:
            raise self.mark_errors.popleft()
        self.marked.append(mark.message_id)

    @hookimpl
    def templates_list(self, ctx: Context) -> list[Template]:
        if isinstance(self.templates, Exception):
            raise self.templates
        return self.templates

    @hookimpl
    def template_submit(self, ctx: Context, template: Template) -> Template:
        if template.name == "bad":
            raise Rejected("132000", "This is no template")
        return replace(template, id=f"id-{template.name}", status="PENDING")

    @hookimpl
    def connection_setup(self, ctx: Context) -> SetUp:
        if isinstance(self.set_up, Exception):
            raise self.set_up
        return self.set_up

    @hookimpl
    def ways_in(self, ctx: Context) -> list[WayIn]:
        return self.ways

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
        return self._addresses(raw, "sender") or (Address(kind=AddressKind.PHONE, value=raw.lane),)

    def _addresses(self, raw: RawEvent, of_whom: str) -> tuple[Address, ...]:
        given = raw.body.get(of_whom) or ()
        return tuple(Address(kind=AddressKind(kind), value=value) for kind, value in given)


def _pieces(file: list[bytes | Exception]) -> Iterator[bytes]:
    for piece in file:
        if isinstance(piece, Exception):
            raise piece
        yield piece


plugin = PaperChannel()
