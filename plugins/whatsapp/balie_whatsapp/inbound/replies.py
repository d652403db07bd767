"""Taps and reactions: what a customer chose of what we offered."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson

from balie.api import Choice, Part, Reaction, Unknown
from balie_whatsapp.untrusted import decimal, joined, mapping, one_line, short_texts, written
from balie_whatsapp.words import labelled, word

_LONGEST_ID = 256
_LONGEST_FORM = 4000
_LONGEST_EMOJI = 40  # the longest of today, a family with skin tones, is 21
_LAST_MOMENT = 253_402_300_799.0  # of the year 9999


def read_button(message: Mapping[str, Any], locale: str) -> list[Part]:
    """Return the tap on a template's button; without a payload Meta sends its label."""
    content = mapping(message.get("button"))
    title = one_line(content.get("text") or content.get("payload"), _LONGEST_ID)
    chosen = one_line(content.get("payload"), _LONGEST_ID)
    return [Choice(text=labelled(locale, "button", title), id=chosen, title=title)]


def read_interactive(message: Mapping[str, Any], locale: str) -> list[Part]:
    """Return the answer to something that could be tapped; nothing for one that is not known."""
    content = mapping(message.get("interactive"))
    kind = one_line(content.get("type"), 60)
    reply = mapping(content.get(kind))
    if kind in ("button_reply", "list_reply"):
        label = "button" if kind == "button_reply" else "list"
        title = one_line(reply.get("title"), _LONGEST_ID)
        text = labelled(locale, label, joined(title, reply.get("description")))
        return [Choice(text=text, id=one_line(reply.get("id"), _LONGEST_ID), title=title)]
    if kind == "nfm_reply":
        return [Unknown(type="form", text=_form(reply, locale))]
    if kind == "call_permission_reply":
        return [Unknown(type="call_permission", text=_call_permission(reply, locale))]
    return []


def read_reaction(message: Mapping[str, Any], locale: str) -> list[Part]:
    """Return the reaction; one without an emoji takes an earlier one away."""
    emoji = one_line(mapping(message.get("reaction")).get("emoji"), _LONGEST_EMOJI)
    text = labelled(locale, "reaction", emoji) if emoji else labelled(locale, "reaction_removed")
    return [Reaction(text=text, emoji=emoji)]


def _form(reply: Mapping[str, Any], locale: str) -> str:
    """Return a form's answers, key by key; they come as JSON in a text, or as any other text."""
    given = written(reply.get("response_json"))
    try:
        answers = orjson.loads(given)
    except orjson.JSONDecodeError:
        answers = given
    if isinstance(answers, dict):
        answers = {key: value for key, value in answers.items() if key != "flow_token"}
    told = "; ".join(short_texts(answers, longest=_LONGEST_FORM)) or given
    label = "address" if reply.get("name") == "address_message" else "form"
    line = labelled(locale, label, f"{joined(reply.get('body'))} {told}".strip())
    return one_line(line, _LONGEST_FORM)


def _call_permission(reply: Mapping[str, Any], locale: str) -> str:
    if reply.get("response") != "accept":
        return labelled(locale, "call_permission", word(locale, "no"))
    until = decimal(reply.get("expiration_timestamp"))
    if reply.get("is_permanent") is True or until is None or not 0 <= until <= _LAST_MOMENT:
        return labelled(locale, "call_permission", word(locale, "yes"))
    end = f"{datetime.fromtimestamp(until, UTC):%Y-%m-%d %H:%M} UTC"
    return labelled(locale, "call_permission", f"{word(locale, 'until')} {end}")
