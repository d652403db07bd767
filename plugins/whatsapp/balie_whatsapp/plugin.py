"""The WhatsApp channel: what Balie asks, and the module that answers."""

from balie.api import (
    Action,
    Capabilities,
    Concerned,
    Context,
    Erased,
    Event,
    Fixture,
    Health,
    Ingress,
    Kind,
    Manifest,
    Media,
    MediaStream,
    MessageReceived,
    RawEvent,
    ReadMark,
    Receipt,
    Reply,
    SetUp,
    Template,
    WayIn,
    WebRequest,
    hookimpl,
)
from balie_whatsapp import capabilities, fixtures, privacy, way_in
from balie_whatsapp.config import Config
from balie_whatsapp.graph import downloads
from balie_whatsapp.inbound import calls, ingress, parse
from balie_whatsapp.outbound import dispatch, read_marks
from balie_whatsapp.setup import check, setting_up
from balie_whatsapp.templates import catalogue


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
        """Send an agent's answer."""
        return dispatch.dispatch(ctx, reply)

    @hookimpl
    def media_fetch(self, ctx: Context, media: Media) -> MediaStream:
        """Open a customer's file."""
        return downloads.fetch(ctx, media)

    @hookimpl
    def read_mark(self, ctx: Context, mark: ReadMark) -> None:
        """Give a message its blue ticks."""
        read_marks.mark(ctx, mark)

    @hookimpl
    def templates_list(self, ctx: Context) -> list[Template]:
        """Return the account's templates."""
        return catalogue.list_templates(ctx)

    @hookimpl
    def template_submit(self, ctx: Context, template: Template) -> Template:
        """Hand a template in at Meta."""
        return catalogue.submit(ctx, template)

    @hookimpl
    def capabilities(self, ctx: Context) -> Capabilities:
        """State limits, the window, and what can be sent."""
        return capabilities.capabilities(ctx)

    @hookimpl
    def person_erase(self, ctx: Context, who: Concerned) -> Erased:
        """Say that there is nothing at WhatsApp to be erased."""
        return privacy.erase(ctx, who)

    @hookimpl
    def connection_check(self, ctx: Context) -> Health:
        """Read the business number with the connection's token."""
        return check.check(ctx)

    @hookimpl
    def connection_setup(self, ctx: Context) -> SetUp:
        """Subscribe, set the webhook's address and the profile; read quality, limits, templates."""
        return setting_up.set_up(ctx)

    @hookimpl
    def ways_in(self, ctx: Context) -> list[WayIn]:
        """Return the number's links and its contact card."""
        return way_in.ways_in(ctx)

    @hookimpl
    def fixture_prepare(self, ctx: Context, fixture: Fixture) -> WebRequest:
        """Sign a stored payload as Meta would."""
        return fixtures.prepare(ctx, fixture)


plugin = WhatsApp()
