"""What Zendesk was seen to send, kept beside this repository and not in it."""

import json
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parents[4] / "shared" / "fixtures" / "zendesk"

needs_recordings = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="the shared fixtures are not beside this repository"
)


def recorded(name: str, absent: Any) -> Any:
    """Return a recording's JSON, or ``absent`` where the folder is not there."""
    path = FOLDER / name
    return json.loads(path.read_text()) if path.exists() else absent
