"""The message types a business can send. Each is read by one function, registered here."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from balie_sandbox.graph.errors import GraphError
from balie_sandbox.graph.media.kinds import KINDS

from .draft import Draft
from .interactive import read_interactive
from .media import read_media
from .plain import read_contacts, read_location, read_pin, read_reaction, read_text
from .template import read_template

#: From the draft to what the phone shows. Raises GraphError.
READERS: Mapping[str, Callable[[Draft], Any]] = {
    "text": read_text,
    "location": read_location,
    "contacts": read_contacts,
    "reaction": read_reaction,
    "interactive": read_interactive,
    "template": read_template,
    "pin": read_pin,
} | {name: partial(read_media, type_=name) for name in KINDS}

#: What a group can be sent (reference/whatsapp.md 10.2).
GROUP_TYPES = {"text", "template", "pin", *KINDS}


def read_content(type_: str, draft: Draft, *, to_group: bool = False) -> Any:
    """Read the content of any type. Raises GraphError."""
    if type_ not in READERS:
        raise GraphError(131051, details=f"Message type {type_} is unknown.")
    if to_group and type_ not in GROUP_TYPES:
        raise GraphError(131051, details=f"Message type {type_} is not supported for groups.")
    if type_ == "pin" and not to_group:
        raise GraphError(131051, details="Message type pin is only supported for groups.")
    return READERS[type_](draft)
