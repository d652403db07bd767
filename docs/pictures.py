"""Makes the pictures in docs/images from the running demo: ``python docs/pictures.py``."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, FrameLocator, Page, sync_playwright

from balie.cli.demo.opening import Opening
from balie.cli.demo.shop import CHAT, open_shop
from balie.cli.demo.stage import TENANT, Stage

_IMAGES = Path(__file__).parent / "images"
_DEMO = {"width": 1240, "height": 980}
_DESKTOP = {"width": 1100, "height": 760}
_PHONE = {"width": 390, "height": 844}
_SETTLE_MS = 1_000
"""Until what moves has come to rest."""
_CLOSED = {
    "opening_hours": "mon-fri 9:00-9:01",
    "phone": "085 550 0100",
    "mail": "hello@example.nl",
}
_ANSWER = "Yes, from 22 to 26 mm. Turn the clamp around for the thinner ones."
_OFFER = "/buttons Shall we put one aside for you? | Yes, please | No, thank you"


def main() -> None:
    """Let the demo's opening scene be played, and keep what a browser shows of it."""
    browser_path = shutil.which("chromium") or shutil.which("google-chrome")
    with (
        tempfile.TemporaryDirectory() as folder,
        Stage(
            Path(folder) / "demo", port=8090, sandbox_port=8091, locale="en", name="De Balie"
        ) as stage,
        sync_playwright() as playwright,
    ):
        open_shop(stage)
        Opening(stage).play()
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        pictures = Pictures(stage, browser)
        pictures.demo()
        pictures.chat()
        pictures.on_a_phone()
        pictures.in_the_dark()
        pictures.closed()
        browser.close()


@dataclass(frozen=True, slots=True)
class Pictures:
    """Takes them, each in a browser of its own."""

    stage: Stage
    browser: Browser

    def demo(self) -> None:
        """The demo's page: the shop, the phone at its end, the ticket at its beginning."""
        with self._page(_DEMO) as page:
            page.goto(self.stage.url)
            phone, desk = page.frame_locator("#phone"), page.frame_locator("#desk")
            desk.locator("[data-test=desk-ticket]").first.click()
            desk.locator("[data-test=desk-comment]").last.wait_for()
            phone.locator("[data-test=phone-message]").last.wait_for()
            page.frame_locator("#shop").locator("[data-test=launcher]").wait_for()
            page.wait_for_timeout(_SETTLE_MS)
            desk.locator("[data-test=desk-comment]").first.scroll_into_view_if_needed()
            _keep(page, "demo")

    def chat(self) -> None:
        """The chat at its start, in a talk, and on its way to WhatsApp."""
        with self._page(_DESKTOP) as page:
            chat = self._opened(page)
            _keep(page, "livechat-start")
            self._talk(chat)
            _keep(page, "livechat-talk")
            chat.locator("[data-test=menu]").click()
            chat.get_by_text("WhatsApp").first.click()
            chat.locator("[data-test=hop-code]").wait_for()
            _keep(page, "livechat-whatsapp")

    def on_a_phone(self) -> None:
        """The same talk on a phone."""
        with self._page(_PHONE, has_touch=True, is_mobile=True) as page:
            self._talk(self._opened(page))
            _keep(page, "livechat-phone")

    def in_the_dark(self) -> None:
        """The chat where the visitor likes it dark."""
        with self._page(_DESKTOP, color_scheme="dark") as page:
            self._talk(self._opened(page))
            _keep(page, "livechat-dark")

    def closed(self) -> None:
        """The chat outside its hours."""
        balie = self.stage.services()
        balie.directory.set_config(TENANT, CHAT, _CLOSED)
        balie.store.close()
        with self._page(_DESKTOP) as page:
            page.wait_for_timeout(6_000)  # settings are seen within seconds
            self._opened(page)
            _keep(page, "livechat-closed")

    @contextmanager
    def _page(self, size: Any, **more: Any) -> Iterator[Page]:
        context = self.browser.new_context(
            viewport=size,
            locale="en-GB",
            timezone_id="Europe/Amsterdam",
            device_scale_factor=1.5,
            reduced_motion="reduce",
            **more,
        )
        yield context.new_page()
        context.close()

    def _opened(self, page: Page) -> FrameLocator:
        page.goto(f"{self.stage.sandbox_url}/shop/bell?lang=en")
        page.locator("[data-test=launcher]").click()
        chat = page.frame_locator("[data-test=frame] iframe")
        chat.locator("[data-test=new-thread]").first.wait_for()
        return chat

    def _talk(self, chat: FrameLocator) -> None:
        """Ask, and be answered by the agent."""
        chat.locator("[data-test=new-thread]").first.click()
        chat.locator("[data-test=composer]").fill("Does this bell fit any handlebar?")
        chat.locator("[data-test=send]").click()
        chat.locator("[data-test=message][data-state=filed]").wait_for()
        found = self.stage.control("GET", "zendesk/tickets")["tickets"]
        newest = max(found, key=lambda ticket: int(ticket["id"]))["id"]
        comments = f"zendesk/tickets/{newest}/comments"
        self.stage.control("POST", comments, {"body": _ANSWER})
        chat.locator("[data-test=message][data-by=agent]").wait_for()
        self.stage.control("POST", comments, {"body": _OFFER, "public": False})
        chat.locator("[data-test=message][data-by=agent]").nth(1).wait_for()


def _keep(page: Page, name: str) -> None:
    page.wait_for_timeout(_SETTLE_MS)
    page.screenshot(path=_IMAGES / f"{name}.png")


if __name__ == "__main__":
    main()
