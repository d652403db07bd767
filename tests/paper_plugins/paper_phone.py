"""A second channel on paper: customers are shown the way to it, and it takes what it is given.

``ways`` are its ways in, or the error that asking for them raises.
"""

from datetime import datetime
from typing import Any

from balie.api import (
    Address,
    AddressKind,
    Capabilities,
    ConfigSchema,
    Context,
    Event,
    Ingress,
    Kind,
    Manifest,
    MessageReceived,
    RawEvent,
    Receipt,
    Reply,
    Text,
    WayIn,
    WebRequest,
    hookimpl,
)


class PaperPhone:
    """The channel."""

    manifest = Manifest(
        id="paper_phone", name="Paper phone", kind=Kind.CHANNEL, config=ConfigSchema
    )

    def __init__(self) -> None:
        self.ways: list[WayIn] | Exception = []
        self.sent: list[Reply] = []
        self.abilities: dict[str, Any] = {}

    @hookimpl
    def channel_ingress(self, ctx: Context, request: WebRequest) -> Ingress:
        return Ingress()

    @hookimpl
    def event_parse(self, ctx: Context, raw: RawEvent) -> list[Event]:
        return [
            MessageReceived(
                id=raw.id,
                sender=(Address(kind=AddressKind.PHONE, value=raw.lane),),
                at=datetime.fromisoformat(str(raw.at)),
                parts=(Text(text=raw.body["say"]),),
            )
        ]

    @hookimpl
    def reply_dispatch(self, ctx: Context, reply: Reply) -> Receipt:
        self.sent.append(reply)
        return Receipt(message_id=f"phone-{len(self.sent)}")

    @hookimpl
    def capabilities(self, ctx: Context) -> Capabilities:
        return Capabilities(**self.abilities)

    @hookimpl
    def ways_in(self, ctx: Context) -> list[WayIn]:
        if isinstance(self.ways, Exception):
            raise self.ways
        return self.ways


plugin = PaperPhone()
