"""Reading what a caller of the control routes sent, and saying what is wrong with it."""

from typing import Any

from flask import request
from marshmallow import Schema, ValidationError


class BadInput(ValueError):
    """What a caller sent cannot be used. The message is a sentence for a person; HTTP 400."""


def json_body() -> Any:
    """Return the request's JSON whatever its Content-Type says, or None when it is none."""
    try:
        return request.get_json(force=True, silent=True)
    except RecursionError:
        return None


def json_object() -> dict[str, Any]:
    """Return the request's JSON object; an empty body counts as ``{}``. Raises BadInput."""
    if not request.get_data():
        return {}
    body = json_body()
    if not isinstance(body, dict):
        raise BadInput("Send a JSON object as the body of this request.")
    return body


def load(schema: Schema, body: dict[str, Any]) -> dict[str, Any]:
    """Return ``body`` read by ``schema``. Raises BadInput naming every field and its fault."""
    try:
        loaded: dict[str, Any] = schema.load(body)
    except ValidationError as error:
        raise BadInput(sentence(error.messages)) from error
    return loaded


def sentence(messages: Any, path: str = "") -> str:
    """Return marshmallow's nested messages as one line: ``field: message; field: message``."""
    if isinstance(messages, dict):
        parts = [sentence(inner, f"{path}.{key}".strip(".")) for key, inner in messages.items()]
        return "; ".join(parts)
    text = " ".join(str(message) for message in messages)
    return f"{path}: {text}" if path else text
