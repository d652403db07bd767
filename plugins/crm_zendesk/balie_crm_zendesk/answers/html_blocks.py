"""Paragraphs, lists and quotes, put together line by line."""

import re
from dataclasses import dataclass

#: Nobody nests lists deeper; what does is an attempt to keep us busy.
DEEPEST = 20

_GAPS = re.compile(r"\n{3,}")
FENCE = "```"


@dataclass(slots=True)
class Quote:
    """What is quoted."""


@dataclass(slots=True)
class Listing:
    """A list; ``number`` is that of its next item, None where items have none."""

    number: int | None


@dataclass(slots=True)
class Item:
    """An item of a list. ``mark`` stands before its first line."""

    mark: str
    begun: bool = False


class Blocks:
    """Collects lines, each with what its quotes and lists put before it."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._within: list[Quote | Listing | Item] = []
        self.in_code = False
        self.is_marked = False

    @property
    def in_list(self) -> bool:
        """Whether an item is open."""
        return any(isinstance(one, Item) for one in self._within)

    def add(self, text: str, *, gap: bool) -> None:
        """Add a paragraph or a line of it. ``gap``: something else begins after it."""
        lines = text.split("\n") if self.in_code else [one.strip() for one in text.split("\n")]
        if any(line.strip() for line in lines):
            self._lines += [self._before(line) for line in lines]
        if gap and self._lines and not self.in_code and not self.in_list:
            self._lines.append("")

    def enter(self, container: Quote | Listing) -> None:
        """Begin a quote or a list."""
        self.is_marked = True
        if len(self._within) < DEEPEST:
            self._within.append(container)

    def begin_item(self) -> None:
        """Begin an item, with its number where its list has numbers."""
        if self._within and isinstance(self._within[-1], Item):
            self._within.pop()  # nobody ended the one before
        listing = self._within[-1] if self._within else None
        mark = "- "
        if isinstance(listing, Listing) and listing.number is not None:
            mark = f"{listing.number}. "
            listing.number += 1
        self.is_marked = True
        if len(self._within) < DEEPEST:
            self._within.append(Item(mark))

    def begin_code(self) -> None:
        """Begin lines that stay as they are."""
        self.is_marked = True
        self._lines.append(FENCE)
        self.in_code = True

    def leave(self, kind: type[Quote | Listing | Item], tag: str) -> None:
        """End what the tag began, and what is still open within it."""
        if tag == "pre":
            if self.in_code:
                self.in_code = False
                self._lines += [FENCE, ""]
            return
        if not any(isinstance(one, kind) for one in self._within):
            return
        while not isinstance(self._within.pop(), kind):
            pass
        if kind is Listing and not self.in_list:
            self._lines.append("")

    def text(self) -> str:
        """Return all of it."""
        if self.in_code:
            self._lines.append(FENCE)
        return _GAPS.sub("\n\n", "\n".join(line.rstrip() for line in self._lines)).strip()

    def _before(self, line: str) -> str:
        before = ""
        for one in self._within:
            if isinstance(one, Quote):
                before += "> "
            elif isinstance(one, Item):
                before += " " * len(one.mark) if one.begun else one.mark
                one.begun = True
        return before + line
