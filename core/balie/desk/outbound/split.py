"""What an agent answered becomes messages that the channel can carry: pure decisions."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from balie.api import Capabilities, Markup, Media, MediaKind, MediaRule, Part, Text
from balie.desk.files.names import size
from balie.desk.texts import say

_CAPTIONED = (MediaKind.IMAGE, MediaKind.VIDEO, MediaKind.DOCUMENT)
_BORDERS = ("\n\n", "\n", ". ", "! ", "? ", "; ", ", ", " ")


@dataclass(frozen=True, slots=True)
class Split:
    """An answer as messages, and what of it stays behind, each in words for the agent."""

    messages: tuple[tuple[Part, ...], ...]
    left_out: tuple[str, ...]


def split(
    parts: Sequence[Part], abilities: Capabilities, locale: str, *, links: bool = False
) -> Split:
    """Return the messages that an answer makes on this channel, in order.

    With ``links``, a file that is too large goes on too: it becomes a link when it is sent.

    Words that are longer than the channel takes are cut at a border that reads well. One file
    with few words becomes one message where the channel writes captions. A letter is one message,
    whatever it is made of.
    """
    left_out: list[str] = []
    able: list[Part] = []
    for part in parts:
        if isinstance(part, Media):
            part, why = fitting(part, abilities, locale)  # noqa: PLW2901 -- what is to be sent
            if why and not (links and is_too_large(part, abilities)):
                left_out.append(why)
                continue
        elif not isinstance(part, Text) and type(part).__name__ not in abilities.sends:
            left_out.append(part.text)
            continue
        able.append(part)
    if abilities.stands_alone:
        return Split((tuple(able),) if able else (), tuple(left_out))
    able = _with_caption(able, abilities.caption_limit)
    messages = [unit for part in able for unit in _units(part, abilities.text_limit)]
    return Split(tuple(messages), tuple(left_out))


def fitting(media: Media, abilities: Capabilities, locale: str) -> tuple[Media, str]:
    """Return a file as the channel takes it, and '' or why it does not.

    What it does not take as the kind it is goes as a document, if that is possible.
    """
    if "Media" not in abilities.sends:
        return media, say("no_files", locale, file=media.name or media.text)
    rules = {rule.kind: rule for rule in abilities.media}
    why = ""
    for kind in dict.fromkeys((media.kind, MediaKind.DOCUMENT)):
        rule = rules.get(kind)
        if rule is None or not _takes(rule, media.type):
            why = why or say("wrong_type", locale, file=media.name, type=media.type)
        elif media.size is not None and media.size > rule.most_bytes:
            why = why or say("too_large", locale, file=media.name, most=size(rule.most_bytes))
        else:
            return replace(media, kind=kind), ""
    return media, why


def is_too_large(media: Media, abilities: Capabilities) -> bool:
    """Say whether the channel takes such files, and only this one is too large."""
    rules = {rule.kind: rule for rule in abilities.media}
    taking = [rules.get(kind) for kind in (media.kind, MediaKind.DOCUMENT)]
    fit = [rule for rule in taking if rule is not None and _takes(rule, media.type)]
    size = media.size or 0
    return bool(fit) and all(size > rule.most_bytes for rule in fit)


def _takes(rule: MediaRule, mime: str) -> bool:
    plain = mime.partition(";")[0].strip().lower()
    return any(
        one in (plain, "*/*") or (one.endswith("/*") and plain.startswith(one[:-1]))
        for one in rule.types
    )


def _with_caption(parts: list[Part], limit: int | None) -> list[Part]:
    texts = [part for part in parts if isinstance(part, Text)]
    files = [part for part in parts if isinstance(part, Media)]
    if len(parts) != 2 or len(texts) != 1 or len(files) != 1:
        return parts
    words, file = texts[0], files[0]
    fits = limit is None or len(words.text) <= limit
    plain = words.markup is Markup.PLAIN
    if not fits or not plain or file.kind not in _CAPTIONED or file.caption:
        return parts
    return [replace(file, caption=words.text)]


def _units(part: Part, limit: int | None) -> Iterator[tuple[Part, ...]]:
    if isinstance(part, Text) and limit is not None:
        for piece in pieces(part.text, limit):
            yield (replace(part, text=piece),)
    else:
        yield (part,)


def pieces(text: str, limit: int) -> list[str]:
    """Cut a text into pieces of at most ``limit`` characters, at the best border there is."""
    found = []
    rest = text
    while len(rest) > limit:
        cut = _border(rest, limit)
        found.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [piece for piece in [*found, rest] if piece] or [text]


def _border(text: str, limit: int) -> int:
    """Return where to cut: the last border in the second half of what fits, else at the limit."""
    for border in _BORDERS:
        at = text.rfind(border, limit // 2, limit)
        if at != -1:
            return at + len(border)
    return limit
