"""Messages with something to tap. Limits are those of Meta's pages on interactive messages."""

import ipaddress
import re
from typing import Any
from urllib.parse import urlsplit

from balie.api import Asked, Context, Link, Option, Options, Part, Request, Text
from balie_whatsapp.outbound.refusals import refusal
from balie_whatsapp.outbound.text import TEXT_LIMIT, body_of
from balie_whatsapp.words import say

_BODY = 1024
_BUTTONS, _BUTTON_TITLE = 3, 20
_ROWS, _ROW_TITLE, _ROW_DESCRIPTION, _ROW_ID = 10, 24, 72, 200
_LABEL = 20
_LONGEST_URL = 2000
_ASKS = {
    Asked.LOCATION: ("location_request_message", "send_location"),
    Asked.PHONE: ("request_contact_info", "request_contact_info"),
}


def options_content(ctx: Context, part: Options) -> dict[str, Any]:
    """Return up to three short options as buttons, and others as a list. Raises Rejected."""
    _check_options(ctx, part.options)
    if len(part.options) <= _BUTTONS and all(_fits_a_button(each) for each in part.options):
        buttons = [
            {"type": "reply", "reply": {"id": each.id, "title": each.title}}
            for each in part.options
        ]
        return {
            "type": "button",
            "body": {"text": _words(ctx, part, _BODY)},
            "action": {"buttons": buttons},
        }
    label = part.button or say(ctx.tenant.locale, "Kies", "Choose")
    _check_label(ctx, label)
    return {
        "type": "list",
        "body": {"text": _words(ctx, part, TEXT_LIMIT)},
        "action": {"button": label, "sections": [{"rows": [_row(each) for each in part.options]}]},
    }


def link_content(ctx: Context, part: Link) -> dict[str, Any]:
    """Return a button that opens an address. Raises Rejected."""
    _check_label(ctx, part.label)
    if not _is_web_address(part.url):
        raise refusal(ctx, "no_web_address", url=part.url[:100])
    return {
        "type": "cta_url",
        "body": {"text": _words(ctx, part, _BODY)},
        "action": {
            "name": "cta_url",
            "parameters": {"display_text": part.label, "url": part.url},
        },
    }


def request_content(ctx: Context, part: Request) -> dict[str, Any]:
    """Return a question that one tap answers. Raises Rejected."""
    kind, action = _ASKS[part.what]
    body = {"text": _words(ctx, part, _BODY)}
    return {"type": kind, "body": body, "action": {"name": action}}


def _words(ctx: Context, part: Part, limit: int) -> str:
    return body_of(ctx, [Text(text=part.text)], limit)


def _row(option: Option) -> dict[str, str]:
    row = {"id": option.id, "title": option.title}
    return {**row, "description": option.description} if option.description else row


def _fits_a_button(option: Option) -> bool:
    return len(option.title) <= _BUTTON_TITLE and not option.description


def _check_options(ctx: Context, options: tuple[Option, ...]) -> None:
    if not 1 <= len(options) <= _ROWS:
        raise refusal(ctx, "options_count", count=len(options))
    for names in ({each.title for each in options}, {each.id for each in options}):
        if len(names) != len(options):
            raise refusal(ctx, "options_alike")
    for each in options:
        if not len(each.title.strip()) >= 1 or len(each.title) > _ROW_TITLE:
            raise refusal(ctx, "option_too_long", title=each.title, limit=_ROW_TITLE)
        if not 1 <= len(each.id) <= _ROW_ID:
            raise refusal(ctx, "option_too_long", title=each.id, limit=_ROW_ID)
        if len(each.description) > _ROW_DESCRIPTION:
            raise refusal(ctx, "description_too_long", title=each.title, limit=_ROW_DESCRIPTION)


def _check_label(ctx: Context, label: str) -> None:
    if not label.strip() or len(label) > _LABEL:
        raise refusal(ctx, "label_too_long", title=label, limit=_LABEL)


def _is_web_address(url: str) -> bool:
    if len(url) > _LONGEST_URL or not re.fullmatch(r"https?://[!-~]+", url):
        return False
    try:
        host = urlsplit(url).hostname
        ipaddress.ip_address(host or "")
    except ValueError:
        return bool(host)
    return False  # Meta takes no bare IP address
