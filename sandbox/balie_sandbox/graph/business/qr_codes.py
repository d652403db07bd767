"""Codes and short links that open a chat with a text in it (reference/whatsapp.md 9.4)."""

import secrets
from typing import Any

from flask import request

from balie_sandbox.graph.account import GraphAccount
from balie_sandbox.graph.errors import invalid_parameter
from balie_sandbox.graph.model import App, Number
from balie_sandbox.graph.paging import paged
from balie_sandbox.graph.parameters import Parameters, required_text, text_of

TEXT_LENGTH = 140
MOST_CODES = 2000
#: Capitals and digits, as in Meta's codes.
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


def deep_link(code: str) -> str:
    """Return the link that a code stands for."""
    return f"https://wa.me/message/{code}"


def as_json(number: Number, code: str, image: str | None) -> dict[str, Any]:
    """Return a code; with ``image`` (SVG or PNG) the address of its picture."""
    shown = {
        "code": code,
        "prefilled_message": number.qr_codes[code],
        "deep_link_url": deep_link(code),
    }
    if image:
        shown["qr_image_url"] = f"{request.host_url}lookaside/qr/{code}.{image.lower()}"
    return shown


def image_of(found: Parameters) -> str | None:
    """Return which picture is wanted. Raises code 100."""
    image = text_of(found, "generate_qr_image")
    fields = text_of(found, "fields") or ""
    for name in ("SVG", "PNG"):
        if f"qr_image_url.format({name})" in fields:
            image = name
    if image is not None and image.upper() not in ("SVG", "PNG"):
        raise invalid_parameter("Param generate_qr_image must be one of {PNG, SVG}.")
    return image


def list_codes(
    _account: GraphAccount, _app: App, number: Number, found: Parameters
) -> dict[str, Any]:
    """GET /{phone-number-id}/message_qrdls."""
    image = image_of(found)
    return paged([as_json(number, code, image) for code in number.qr_codes], found)


def show_code(
    _account: GraphAccount, _app: App, number: Number, found: Parameters
) -> dict[str, Any]:
    """GET /{phone-number-id}/message_qrdls/{code}; an unknown one is an empty list."""
    code = found["item"]
    known = code in number.qr_codes
    return {"data": [as_json(number, code, image_of(found))] if known else []}


def save_code(
    _account: GraphAccount, _app: App, number: Number, found: Parameters
) -> dict[str, Any]:
    """POST /{phone-number-id}/message_qrdls: make a code, or change the one that is named."""
    text = required_text(found, "prefilled_message")
    if len(text) > TEXT_LENGTH:
        raise invalid_parameter(
            f"Param prefilled_message must be at most {TEXT_LENGTH} characters long."
        )
    code = text_of(found, "code")
    if code is not None and code not in number.qr_codes:
        raise invalid_parameter(f"Param code {code} is not one of this number's codes.")
    if code is None and len(number.qr_codes) >= MOST_CODES:
        raise invalid_parameter(f"A number can have {MOST_CODES} codes.")
    image = image_of(found)
    code = code or "".join(secrets.choice(ALPHABET) for _ in range(14))
    number.qr_codes[code] = text
    return as_json(number, code, image)


def delete_code(
    _account: GraphAccount, _app: App, number: Number, found: Parameters
) -> dict[str, Any]:
    """DELETE /{phone-number-id}/message_qrdls/{code}. Raises code 100."""
    if number.qr_codes.pop(found["item"], None) is None:
        raise invalid_parameter(f"Param code {found['item']} is not one of this number's codes.")
    return {"success": True}
