"""WCAG 2.2 AA in each main state, light and dark, on both sizes; small screens, large letters."""

import re
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from tests.e2e.chatting import ticket_with
from tests.e2e.widget.conftest import DESKTOP, PHONE, Widget

STANDARD = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}


# Of 4,096 colours, the words on it, and it as words on each ground.
COLOURS = """async () => {
  const start = document.querySelector("script[type=module]").src;
  const { contrast, readColour } = await import(new URL("view/colour.js", start));
  const { coloursOf, GROUNDS } = await import(new URL("view/theme.js", start));
  let worst = 21;
  for (let code = 0; code < 4096; code += 1) {
    const picked = readColour(`#${code.toString(16).padStart(3, "0")}`);
    for (const mode of ["light", "dark"]) {
      const made = coloursOf(picked, mode);
      const grounds = [...GROUNDS[mode].map(readColour), made["accent-soft"]];
      const pairs = grounds.map((ground) => contrast(made["accent-words"], ground));
      pairs.push(contrast(made["on-accent"], made.accent));
      pairs.push(contrast(made["on-accent"], made["accent-deep"]));
      worst = Math.min(worst, ...pairs);
    }
  }
  return worst;
}"""


def violations(widget: Widget) -> list[str]:
    """Return what axe finds in the frame as it stands."""
    found: dict[str, Any] = Axe().run(widget.frame, options=STANDARD).response
    return [
        f"{one['id']}: {node['html'][:150]} {node['failureSummary'][:300]}"
        for one in found["violations"]
        for node in one["nodes"]
    ]


EACH = [(size, scheme) for size in (DESKTOP, PHONE) for scheme in ("light", "dark")]


def is_clean(widget: Widget, looks: list[tuple[Any, Any]] = EACH) -> None:
    """Check the state as it stands on both sizes, light and dark."""
    for size, scheme in looks:
        widget.page.set_viewport_size(size)
        widget.page.emulate_media(color_scheme=scheme)
        expect(widget.app.locator("html")).to_have_attribute("data-mode", scheme)
        assert violations(widget) == []
    widget.page.set_viewport_size(DESKTOP)  # type: ignore[arg-type] # a plain dict will do


def test_steps_before_a_talk_are_clean(visitors):
    widget = visitors.visit("careful")
    widget.open()
    expect(widget.part("availability").first).to_be_visible()
    is_clean(widget)
    widget.part("new-thread").click()
    is_clean(widget)
    widget.part("consent-agree").click()
    widget.part("form-go").click()
    expect(widget.part("field-name")).to_have_attribute("aria-invalid", "true")
    is_clean(widget)


def test_talk_and_what_opens_from_it_are_clean(visitors, whole, answer, question):
    widget = visitors.visit()
    widget.open().part("new-thread").click()
    widget.say(question)
    expect(widget.messages("customer")).to_have_attribute("data-state", "filed")
    answer(question, "**Ja**, zie https://voorbeeld.nl/fiets")
    whole.answer(ticket_with(whole, question), "/knoppen Past dat? | Ja | Nee", public=False)
    expect(widget.part("quick-reply")).to_have_count(2)
    refusal = {"error": "invalid", "text": "Dit kan zo niet worden verstuurd."}
    widget.page.route("**/messages?*", lambda route: route.fulfill(status=400, json=refusal))
    widget.say("Dit komt niet aan.")
    expect(widget.part("retry")).to_be_visible()
    is_clean(widget)

    widget.part("emoji").click()
    expect(widget.part("emoji-picker")).to_be_visible()
    is_clean(widget, EACH[1:3])
    widget.page.keyboard.press("Escape")
    widget.part("menu").click()
    is_clean(widget, EACH[1:3])
    widget.part("hop").click()
    expect(widget.part("hop-code")).to_have_text(re.compile("^BAL(-[A-Z2-7]{4}){4}$"))
    is_clean(widget, EACH[1:3])


def test_dialog_that_asks_for_a_number_is_clean_and_tells_problems_at_their_fields(
    visitors, question
):
    widget = visitors.visit()
    widget.open().part("new-thread").click()
    widget.say(question)
    expect(widget.messages("customer")).to_have_attribute("data-state", "filed")
    widget.part("menu").click()
    widget.part("give-number").click()
    is_clean(widget, EACH[1:3])
    widget.part("number-go").click()
    number, agreed = widget.part("number"), widget.part("number-consent")
    expect(number).to_be_focused()
    for field, words in ((number, "Dit is geen telefoonnummer."), (agreed, "Vink aan")):
        expect(field).to_have_attribute("aria-invalid", "true")
        expect(field).to_have_accessible_description(re.compile(words))
    is_clean(widget)
    at = [one.bounding_box() for one in (agreed, widget.app.locator("#number-consent-problem"))]
    assert at[0] is not None
    assert at[1] is not None
    assert 0 < at[1]["y"] - at[0]["y"] < 80


def test_every_colour_of_a_tenant_can_be_read(visitors):
    widget = visitors.visit()
    widget.open()
    expect(widget.part("new-thread")).to_be_visible()
    worst = widget.frame.evaluate(COLOURS)
    assert worst >= 4.5


SMALL = [
    {"width": 320, "height": 568},
    {"width": 640, "height": 400},
    {"width": 320, "height": 256},
]
"""A small phone, and desktops at 200 and 400 %."""


def fits(widget: Widget) -> list[bool]:
    """Say for each small screen whether nothing has to be scrolled sideways."""
    found = """() => [document.documentElement, ...document.querySelectorAll(".screen, .log")]
        .every((one) => one.scrollWidth <= one.clientWidth)"""
    answers = []
    for size in SMALL:
        widget.page.set_viewport_size(size)  # type: ignore[arg-type] # a plain dict will do
        answers.append(bool(widget.frame.evaluate(found)))
    return answers


def test_small_screens_show_all_without_scrolling_sideways(visitors, question):
    widget = visitors.visit("careful", context=visitors.browser(viewport=SMALL[0]))
    widget.open()
    widget.part("new-thread").click()
    assert fits(widget) == [True] * 3
    widget.part("consent-agree").click()
    widget.part("field-name").fill("Noor")
    assert fits(widget) == [True] * 3
    widget.part("form-go").click()
    widget.say(question + "x" * 200)
    expect(widget.messages("customer")).to_have_count(1)
    assert fits(widget) == [True] * 3
    # What can be tapped is large enough to be tapped.
    boxes = [widget.part(name).bounding_box() for name in ("menu", "close", "back", "attach")]
    assert [box for box in boxes if box is None or min(box["width"], box["height"]) < 44] == []


def test_first_screen_comes_without_moving(visitors):
    widget = visitors.visit()
    widget.open()
    shifts = """() => new Promise((resolve) => {
      new PerformanceObserver((list) => resolve(
        list.getEntries().filter((one) => !one.hadRecentInput).map((one) => one.value)
      )).observe({ type: "layout-shift", buffered: true });
      setTimeout(resolve, 300, []);
    })"""
    expect(widget.part("new-thread")).to_be_visible()
    assert sum(widget.frame.evaluate(shifts)) < 0.01
