"""The e-mail channel: what Balie asks, and the module that answers."""

from balie.api import (
    AddressKind,
    Capabilities,
    Context,
    Event,
    Health,
    Ingress,
    Kind,
    Manifest,
    MediaKind,
    MediaRule,
    PluginError,
    Receipt,
    Refused,
    Rejected,
    Reply,
    SignatureInvalid,
    hookimpl,
)
from balie_mail.config import ADDRESS, Config
from balie_mail.letter import letter, message_id
from balie_mail.posting import connected, post
from balie_mail.texts import told

_FILE_BYTES = 7_000_000
"""A letter of ten megabytes is taken nearly everywhere; as letters, files grow by a third."""
_RECONCILE_SECONDS = 60.0


class Mail:
    """Letters to customers. None comes in."""

    manifest = Manifest(id="mail", name="E-mail", kind=Kind.CHANNEL, config=Config)

    @hookimpl
    def channel_ingress(self) -> Ingress:
        """Refuse webhooks: nobody sends one."""
        raise SignatureInvalid("e-mail has no webhooks")

    @hookimpl
    def event_parse(self) -> list[Event]:
        """Do nothing: nothing comes in."""
        return [Refused(reason="nothing comes in by e-mail")]

    @hookimpl
    def reply_dispatch(self, ctx: Context, reply: Reply) -> Receipt:
        """Send a letter to the address that was shown last to be the customer's."""
        locale = ctx.tenant.locale
        known = [one.value for one in reply.to if one.kind is AddressKind.EMAIL]
        if not known or not ADDRESS.fullmatch(known[-1]):
            raise Rejected("no address", told("no_address", locale))
        made = letter(ctx, reply, known[-1])
        post(ctx.config, made.as_bytes(), known[-1], locale)
        return Receipt(message_id=message_id(ctx, reply.id))

    @hookimpl
    def capabilities(self, ctx: Context) -> Capabilities:  # noqa: ARG002 -- the same for all
        """State that a letter holds everything."""
        sends = ("Contact", "Earlier", "Link", "Location", "Media", "Options")
        return Capabilities(
            sends=frozenset(sends),
            media=tuple(
                MediaRule(kind=kind, types=("*/*",), most_bytes=_FILE_BYTES) for kind in MediaKind
            ),
            stands_alone=True,
            reconcile_seconds=_RECONCILE_SECONDS,
            proves_sends=False,
        )

    @hookimpl
    def connection_check(self, ctx: Context) -> Health:
        """Sign in at the mail server, and send nothing."""
        try:
            with connected(ctx.config) as server:
                server.noop()
        except PluginError as error:
            return Health(ok=False, text=str(error))
        return Health(ok=True, text="The mail server lets us in.")


plugin = Mail()
