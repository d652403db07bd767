"""Errors as the Graph API words them (reference/whatsapp.md 8.6)."""

from typing import Any

from balie_sandbox.fault_gate import Envelope
from balie_sandbox.faults import Fault
from balie_sandbox.ids import Ids

from .error_table import KNOWN, Known

ERROR_CODES_PAGE = (
    "https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes"
)


class GraphError(Exception):
    """An answer other than success. ``details`` says what to do about this one.

    ``user_title`` and ``user_message`` are for the person at the screen, which management
    endpoints add. ``extra`` is what the body holds beside ``error``.
    """

    def __init__(
        self,
        code: int,
        message: str | None = None,
        *,
        details: str | None = None,
        **more: Any,
    ) -> None:
        known = KNOWN.get(code, Known("Invalid parameter"))
        self.code = code
        self.message = message or f"(#{code}) {known.title}"
        self.details = known.details if details is None else details
        self.http: int = more.get("http") or known.http
        self.type: str = more.get("type_", "OAuthException")
        self.subcode: int | None = more.get("subcode")
        self.user_title: str | None = more.get("user_title")
        self.user_message: str | None = more.get("user_message")
        self.extra: dict[str, Any] = more.get("extra", {})
        super().__init__(self.message)

    def as_json(self, fbtrace: str) -> dict[str, Any]:
        """Return the envelope Graph answers with."""
        error: dict[str, Any] = {"message": self.message, "type": self.type, "code": self.code}
        if self.details:
            error["error_data"] = {"messaging_product": "whatsapp", "details": self.details}
        if self.subcode is not None:
            error["error_subcode"] = self.subcode
        if self.user_title is not None:
            error |= {
                "is_transient": False,
                "error_user_title": self.user_title,
                "error_user_msg": self.user_message,
            }
        return self.extra | {"error": error | {"fbtrace_id": fbtrace}}


def invalid_parameter(sentence: str) -> GraphError:
    """Return code 100, which Graph uses for a parameter it cannot take."""
    return GraphError(100, f"(#100) {sentence}")


def no_such_object(object_id: str, method: str) -> GraphError:
    """Return what Graph says of an id that is not there or not this token's to see."""
    return GraphError(
        100,
        f"Unsupported {method.lower()} request. Object with ID '{object_id}' does not exist, "
        "cannot be loaded due to missing permissions, or does not support this operation. "
        "Please read the Graph API documentation at "
        "https://developers.facebook.com/docs/graph-api",
        type_="GraphMethodException",
        subcode=33,
    )


def status_error(code: int, details: str | None = None) -> dict[str, Any]:
    """Return the same error as a ``failed`` status carries it."""
    known = KNOWN.get(code, Known("Unknown error"))
    return {
        "code": code,
        "title": known.title,
        "message": known.title,
        "error_data": {"details": details or known.details or known.title},
        "href": ERROR_CODES_PAGE,
    }


#: What an injected HTTP status most likely means at Meta.
CODE_BY_STATUS = {401: 190, 403: 10, 429: 130429, 500: 131000, 503: 2}


def fault_envelope(ids: Ids) -> Envelope:
    """Return how Graph words an injected fault."""

    def envelope(fault: Fault) -> tuple[dict[str, Any], dict[str, str]]:
        code = CODE_BY_STATUS.get(fault.status, 131016 if fault.status > 500 else 1)
        return GraphError(code).as_json(ids.fbtrace()), {}

    return envelope
