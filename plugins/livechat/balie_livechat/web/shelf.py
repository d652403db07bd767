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


class Shelf:
    """All files below a folder, by their paths."""

    def __init__(self, folder: Traversable | None = None) -> None:
        """Without a folder it is the widget's own."""
        self._folder = folder or resources.files("balie_livechat") / "static"

    def get(self, path: str) -> Held | None:
        """Return a file, or None. Pages refer to their files by their names of this version."""
        return self._pages.get(path) or self._files.get(path)

    @cached_property
    def version(self) -> str:
        """Return what changes with any of the files: it stands in the address of each."""
        parts = [f"{path}\0{held.etag}" for path, held in sorted(self._files.items())]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]

    def modules(self, page: str) -> tuple[str, ...]:
        """Return the scripts that a page begins with, and all that they import at once."""
        return self._reached(page, ("fixed",), (".js",))

    def all_of(self, page: str) -> tuple[str, ...]:
        """Return all files that a page can come to need, in the order in which they are named."""
        return self._reached(page, ("fixed", "later", "beside"), tuple(f".{one}" for one in TYPES))

    @cached_property
    def _files(self) -> Mapping[str, Held]:
        return dict(_read(self._folder))

    @cached_property
    def _pages(self) -> Mapping[str, Held]:
        new = rb"\g<before>assets/~" + self.version.encode() + rb"/\g<path>"
        return {
            path: Held(_REFERRED.sub(new, held.data), held.type)
            for path, held in self._files.items()
            if path.endswith(".html")
        }

    def _reached(
        self, page: str, ways: tuple[str, ...], endings: tuple[str, ...]
    ) -> tuple[str, ...]:
        held = self._files.get(page)
        found = (
            [] if held is None else [one["path"].decode() for one in _REFERRED.finditer(held.data)]
        )
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
