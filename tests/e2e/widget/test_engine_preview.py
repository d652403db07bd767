"""The preview page: looks and words are tried on the real widget, and come out as a line."""

import shlex

import orjson
import pytest
import requests
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import FrameLocator, Locator, Page, expect


@pytest.fixture
def preview(visitors, shop) -> Page:
    return visitors.go(f"{shop.balie}/livechat/demo/site/preview").page


def stage(page: Page) -> FrameLocator:
    return page.frame_locator("[data-test=stage]")


def control(page: Page, name: str) -> Locator:
    return page.locator(f"[data-test={name}]")


def settings_of(page: Page) -> dict[str, str]:
    """Return what a shell would hand over of the line that is shown."""
    words = shlex.split(control(page, "command").inner_text().replace("\\\n", " "))
    assert words[:5] == ["balie", "connection", "set", "demo", "site"]
    return dict(word.split("=", 1) for word in words[5:] if word != "--set")


def test_preview_shows_changes_at_once_and_says_how_to_keep_them(preview):
    app = stage(preview).frame_locator("[data-test=frame] iframe")
    expect(app.locator("[data-test=panel]")).to_contain_text("Waarmee kunnen we u helpen?")
    control(preview, "tone-je").focus()
    preview.keyboard.press("Space")
    expect(app.locator("[data-test=panel]")).to_contain_text("Waarmee kunnen we je helpen?")
    control(preview, "position-right").focus()
    preview.keyboard.press("ArrowLeft")
    control(preview, "colour").fill("#c4321c")
    control(preview, "launcher-text").fill("Vraag 't ons")
    control(preview, "text-own").fill("Zeg het maar!")
    expect(app.locator("[data-test=panel]")).to_contain_text("Zeg het maar!")
    launcher = stage(preview).locator("[data-test=launcher]")
    launcher.click()
    expect(launcher).to_have_text("Vraag 't ons")
    expect(launcher).to_have_css("background-color", "rgb(196, 50, 28)")

    found = settings_of(preview)
    assert launcher.bounding_box()["x"] < preview.viewport_size["width"] / 2
    assert orjson.loads(found.pop("theme")) == {
        "position": "left",
        "colour": "#c4321c",
        "launcher": "Vraag 't ons",
    }
    assert orjson.loads(found.pop("texts")) == {"welcome": {"nl": "Zeg het maar!"}}
    assert found == {"tone": "je"}


def test_preview_can_be_read_by_all(preview):
    expect(stage(preview).locator("[data-test=launcher]")).to_be_visible()
    found = Axe().run(preview, options={"iframes": False})

    assert found.response["violations"] == []


def test_a15_preview_is_shown_by_balie_only(shop):
    answer = requests.get(f"{shop.balie}/livechat/demo/site/preview", timeout=10)

    assert answer.headers["Content-Security-Policy"].endswith("frame-ancestors 'self'")
