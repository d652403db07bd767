"""Modules as one script: written apart for people, sent together for browsers. Pure.

What is understood is how the widget is written, and nothing more: imports of names from a relative
path and exports of declarations, each at the beginning of a line. Anything else is refused, so
that the files are sent one by one, which is slower and not wrong.
"""

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_IMPORT = re.compile(r'^import (?:\{(?P<names>[^}]*)\} from )?"(?P<path>\.[^"]+)";\n', re.MULTILINE)
_LATER = re.compile(r'\bimport\("(?P<path>\.[^"]+)"\)')
_DECLARED = re.compile(r"^export (?=(?P<what>(?:async )?function|const|class) (?P<name>\w+))", re.M)
_LISTED = re.compile(r"^export \{(?P<names>[^}]*)\};\n", re.MULTILINE)
_REFUSED = re.compile(r"^(?:import|export)\b|\bimport\.meta\b|\bimport\(", re.MULTILINE)
_AWAITS = re.compile(r"^(?:(?:const|let)\b[^\n]*= )?await\b", re.MULTILINE)


class NotBundled(Exception):
    """There is something in a module that is not understood. The message names it."""


@dataclass(slots=True)
class Bundle:
    """Modules in the order in which they run, and what each gives."""

    sources: Mapping[str, str]
    _order: list[str] = field(default_factory=list)
    _begun: set[str] = field(default_factory=set)
    _written: dict[str, str] = field(default_factory=dict)

    def script(self, entry: str) -> str:
        """Return a module and all that it imports, at once or later, as one. Raises NotBundled."""
        self._visit(entry)
        *others, last = self._order
        names = "".join(f"const {self._name(path)} = {{}};\n" for path in others)
        body = "".join(f"(() => {{\n{self._written[path]}}})();\n" for path in others)
        # Two modules that need each other are tied once both are there, before anything runs.
        return (
            f"const ties = [];\n{names}{body}for (const tie of ties) tie();\n"
            + (self._written[last])
        )

    def _name(self, path: str) -> str:
        return "m_" + re.sub(r"\W", "_", path.removesuffix(".js"))

    def _visit(self, path: str, *, is_entry: bool = True) -> None:
        self._begun.add(path)
        if path not in self.sources:
            raise NotBundled(f"there is no {path}")
        text = stripped(self.sources[path])
        head, ties, tail = "", "", ""
        for found in _IMPORT.finditer(text):
            other = self._need(path, found["path"])
            names = (found["names"] or "").replace(" as ", ": ").strip().rstrip(",")
            if other in self._order:
                head += f"const {{ {names} }} = {self._name(other)};\n" if names else ""
            elif names:
                own = ", ".join(name.rpartition(": ")[2] for name in names.split(", "))
                ties += f"let {own};\nties.push(() => ({{ {names} }} = {self._name(other)}));\n"
        for found in _LATER.finditer(text):
            self._need(path, found["path"])
        text = _LATER.sub(
            lambda one: f"Promise.resolve({self._name(_at(path, one['path']))})", text
        )
        for found in _DECLARED.finditer(text):
            given = f"{self._name(path)}.{found['name']} = {found['name']};\n"
            # Functions are there from the beginning, as between modules.
            head, tail = (
                (head + given, tail) if "function" in found["what"] else (head, tail + given)
            )
        for found in _LISTED.finditer(text):
            for name in found["names"].split(","):
                tail += f"{self._name(path)}.{name.strip()} = {name.strip()};\n"
        text = _LISTED.sub("", _DECLARED.sub("", _IMPORT.sub("", text)))
        odd = _REFUSED.search(text) or (None if is_entry else _AWAITS.search(self.sources[path]))
        if odd is not None or (is_entry and tail):
            raise NotBundled(f"{path} holds {odd[0] if odd else 'an export'!r}")
        self._written[path] = head + ties + text + tail
        self._order.append(path)

    def _need(self, path: str, named: str) -> str:
        other = _at(path, named)
        if other not in self._begun:
            self._visit(other, is_entry=False)
        return other


def stripped(text: str) -> str:
    """Return a script without its comments' lines and indentation; words in it stay as they are.

    Where a text goes over several lines, which backticks tell, nothing of them is touched.
    """
    kept: list[str] = []
    is_text = is_comment = False
    for line in text.split("\n"):
        plain = line if is_text else line.strip()
        if not is_text and (is_comment or plain.startswith("/*")):
            is_comment = "*/" not in plain
            if is_comment or plain.endswith("*/"):
                continue
            plain = plain.partition("*/")[2]
        if is_text or (plain and not plain.startswith("//")):
            kept.append(plain)
            is_text ^= plain.replace("\\`", "").count("`") % 2 == 1
    return text if is_text else "\n".join(kept) + "\n"


def _at(path: str, named: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), named))
