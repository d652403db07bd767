"""What is kept of a visitor: read as a whole, taken along, erased."""

from collections.abc import Iterator

import orjson
from flask import Blueprint, Response

from balie.api import Said
from balie_livechat.availability.offer import opening
from balie_livechat.identity import consent, sessions
from balie_livechat.inbound import events
from balie_livechat.moments import iso
from balie_livechat.texts import say
from balie_livechat.web import shapes
from balie_livechat.web.desk import Asked, Desk, empty, locale_of
from balie_livechat.web.refusals import Refusal

_PAGE = 200
_MOST_PAGES = 100
_TRANSCRIPTS = 30.0
_EXPORTS = 10.0


def add(routes: Blueprint, desk: Desk) -> None:
    """Add the routes of privacy."""
    at = "/<tenant>/<connection>"
    routes.add_url_rule(
        f"{at}/threads/<thread>/transcript", "transcript", desk.known(_transcript), methods=["GET"]
    )
    routes.add_url_rule(f"{at}/export", "export", desk.known(_export), methods=["GET"])
    routes.add_url_rule(f"{at}/data", "erase", desk.known(_erase), methods=["DELETE"])


def _transcript(desk: Desk, asked: Asked, thread: str) -> Response:
    desk.ration(asked, "transcript", _TRANSCRIPTS)
    # Helpdesks tell whole seconds: within one it is the order in which it came to us.
    said = sorted(_all(asked, thread), key=lambda one: (int(one.at.timestamp()), int(one.id)))
    if not said:
        raise Refusal(404, "unknown")
    return _attached(_words(asked, said), "text/plain; charset=utf-8", "chat.txt")


def _export(desk: Desk, asked: Asked) -> Response:
    desk.ration(asked, "export", _EXPORTS)
    visitor = asked.visitor
    threads = asked.ctx.threads.begun_by(visitor.address)
    facts = {
        "visitor": visitor.id,
        "name": visitor.name,
        "phone": visitor.phone,
        "email": visitor.email,
        "agreed_to": visitor.consent,
        "agreed_words": consent.words_of(asked.ctx, visitor) if visitor.consent else "",
        "agreed_language": visitor.consent_language,
        "agreed_at": visitor.consent_at,
        "numbers_left": [
            {"number": one.number, "agreed_to": one.consent, "at": iso(one.at)}
            for one in asked.ctx.threads.numbers_left(visitor.address)
        ],
        "threads": [
            {
                **shapes.thread(one, asked.ctx.connection.slug),
                "messages": [shapes.message(one.id, said) for said in _all(asked, one.id)],
            }
            for one in threads
        ],
    }
    return _attached(orjson.dumps(facts).decode(), "application/json", "chat.json")


def _erase(_: Desk, asked: Asked) -> Response:
    if asked.visitor.has_spoken or asked.visitor.recognised:
        asked.ctx.accept([events.erasure(asked.ctx, asked.visitor)])
    sessions.end(asked.ctx, asked.visitor)
    return empty(202)


def _all(asked: Asked, thread: str) -> Iterator[Said]:
    """Go through all messages of a thread, the oldest first."""
    pages: list[tuple[Said, ...]] = []
    before = ""
    for _ in range(_MOST_PAGES):
        page = asked.ctx.threads.page(asked.visitor.address, thread, before=before, most=_PAGE)
        pages.append(page)
        if len(page) < _PAGE:
            break
        before = page[0].id
    for page in reversed(pages):
        yield from page


def _words(asked: Asked, said: list[Said]) -> str:
    """Return a talk as plain text. Its words are data: what looks like HTML stays as it is."""
    config, locale = asked.ctx.config, locale_of(asked.ctx)
    zone = opening(config, locale).zone
    date = f"{said[0].at.astimezone(zone):%Y-%m-%d}"
    lines = [say(config, "transcript", locale, name=asked.ctx.tenant.name, date=date), ""]
    for one in said:
        who = say(config, "you", locale) if one.by_customer else one.author
        who = who or say(config, "us", locale)
        words = "\n".join(part.text for part in one.parts)
        lines.append(f"[{one.at.astimezone(zone):%Y-%m-%d %H:%M}] {who}: {words}")
    return "\n".join(lines) + "\n"


def _attached(text: str, content_type: str, name: str) -> Response:
    response = Response(text, content_type=content_type)
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    return response
