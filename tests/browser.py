"""The one browser of all browser tests in a process: Playwright runs no second beside it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright
from tests import chromium


@pytest.fixture(scope="session")
def chrome() -> Iterator[Browser]:
    """The system's Chromium."""
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-dev-shm-usage"]
        path = chromium.find()
        assert path, "The browser tests need Chromium; install it: sudo apt-get install chromium"
        launched = playwright.chromium.launch(executable_path=path, args=arguments)
        yield launched
        launched.close()
