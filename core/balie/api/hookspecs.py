"""The hooks, in the order of a message's way. A plugin implements those it needs.

Every hook takes a context first and one fact second; a hook grows by a new field of that fact.
Modes: *addressed* asks the one plugin that a connection belongs to; *first* asks in the tenant's
order until one answers; *each* asks every enabled plugin, apart, and collects.
"""

from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from balie.api.context import Context
    from balie.api.events import (
        Action,
        Address,
        Batch,
        Capabilities,
        Customer,
        Event,
        Filed,
        Fixture,
        Health,
        Ingress,
        MessageReceived,
        RawEvent,
        Receipt,
        Reply,
        WebRequest,
    )

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
def fixture_prepare(ctx: "Context", fixture: "Fixture") -> "WebRequest":  # type: ignore[empty-body]  # a spec has no body
    """Turn a stored payload into the request that the vendor would send to this connection.

    When: ``balie fixture send``. Puts in the connection's ids unless ``as_is``, and signs.
    Mode: addressed.
    Result: the request.
    On error: shown to the developer as it is.
    """
