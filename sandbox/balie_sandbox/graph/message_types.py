"""The message types a business can send. Each is read by one function, registered here."""

from collections.abc import Callable
from typing import Any

from .errors import GraphError, invalid_parameter
from .parameters import Parameters, object_of

#: Source: Meta's page on text messages.
TEXT_LENGTH = 4096

#: What the Cloud API knows, so that a type that is not built says so, and a mistyped one too.
CLOUD_API_TYPES = frozenset(
    {
        "audio",
        "contacts",
        "document",
        "image",
        "interactive",
        "location",
        "pin",
        "reaction",
        "sticker",
        "template",
        "text",
        "video",
    }
)

#: From the request's parameters to what the phone shows. Raises GraphError.
Read = Callable[[Parameters], dict[str, Any]]


def read_text(found: Parameters) -> dict[str, Any]:
    """Read type ``text``: a body of 1 to 4096 characters, and whether links are previewed."""
    text = object_of(found, "text")
    if text is None:
        raise GraphError(131008, details="Parameter 'text' is mandatory for type 'text'.")
    body = text.get("body")
    if body is None or body == "":
        raise GraphError(131008, details="Parameter 'text.body' is mandatory for type 'text'.")
    if not isinstance(body, str):
        raise invalid_parameter("Param text['body'] must be a string.")
    if len(body) > TEXT_LENGTH:
        raise invalid_parameter(
            f"Param text['body'] must be at most {TEXT_LENGTH} characters long."
        )
    return {"body": body, "preview_url": text.get("preview_url") in (True, "true")}


READERS: dict[str, Read] = {"text": read_text}


def read_content(type_: str, found: Parameters) -> dict[str, Any]:
    """Read the content of any type. Raises GraphError, with a word on types not built."""
    if type_ in READERS:
        return READERS[type_](found)
    if type_ in CLOUD_API_TYPES:
        raise invalid_parameter(f"Messages of type {type_} are not available in this sandbox.")
    raise GraphError(131051, details=f"Message type {type_} is unknown.")
