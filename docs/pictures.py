"""Makes the pictures in docs/images from the running demo: ``python docs/pictures.py``."""

import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import FrameLocator, Page, sync_playwright

from balie.cli.demo.stage import Stage

_IMAGES = Path(__file__).parent / "images"
_SIZE = {"width": 1180, "height": 720}


def main() -> None:
    """Play the story in a browser and keep what it shows."""
    browser_path = shutil.which("chromium") or shutil.which("google-chrome")
    with (
        tempfile.TemporaryDirectory() as folder,
        Stage(Path(folder) / "demo", port=8090, sandbox_port=8091) as stage,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        page = browser.new_page(viewport=_SIZE, locale="en-GB", device_scale_factor=1.5)
        stage.control("POST", "zendesk/users", {"name": "S. de Wit", "phone": "06 5550 1234"})
        page.goto(stage.url)
        _talk(page)
        page.screenshot(path=_IMAGES / "demo.png")
        browser.close()


def _talk(page: Page) -> None:
    phone, desk = page.frame_locator("iframe").nth(0), page.frame_locator("iframe").nth(1)
    _say(phone, "Good morning, is my order on its way?")
    desk.locator("[data-test=desk-ticket]").first.click()
    desk.locator("[data-test=desk-input]").fill("Yes, it will be with you between 2 and 4.")
    desk.locator("[data-test=desk-reply]").click()
    phone.locator("[data-test=phone-message][data-direction=in]").wait_for()
    _say(phone, "Great, thank you!")
    desk.locator("[data-test=desk-comment]").nth(2).wait_for()
    desk.locator("[data-test=desk-input]").fill("Happy customer. Solve it tonight.")
    desk.locator("[data-test=desk-note]").click()
    desk.locator("[data-test=desk-comment][data-public=false]").wait_for()


def _say(phone: FrameLocator, text: str) -> None:
    phone.locator("[data-test=phone-input]").fill(text)
    phone.locator("[data-test=phone-send]").click()


if __name__ == "__main__":
    main()
