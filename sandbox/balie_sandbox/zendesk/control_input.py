"""Reads the bodies of /control/zendesk. Every reader raises BadInput (400) with a sentence."""

import base64
import binascii
from typing import Any

from balie_sandbox.bad_input import BadInput
from balie_sandbox.zendesk.agent_work import AgentFile


def text(sent: dict[str, Any], name: str) -> str:
    value = sent.get(name)
    if not isinstance(value, str) or not value.strip():
        raise BadInput(f"{name} must be a string that is not empty.")
    return value


def optional_text(sent: dict[str, Any], name: str, default: str = "") -> str:
    value = sent.get(name, default)
    if not isinstance(value, str):
        raise BadInput(f"{name} must be a string.")
    return value


def flag(sent: dict[str, Any], name: str, *, default: bool) -> bool:
    value = sent.get(name, default)
    if not isinstance(value, bool):
        raise BadInput(f"{name} must be true or false.")
    return value


def ids(sent: dict[str, Any], name: str) -> list[int]:
    value = sent.get(name, [])
    if not isinstance(value, list) or not all(type(one) is int for one in value):
        raise BadInput(f"{name} must be a list of ids.")
    return value


def files(sent: dict[str, Any]) -> list[AgentFile]:
    """files: [{name, content_type?, base64 | text | size, inline?, content_url?}]"""
    rows = sent.get("files", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise BadInput("files must be a list of objects.")
    return [
        AgentFile(
            text(row, "name"),
            optional_text(row, "content_type", "application/octet-stream"),
            _content(row),
            flag(row, "inline", default=False),
            row.get("content_url"),
        )
        for row in rows
    ]


def _content(row: dict[str, Any]) -> bytes:
    size = row.get("size")
    if type(size) is int and 0 < size <= 200_000_000:
        return bytes(size)
    if "text" in row:
        return text(row, "text").encode()
    try:
        return base64.b64decode(text(row, "base64"), validate=True)
    except binascii.Error:
        raise BadInput("base64 is no base64.") from None
