"""The typed facade over the hooks: one method a hook, asked in the hook's mode.

Whether a connection is enabled is decided here and nowhere else.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from balie.api import (
    Action,
    Address,
    Batch,
    Capabilities,
    Concerned,
    Connection,
    Context,
    Customer,
    Erased,
    Event,
    Exported,
    Filed,
    Fixture,
    Health,
    Ingress,
    Media,
    MediaStream,
    MessageReceived,
    PluginError,
    RawEvent,
    ReadMark,
    Receipt,
    Reconciled,
    Reply,
    SetUp,
    Since,
    Site,
    Template,
    WayIn,
    WebRequest,
)
from balie.hooks.errors import ConnectionDisabled, NotImplementedByPlugin
from balie.hooks.isolation import HookMetrics, guarded
from balie.hooks.registry import Registry
from balie.hooks.results import many, nothing, one, one_or_none

if TYPE_CHECKING:
    from flask import Blueprint

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one connection's plugin said where each was asked."""

    plugin: str
    connection: Connection
    actions: tuple[Action, ...]


class Hooks:
    """All hooks of one application.

    Addressed hooks ask the plugin of ``ctx.connection`` and raise, beside what the hook itself
    raises: UnknownPlugin, ConnectionDisabled, NotImplementedByPlugin, and PluginCrashed for any
    foreign exception or a result of the wrong type. A ``roster`` is the tenant's connections in
    the tenant's order; those that ``is_enabled`` denies are passed over, as are those whose
    plugin is not loaded.
    """

    def __init__(
        self, registry: Registry, metrics: HookMetrics, *, is_enabled: Callable[[Context], bool]
    ) -> None:
        self.registry = registry
        self._metrics = metrics
        self._is_enabled = is_enabled

    # --- Addressed --------------------------------------------------------------------------

    def channel_ingress(self, ctx: Context, request: WebRequest) -> Ingress:
        """Authenticate a vendor's request and name the events in it."""
        return self._addressed(ctx, "channel_ingress", one(Ingress), request=request)

    def event_parse(self, ctx: Context, raw: RawEvent) -> list[Event]:
        """Read one stored event whole."""
        return self._addressed(ctx, "event_parse", many(Event), raw=raw)

    def event_reconcile(self, ctx: Context, since: Since) -> Reconciled:
        """Ask the vendor what happened since."""
        return self._addressed(ctx, "event_reconcile", one(Reconciled), since=since)

    def ticket_file(self, ctx: Context, batch: Batch) -> Filed:
        """Put the lines into the conversation's ticket."""
        return self._addressed(ctx, "ticket_file", one(Filed), batch=batch)

    def reply_dispatch(self, ctx: Context, reply: Reply) -> Receipt:
        """Send one message to the customer."""
        return self._addressed(ctx, "reply_dispatch", one(Receipt), reply=reply)

    def media_fetch(self, ctx: Context, media: Media) -> MediaStream:
        """Open a file that came with a message. Its pieces may raise what the hook may raise."""
        return self._addressed(ctx, "media_fetch", one(MediaStream), media=media)

    def read_mark(self, ctx: Context, mark: ReadMark) -> None:
        """Show the customer that the message has been read."""
        self._addressed(ctx, "read_mark", nothing, mark=mark)

    def templates_list(self, ctx: Context) -> list[Template]:
        """Return all templates of this connection."""
        return self._addressed(ctx, "templates_list", many(Template))

    def template_submit(self, ctx: Context, template: Template) -> Template:
        """Hand a new template to the vendor."""
        return self._addressed(ctx, "template_submit", one(Template), template=template)

    def capabilities(self, ctx: Context) -> Capabilities:
        """Return limits and abilities; the defaults where the plugin states none or fails."""
        self._refuse_disabled(ctx)
        plugin = self.registry.get(ctx.connection.plugin)
        if "capabilities" not in plugin.hooks:
            return Capabilities()
        try:
            return self._call(ctx, "capabilities", one(Capabilities))
        except PluginError as error:
            ctx.log.warning("capabilities_defaulted", plugin=plugin.id, error=str(error))
            return Capabilities()

    def connection_check(self, ctx: Context) -> Health:
        """Try the credentials. A connection that is off is tried too: before it is switched on."""
        return self._call(ctx, "connection_check", one(Health))

    def connection_setup(self, ctx: Context) -> SetUp:
        """Prepare the vendor's side. A connection that is off is set up too."""
        return self._call(ctx, "connection_setup", one(SetUp))

    def person_export(self, ctx: Context, who: Concerned) -> Exported:
        """Return what the vendor holds of a person."""
        return self._addressed(ctx, "person_export", one(Exported), who=who)

    def person_erase(self, ctx: Context, who: Concerned) -> Erased:
        """Erase a person at the vendor, as far as the settings say."""
        return self._addressed(ctx, "person_erase", one(Erased), who=who)

    def ways_in(self, ctx: Context) -> list[WayIn]:
        """Tell how customers find this channel."""
        return self._addressed(ctx, "ways_in", many(WayIn))

    def fixture_prepare(self, ctx: Context, fixture: Fixture) -> WebRequest:
        """Turn a stored payload into the request that the vendor would send."""
        return self._addressed(ctx, "fixture_prepare", one(WebRequest), fixture=fixture)

    # --- First ------------------------------------------------------------------------------

    def customer_lookup(
        self, roster: Sequence[Context], address: Address
    ) -> tuple[Context, Customer] | None:
        """Ask in order until one knows the customer; say which one did.

        The first error ends the asking and is raised: to go on as "unknown" would make a second
        customer of one who is known.
        """
        for ctx in self._able(roster, "customer_lookup"):
            found = self._call(ctx, "customer_lookup", one_or_none(Customer), address=address)
            if found is not None:
                return ctx, found
        return None

    # --- Each -------------------------------------------------------------------------------

    def message_received(self, roster: Sequence[Context], event: MessageReceived) -> list[Answer]:
        """Ask every one, apart. One that fails is logged, counted and left out."""
        answers = []
        for ctx in self._able(roster, "message_received"):
            try:
                actions = self._call(ctx, "message_received", many(Action), event=event)
            except PluginError as error:
                ctx.log.warning(
                    "plugin_left_out",
                    plugin=ctx.connection.plugin,
                    hook="message_received",
                    error=str(error),
                )
                continue
            answers.append(
                Answer(
                    plugin=ctx.connection.plugin,
                    connection=ctx.connection,
                    actions=tuple(actions),
                )
            )
        return answers

    # --- Start ------------------------------------------------------------------------------

    def web_blueprint(self, plugin: str, site: Site) -> "Blueprint":
        """Return the routes that a plugin serves itself. Raises NotImplementedByPlugin."""
        from flask import Blueprint  # noqa: PLC0415 -- only the web has Flask loaded

        function = self.registry.function(plugin, "web_blueprint")
        if function is None:
            raise NotImplementedByPlugin(f"plugin {plugin} does not implement web_blueprint")
        read = one(Blueprint)
        return guarded(
            plugin, "web_blueprint", lambda: read(function(site=site)), metrics=self._metrics
        )

    # ----------------------------------------------------------------------------------------

    def _addressed(self, ctx: Context, hook: str, read: Callable[[object], T], **fact: object) -> T:
        self._refuse_disabled(ctx)
        return self._call(ctx, hook, read, **fact)

    def _refuse_disabled(self, ctx: Context) -> None:
        if not self._is_enabled(ctx):
            raise ConnectionDisabled(f"connection {ctx.connection.slug} is switched off")

    def _able(self, roster: Sequence[Context], hook: str) -> list[Context]:
        """Return the enabled connections whose plugin has the hook, in the order given."""
        return [
            ctx
            for ctx in roster
            if self.registry.function(ctx.connection.plugin, hook) is not None
            and self._is_enabled(ctx)
        ]

    def _call(self, ctx: Context, hook: str, read: Callable[[object], T], **fact: object) -> T:
        plugin = self.registry.get(ctx.connection.plugin)
        function = self.registry.function(plugin.id, hook)
        if function is None:
            raise NotImplementedByPlugin(f"plugin {plugin.id} does not implement {hook}")
        return guarded(
            plugin.id, hook, lambda: read(function(ctx=ctx, **fact)), metrics=self._metrics
        )
