"""What all API routes share: bodies, addresses, callers, limits, headers and refusals."""

import json
import re
import uuid
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, g, jsonify, request
from flask.typing import ResponseReturnValue

from balie_sandbox.zendesk.account import ZendeskAccount
from balie_sandbox.zendesk.errors import ApiError, Json, bad_request, worded
from balie_sandbox.zendesk.tickets.model import Actor
from balie_sandbox.zendesk.users.model import User

API_PATH = "/api/v2"
Handler = Callable[..., ResponseReturnValue]


def route(blueprint: Blueprint, method: str, rule: str) -> Callable[[Handler], Handler]:
    """Register a handler under /api/v2, with and without the optional .json."""

    def register(handler: Handler) -> Handler:
        for ending in ("", ".json"):
            path = f"{API_PATH}{rule}{ending}"
            endpoint = f"{method} {path}".replace(".", "_")
            blueprint.add_url_rule(path, endpoint, handler, methods=[method])
        return handler

    return register


def body() -> Json:
    """The request's JSON object. Raises ApiError: 415 on another type, 400 on broken JSON."""
    if not request.is_json:
        text = "Content-Type must be application/json"
        raise ApiError(415, {"error": "UnsupportedMediaType", "description": text})
    try:
        sent = json.loads(request.get_data(), parse_constant=_not_json)
        # Half a surrogate pair parses, but can never be sent back.
        json.dumps(sent, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        sent = None
    if not isinstance(sent, dict):
        raise bad_request("BadRequest", "The body must be a JSON object")
    return sent


def _not_json(word: str) -> None:
    raise ValueError(f"{word} is Python's, not JSON")


def envelope(name: str) -> Json:
    """The object under `name` in the body. Raises ApiError (400)."""
    inner = body().get(name)
    if not isinstance(inner, dict):
        raise bad_request("ParameterMissing", f"Parameter {name} must be an object")
    return inner


def api_url() -> str:
    """Where this API is, as the client sees it."""
    root, _, _ = request.base_url.partition(API_PATH)
    return f"{root}{API_PATH}"


def caller() -> User:
    user: User = g.zendesk_user
    return user


def actor() -> Actor:
    """The API user as the writer, with the metadata that audits keep."""
    client = request.user_agent.string
    return Actor(caller(), "api", client, request.remote_addr or "")


def wanted_ids(name: str = "ids") -> list[int]:
    """At most 100 ids from the query. Raises ApiError (400)."""
    words = [word for word in request.args.get(name, "").split(",") if word]
    if len(words) > 100:
        raise too_many()
    return [int(word) for word in words if re.fullmatch(r"[0-9]{1,18}", word)]


def too_many() -> ApiError:
    """As recorded, two spaces included."""
    return ApiError(
        400,
        {
            "error": "TooManyValues",
            "description": "Parameter  cannot specify more than 100 values",
            "max_count": 100,
        },
    )


def created(answer: Json, location: str) -> ResponseReturnValue:
    return jsonify(answer), 201, {"Location": location}


def guard(blueprint: Blueprint, account: ZendeskAccount) -> None:
    """Count and authenticate every API request, and add the headers to every answer."""

    @blueprint.before_request
    def admit() -> None:
        g.zendesk_headers = {}
        path = request.path.partition(API_PATH)[2]
        if not path:
            return
        account.files.root = api_url().removesuffix(API_PATH)
        g.zendesk_headers = account.limits.count_request()
        if path.removesuffix(".json") == "/users/me" and not request.authorization:
            return
        resource = path.split("/")[1].removesuffix(".json")
        authorization = request.headers.get("Authorization")
        user = account.gate.caller(authorization, request.method, resource)
        user = account.gate.on_behalf(user, authorization, request.headers.get("X-On-Behalf-Of"))
        g.zendesk_user = user
        g.zendesk_headers |= account.limits.count_endpoint(request.method, path, user.id)

    @blueprint.after_request
    def add_headers(response: Response) -> Response:
        response.headers.update(g.get("zendesk_headers", {}))
        response.headers["X-Request-Id"] = str(uuid.uuid4())
        response.headers["X-Zendesk-Api-Version"] = "v2"
        response.headers["Cache-Control"] = "max-age=0, private, must-revalidate"
        return response

    @blueprint.errorhandler(ApiError)
    def refuse(error: ApiError) -> ResponseReturnValue:
        if error.plain is not None:
            return Response(error.plain, error.status, error.headers, mimetype="text/plain")
        path = request.path.partition(API_PATH)[2]
        return jsonify(worded(error, request.method, path)), error.status, error.headers


def with_headers(headers: dict[str, str]) -> None:
    """Add headers to this request's answer, whatever it will be."""
    g.zendesk_headers = {**g.zendesk_headers, **headers}


def sideloads() -> set[str]:
    return set(request.args.get("include", "").split(","))


def shown(value: Any) -> ResponseReturnValue:
    return jsonify(value)
