"""Going on elsewhere: on WhatsApp with a code, or by a number that was left."""

from flask import Blueprint, Response

from balie.api import PhoneInvalid, to_e164
from balie_livechat.availability.offer import whatsapp_url
from balie_livechat.inbound import events
from balie_livechat.moments import iso
from balie_livechat.texts import say
from balie_livechat.web.desk import Asked, Desk, body, empty, json, locale_of
from balie_livechat.web.drawing import qr_code
from balie_livechat.web.refusals import Refusal, invalid

_HOPS = 5.0
_NUMBERS = 3.0
_MOST_WORDS = 300


def add(routes: Blueprint, desk: Desk) -> None:
    """Add the routes by which a talk goes on elsewhere."""
    at = "/<tenant>/<connection>"
    routes.add_url_rule(f"{at}/hop", "hop", desk.known(_hop), methods=["POST"])
    routes.add_url_rule(f"{at}/number", "number", desk.known(_number), methods=["POST"])


def _hop(desk: Desk, asked: Asked) -> Response:
    config, thread = asked.ctx.config, body().get("thread")
    if not config["whatsapp_number"]:
        raise Refusal(404, "unknown")
    desk.ration(asked, "hop", _HOPS)
    try:
        made = asked.ctx.hops.issue(asked.visitor.address, str(thread))
    except LookupError:
        raise Refusal(404, "unknown") from None
    text = say(config, "hop_text", locale_of(asked.ctx), code=made.code)
    if made.code not in text:  # the tenant's own words have no blank for it
        text = f"{text} {made.code}"
    url = whatsapp_url(config, text)
    return json(
        {
            "code": made.code,
            "url": url,
            "qr": qr_code(url),
            "expires_at": iso(made.expires_at),
        }
    )


def _number(desk: Desk, asked: Asked) -> Response:
    given = body()
    if not asked.ctx.config["whatsapp_connection"]:
        raise Refusal(404, "unknown")
    if given.get("consent") is not True:
        raise Refusal(403, "consent")
    if not (asked.visitor.has_spoken or asked.ctx.threads.begun_by(asked.visitor.address)):
        # Who has said nothing is answered nothing, and nothing is kept of them.
        raise invalid(number="invalid")
    desk.ration(asked, "number", _NUMBERS)
    try:
        found = to_e164(str(given.get("number", "")), asked.ctx.tenant.region)
    except PhoneInvalid:
        raise invalid(number="bad_number") from None
    # Nobody is written to again and again because others type their number.
    desk.ration(asked, "number", _NUMBERS, found)
    at = iso(asked.ctx.clock.now())
    consent = f"left in the chat at {at}, agreeing to be answered there"
    if words := given.get("words"):  # as they stood beside the box that was ticked
        if not isinstance(words, str) or len(words) > _MOST_WORDS:
            raise invalid(words="invalid")
        consent = f"{consent}: “{words}”"
    begins_on = asked.ctx.config["whatsapp_connection"] if given.get("start") is True else ""
    event = events.number_left(asked.ctx, asked.visitor, found, consent, begins_on)
    asked.ctx.accept([event])
    return empty()
