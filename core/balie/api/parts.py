"""What a message is made of. Every part can be read: ``text`` is its line for people.

``text`` is plain text in the tenant's language, written by the plugin that received the part;
who shows a part may use what else it holds, and otherwise shows that line.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Markup(StrEnum):
    """How the words of a :class:`Text` are written."""

    PLAIN = "plain"
    MARKDOWN = "markdown"  # **bold**, *italic*, ~~struck~~, `code`, fences, lists, [links](to)


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """Words. Each channel writes its own marks for what ``markup`` says."""

    text: str
    markup: Markup = Markup.PLAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """Something with no part of its own. ``type`` is the vendor's word, ``text`` a visible line."""

    type: str
    text: str


class MediaKind(StrEnum):
    """What a file is to the people who talk."""

    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"
    VOICE = "voice"  # recorded on the spot
    STICKER = "sticker"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """A file. ``text`` labels it and holds its caption.

    ``ref`` is what ``media_fetch`` of the connection that it came from takes. ``type`` is a MIME
    type and ``name`` a file name as the vendor gave them: shown, never believed. ``sha256`` is
    lower-case hex, ``size`` in bytes; both empty where the vendor told none. ``stored`` is its key
    in the media store once the file is there; ``failed`` says why it is not, for people.
    """

    kind: MediaKind
    ref: str
    text: str
    caption: str = ""
    type: str = ""
    name: str = ""
    sha256: str = ""
    size: int | None = None
    stored: str = ""
    failed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """A place, in degrees."""

    text: str
    latitude: float
    longitude: float
    name: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A person's card. ``phones`` as written; ``answers_request`` where we had asked for it."""

    text: str
    name: str
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    answers_request: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The customer tapped an :class:`Option` of ours. ``id`` is the option's."""

    text: str
    id: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction:
    """An emoji put on a message, which ``quotes`` names; empty when it was taken away."""

    text: str
    emoji: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """The customer called. ``id`` is the channel's for the call, ``outcome`` its word."""

    text: str
    id: str
    outcome: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """Something to tap. ``id`` comes back in a :class:`Choice`."""

    id: str
    title: str
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """A question with options, outbound. ``button`` opens them where they make a list."""

    text: str
    options: tuple[Option, ...]
    button: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A button that opens an address, outbound."""

    text: str
    label: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """What the customer had said, for a channel that does not show it, outbound."""

    text: str


class Asked(StrEnum):
    """What the customer is asked to share."""

    LOCATION = "location"
    PHONE = "phone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A question that the customer answers with one tap, outbound."""

    text: str
    what: Asked


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateUse:
    """A template with its variables filled in, outbound. ``text`` is how it reads.

    ``values`` are by the variable's name or position, as the template has them: ``body.1``,
    ``header.1``, ``header.media`` (an address or a stored file's key), ``button.0``.
    """

    text: str
    name: str
    language: str
    values: Mapping[str, str] = field(default_factory=dict)


Part = (
    Text
    | Unknown
    | Media
    | Location
    | Contact
    | Choice
    | Reaction
    | Call
    | Options
    | Link
    | Earlier
    | Request
    | TemplateUse
)
