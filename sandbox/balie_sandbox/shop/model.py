"""What the shop sells, and the chat that it shows."""

from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Product:
    """Something to be bought. ``price`` is in euro cents; ``slug`` names its drawing too."""

    slug: str
    price: int


PRODUCTS = tuple(
    Product(*one)
    for one in (
        ("bell", 1295),
        ("lamp", 2450),
        ("saddle", 5900),
        ("lock", 3495),
        ("bag", 4450),
        ("pump", 2795),
    )
)


class Shop:
    """The shop's only setting: the address of a chat's script, or '' for no chat."""

    def __init__(self) -> None:
        self.script = ""

    @property
    def origin(self) -> str:
        """The site that the chat comes from, for the pages' content security policy."""
        parts = urlsplit(self.script)
        return f"{parts.scheme}://{parts.netloc}" if self.script else ""

    def reset(self) -> None:
        """Show no chat."""
        self.script = ""


def product(slug: str) -> Product | None:
    """Return what is sold under this name."""
    return next((one for one in PRODUCTS if one.slug == slug), None)


def price(cents: int, lang: str) -> str:
    """Return a price as people write it."""
    euros, rest = divmod(cents, 100)
    return f"€ {euros},{rest:02d}" if lang == "nl" else f"€{euros}.{rest:02d}"
