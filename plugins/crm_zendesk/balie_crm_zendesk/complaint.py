"""What a refusing answer says, in any of the shapes that Zendesk's APIs have for it.

Whatever in it could be a customer's number or address is masked.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import orjson

_PERSONAL = re.compile(r"[^\s<>'\"]+@[^\s<>'\"]+|\+?\d[\d\s().-]{4,}\d")
_LONGEST_SENTENCE = 400


def answered(content: bytes) -> dict[str, Any]:
    """Return the JSON object in an answer's body, empty where there is none."""
    try:
        found = orjson.loads(content)
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}


def sentence(body: Mapping[str, Any], status: int) -> str:
    """Return Zendesk's words on a refusal, by field where it names fields."""
    said = [text for texts in by_field(body).values() for text in texts] or [*_summary(body)]
    words = "; ".join(text.rstrip(".") for text in said) or f"HTTP {status}, without a reason"
    return f"Zendesk refused it: {_PERSONAL.sub('•••', words)[:_LONGEST_SENTENCE]}."


def code(body: Mapping[str, Any], status: int) -> str:
    """Return Zendesk's name for a refusal, or the status."""
    error = body.get("error")
    if isinstance(error, str) and error:
        return error
    errors = body.get("errors")
    first = errors[0] if isinstance(errors, list) and errors else None
    code = first.get("code") if isinstance(first, dict) else None
    return code if isinstance(code, str) and code else str(status)


def by_field(body: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return the complaints by field; recorded both as a list of objects and as one object."""
    details = body.get("details")
    if not isinstance(details, dict):
        return {}
    return {
        str(name): [*_texts(said if isinstance(said, list) else [said], "description")]
        for name, said in details.items()
    }


def _summary(body: Mapping[str, Any]) -> Iterator[str]:
    errors = body.get("errors")
    if isinstance(errors, list):
        yield from _texts(errors, "detail", "title", "code")
        return
    error = body.get("error")
    if isinstance(error, dict):
        yield from _texts([error], "message", "title")
        return
    yield from _texts([body], "description", "error")


def _texts(said: list[Any], *names: str) -> Iterator[str]:
    for one in said:
        found = [one] if isinstance(one, str) else []
        if isinstance(one, dict):
            found = [one[name] for name in names if isinstance(one.get(name), str) and one[name]]
        yield from found[:1]
