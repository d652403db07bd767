"""News: as a stream, or asked for now and then."""

from flask import Blueprint, Response, request

from balie_livechat.stream import cursor, news
from balie_livechat.stream.streaming import stream
from balie_livechat.web import shapes
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
    streams = desk.source.open
    is_full = streams.of(ctx.connection.id) >= ctx.config["most_streams"]
    if is_full or streams.of(visitor.id) >= _MOST_PER_VISITOR:
        raise Refusal(503, "streams_full", retry_after=300)
    response = Response(
        stream(desk.source, ctx, visitor, places(), asked.ends, request.environ),
        content_type="text/event-stream; charset=utf-8",
        # Nothing of Flask stands between the server and the stream while it waits.
        direct_passthrough=True,
    )
    response.headers["X-Accel-Buffering"] = "no"  # nginx would hold back what is short
    return response


def _poll(desk: Desk, asked: Asked) -> Response:
    desk.slow_down_asking(asked, "poll")
    # Read before the news: what is said of them is then no older than they are.
    threads = news.standing(asked.ctx, asked.visitor)
    begin = places()
    if begin is None:
        begin = news.beginning(threads)
    found, after, more = news.since(asked.ctx, asked.visitor, begin)
    return json(
        {
            "threads": shapes.threads(asked.ctx, threads),
            "messages": [message for message, _ in found],
            "cursor": cursor.write(after),
            "more": more,
            "next_in": 0 if more else _NEXT_SECONDS,
        }
    )
