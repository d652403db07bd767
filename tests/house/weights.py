"""What the widget weighs, compressed as it is sent: ``python -m tests.house.weights``.

Before the click a page loads the loader and nothing else; after it the frame loads all that its
page can come to need. ``make check`` fails beyond the limits.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources.abc import Traversable

from balie_livechat.web.launching import filled_in
from balie_livechat.web.shelf import Held, Shelf

LOADER_MOST = 5_000
APP_MOST = 60_000
_SETTINGS = {
    "base": "/livechat/fietsenwinkel/website",
    "name": "Fietsenwinkel De Balie",
    "locale": "nl",
    "tone": "je",
    "theme": {
        "colour": "#1f6f54",
        "colour_dark": "#57b894",
        "logo": "https://www.example.nl/beeld/logo.svg",
        "position": "right",
        "mode": "auto",
        "launcher": "Vraag het ons",
    },
    "texts": {
        "nl": {"launcher": "Vraag het ons", "launcher_close": "Sluit de chat"},
        "en": {"launcher": "Ask us", "launcher_close": "Close the chat"},
    },
    "availability": "closed",
    "opens_at": "2026-03-02T08:00:00Z",
    "closes_at": None,
}
"""Those of a tenant that set all it can."""


@dataclass(frozen=True, slots=True)
class Weight:
    """What something weighs, and may weigh at most, in bytes."""

    name: str
    weighs: int
    at_most: int

    @property
    def is_right(self) -> bool:
        """Whether it is light enough, and there at all."""
        return 0 < self.weighs <= self.at_most


def weigh(folder: Traversable | None = None) -> Iterator[Weight]:
    """Weigh the widget in a folder; without one, Balie's own."""
    shelf = Shelf(folder)
    loader, page = shelf.loader, shelf.page("app.html")
    served = 0 if loader is None else _sent(filled_in(loader, _SETTINGS))
    yield Weight("loader.js, with a tenant's settings", served, LOADER_MOST)
    pulled = [
        held for path in (shelf.needs("app.html") if page else ()) if (held := shelf.get(path))
    ]
    yield Weight(
        f"app.html and the {len(pulled)} files that it can need",
        0 if page is None else sum(map(_sent, [page.held, *pulled])),
        APP_MOST,
    )


def _sent(held: Held) -> int:
    return len(held.packed or held.data)


def main() -> int:
    """Print what the widget weighs; return 1 where it is too heavy."""
    weights = list(weigh())
    for one in weights:
        told = "" if one.is_right else "   TOO HEAVY"
        print(f"{one.weighs:7,} of {one.at_most:,} bytes: {one.name}{told}")  # noqa: T201 -- a command's output
    return 0 if all(one.is_right for one in weights) else 1


if __name__ == "__main__":
    sys.exit(main())
