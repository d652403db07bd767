"""Reading a Graph request's parameters, which may come in three ways, and checking them."""

import json
from typing import Any

from flask import request

from balie_sandbox.bad_input import json_body

from .errors import GraphError, invalid_parameter

Parameters = dict[str, Any]


def parameters() -> Parameters:
    """Return query string, form and JSON body as one; the body wins.

    As at Meta, a body that is no JSON object counts as empty, and what is missing in
    consequence is named. Objects in a form or query are JSON in a string.
    """
    found: Parameters = {}
    for key, value in [*request.args.items(), *request.form.items()]:
        found[key] = decoded(value)
    body = json_body() if not request.form else None
    if isinstance(body, dict):
        found |= body
    return found


def decoded(value: str) -> Any:
    """Return a form's value, read as JSON where it is an object or a list."""
    if value[:1] not in ("{", "["):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value


def text_of(found: Parameters, key: str, longest: int | None = None) -> str | None:
    """Return an optional text; a number counts as its digits. Raises code 100."""
    value = found.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise invalid_parameter(f"Param {key} must be a string.")
    text = str(value)
    if longest is not None and len(text) > longest:
        raise invalid_parameter(f"Param {key} must be at most {longest} characters long.")
    return text


def required_text(found: Parameters, key: str) -> str:
    """Return a text that has to be there. Raises code 100."""
    text = text_of(found, key)
    if not text:
        raise invalid_parameter(f"The parameter {key} is required.")
    return text


def object_of(found: Parameters, key: str) -> Parameters | None:
    """Return an optional object. Raises code 100 when it is something else."""
    value = found.get(key)
    if value is not None and not isinstance(value, dict):
        raise invalid_parameter(f"Param {key} must be a JSON object.")
    return value


def invalid_value(details: str) -> GraphError:
    """Return code 131009: the parameter is known, its value will not do."""
    return GraphError(131009, details=details)
