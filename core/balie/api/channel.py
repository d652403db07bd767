"""What a channel plugin gets and gives: replies, files, templates."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from balie.api.addresses import Address
from balie.api.parts import Part


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One outbound message. ``id`` is Balie's; the channel sends it along where it can.

    ``quotes`` is the channel's id of the message it answers. ``thread`` is that of the customer's
    messages, where the channel has several.
    """

    id: str
    to: tuple[Address, ...]
    parts: tuple[Part, ...]
    author: str = ""
    quotes: str | None = None
    thread: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The channel took the message under this id. Taken is not delivered: statuses follow.

    ``addresses`` are further ways to reach the customer that the answer told.
    """

    message_id: str
    addresses: tuple[Address, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadMark:
    """A customer's message has been read by those it is for: it is in the helpdesk."""

    message_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WayIn:
    """How customers find a channel: an address to follow, and a card to keep.

    ``name`` tells several ways of one connection apart. ``text_url`` is the same address with
    ``{text}`` where words may stand, percent-encoded, that the customer only has to send; empty
    where there is none. ``vcard`` is a vCard 3.0 or 4.0, or empty.
    """

    name: str
    url: str
    text_url: str = ""
    vcard: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaStream:
    """A file on its way in: its bytes in pieces. ``type`` is the vendor's MIME type, if any.

    ``remark`` is what the agents should know of a file of theirs that goes out all the same; they
    find it in a note.
    """

    chunks: Iterator[bytes]
    type: str = ""
    name: str = ""
    size: int | None = None
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A template as the vendor has it.

    ``variables`` are the names that :attr:`TemplateUse.values` may fill, each with an example.
    ``text`` is how it reads, with ``{name}`` where a variable stands. ``components`` is the
    vendor's own JSON, for the plugin that sends it.
    """

    id: str
    name: str
    language: str
    category: str
    status: str
    text: str
    variables: tuple[tuple[str, str], ...] = ()
    quality: str = ""
    reason: str = ""
    components: Any = None

    @property
    def is_usable(self) -> bool:
        """Whether it can be sent now."""
        return self.status == "APPROVED"
