"""The parts of a reply, as the content of one message."""

from typing import Any

from balie.api import (
    Contact,
    Context,
    Link,
    Location,
    Media,
    Options,
    Part,
    Reaction,
    Reply,
    Request,
    TemplateUse,
    Text,
    Unknown,
)
from balie_whatsapp.graph.uploads import Uploads
from balie_whatsapp.outbound.cards import contacts_content, location_content, reaction_content
from balie_whatsapp.outbound.files import file_content
from balie_whatsapp.outbound.interactive import link_content, options_content, request_content
from balie_whatsapp.outbound.refusals import refusal
from balie_whatsapp.outbound.text import body_of
from balie_whatsapp.templates.sending import template_content

SENDS = frozenset(
    kind.__name__
    for kind in (Media, Location, Contact, Reaction, Options, Link, Request, TemplateUse)
)
"""The parts that can be sent beside words."""
_IN_GROUPS = (Text, Unknown, Media, TemplateUse)

Content = tuple[str, Any]


def content_of(ctx: Context, reply: Reply, uploads: Uploads, *, in_group: bool) -> Content:
    """Return a message's type and content. Raises Rejected for what WhatsApp cannot send."""
    words = [part for part in reply.parts if isinstance(part, Text | Unknown)]
    things = [part for part in reply.parts if not isinstance(part, Text | Unknown)]
    if in_group and not all(isinstance(part, _IN_GROUPS) for part in reply.parts):
        raise refusal(ctx, "not_in_groups")
    if not things:
        return "text", {"body": body_of(ctx, words), "preview_url": True}
    (thing, *more) = things
    if more or (words and not isinstance(thing, Media)):
        raise refusal(ctx, "one_thing")
    if isinstance(thing, Media):
        caption = [part if isinstance(part, Text) else Text(text=part.text) for part in words]
        return file_content(ctx, thing, caption, uploads)
    if isinstance(thing, TemplateUse):
        return "template", template_content(ctx, thing, uploads)
    return _thing(ctx, thing, reply.quotes)


def _thing(ctx: Context, thing: Part, quotes: str | None) -> Content:
    match thing:
        case Location():
            return "location", location_content(thing)
        case Contact():
            return "contacts", contacts_content(thing)
        case Reaction():
            return "reaction", reaction_content(ctx, thing, quotes)
        case Options():
            return "interactive", options_content(ctx, thing)
        case Link():
            return "interactive", link_content(ctx, thing)
        case Request():
            return "interactive", request_content(ctx, thing)
        case _:
            raise refusal(ctx, "not_sent_here", what=type(thing).__name__)
