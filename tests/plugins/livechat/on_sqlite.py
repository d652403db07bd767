"""For modules whose tests ask nothing of a database that differs: one kind is enough."""

import shutil
from pathlib import Path

import pytest


@pytest.fixture
def database_url(migrated_sqlite: Path, tmp_path: Path) -> str:
    """An empty, migrated SQLite file."""
    shutil.copy(migrated_sqlite, tmp_path / "balie.db")
    return f"sqlite:///{tmp_path / 'balie.db'}"
