"""Text as WhatsApp writes it: \\*bold\\*, \\_italic\\_, \\~struck\\~, and code between backticks.

After Meta's page "Text messages" and WhatsApp's "How to format your messages". WhatsApp has no way
to say that a star is a star; a character that nobody sees, put behind it, keeps it one.
"""

import re
from collections.abc import Callable

_UNSEEN = "\u200b"
_URL = re.compile(r"https?://[^\s<>]+")
# A pair that WhatsApp would take for marks: hugging words, with no word outside.
_ACCIDENT = re.compile(r"(?<![\w*_~])([*_~])(?=\S)([^\n]*?\S)\1(?![\w*_~])")
_CODE = re.compile(r"(`+)(.+?)\1", re.DOTALL)

_FENCE = re.compile(r"^```[^\n`]*\n(.*?)\n?^```[ \t]*$", re.DOTALL | re.MULTILINE)
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!~>|])")
_IMAGE = re.compile(r"!\[([^\]\n]*)\]\(\s*<?([^\s)>]+)>?[^)\n]*\)")
_LINK = re.compile(r"\[([^\]\n]+)\]\(\s*<?([^\s)>]+)>?[^)\n]*\)")
_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+(.+?)[ \t]*#*[ \t]*$", re.MULTILINE)
_BULLET = re.compile(r"^([ \t]*)[*+][ \t]+", re.MULTILINE)
_BOLD = re.compile(r"(\*\*|__)(?=\S)([^\n]*?\S)[ \t]*\1(?!\*)")
_ITALIC = re.compile(r"(?<![\w*_])([*_])(?=[^\s*_])([^\n]*?[^\s*_])[ \t]*\1(?![\w*_])")
_STRUCK = re.compile(r"~~(?=\S)([^\n]*?\S)[ \t]*~~")


def from_plain(text: str) -> str:
    """Return plain text so that nothing in it becomes a mark; addresses stay untouched."""
    if not any(mark in text for mark in "*_~`"):
        return text
    return _outside(_URL, text, _unmarked)


def from_markdown(text: str) -> str:
    """Return Markdown in WhatsApp's marks. Code and addresses stay as they are."""
    kept = _Kept()
    text = _FENCE.sub(lambda match: kept.put(f"```{match[1]}```"), text)
    text = _CODE.sub(lambda match: kept.put(f"`{match[2].strip()}`"), text)
    text = _ESCAPE.sub(lambda match: kept.put(_literal(match[1])), text)
    text = _IMAGE.sub(lambda match: _linked(kept, match[1], match[2]), text)
    text = _LINK.sub(lambda match: _linked(kept, match[1], match[2]), text)
    text = _URL.sub(lambda match: kept.put(match[0]), text)
    text = _BULLET.sub(r"\1- ", text)
    text = _HEADING.sub(lambda match: f"**{_without_bold(match[1])}**", text)
    text = _BOLD.sub(lambda match: kept.put("*") + match[2] + kept.put("*"), text)
    text = _ITALIC.sub(r"_\2_", text)
    text = _STRUCK.sub(r"~\1~", text)
    return kept.back(text)


class _Kept:
    """Pieces that no rule may touch any more, with a place-holder where each stood."""

    def __init__(self) -> None:
        self._pieces: list[str] = []

    def put(self, piece: str) -> str:
        """Keep a piece and return what stands for it."""
        self._pieces.append(piece)
        return f"\ue000{len(self._pieces) - 1}\ue001"

    def back(self, text: str) -> str:
        """Return the text with all pieces back in their places."""
        found = re.compile("\ue000([0-9]+)\ue001")
        while found.search(text):
            text = found.sub(lambda match: self._pieces[int(match[1])], text)
        return text


def _linked(kept: _Kept, words: str, url: str) -> str:
    words = words.strip()
    return kept.put(url) if words in (url, "") else f"{words} ({kept.put(url)})"


def _literal(character: str) -> str:
    return character + _UNSEEN if character in "*_~`" else character


def _without_bold(text: str) -> str:
    return _BOLD.sub(r"\2", text)


def _unmarked(text: str) -> str:
    text = _CODE.sub(lambda match: f"{match[1]}{_UNSEEN}{match[2]}{match[1]}", text)
    return _ACCIDENT.sub(lambda match: f"{match[1]}{_UNSEEN}{match[2]}{match[1]}", text)


def _outside(spared: re.Pattern[str], text: str, change: Callable[[str], str]) -> str:
    """Return the text changed everywhere but where the pattern stands."""
    found, at = [], 0
    for match in spared.finditer(text):
        found += [change(text[at : match.start()]), match[0]]
        at = match.end()
    return "".join([*found, change(text[at:])])
