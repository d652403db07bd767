"""The refusals of the account, each with Zendesk's status and body."""

import re
from typing import Any

Json = dict[str, Any]


#: Method, path and statuses of the refusals that the OpenAPI file has as a list of `errors`.
_LISTED = (
    ("PUT", re.compile(r"/organizations/[0-9]+"), (429,)),
    ("GET", re.compile(r"/organizations/autocomplete"), (400, 429)),
    ("GET", re.compile(r"/trigger_categories"), (400, 403)),
)
_LISTED_CODES = {"APIRateLimitExceeded": "TooManyRequests"}


class ApiError(Exception):
    """A refusal on its way to the client: status, JSON body, extra headers.

    Some of Zendesk's refusals are a bare text, `plain`, instead of JSON.
    """

    def __init__(
        self,
        status: int,
        body: Json,
        headers: dict[str, str] | None = None,
        plain: str | None = None,
    ) -> None:
        super().__init__(f"{status} {body.get('error', '')}")
        self.status = status
        self.body = body
        self.headers = headers or {}
        self.plain = plain


def not_found() -> ApiError:
    return ApiError(404, {"error": "RecordNotFound", "description": "Not found"})


def bad_request(error: str, description: str) -> ApiError:
    return ApiError(400, {"error": error, "description": description})


def invalid(field: str, description: str, code: str | None = None) -> ApiError:
    """A 422 about one field. `code` is absent in some recorded refusals."""
    detail: Json = {"description": description}
    if code:
        detail["error"] = code
    return ApiError(
        422,
        {
            "error": "RecordInvalid",
            "description": "Record validation errors",
            "details": {field: [detail]},
        },
    )


def blank(field: str) -> ApiError:
    label = field.replace("_", " ").capitalize()
    return invalid(field, f"{label}: cannot be blank", "BlankValue")


def wrong_type(field: str, wanted: str) -> ApiError:
    label = field.replace("_", " ").capitalize()
    return invalid(field, f"{label}: must be {wanted}", "InvalidValue")


def closed_ticket() -> ApiError:
    return invalid("status", "Status: closed prevents ticket update")


def update_conflict() -> ApiError:
    return ApiError(
        409,
        {
            "error": "UpdateConflict",
            "description": "Safe Update prevented the update due to outdated ticket data. "
            "Please fetch the latest ticket data and try again.",
        },
    )


def forbidden(description: str) -> ApiError:
    return ApiError(403, {"error": "Forbidden", "description": description})


def worded(error: ApiError, method: str, path: str) -> Json:
    """A refusal's body as this endpoint, the path under /api/v2, words it."""
    path = path.removesuffix(".json")
    for listed_method, pattern, statuses in _LISTED:
        if method == listed_method and error.status in statuses and pattern.fullmatch(path):
            code = error.body["error"]
            title = error.body.get("description", code)
            return {"errors": [{"code": _LISTED_CODES.get(code, code), "title": title}]}
    return error.body
