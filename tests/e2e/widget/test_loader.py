"""The launcher on other people's sites: it asks for nothing, breaks nothing, and can be reached."""

import gzip
import json
import re
import time
from datetime import datetime

import pytest
import requests
from playwright.sync_api import expect
from tests.e2e.whole import wait_until
from tests.e2e.widget.conftest import DESKTOP, IDENTITY_SECRET, PHONE
from tests.e2e.widget.test_story_elsewhere import begun, settle
from tests.plugins.livechat.visiting import jwt

MOST_BYTES = 5_000
SHIFTS = """new Promise((resolve) => new PerformanceObserver((list) =>
  resolve(list.getEntries().reduce((sum, one) => sum + one.value, 0)))
  .observe({ type: "layout-shift", buffered: true }) ?? setTimeout(resolve, 300, 0))"""


def test_page_view_asks_for_the_loader_only_and_keeps_nothing(visitors, whole):
    context = visitors.browser()
    asked: list[str] = []
    context.on("request", lambda one: asked.append(one.url))
    widget = visitors.visit(context=context)
    expect(widget.launcher).to_be_visible()
    widget.page.wait_for_load_state("networkidle")

    to_balie = [url for url in asked if url.startswith(whole.stage.url)]
    assert to_balie == [f"{whole.stage.url}/livechat/demo/site/loader.js"]
    assert context.cookies() == []
    assert context.storage_state() == {"cookies": [], "origins": []}
    assert widget.page.evaluate("indexedDB.databases()") == []
    assert widget.page.evaluate(SHIFTS) == 0


@pytest.mark.parametrize("connection", ["site", "careful"])
def test_loader_weighs_at_most_five_kilobytes(shop, connection):
    answer = requests.get(f"{shop.balie}/livechat/demo/{connection}/loader.js", timeout=10)

    assert len(gzip.compress(answer.content, 9)) <= MOST_BYTES


def test_loader_has_room_for_much_that_a_tenant_says(shop):
    answer = requests.get(f"{shop.balie}/livechat/demo/site/loader.js", timeout=10)
    own = {
        "launcher": ("Vraag het onze fietsenmakers, elke dag", "Ask our mechanics, every day"),
        "launcher_open": ("Chat nu met iemand uit uw buurt", "Chat now with a local mechanic"),
        "launcher_busy": ("Druk! Laat een bericht achter", "Quite busy: leave us word"),
        "launcher_closed": ("Gesloten; morgenochtend antwoord", "Closed: hear from us tomorrow"),
        "launcher_failed": ("Het lukt niet; bel 033 550 0100", "It fails; ring 033 550 0100"),
    }
    texts = [{name: words[at] for name, words in own.items()} for at in (0, 1)]
    theme = {"colour": "#13a0c7", "colour_dark": "#7bd9f0", "position": "left", "mode": "dark"}
    logo = "https://beelden.fietsenwinkel.example/2026/11/logo-ketting-rond.svg?v=8f31ac"
    more = json.dumps([*texts, theme, logo]).encode()

    assert len(gzip.compress(answer.content + more, 9)) <= MOST_BYTES


def test_click_opens_escape_closes_and_focus_returns(engines):
    widget = engines.visitors.visit(context=engines.browser())
    launcher = widget.launcher
    expect(launcher).to_have_accessible_name("Chat openen")
    expect(launcher).to_have_attribute("aria-expanded", "false")
    widget.page.keyboard.press("Tab")
    widget.page.keyboard.press("Tab")
    widget.page.keyboard.press("Tab")
    expect(launcher).to_be_focused()
    widget.page.keyboard.press("Enter")
    engine = engines.begun(widget)
    expect(launcher).to_have_attribute("aria-expanded", "true")
    expect(launcher).to_have_accessible_name("Chat sluiten")
    engine.until("document.hasFocus() && heard.some((one) => one.do === 'shown')")

    engine.run("bridge.close()")  # as the view does for Esc
    expect(launcher).to_be_focused()
    expect(launcher).to_have_attribute("aria-expanded", "false")
    widget.page.keyboard.press("Enter")
    launcher.focus()
    widget.page.keyboard.press("Escape")

    expect(launcher).to_have_attribute("aria-expanded", "false")
    assert launcher.bounding_box()["height"] >= 44


def test_panel_covers_a_phone_and_the_page_behind_is_out_of_reach(engines):
    context = engines.browser(viewport=PHONE, is_mobile=True, has_touch=True)
    widget = engines.visitors.visit(context=context)
    widget.launcher.tap()
    engine = engines.begun(widget)
    engine.until("heard.some((one) => one.do === 'shown' && one.size === 'full')")
    box = widget.page.locator("[data-test=frame]").bounding_box()
    covered = widget.page.evaluate(
        "[document.body.inert, document.documentElement.style.overflow, innerHeight]"
    )
    expect(widget.launcher).to_be_hidden()
    engine.run("bridge.close()")
    expect(widget.launcher).to_be_visible()

    assert covered[:2] == [True, "hidden"]
    assert box == {"x": 0, "y": 0, "width": PHONE["width"], "height": covered[2]}
    assert widget.page.evaluate("document.body.inert") is False
    assert widget.page.evaluate("document.documentElement.style.overflow") == ""


def test_desktop_page_stays_scrollable_and_does_not_move(engines):
    engine = engines.visit()

    assert engine.page.evaluate(
        "[document.body.inert, document.documentElement.style.overflow]"
    ) == [
        False,
        "",
    ]
    box = engine.page.locator("[data-test=frame]").bounding_box()
    assert (box["x"] + box["width"], box["width"]) == (DESKTOP["width"] - 20, 400)
    assert engine.page.evaluate(SHIFTS) == 0


@pytest.mark.parametrize(
    "choices",
    [{"where": "head"}, {"twice": "1"}, {"csp": "strict"}, {"lang": "ar", "position": "left"}],
    ids=["in-head", "twice", "strict-csp", "position-left"],
)
def test_launcher_works_wherever_it_is_put(engines, choices):
    engine = engines.visit(**choices)
    engine.until("heard.some((one) => one.do === 'shown')")

    assert engine.page.locator("[data-test=launcher]").count() == 1
    box = engine.widget.launcher.bounding_box()
    is_left = box["x"] < DESKTOP["width"] / 2
    assert is_left is ("position" in choices)
    assert box["y"] > DESKTOP["height"] / 2  # its styles are there, whatever the site's policy


def test_site_may_open_it_by_its_own_button_or_script(engines):
    context = engines.browser()
    context.add_init_script("window.Balie = { q: [['on', 'open', () => (window.opened = true)]] }")
    widget = engines.visitors.visit(context=context, hidden="")
    expect(widget.launcher).to_be_hidden()
    widget.page.locator("[data-balie-open]").click()
    engine = engines.begun(widget)
    engine.run("bridge.close()")
    expect(widget.page.locator("[data-balie-open]")).to_be_focused()
    widget.page.evaluate("Balie.open()")
    engine.until("heard.filter((one) => one.do === 'shown').length === 2")

    assert widget.page.evaluate("window.opened") is True


def test_widget_outlives_a_site_that_redraws_itself(engines):
    engine = engines.visit()
    engine.run("bridge.unread(2)")
    wait_until(lambda: engine.page.title() == "(2) Fietsenwinkel")
    engine.page.evaluate("document.body.replaceWith(document.createElement('body'))")
    engine.page.evaluate("history.pushState({}, '', '/site/banden'); document.title = 'Banden'")
    wait_until(lambda: engine.page.title() == "(2) Banden")
    engine.page.evaluate("document.getElementById('balie').remove()")
    engine = engines.begun(engine.widget)  # the frame begins anew

    engine.until("heard.some((one) => one.do === 'shown')")


def test_site_hears_of_messages_and_the_count(engines, question, answer):
    engine = engines.visit()
    engine.page.evaluate(
        """() => {
          window.told = [];
          Balie.on("message", (message) => told.push(message.text));
          const off = Balie.on("unread", (count) => { told.push(count); off(); });
        }"""
    )
    engine.say(question)
    engine.has_filed(question)
    answer(question, "Ja, hij staat klaar.")
    engine.hears("Ja, hij staat klaar.")

    wait_until(lambda: len(engine.page.evaluate("told")) == 2)
    assert sorted(map(str, engine.page.evaluate("told"))) == ["1", "Ja, hij staat klaar."]


def unopened(visitors, whole, hours, state):
    """Open a page with a chat that has these hours; return it, its text and what it asks for."""
    settle(whole, "hours", opening_hours=hours)
    told = f'"availability":"{state}"'
    wait_until(lambda: told in whole.get("/livechat/demo/hours/loader.js").text)
    context = visitors.browser(timezone_id="Europe/Amsterdam")
    context.clock.install()
    page = visitors.visit("hours", context=context).page
    page.wait_for_load_state("networkidle")
    asked: list[str] = []
    context.on("request", lambda one: asked.append(one.url))
    return page, page.locator("[data-test=launcher] .text"), asked


def come_to(page, at, seconds):
    """Let the page's clock come to so many seconds after a moment."""
    now = page.evaluate("Date.now()") / 1000
    page.clock.fast_forward(int((datetime.fromisoformat(at).timestamp() - now + seconds) * 1000))


def test_closed_chat_says_so_unopened_and_sees_by_itself_that_it_opens(visitors, whole):
    page, text, asked = unopened(visitors, whole, "mon 0:00-0:01", "closed")
    expect(text).to_have_text(re.compile(r"^Stel een vraag, open maandag \S* ?0?0:00$"))
    expect(page.locator("[data-test=launcher]")).to_have_accessible_name(text.inner_text())
    opens_at = whole.get("/livechat/demo/hours/availability").json()["opens_at"]
    come_to(page, opens_at, -60)
    expect(text).to_be_visible()
    come_to(page, opens_at, 60)

    expect(text).to_be_hidden()
    expect(page.locator("[data-test=launcher]")).to_have_accessible_name("Chat openen")
    assert asked == []


def test_chat_that_closes_while_a_page_is_open_says_so(visitors, whole):
    page, text, asked = unopened(visitors, whole, "mon-sun 0:00-23:59", "open")
    expect(text).to_be_hidden()
    closes_at = whole.get("/livechat/demo/hours/availability").json()["closes_at"]
    come_to(page, closes_at, 60)

    expect(text).to_have_text("Stel een vraag")
    assert asked == []


def test_shutdown_before_anything_was_said_asks_for_nothing_and_the_chat_still_opens(visitors):
    context = visitors.browser()
    widget = visitors.visit(context=context)
    widget.page.wait_for_load_state("networkidle")
    asked: list[str] = []
    context.on("request", lambda one: asked.append(one.url))
    widget.page.evaluate("Balie.shutdown()")
    widget.page.wait_for_timeout(500)

    assert asked == []
    assert widget.page.locator("iframe").count() == 0
    widget.page.evaluate("Balie.open()")
    expect(widget.part("new-thread")).to_be_visible()


def test_after_shutdown_the_page_shows_a_new_chat_to_whoever_comes_next(visitors, question):
    widget = begun(visitors.visit(), question)
    expect(widget.messages("customer")).to_have_attribute("data-state", "filed")
    seen = widget.page.evaluate(
        "Balie.shutdown(); Balie.open(); document.querySelector('#balie') !== null"
    )
    expect(widget.part("new-thread")).to_be_visible()

    assert seen
    assert widget.part("thread").count() == 0
    widget.part("new-thread").click()
    widget.say("Ik ben iemand anders.")
    expect(widget.messages("customer")).to_have_text(re.compile("Ik ben iemand anders."))


def test_after_shutdown_the_next_customer_signs_in_on_the_same_page(visitors, question):
    claims = {"aud": "demo/members", "exp": int(time.time()) + 600}
    first, second = (
        jwt({"sub": name, **claims}, secret=IDENTITY_SECRET)
        for name in (f"a{question[-8:]}", f"b{question[-8:]}")
    )
    widget = begun(visitors.visit("members", identity=first), question)
    expect(widget.messages("customer")).to_have_attribute("data-state", "filed")
    widget.page.evaluate("Balie.shutdown()")
    expect(widget.launcher).to_have_attribute("aria-expanded", "false")
    widget.page.evaluate("token => { Balie.identify(token); Balie.open(); }", second)
    expect(widget.part("new-thread")).to_be_visible()

    assert widget.part("thread").count() == 0
    widget.part("new-thread").click()
    widget.say(f"Een ander: {question}")
    expect(widget.messages("customer")).to_have_attribute("data-state", "filed")
    # And back: what the first said is theirs alone, and still there.
    widget.page.evaluate("Balie.shutdown()")
    widget.page.evaluate("token => { Balie.identify(token); Balie.open(); }", first)
    expect(widget.part("thread")).to_contain_text(question)
    expect(widget.part("thread")).not_to_contain_text("Een ander")


def test_shutdown_signs_out_and_leaves_nothing(engines, question):
    engine = engines.visit()
    engine.say(question)
    engine.has_filed(question)
    assert engine.page.evaluate("Object.keys(localStorage)") == ["balie:/livechat/demo/site"]
    with engine.page.expect_request(lambda one: one.method == "DELETE"):
        engine.page.evaluate("Balie.shutdown()")
    expect(engine.page.locator("iframe")).to_have_count(0)
    expect(engine.widget.launcher).to_be_visible()

    assert engine.page.evaluate("Object.keys(localStorage)") == []
    assert engine.page.context.storage_state()["origins"] == []


def test_s43_way_back_takes_the_code_out_of_the_address(engines, shop, question):
    words = "Verder%20op%20de%20site%3A%20BAL-ABCD-EFGH-2345-6723"
    engine = engines.begun(
        engines.visitors.go(f"{shop.page()}#balie-hop={words}", context=engines.browser())
    )
    with engine.page.expect_request("**/messages?*") as sent:
        engine.say(question)

    assert sent.value.post_data_json["hop"] == "BAL-ABCD-EFGH-2345-6723"
    assert engine.page.url == shop.page()
    assert "BAL-" not in engine.widget.frame.url


def test_widget_works_in_an_app_whose_page_is_a_file(visitors, shop, tmp_path, question):
    page = tmp_path / "app.html"
    page.write_text(f'<body><script src="{shop.balie}/livechat/demo/apps/loader.js"></script>')
    widget = visitors.go(page.as_uri(), viewport=PHONE).open()
    widget.app.get_by_role("button", name="Start een gesprek").click()
    widget.say(question)

    expect(widget.messages("customer")).to_have_attribute("data-state", "filed")


def test_a15_site_that_is_not_named_gets_no_session_although_apps_may_show_the_widget(engines):
    engine = engines.visit("apps")
    engine.say("Hallo")
    engine.until("talk.state.messages[t]?.[0].state === 'failed'")

    assert engine.run("talk.state.messages[t][0].problem.error") == "origin"
