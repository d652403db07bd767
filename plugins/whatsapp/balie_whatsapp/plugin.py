"""The WhatsApp channel: what Balie asks, and the module that answers."""

from balie.api import (
    Action,
    Capabilities,
    Context,
    Event,
    Fixture,
    Health,
    Ingress,
    Kind,
    Manifest,
    MessageReceived,
    RawEvent,
    Receipt,
    Reply,
    WebRequest,
    hookimpl,
)
from balie_whatsapp import fixtures
from balie_whatsapp.config import Config
from balie_whatsapp.inbound import calls, ingress, parse
from balie_whatsapp.outbound import dispatch
from balie_whatsapp.setup import check


class WhatsApp:
    """One business number of the WhatsApp Cloud API per connection."""

    manifest = Manifest(id="whatsapp", name="WhatsApp", kind=Kind.CHANNEL, config=Config)

    @hookimpl
    def channel_ingress(self, ctx: Context, request: WebRequest) -> Ingress:
        """Answer Meta's handshake, or authenticate and name a delivery's events."""
        return ingress.receive(ctx, request)

    @hookimpl
    def event_parse(self, ctx: Context, raw: RawEvent) -> list[Event]:
        """Read one event whole."""
        return parse.parse(ctx, raw)

    @hookimpl
    def message_received(self, ctx: Context, event: MessageReceived) -> list[Action]:
        """Say what is done about a call, by the tenant's policy."""
        return calls.answer_call(ctx, event)

    @hookimpl
    def reply_dispatch(self, ctx: Context, reply: Reply) -> Receipt:
        """Send an agent's answer as a text message."""
        return dispatch.dispatch(ctx, reply)

    @hookimpl
    def capabilities(self, ctx: Context) -> Capabilities:
        """State the length of a text, and how long an unknown outcome is waited for."""
        return Capabilities(
            text_limit=dispatch.TEXT_LIMIT,
            reconcile_seconds=ctx.config["reconcile_seconds"],
        )

    @hookimpl
    def connection_check(self, ctx: Context) -> Health:
        """Read the business number with the connection's token."""
        return check.check(ctx)

    @hookimpl
    def fixture_prepare(self, ctx: Context, fixture: Fixture) -> WebRequest:
        """Sign a stored payload as Meta would."""
        return fixtures.prepare(ctx, fixture)


plugin = WhatsApp()
