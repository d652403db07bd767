"""What is long, narrow or without colours keeps its place."""

import pytest
from playwright.sync_api import Locator, expect
from tests.e2e.whole import new_customer
from tests.e2e.widget.conftest import PHONE, Widget
from tests.e2e.widget.test_story_elsewhere import begun, recognised

LONG = (
    "Een lange tekst voor de knop die eigenlijk niet past op een telefoon, ook niet op twee regels"
)
NARROW = {"width": 320, "height": 568}
LYING = {"width": 844, "height": 390}


def box(part: Locator) -> dict[str, float]:
    found = part.bounding_box()
    assert found is not None
    return dict(found)


def middle(part: Locator) -> float:
    found = box(part)
    return found["y"] + found["height"] / 2


@pytest.mark.parametrize("size", [PHONE, NARROW], ids=["phone", "narrow"])
@pytest.mark.parametrize("side", ["left", "right"])
def test_long_words_of_the_launcher_leave_it_its_place_and_its_picture(visitors, size, side):
    widget = visitors.visit(context=visitors.browser(viewport=size), launcher=LONG, position=side)
    found, picture = box(widget.launcher), box(widget.launcher.locator("svg"))
    text = widget.launcher.locator(".text")

    assert found["x"] >= 20
    assert found["x"] + found["width"] <= size["width"] - 20
    assert (found["height"], picture["width"]) == (56, 24)
    assert box(text)["height"] <= 40
    expect(widget.launcher).to_have_accessible_name(LONG)


@pytest.mark.parametrize("size", [PHONE, NARROW], ids=["phone", "narrow"])
def test_long_line_below_the_name_stays_below_it(visitors, size):
    widget = visitors.visit("wordy", context=visitors.browser(viewport=size))
    widget.open().part("new-thread").click()
    for number in range(6):
        widget.part(f"field-field{number}").fill("Noor")
    widget.part("form-go").click()
    line = widget.part("availability")
    expect(line).to_contain_text("meestal binnen een half uur")
    dot, words = line.locator(".dot"), line.locator("span").last

    assert box(words)["height"] <= 36
    assert 0 <= middle(dot) - box(words)["y"] <= 17
    assert box(widget.app.locator("#panel-name"))["y"] >= 6


def test_form_with_problems_shows_them_from_the_summary_on_and_its_button(visitors):
    widget = visitors.visit("wordy")
    widget.open().part("new-thread").click()
    widget.part("form-go").click()
    expect(widget.part("field-field0")).to_be_focused()
    heading = widget.app.get_by_role("heading", name="Een paar vragen vooraf")
    for part in (heading, widget.app.get_by_role("alert"), widget.part("form-go")):
        expect(part).to_be_in_viewport(ratio=1)
    for number in range(5):
        widget.part(f"field-field{number}").fill("Noor")
    widget.part("form-go").click()

    # The last is far below: there it can be seen, above the button.
    last = widget.part("field-field5")
    expect(last).to_be_focused()
    problem = widget.app.locator("#field-field5-problem")
    expect(problem).to_be_in_viewport(ratio=1)
    below = box(widget.part("form-go"))["y"]
    assert box(problem)["y"] + box(problem)["height"] <= below


def test_panel_has_an_edge_where_colours_are_forced(visitors):
    context = visitors.browser(forced_colors="active")
    widget = visitors.visit(context=context).open()
    edge = widget.page.locator("[data-test=frame]").evaluate(
        "one => { const { outlineColor, outlineWidth } = getComputedStyle(one);"
        " return [outlineColor, outlineWidth]; }"
    )
    assert edge == ["rgb(0, 0, 0)", "1px"]


def test_words_stand_on_one_line_with_the_buttons_beside_them(visitors):
    widget = visitors.visit(context=visitors.browser(viewport=LYING))
    widget.open().part("new-thread").click()
    line = widget.part("composer").evaluate(
        "one => { const { paddingTop, lineHeight } = getComputedStyle(one);"
        " return one.getBoundingClientRect().top + parseFloat(paddingTop)"
        " + parseFloat(lineHeight) / 2; }"
    )
    frame = box(widget.page.locator("[data-test=frame] iframe"))

    assert abs(frame["y"] + line - middle(widget.part("emoji"))) <= 1


def leave(widget: Widget) -> Locator:
    """Choose the last of the menu; return the dialog that opens."""
    widget.part("menu").click()
    widget.part("sign-out").click()
    return widget.app.get_by_role("dialog").last


def test_who_never_signed_in_is_not_asked_to_sign_out(visitors, question):
    widget = begun(visitors.visit(), question)
    dialog = leave(widget)
    expect(dialog).to_have_accessible_name("Gesprekken hier vergeten?")
    widget.part("forget-yes").click()
    done = widget.part("standing-signed_out")
    expect(done).to_contain_text("Uw gesprekken zijn hier vergeten")
    expect(done).not_to_contain_text("uitgelogd")

    known = begun(recognised(visitors, new_customer(), "Noor"), f"Ook dit. {question}")
    expect(leave(known)).to_have_accessible_name("Uitloggen?")
    known.part("sign_out-yes").click()
    expect(known.part("standing-signed_out")).to_contain_text("U bent uitgelogd")
