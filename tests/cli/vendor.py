"""A vendor that says what a file says."""

import json
from pathlib import Path

PLUGINS = Path(__file__).parent / "plugins"
CHAT = "winkel/chat"
SHIPPED = {
    "id": "1",
    "name": "order_shipped",
    "language": "nl",
    "category": "UTILITY",
    "status": "APPROVED",
    "text": "Hoi {body.1}, bestelling {body.2} is onderweg.",
    "variables": [["body.1", "Noor"], ["body.2", "4711"]],
}


class Vendor:
    """The file in which a vendor says what it says."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.says()

    def says(self, **what: object) -> None:
        self.path.write_text(json.dumps(what))
