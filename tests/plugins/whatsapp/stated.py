"""What each shape of Meta's, and each recorded webhook, is stated to come to."""

from pathlib import Path


def stated(name: str) -> dict[str, list[str]]:
    """Read ``stated_<name>.txt``: a name in brackets, and below it a line an event."""
    found: dict[str, list[str]] = {}
    for line in (Path(__file__).parent / f"stated_{name}.txt").read_text("utf-8").splitlines():
        if line.startswith("[") and line.endswith("]"):
            lines = found[line[1:-1]] = []
        elif line:
            lines.append(line)
    return found


SHAPES = stated("shapes")
RECORDED = stated("recorded")
