"""Messages and threads as the widget reads them: facts and words, never HTML."""

import re
from collections.abc import Iterable
from typing import Any

from balie.api import (
    Choice,
    Context,
    Link,
    Location,
    Media,
    Options,
    Part,
    Said,
    Status,
    Text,
    Thread,
)
from balie_livechat.moments import iso
from balie_livechat.web.drawing import qr_code

_CODE = re.compile(r"BAL(-[A-Z2-7]{4}){4}")
_STATES = {Status.DELIVERED: "delivered", Status.READ: "read"}


def message(thread: str, said: Said) -> dict[str, Any]:
    """Return a message."""
    own = said.by_customer
    return {
        "id": said.id,
        "client_id": said.channel_id.partition(".")[2] if own and said.channel_id else None,
        "thread": thread,
        "by": "customer" if own else "agent",
        "author": "" if own else said.author,
        "at": iso(said.at),
        "place": said.place,
        "state": ("filed" if said.is_filed else "sent")
        if own
        else _STATES.get(said.status, "sent"),
        "quotes": said.quotes,
        "parts": [part(one, said.id, place) for place, one in enumerate(said.parts)],
    }


def threads(ctx: Context, some: Iterable[Thread]) -> list[dict[str, Any]]:
    """Return threads of this connection."""
    return [thread(one, ctx.connection.slug) for one in some]


def thread(one: Thread, here: str) -> dict[str, Any]:
    """Return a thread. ``here`` is the slug of this connection."""
    return {
        "id": one.id,
        "place": one.place,
        "began_at": iso(one.began_at),
        "is_over": one.is_over,
        "elsewhere": "" if one.answered_on == here else one.answered_on,
    }


def part(one: Part, message_id: str, place: int) -> dict[str, Any]:
    """Return a part, with what it is and how it reads."""
    more = _facts(one, message_id, place)
    return {"is": type(one).__name__.lower(), "text": one.text, **more}


def _facts(one: Part, message_id: str, place: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    match one:
        case Text():
            found = {"markup": one.markup}
        case Media():
            href = f"messages/{message_id}/files/{place}" if one.stored else None
            facts = {"kind": one.kind, "caption": one.caption, "name": one.name}
            found = {**facts, "type": one.type, "size": one.size, "href": href}
        case Options():
            choices = [
                {"id": option.id, "title": option.title, "description": option.description}
                for option in one.options
            ]
            found = {"options": choices, "button": one.button}
        case Link():
            # An address of another kind is no button: its words are shown.
            if one.url.startswith(("https://", "http://")):
                found = {"label": one.label, "url": one.url}
            if found and _CODE.search(one.url):
                # The way to a phone: whoever sits at a desk has it in the other hand.
                found["qr"] = qr_code(one.url)
        case Choice():
            found = {"id": one.id, "title": one.title}
        case Location():
            where = {"latitude": one.latitude, "longitude": one.longitude}
            found = {**where, "name": one.name, "address": one.address}
    return found
