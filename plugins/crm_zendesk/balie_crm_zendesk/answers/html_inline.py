"""Words within a paragraph, with their marks."""

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

#: Nobody nests marks deeper; what does is an attempt to keep us busy.
DEEPEST = 30

_SPACE = re.compile(r"[ \t\r\n\f\u00a0]+")
_SPECIAL = re.compile(r"([\\`*\[\]]|~~|(?<![^\W_])_|_(?![^\W_]))")
_LINKS = frozenset({"http", "https", "mailto", "tel"})
_MARKED = frozenset({"**", "*", "~~", "`"})


@dataclass(slots=True)
class _Frame:
    """What was said since a mark began. ``link`` is where it leads, for a link."""

    mark: str
    link: str = ""
    said: list[str] = field(default_factory=list)


class Inline:
    """Collects a line. Marks that nobody ended are ended with it, and begun again in the next."""

    def __init__(self, *, escaping: bool) -> None:
        """``escaping``: what would be a mark and is none gets a backslash."""
        self._escaping = escaping
        self._frames = [_Frame("")]
        self.is_marked = False

    def say(self, text: str, *, as_it_is: bool = False) -> None:
        """Take words; ``as_it_is`` without joining white space and without escaping."""
        if not as_it_is:
            text = _SPACE.sub(" ", text)
            if self._escaping and not self._in_code:
                text = _SPECIAL.sub(r"\\\1", text)
        self._frames[-1].said.append(text)

    def begin(self, mark: str) -> None:
        """Begin a mark. One within itself changes nothing."""
        again = any(one.mark == mark for one in self._frames)
        if len(self._frames) < DEEPEST:
            self._frames.append(_Frame("" if again else mark))

    def end(self, mark: str) -> None:
        """End a mark, and what was begun within it."""
        known = [one.mark for one in self._frames[1:]]
        if mark in known or "" in known:
            while len(self._frames) > 1:
                ended = self._close().mark
                if ended in (mark, ""):
                    return

    def begin_link(self, href: str) -> None:
        """Begin a link."""
        if len(self._frames) < DEEPEST:
            self._frames.append(_Frame("link", _safe(href)))

    def end_link(self) -> None:
        """End the link, if one is open."""
        if self.in_link:
            while self._close().mark != "link":
                pass

    def take(self) -> str:
        """Return what was said, all marks ended, and begin anew with the same marks."""
        again = [_Frame(one.mark, one.link) for one in self._frames[1:]]
        while len(self._frames) > 1:
            self._close()
        said = "".join(self._frames[0].said)
        self._frames = [_Frame(""), *again]
        return said

    @property
    def in_link(self) -> bool:
        """Whether a link is open."""
        return any(one.mark == "link" for one in self._frames)

    @property
    def _in_code(self) -> bool:
        return any(one.mark == "`" for one in self._frames)

    def _close(self) -> _Frame:
        frame = self._frames.pop()
        text = "".join(frame.said)
        if frame.mark == "link":
            text = self._linked(text, frame.link)
        elif frame.mark in _MARKED and text.strip():
            self.is_marked = True
            mark = self._written(frame.mark, text)
            text = "\n".join(_wrapped(line, mark) for line in text.split("\n"))
        self._frames[-1].said.append(text)
        return frame

    def _written(self, mark: str, text: str) -> str:
        """Return the mark as it is written here: three stars in a row say too little."""
        beside = "**" in text or any(one.mark == "**" for one in self._frames)
        return "_" if mark == "*" and beside else mark

    def _linked(self, text: str, link: str) -> str:
        label = " ".join(text.split())
        if not link or not label:
            return text
        plain = label.replace("\\", "")
        if link in (plain, f"mailto:{plain}", f"tel:{plain}", f"https://{plain}", f"{plain}/"):
            return link if link.startswith("http") else plain
        self.is_marked = True
        return f"[{label}]({link})"


def _wrapped(line: str, mark: str) -> str:
    """Put marks around the words of a line, not around the white space beside them."""
    words = line.strip()
    if not words:
        return line
    before = line[: len(line) - len(line.lstrip())]
    return f"{before}{mark}{words}{mark}{line[len(line.rstrip()) :]}"


def _safe(href: str) -> str:
    """Return an address that may be shown as one, or nothing."""
    href = href.strip()
    try:
        scheme = urlsplit(href).scheme.lower()
    except ValueError:
        return ""
    if scheme not in _LINKS or not href.isprintable():
        return ""
    return href.replace("(", "%28").replace(")", "%29").replace(" ", "%20")
