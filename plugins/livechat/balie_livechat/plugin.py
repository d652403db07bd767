"""The live chat channel: what Balie asks, and the module that answers."""

from flask import Blueprint

from balie.api import (
    Absence,
    Capabilities,
    Context,
    Event,
    Health,
    Ingress,
    Kind,
    Manifest,
    MediaKind,
    MediaRule,
    RawEvent,
    ReadMark,
    Receipt,
    Reply,
    SignatureInvalid,
    Site,
    WayIn,
    hookimpl,
)
from balie_livechat.config import Config
from balie_livechat.config.access import origins
from balie_livechat.inbound import parse
from balie_livechat.outbound import dispatch
from balie_livechat.web.blueprint import blueprint

_AGENTS_FILE_BYTES = 50_000_000


class LiveChat:
    """One widget per connection."""

    manifest = Manifest(id="livechat", name="Live chat", kind=Kind.CHANNEL, config=Config)

    @hookimpl
    def web_blueprint(self, site: Site) -> Blueprint:
        """Serve the widget and what it talks to."""
        return blueprint(site)

    @hookimpl
    def channel_ingress(self) -> Ingress:
        """Refuse webhooks: there is no vendor who could send one."""
        raise SignatureInvalid("live chat has no webhooks; its routes are under /livechat")

    @hookimpl
    def event_parse(self, ctx: Context, raw: RawEvent) -> list[Event]:
        """Read one event whole."""
        return parse.parse(ctx, raw)

    @hookimpl
    def reply_dispatch(self, ctx: Context, reply: Reply) -> Receipt:
        """Show an agent's answer to the visitor."""
        return dispatch.dispatch(ctx, reply)

    @hookimpl
    def read_mark(self, ctx: Context, mark: ReadMark) -> None:
        """Show the visitor that a message has arrived."""
        dispatch.mark(ctx, mark)

    @hookimpl
    def capabilities(self, ctx: Context) -> Capabilities:
        """State that everything can be shown, and what becomes of answers to nobody."""
        config = ctx.config
        seconds = config["absent_seconds"]
        ways = Absence(
            seconds=seconds,
            by=config["whatsapp_connection"],
            mail=config["mail_connection"],
            tap_seconds=config["tap_hours"] * 3600,
        )
        return Capabilities(
            caption_limit=None,
            sends=frozenset({"Media", "Options", "Link", "Location", "Contact"}),
            media=tuple(
                MediaRule(kind=kind, types=("*/*",), most_bytes=_AGENTS_FILE_BYTES)
                for kind in MediaKind
            ),
            marks_read=True,
            # What was shown may be shown again: there is nothing to be waited for.
            reconcile_seconds=0.0,
            absence=ways if seconds else None,
            tone=config["tone"],
        )

    @hookimpl
    def ways_in(self, ctx: Context) -> list[WayIn]:
        """Tell the page with the chat; a code behind its # brings a talk from elsewhere along."""
        page = ctx.config["chat_page"]
        if not page:
            return []
        return [WayIn(name=ctx.connection.name, url=page, text_url=f"{page}#balie-hop={{text}}")]

    @hookimpl
    def connection_check(self, ctx: Context) -> Health:
        """Say whether anybody could use the widget."""
        if not origins(ctx.config["allowed_origins"]) and not ctx.config["allow_apps"]:
            return Health(ok=False, text="No site may show the widget yet; set allowed_origins.")
        if ctx.config["identity_required"] and not ctx.config["identity_secret"]:
            return Health(ok=False, text="Identity is required and cannot be; set identity_secret.")
        return Health(ok=True, text="The widget can be shown.")


plugin = LiveChat()
