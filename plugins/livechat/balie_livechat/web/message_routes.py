"""What visitors say and have seen, and what was said before."""

import re
from typing import Any

from flask import Blueprint, Response, request

from balie.api import Status, Thread
from balie_livechat.inbound import events
from balie_livechat.moments import iso
from balie_livechat.outbound.dispatch import own_id
from balie_livechat.stream.streaming import typing_text
from balie_livechat.web import shapes
from balie_livechat.web.desk import Asked, Desk, body, empty, json, spoken
from balie_livechat.web.refusals import Refusal, invalid
from balie_livechat.web.session_routes import token_of
from balie_livechat.web.writing import Reading

_PAGE = 50
_MOST_PAGE = 200
_MOST_RECEIPTS = 200
_MOST_THREADS = 50
_TYPING_SECONDS = 3.0
_ID = re.compile(r"[0-9]{1,18}")
_THREAD = re.compile(r"[A-Za-z0-9_~-]{1,64}")


def add(routes: Blueprint, desk: Desk) -> None:
    """Add the routes of messages."""
    at = "/<tenant>/<connection>"
    routes.add_url_rule(f"{at}/messages", "say", desk.known(_say), methods=["POST"])
    routes.add_url_rule(f"{at}/threads", "threads", desk.known(_threads), methods=["GET"])
    routes.add_url_rule(
        f"{at}/threads/<thread>/messages", "page", desk.known(_page), methods=["GET"]
    )
    routes.add_url_rule(f"{at}/receipts", "receipts", desk.known(_receipts), methods=["POST"])
    routes.add_url_rule(f"{at}/typing", "typing", desk.known(_typing), methods=["POST"])


def _say(desk: Desk, asked: Asked) -> Response:
    given = body()
    begun = asked.ctx.threads.begun_by(asked.visitor.address)
    _admit(desk, asked, begun, given)
    first = not asked.visitor.knows and not begun
    message = Reading(asked.ctx, asked.visitor, given, first).message()
    # Before the message is on disk: else a crash in between could cost it its files.
    asked.ctx.files.use([file["key"] for file in message.get("files", ())])
    event = events.said(asked.ctx, asked.visitor, message)
    asked.ctx.accept([event])
    found = {"id": event.id, "thread": message["thread"], "at": iso(event.at)}
    if not asked.visitor.has_spoken:
        found |= token_of(asked.ctx, spoken(asked.visitor))
    return json(found, 202)


def _threads(desk: Desk, asked: Asked) -> Response:
    desk.slow_down_asking(asked, "threads")
    begun = asked.ctx.threads.begun_by(asked.visitor.address)
    return json({"threads": shapes.threads(asked.ctx, begun)})


def _page(_: Desk, asked: Asked, thread: str) -> Response:
    most = min(max(request.args.get("limit", _PAGE, type=int), 1), _MOST_PAGE)
    before = request.args.get("before", "")
    name = thread if _THREAD.fullmatch(thread) else ""
    # One more than is shown, to know whether there are more.
    said = asked.ctx.threads.page(asked.visitor.address, name, before=before, most=most + 1)
    shown = said[-most:]
    found = [shapes.message(thread, one) for one in shown]
    return json({"messages": found, "more": len(said) > most})


def _receipts(desk: Desk, asked: Asked) -> Response:
    desk.slow_down_asking(asked, "receipts")
    given = body()
    at = asked.ctx.clock.now()
    found = []
    for status, name in ((Status.DELIVERED, "delivered"), (Status.READ, "read")):
        ours = [own_id(one) for one in _ids(given, name) if _is_theirs(asked, one)]
        found += events.receipts(asked.visitor, ours, status, at)
    if found:
        asked.ctx.accept(found)
    return empty()


def _typing(desk: Desk, asked: Asked) -> Response:
    thread = body().get("thread")
    if not isinstance(thread, str) or not _THREAD.fullmatch(thread):
        raise invalid(thread="invalid")
    who = asked.visitor.session
    if not desk.throttle.wait("typing", who, burst=1, seconds=_TYPING_SECONDS):
        asked.ctx.bus.publish(asked.visitor.topic, typing_text(asked.visitor, thread))
    return empty()


def _admit(desk: Desk, asked: Asked, begun: tuple[Thread, ...], given: dict[str, Any]) -> None:
    """Refuse what comes too fast. Raises Refusal. To send again costs as much as to send."""
    desk.slow_down_messages(asked)
    if not any(one.id == given.get("thread") for one in begun):
        if len(begun) >= _MOST_THREADS:
            raise Refusal(429, "slow_down", sentence="slow_visitor", retry_after=3600, seconds=3600)
        desk.slow_down_talks(asked)


def _ids(given: dict[str, Any], name: str) -> list[str]:
    ids = given.get(name) or []
    if not isinstance(ids, list) or len(ids) > _MOST_RECEIPTS:
        raise invalid(**{name: "invalid"})
    return [one for one in dict.fromkeys(ids) if isinstance(one, str) and _ID.fullmatch(one)]


def _is_theirs(asked: Asked, message_id: str) -> bool:
    """Say whether this visitor may confirm a message: it is one of ours, to this visitor."""
    said = asked.ctx.threads.message(asked.visitor.address, message_id)
    return said is not None and not said.by_customer
