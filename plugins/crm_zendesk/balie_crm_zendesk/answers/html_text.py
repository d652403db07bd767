"""An agent's HTML as text: plain where nothing in it is marked, Markdown where something is.

Read with the standard library's parser, tag by tag; what is not known is read through, so that no
word is lost. Scripts and styles are the exception.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser

from balie.api import Markup, Text

from .html_blocks import Blocks, Item, Listing, Quote
from .html_inline import Inline

_HIDDEN = frozenset({"script", "style", "head", "title", "template"})
_PARAGRAPHS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "table", "hr", "figure"})
_LINES = frozenset({"div", "tr", "section", "article", "header", "footer", "address", "figcaption"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_MARKS = {
    "b": "**",
    "strong": "**",
    "i": "*",
    "em": "*",
    "s": "~~",
    "del": "~~",
    "strike": "~~",
    "code": "`",
}


#: Without one of these nothing is marked; most answers have none.
_MARKING = re.compile(
    r"<(b|i|s|del|strong|strike|em|code|pre|a|ul|ol|li|blockquote|img|h[1-6])\b", re.I
)


@dataclass(frozen=True, slots=True)
class Shown:
    """What stands in the text for a picture; ``link`` is where it can be seen, if anywhere."""

    words: str = ""
    link: str = ""


#: What says that of an <img>, by its attributes.
Pictured = Callable[[Mapping[str, str]], Shown]


def read(html: str, pictured: Pictured) -> Text:
    """Return what the HTML says. ``pictured`` may be asked twice of each picture."""
    if _MARKING.search(html):
        reader = _Reader(pictured, escaping=True)
        words = reader.read(html)
        if reader.is_marked:
            return Text(text=words, markup=Markup.MARKDOWN)
    return Text(text=_Reader(pictured, escaping=False).read(html))


class _Reader(HTMLParser):
    def __init__(self, pictured: Pictured, *, escaping: bool) -> None:
        super().__init__()
        self._pictured = pictured
        self._inline = Inline(escaping=escaping)
        self._blocks = Blocks()
        self._hidden = 0
        self._cells = 0

    @property
    def is_marked(self) -> bool:
        """Whether more than paragraphs and lines is in it."""
        return self._inline.is_marked or self._blocks.is_marked

    def read(self, html: str) -> str:
        """Return the text of it all."""
        self.feed(html)
        self.close()
        self._end_line(gap=False)
        return self._blocks.text()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin what the tag begins."""
        given = {name: value or "" for name, value in attrs}
        if tag in _HIDDEN:
            self._hidden += 1
        elif tag == "br":
            self._inline.say("\n", as_it_is=True)
        elif tag in _MARKS:
            self._inline.begin(_MARKS[tag])
        elif tag == "a":
            self._inline.begin_link(given.get("href", ""))
        elif tag == "img":
            self._image(given)
        elif tag in ("td", "th"):
            if self._cells:
                self._inline.say(" | ", as_it_is=True)
            self._cells += 1
        else:
            self._begin_block(tag, given)

    def handle_endtag(self, tag: str) -> None:
        """End what the tag ends, if that is open."""
        if tag in _HIDDEN:
            self._hidden = max(0, self._hidden - 1)
        elif tag in _MARKS:
            self._inline.end(_MARKS[tag])
        elif tag == "a":
            self._inline.end_link()
        elif tag in _HEADINGS:
            self._inline.end("**")
            self._end_line(gap=True)
        elif tag in ("ul", "ol", "li", "blockquote", "pre"):
            self._end_line(gap=tag in ("blockquote", "pre"))
            self._blocks.leave({"ul": Listing, "ol": Listing, "li": Item}.get(tag, Quote), tag)
        elif tag in _PARAGRAPHS | _LINES:
            self._end_line(gap=tag in _PARAGRAPHS)

    def handle_data(self, data: str) -> None:
        """Take words."""
        if not self._hidden:
            self._inline.say(data, as_it_is=self._blocks.in_code)

    def _begin_block(self, tag: str, given: dict[str, str]) -> None:
        if tag in ("ul", "ol"):
            self._end_line(gap=not self._blocks.in_list)
            self._blocks.enter(Listing(_start(given) if tag == "ol" else None))
        elif tag == "li":
            self._end_line(gap=False)
            self._blocks.begin_item()
        elif tag == "blockquote":
            self._end_line(gap=True)
            self._blocks.enter(Quote())
        elif tag == "pre":
            self._end_line(gap=True)
            self._blocks.begin_code()
        elif tag in _PARAGRAPHS | _LINES:
            self._end_line(gap=tag in _PARAGRAPHS)
            self._cells = 0
            if tag in _HEADINGS:
                self._inline.begin("**")

    def _image(self, given: dict[str, str]) -> None:
        shown = self._pictured(given)
        if shown.link and not self._inline.in_link:
            self._inline.begin_link(shown.link)
            self._inline.say(shown.words)
            self._inline.end_link()
        else:
            self._inline.say(shown.words)

    def _end_line(self, *, gap: bool) -> None:
        self._blocks.add(self._inline.take(), gap=gap)


def _start(given: dict[str, str]) -> int:
    start = given.get("start", "")
    return int(start) if start.isascii() and start.isdigit() and len(start) < 6 else 1
