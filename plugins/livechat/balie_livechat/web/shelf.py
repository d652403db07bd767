"""The widget's own files, read once and kept: as they are, compressed, under a name of their own.

What is not on the shelf is not there, so no path can lead out of the folder.
"""

import gzip
import hashlib
import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from importlib.resources.abc import Traversable

from balie_livechat.web.bundling import Bundle, NotBundled, stripped

TYPES = {
    "css": "text/css; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "png": "image/png",
    "svg": "image/svg+xml",
    "webp": "image/webp",
}
_PACKED = frozenset({"css", "html", "js", "svg"})
_REFERRED = re.compile(rb'(?P<before>\b(?:src|href)=")(?:\./)?assets/(?P<path>[^"]+)')
_SCRIPT = re.compile(rb'<script type="module" src="(?:\./)?assets/(?P<path>[^"]+)"></script>')
_SCRIPT_TAG = b'<script type="module" src="assets/%s"></script>'
_STYLE = re.compile(rb'[ \t]*<link rel="stylesheet" href="(?:\./)?assets/(?P<path>[^"]+)">\n?')
_STYLE_TAG, _STYLE_MARK = b'<link rel="stylesheet" href="assets/%s">\n', b"<!-- styles -->"
_COMMENT = re.compile(rb"/\*.*?\*/", re.DOTALL)
_SPACE = re.compile(rb"\s*\n\s*")
_AT_ONCE, _EVER = ("fixed",), ("fixed", "later", "beside")
_IMPORTED = re.compile(
    r"""(?:^|[;}\s])(?:import|export)\b(?:[^"'();]*?\bfrom)?\s*["'](?P<fixed>\.{1,2}/[^"']+)["']"""
    r"""|\bimport\(\s*["'](?P<later>\.{1,2}/[^"']+)["']\s*\)"""
    r"""|new URL\(\s*["'](?P<beside>\.{1,2}/[^"']+)["']\s*,\s*import\.meta\.url""",
    re.MULTILINE,
)


@dataclass(frozen=True)
class Held:
    """One file. ``packed`` is it by gzip; None where that gains nothing."""

    data: bytes
    type: str

    @cached_property
    def packed(self) -> bytes | None:
        """Return it compressed, as it is sent to who can read that."""
        packed = gzip.compress(self.data, 9, mtime=0) if self._is_text else self.data
        return packed if len(packed) < len(self.data) else None

    @cached_property
    def etag(self) -> str:
        """Return what changes with it."""
        return hashlib.sha256(self.data).hexdigest()[:20]

    @property
    def _is_text(self) -> bool:
        return any(self.type == TYPES[ending] for ending in _PACKED)


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it is sent, and the paths of the scripts that it begins with.

    There is more than one of them where they could not be put together.
    """

    held: Held
    scripts: tuple[str, ...]


class Shelf:
    """All files below a folder, by their paths."""

    def __init__(self, folder: Traversable | None = None) -> None:
        """Without a folder it is the widget's own."""
        self._folder = folder or resources.files("balie_livechat") / "static"
        self._pages: dict[str, Page] = {}

    def get(self, path: str) -> Held | None:
        """Return a file, or None."""
        return self._files.get(path) or self._together.get(path)

    @cached_property
    def loader(self) -> Held | None:
        """Return the loader without what only its readers need, or None."""
        held = self._files.get("loader.js")
        return held and Held(stripped(held.data.decode()).encode(), held.type)

    @cached_property
    def version(self) -> str:
        """Return what changes with any of the files: it stands in the address of each."""
        every = {**self._files, **self._together}
        parts = [f"{path}\0{held.etag}" for path, held in sorted(every.items())]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]

    def page(self, path: str) -> Page | None:
        """Return a page, or None. It refers to its files by their names of this version."""
        if path in self._files and path not in self._pages:
            self._pages[path] = self._page(path)
        return self._pages.get(path)

    def _page(self, path: str) -> Page:
        html, (script, style) = self._files[path].data, _names(path)
        if script in self._together:
            html = _SCRIPT.sub(_SCRIPT_TAG % script.encode(), html)
            scripts: tuple[str, ...] = (script,)
        else:
            scripts = self._reached(path, _AT_ONCE, (".js",))
        if style in self._together:
            html = _STYLE.sub(b"", _STYLE.sub(_STYLE_MARK, html, 1))
            html = html.replace(_STYLE_MARK, _STYLE_TAG % style.encode())
        new = rb"\g<before>assets/~" + self.version.encode() + rb"/\g<path>"
        return Page(Held(_REFERRED.sub(new, html), self._files[path].type), scripts)

    def needs(self, path: str) -> tuple[str, ...]:
        """Return the paths of all that a page can come to need."""
        found = self._reached(path, _EVER, tuple(f".{one}" for one in TYPES))
        together = tuple(name for name in _names(path) if name in self._together)
        endings = tuple(name[name.rindex(".") :] for name in together)
        return together + tuple(one for one in found if not one.endswith(endings))

    @cached_property
    def _files(self) -> Mapping[str, Held]:
        return dict(_read(self._folder))

    @cached_property
    def _together(self) -> Mapping[str, Held]:
        """Return for each page its scripts as one, and its styles as one, where that can be."""
        found: dict[str, Held] = {}
        for path, page in self._files.items():
            if path.endswith(".html"):
                both = zip(_names(path), (self._script_of(page), self._style_of(page)), strict=True)
                found |= {name: held for name, held in both if held is not None}
        return found

    def _script_of(self, page: Held) -> Held | None:
        entries = [one["path"].decode() for one in _SCRIPT.finditer(page.data)]
        if len(entries) != 1:
            return None
        scripts = {path: held for path, held in self._files.items() if path.endswith(".js")}
        sources = {path: held.data.decode() for path, held in scripts.items()}
        try:
            return Held(Bundle(sources).script(entries[0]).encode(), TYPES["js"])
        except NotBundled:
            return None  # then they are sent one by one

    def _style_of(self, page: Held) -> Held | None:
        paths = [one["path"].decode() for one in _STYLE.finditer(page.data)]
        found = b"\n".join(self._files[path].data for path in paths if path in self._files)
        if not found or b"url(" in found or b"@import" in found:
            return None
        return Held(_SPACE.sub(b"\n", _COMMENT.sub(b"", found)), TYPES["css"])

    def _reached(
        self, page: str, ways: tuple[str, ...], endings: tuple[str, ...]
    ) -> tuple[str, ...]:
        held = self._files[page]
        found = [one["path"].decode() for one in _REFERRED.finditer(held.data)]
        found = [path for path in found if path.endswith(endings) and path in self._files]
        for path in found:  # it grows while it is gone through
            for one in self._imports(path, ways):
                if one not in found and one in self._files:
                    found.append(one)
        return tuple(found)

    def _imports(self, path: str, ways: tuple[str, ...]) -> Iterator[str]:
        if not path.endswith(".js"):
            return
        for match in _IMPORTED.finditer(self._files[path].data.decode()):
            named = next((match[way] for way in ways if match[way]), None)
            if named:
                yield posixpath.normpath(posixpath.join(posixpath.dirname(path), named))


def _names(page: str) -> tuple[str, str]:
    """Return under which paths a page's scripts and styles stand together."""
    return f"{page}.js", f"{page}.css"


def _read(folder: Traversable, above: str = "") -> Iterator[tuple[str, Held]]:
    if not folder.is_dir():
        return
    for entry in sorted(folder.iterdir(), key=lambda one: one.name):
        ending = entry.name.rpartition(".")[2]
        if entry.name.startswith("."):
            continue
        if entry.is_dir():
            yield from _read(entry, f"{above}{entry.name}/")
        elif ending in TYPES:
            yield above + entry.name, Held(entry.read_bytes(), TYPES[ending])
