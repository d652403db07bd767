"""The little of Liquid that people write in triggers: {{ }}, for, if, else, a few filters."""

import html
import re
from collections.abc import Callable
from urllib.parse import quote

#: What a name stands for: text, or for a loop, rows of names and texts.
Lookup = Callable[[str], str]
Rows = list[dict[str, str]]

_TOKEN = re.compile(r"(\{\{.*?\}\}|\{%-?.*?-?%\})", re.DOTALL)
_OUTPUT = re.compile(r"\{\{\s*([\w.]+)\s*((?:\|[^}|]*)*)\}\}", re.DOTALL)
_TAG = re.compile(r"\{%-?\s*(\w+)\s*(.*?)\s*-?%\}", re.DOTALL)
_FOR = re.compile(r"(\w+)\s+in\s+([\w.]+)")
_IF = re.compile(r"""([\w.]+)(?:\s*(==|!=|contains)\s*(?:"([^"]*)"|'([^']*)'))?""")
FILTERS: dict[str, Callable[[str], str]] = {
    "escape": html.escape,
    "url_encode": quote,
    "downcase": str.lower,
    "upcase": str.upper,
    "strip": str.strip,
    "strip_newlines": lambda text: text.replace("\n", ""),
}


class Template:
    """A text to be filled. What it cannot read becomes nothing, as in Liquid's lax mode."""

    def __init__(self, text: str, value: Lookup, rows: Callable[[str], Rows]) -> None:
        self._tokens = _TOKEN.split(text)
        self._value = value
        self._rows = rows

    def fill(self) -> str:
        return self._block(0, len(self._tokens), {})

    def _block(self, start: int, end: int, names: dict[str, str]) -> str:
        found, place = [], start
        while place < end:
            token = self._tokens[place]
            if token.startswith("{{"):
                found.append(self._output(token, names))
            elif token.startswith("{%"):
                kind, rest = _tag(token)
                if kind in ("for", "if"):
                    other, close = self._matching(place, end)
                    found.append(self._inner(kind, rest, (place, other, close), names))
                    place = close
            else:
                found.append(token)
            place += 1
        return "".join(found)

    def _inner(
        self, kind: str, rest: str, places: tuple[int, int, int], names: dict[str, str]
    ) -> str:
        start, other, close = places
        if kind == "if":
            if self._holds(rest, names):
                return self._block(start + 1, other, names)
            return self._block(other + 1, close, names)
        loop = _FOR.match(rest)
        if loop is None:
            return ""
        shown = []
        for row in self._rows(loop[2]):
            inner = names | {f"{loop[1]}.{key}" if key else loop[1]: row[key] for key in row}
            shown.append(self._block(start + 1, close, inner))
        return "".join(shown)

    def _matching(self, start: int, end: int) -> tuple[int, int]:
        """Where the else and the end of a tag are; both the end when there is no else."""
        depth, other = 0, None
        for place in range(start, end):
            kind = _tag(self._tokens[place])[0] if self._tokens[place].startswith("{%") else ""
            if kind in ("for", "if"):
                depth += 1
            elif kind == "else" and depth == 1:
                other = place
            elif kind in ("endfor", "endif"):
                depth -= 1
                if depth == 0:
                    return (other or place), place
        return end, end

    def _output(self, token: str, names: dict[str, str]) -> str:
        found = _OUTPUT.fullmatch(token)
        if found is None:
            return ""
        text = names[found[1]] if found[1] in names else self._value(found[1])
        for name in found[2].split("|")[1:]:
            text = FILTERS.get(name.split(":")[0].strip(), str)(text)
        return text

    def _holds(self, condition: str, names: dict[str, str]) -> bool:
        found = _IF.match(condition)
        if found is None:
            return False
        text = names[found[1]] if found[1] in names else self._value(found[1])
        wanted = found[3] if found[3] is not None else found[4] or ""
        match found[2]:
            case "==":
                return text == wanted
            case "!=":
                return text != wanted
            case "contains":
                return wanted in text
            case _:
                return text not in ("", "false")


def _tag(token: str) -> tuple[str, str]:
    found = _TAG.fullmatch(token)
    return (found[1], found[2]) if found else ("", "")
