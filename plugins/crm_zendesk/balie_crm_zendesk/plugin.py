"""The hooks of the Zendesk plugin. What they do is in the modules they name."""

from balie.api import (
    Address,
    Batch,
    Capabilities,
    Concerned,
    Context,
    Customer,
    Erased,
    Event,
    Exported,
    Filed,
    Fixture,
    Health,
    Ingress,
    Kind,
    Manifest,
    Media,
    MediaStream,
    RawEvent,
    Reconciled,
    SetUp,
    Since,
    WebRequest,
    hookimpl,
)

from . import fixtures, limits
from .answers import comments, reconcile, webhook
from .config import ZendeskConfig
from .customers import lookup as customers
from .files import fetch
from .privacy import erasing, export
from .setup import check, steps
from .tickets import filing as tickets
from .tickets import pieces, rules

LINES_PER_COMMENT = 50


class Zendesk:
    """Zendesk Support as a helpdesk: customers, tickets, files and agents' answers."""

    manifest = Manifest(id="crm_zendesk", name="Zendesk", kind=Kind.HELPDESK, config=ZendeskConfig)

    @hookimpl
    def channel_ingress(self, ctx: Context, request: WebRequest) -> Ingress:
        """Check a webhook's signature and name its ticket."""
        return webhook.ingress(ctx, request)

    @hookimpl
    def event_parse(self, ctx: Context, raw: RawEvent) -> list[Event]:
        """Read the ticket for agents' answers and commands, and for what became of it."""
        return comments.replies(ctx, raw)

    @hookimpl
    def event_reconcile(self, ctx: Context, since: Since) -> Reconciled:
        """Read the stream of ticket events for comments that no webhook told of."""
        return reconcile.missed(ctx, since)

    @hookimpl
    def customer_lookup(self, ctx: Context, address: Address) -> Customer | None:
        """Find the end user by external id, then by telephone number."""
        return customers.lookup(ctx, address)

    @hookimpl
    def ticket_file(self, ctx: Context, batch: Batch) -> Filed:
        """Open, continue or follow up the conversation's ticket."""
        return tickets.file(ctx, batch)

    @hookimpl
    def media_fetch(self, ctx: Context, media: Media) -> MediaStream:
        """Fetch an agent's file."""
        return fetch.fetch(ctx, media)

    @hookimpl
    def capabilities(self, ctx: Context) -> Capabilities:
        """Return Zendesk's limits."""
        return Capabilities(
            text_limit=pieces.MOST_BYTES,
            reconcile_seconds=ctx.config["reconcile_seconds"],
            lines_per_comment=LINES_PER_COMMENT,
            write_budgets=limits.budgets(ctx),
            solves=True,
            rating=rules.rating(ctx.config),
            link_days=ctx.config["file_link_days"],
            erases_on_request=ctx.config["erase_on_request"],
        )

    @hookimpl
    def connection_check(self, ctx: Context) -> Health:
        """Ask Zendesk who we are."""
        return check.check(ctx)

    @hookimpl
    def connection_setup(self, ctx: Context) -> SetUp:
        """Make the webhook, the triggers and the field, and read the webhook's secret."""
        return steps.run(ctx)

    @hookimpl
    def person_export(self, ctx: Context, who: Concerned) -> Exported:
        """Read a person's user, tickets and comments."""
        return export.export(ctx, who)

    @hookimpl
    def person_erase(self, ctx: Context, who: Concerned) -> Erased:
        """Redact a person's comments and files; delete the user where the settings say so."""
        return erasing.erase(ctx, who)

    @hookimpl
    def fixture_prepare(self, ctx: Context, fixture: Fixture) -> WebRequest:
        """Sign a stored payload as Zendesk does."""
        return fixtures.prepare(ctx, fixture)


plugin = Zendesk()
