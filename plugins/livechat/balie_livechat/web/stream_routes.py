"""News: as a stream, or asked for now and then."""

from collections.abc import Iterator

from flask import Blueprint, Response

from balie_livechat.stream import cursor, news, streaming
from balie_livechat.web.desk import Asked, Desk, json, places
from balie_livechat.web.refusals import Refusal

_MOST_PER_VISITOR = 5
_NEXT_SECONDS = 10


def add(routes: Blueprint, desk: Desk) -> None:
    """Add the routes of news."""
    at = "/<tenant>/<connection>"
    routes.add_url_rule(f"{at}/stream", "stream", desk.known(_stream), methods=["GET"])
    routes.add_url_rule(f"{at}/poll", "poll", desk.known(_poll), methods=["GET"])


def _stream(desk: Desk, asked: Asked) -> Response:
    ctx, visitor = asked.ctx, asked.visitor
    own = desk.visitors_streams.get(visitor.id, 0)
    all_of_it = desk.streams.get(ctx.connection.id, 0)
    if own >= _MOST_PER_VISITOR or all_of_it >= ctx.config["most_streams"]:
        raise Refusal(503, "streams_full", retry_after=300)
    tenant, slug = ctx.tenant.slug, ctx.connection.slug
    found = streaming.stream(lambda: desk.site.context(tenant, slug), visitor, places(), asked.ends)
    response = Response(
        _counted(found, desk, ctx.connection.id, visitor.id),
        content_type="text/event-stream; charset=utf-8",
    )
    response.headers["X-Accel-Buffering"] = "no"  # nginx would hold back what is short
    return response


def _poll(_: Desk, asked: Asked) -> Response:
    begin = places()
    if begin is None:
        begin = news.beginning(asked.ctx, asked.visitor)
    found, after, more = news.since(asked.ctx, asked.visitor, begin)
    return json(
        {
            "messages": [message for message, _ in found],
            "cursor": cursor.write(after),
            "more": more,
            "next_in": 0 if more else _NEXT_SECONDS,
        }
    )


def _counted(
    found: Iterator[bytes], desk: Desk, connection_id: int, visitor_id: str
) -> Iterator[bytes]:
    """Pass a stream on and count it while it lasts."""
    all_of_it, own = desk.streams, desk.visitors_streams
    all_of_it[connection_id] = all_of_it.get(connection_id, 0) + 1
    own[visitor_id] = own.get(visitor_id, 0) + 1
    try:
        yield from found
    finally:
        all_of_it[connection_id] -= 1
        own[visitor_id] -= 1
        if not own[visitor_id]:
            del own[visitor_id]
