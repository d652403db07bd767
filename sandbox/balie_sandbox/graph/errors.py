"""Errors as the Graph API words them (reference/whatsapp.md 8.6 and 8.7)."""

from dataclasses import dataclass
from typing import Any

from balie_sandbox.fault_gate import Envelope
from balie_sandbox.faults import Fault
from balie_sandbox.ids import Ids

ERROR_CODES_PAGE = (
    "https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes"
)


@dataclass(frozen=True, slots=True)
class Known:
    """One row of Meta's error table: its title, its HTTP status, and its usual details."""

    title: str
    http: int
    details: str = ""


KNOWN = {
    1: Known("Invalid request or possible server error", 400),
    2: Known("Service temporarily unavailable", 503),
    4: Known("Application request limit reached", 400),
    130429: Known("Rate limit hit", 400, "Cloud API message throughput has been reached."),
    131000: Known("Something went wrong", 500, "Message failed to send due to an unknown error."),
    131008: Known("Required parameter is missing", 400),
    131009: Known("Parameter value is not valid", 400),
    131016: Known("Service unavailable", 500, "Service temporarily unavailable."),
    131021: Known(
        "Recipient cannot be sender",
        400,
        "The recipient's phone number is the same as the sender's phone number.",
    ),
    131026: Known("Message undeliverable", 400, "Message Undeliverable."),
    131047: Known(
        "Re-engagement message",
        400,
        "Message failed to send because more than 24 hours have passed since the customer "
        "last replied to this number.",
    ),
    131051: Known("Unsupported message type", 400, "Message type is currently not supported."),
    131056: Known(
        "(Business Account, Consumer Account) pair rate limit hit",
        400,
        "Message failed to send because there were too many messages sent from this phone "
        "number to the same phone number in a short period of time.",
    ),
    133010: Known("The account is not registered", 400),
}


class GraphError(Exception):
    """An answer other than success. ``details`` says what to do about this one."""

    def __init__(
        self,
        code: int,
        message: str | None = None,
        *,
        details: str | None = None,
        http: int | None = None,
        type_: str = "OAuthException",
        subcode: int | None = None,
    ) -> None:
        known = KNOWN.get(code)
        self.code = code
        self.message = message or f"(#{code}) {known.title if known else 'Invalid parameter'}"
        self.details = details or (known.details if known else "")
        self.http = http or (known.http if known else 400)
        self.type = type_
        self.subcode = subcode
        super().__init__(self.message)

    def as_json(self, fbtrace: str) -> dict[str, Any]:
        """Return the envelope Graph answers with."""
        error: dict[str, Any] = {"message": self.message, "type": self.type, "code": self.code}
        if self.details:
            error["error_data"] = {"messaging_product": "whatsapp", "details": self.details}
        if self.subcode is not None:
            error["error_subcode"] = self.subcode
        return {"error": error | {"fbtrace_id": fbtrace}}


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


def status_error(code: int) -> dict[str, Any]:
    """Return the same error as a ``failed`` status carries it."""
    known = KNOWN[code]
    return {
        "code": code,
        "title": known.title,
        "message": known.title,
        "error_data": {"details": known.details},
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
