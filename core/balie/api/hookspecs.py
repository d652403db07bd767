"""The hooks, in the order of a message's way. A plugin implements those it needs.

Every hook takes a context first and one fact second; a hook grows by a new field of that fact.
Modes: *addressed* asks the one plugin that a connection belongs to; *first* asks in the tenant's
order until one answers; *each* asks every enabled plugin, apart, and collects.
"""

from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from flask import Blueprint

    from balie.api.actions import Action
    from balie.api.addresses import Address
    from balie.api.capabilities import Capabilities, Health, SetUp
    from balie.api.channel import MediaStream, ReadMark, Receipt, Reply, Template, WayIn
    from balie.api.context import Context
    from balie.api.events import Event, MessageReceived
    from balie.api.helpdesk import Batch, Customer, Filed
    from balie.api.ingress import Fixture, Ingress, RawEvent, WebRequest
    from balie.api.parts import Media
    from balie.api.privacy import Concerned, Erased, Exported
    from balie.api.reconciliation import Reconciled, Since
    from balie.api.site import Site

PROJECT = "balie"

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def channel_ingress(ctx: "Context", request: "WebRequest") -> "Ingress":  # type: ignore[empty-body]  # a spec has no body
    """Authenticate a vendor's request and name the events in it.

    When: a request reaches ``/hooks/<tenant>/<connection>``, before it is answered. Read only
    what is needed to authenticate, deduplicate and order; the rest is for ``event_parse``.
    Mode: addressed.
    Result: the events, all of them, and an answer where a plain 200 will not do.
    On error: SignatureInvalid answers 401 and stores nothing; PayloadInvalid parks the raw
    request and answers 200; anything else answers 503, so that the vendor tries again.
    """


@hookspec
def event_parse(ctx: "Context", raw: "RawEvent") -> "list[Event]":  # type: ignore[empty-body]  # a spec has no body
    """Read one stored event whole.

    When: its turn in its lane has come. May ask the vendor (a helpdesk's webhook often carries
    only ids). May be called again for the same event.
    Mode: addressed.
    Result: what happened, oldest first; ``Refused`` where there is nothing to do, saying why.
    On error: TransientError is tried again; PayloadInvalid and PermanentError park the event.
    """


@hookspec
def event_reconcile(ctx: "Context", since: "Since") -> "Reconciled":  # type: ignore[empty-body]  # a spec has no body
    """Ask the vendor what happened since, because its webhooks get lost.

    When: by the clock, as often as the last answer said; soon after Balie starts; when the
    connection has come back. For vendors who give a webhook up.
    Mode: addressed.
    Result: events like those of ``channel_ingress``, and from where to look the next time. They
    go through the same door, so what is known falls away.
    On error: the cursor stays. TransientError is tried again, AuthFailed signs the connection
    out, and what else there is is told to the admin and tried again after a while.
    """


@hookspec
def message_received(ctx: "Context", event: "MessageReceived") -> "list[Action]":  # type: ignore[empty-body]  # a spec has no body
    """Say what should be done because a customer wrote.

    When: the message is being stored. Pure: no network, no state; facts in, actions out.
    Mode: each.
    Result: actions, carried out by the core, durably and once. An empty list for none.
    On error: the plugin's answer is left out and the error counted; the message goes on.
    """


@hookspec
def customer_lookup(ctx: "Context", address: "Address") -> "Customer | None":
    """Find who this is.

    When: before a person's first message is filed; asked per address, phone first.
    Mode: first.
    Result: the customer, or None for "not known here".
    On error: TransientError delays the filing; it is tried again.
    """


@hookspec
def ticket_file(ctx: "Context", batch: "Batch") -> "Filed":  # type: ignore[empty-body]  # a spec has no body
    """Put the lines into the conversation's ticket, making, reopening or following up as needed.

    When: lines wait in a conversation. At most one call at a time per conversation.
    Mode: addressed.
    Result: the ticket, the comment that was written, and its requester.
    On error: OutcomeUnknown leads to a call with ``batch.uncertain``, same key and lines;
    TransientError to a later try; AuthFailed signs the connection out; PermanentError parks.
    """


@hookspec
def reply_dispatch(ctx: "Context", reply: "Reply") -> "Receipt":  # type: ignore[empty-body]  # a spec has no body
    """Send one message to the customer.

    When: an agent answered. At most one call at a time per conversation.
    Mode: addressed.
    Result: the channel's id for the message.
    On error: Rejected fails the message and tells the agent; OutcomeUnknown waits for a status
    that proves the send, for ``Capabilities.reconcile_seconds``, and only then sends again.
    """


@hookspec
def media_fetch(ctx: "Context", media: "Media") -> "MediaStream":  # type: ignore[empty-body]  # a spec has no body
    """Open a file that came with a message, or with an agent's answer.

    When: before the message is filed or sent, until the file is stored. ``media.ref`` is what
    the same plugin put there.
    Mode: addressed.
    Result: the bytes, in pieces, as they come.
    On error: TransientError is tried again for a while, sooner than usual where ``retry_after``
    says so; after that, and on PermanentError, the ticket is told that the file is missing, and
    why.
    """


@hookspec
def read_mark(ctx: "Context", mark: "ReadMark") -> None:
    """Show the customer that the message has been read.

    When: the message stands in the ticket, if ``Capabilities.marks_read``.
    Mode: addressed.
    Result: nothing.
    On error: TransientError is tried again; anything else ends it, and nobody is told.
    """


@hookspec
def templates_list(ctx: "Context") -> "list[Template]":  # type: ignore[empty-body]  # a spec has no body
    """Return all templates that the vendor has for this connection.

    When: by the clock, and when an admin asks.
    Mode: addressed.
    Result: all of them; one that is no longer there is forgotten.
    On error: what is known stays.
    """


@hookspec
def template_submit(ctx: "Context", template: "Template") -> "Template":  # type: ignore[empty-body]  # a spec has no body
    """Hand a new template to the vendor for its approval.

    When: an admin asks. ``template.components`` is the vendor's JSON; ``id`` is empty.
    Mode: addressed.
    Result: the template as the vendor took it, with its id and status.
    On error: Rejected is shown to the admin; so is anything else.
    """


@hookspec
def capabilities(ctx: "Context") -> "Capabilities":  # type: ignore[empty-body]  # a spec has no body
    """State limits and abilities.

    When: before the core acts on a limit. Pure and cheap.
    Mode: addressed.
    Result: the capabilities of this connection.
    On error: the core's defaults apply.
    """


@hookspec
def connection_check(ctx: "Context") -> "Health":  # type: ignore[empty-body]  # a spec has no body
    """Try the credentials without changing anything at the vendor.

    When: an admin asks ("test connection").
    Mode: addressed.
    Result: whether it works, and a sentence.
    On error: shown to the admin as it is.
    """


@hookspec
def connection_setup(ctx: "Context") -> "SetUp":  # type: ignore[empty-body]  # a spec has no body
    """Prepare the vendor's side: subscribe webhooks, make triggers, read what we need to know.

    When: an admin asks, again and again: what is there already stays or is put right.
    Mode: addressed.
    Result: each step with what to do where it failed, and settings that were learned.
    On error: shown to the admin as it is.
    """


@hookspec
def person_export(ctx: "Context", who: "Concerned") -> "Exported":  # type: ignore[empty-body]  # a spec has no body
    """Return what the vendor holds of a person.

    When: an admin asks for what is held of somebody, who has a right to it.
    Mode: addressed.
    Result: all that the vendor tells, as JSON; files by name and address. In tickets of
    ``who.among`` only what is theirs: the rest is others'.
    On error: the export says that this part is missing, and why.
    """


@hookspec
def person_erase(ctx: "Context", who: "Concerned") -> "Erased":  # type: ignore[empty-body]  # a spec has no body
    """Erase a person at the vendor, as far as the settings say.

    When: somebody is to be forgotten, and Balie has forgotten them itself. May be called again for
    the same person, after a crash or an unclear outcome: what is erased already counts as done.
    Mode: addressed.
    Result: what was erased, what stays, and what is left that should not be. In tickets of
    ``who.among`` only what goes is erased, and the result says that it was seen to.
    On error: TransientError and AuthFailed are tried again; PermanentError parks, for a person.
    """


@hookspec
def ways_in(ctx: "Context") -> "list[WayIn]":  # type: ignore[empty-body]  # a spec has no body
    """Tell how customers find this channel.

    When: an admin asks for a link, a QR code or a contact card.
    Mode: addressed.
    Result: the ways, the usual one first.
    On error: shown to the admin as it is.
    """


@hookspec
def fixture_prepare(ctx: "Context", fixture: "Fixture") -> "WebRequest":  # type: ignore[empty-body]  # a spec has no body
    """Turn a stored payload into the request that the vendor would send to this connection.

    When: ``balie fixture send``. Puts in the connection's ids unless ``as_is``, and signs.
    Mode: addressed.
    Result: the request.
    On error: shown to the developer as it is.
    """


@hookspec
def web_blueprint(site: "Site") -> "Blueprint":  # type: ignore[empty-body]  # a spec has no body
    """Give the routes that this plugin serves itself, for a channel without a vendor.

    When: the web starts. They are mounted under the plugin's id; each begins with
    ``/<tenant>/<connection>``, which ``site`` turns into a context.
    Mode: start.
    Result: a Flask blueprint. NoSuchConnection out of a view is answered with 404,
    TransientError with 503.
    On error: the plugin's routes are left out; the rest of the web goes on.
    """
