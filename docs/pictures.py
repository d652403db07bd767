"""Makes the pictures in docs/images from the running demo: ``python docs/pictures.py``."""

import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from balie.cli.demo.opening import Opening
from balie.cli.demo.stage import Stage

_IMAGES = Path(__file__).parent / "images"
_SIZE = {"width": 1240, "height": 980}


def main() -> None:
    """Let the demo's opening scene be played, and keep what a browser shows of it."""
    browser_path = shutil.which("chromium") or shutil.which("google-chrome")
    with (
        tempfile.TemporaryDirectory() as folder,
        Stage(Path(folder) / "demo", port=8090, sandbox_port=8091, locale="en") as stage,
        sync_playwright() as playwright,
    ):
        Opening(stage).play()
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        page = browser.new_page(
            viewport=_SIZE,
            locale="en-GB",
            timezone_id="Europe/Amsterdam",
            device_scale_factor=1.5,
        )
        page.goto(stage.url)
        _look(page)
        page.screenshot(path=_IMAGES / "demo.png")
        browser.close()


def _look(page: Page) -> None:
    """Open the ticket: the desk shows how the talk began, and the phone how it ends."""
    phone, desk = page.frame_locator("iframe").nth(0), page.frame_locator("iframe").nth(1)
    desk.locator("[data-test=desk-ticket]").first.click()
    desk.locator("[data-test=desk-comment]").last.wait_for()
    phone.locator("[data-test=phone-message]").last.wait_for()
    page.wait_for_timeout(1000)
    desk.locator("[data-test=desk-comment]").first.scroll_into_view_if_needed()
    page.wait_for_timeout(500)


if __name__ == "__main__":
    main()
