"""What the widget keeps, tells and hears: nothing before consent, no token anywhere, no stranger.

Each attack is named by its number in the list of attacks.
"""

import json
import time
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect
from tests.e2e.whole import wait_until
from tests.e2e.widget.conftest import IDENTITY_SECRET
from tests.e2e.widget.shop import open_shop
from tests.plugins.livechat.visiting import jwt

KEPT = "JSON.stringify({ ...localStorage }) + JSON.stringify({ ...sessionStorage })"


def identity_of(name: str, **more: Any) -> str:
    claims = {"sub": name, "aud": "demo/members", "exp": int(time.time()) + 600, "name": name}
    return jwt(claims | more, secret=IDENTITY_SECRET)


def tokens_of(context: BrowserContext) -> list[str]:
    """Return the tokens that the server gives from now on."""
    found: list[str] = []

    def note(response: Any) -> None:
        if response.request.method == "POST" and "/session" in response.url and response.ok:
            found.append(response.json()["token"])

    context.on("response", note)
    return found


def test_nothing_is_kept_and_no_session_begun_before_consent(engines):
    context = engines.browser()
    asked: list[str] = []
    context.on("request", lambda one: asked.append(f"{one.method} {one.url.partition('?')[0]}"))
    engine = engines.visit("careful", context=context)
    engine.run("talk.setSound(true)")
    engine.until("talk.state.settings && talk.state.agreed === false")
    before = context.storage_state()
    with engine.page.expect_request("**/session?*") as begun:
        engine.run("talk.agree()")
    engine.until("talk.state.session")

    assert before == {"cookies": [], "origins": []}
    assert [one for one in asked if one.startswith("POST")] == [
        f"POST {engines.visitors.shop.balie}/livechat/demo/careful/session"
    ]
    assert begun.value.post_data_json["consent"] == "2"
    assert context.cookies() == []


def test_a13_token_is_kept_nowhere_and_in_no_address(engines, shop, question):
    context = engines.browser()
    tokens = tokens_of(context)
    addresses: list[str] = []
    context.on("request", lambda one: addresses.append(one.url + str(one.headers.get("referer"))))
    engine = engines.visit(context=context)
    engine.say(question)
    engine.has_filed(question)

    kept = engine.run(KEPT) + engine.page.evaluate(KEPT)
    assert tokens
    assert [one for one in tokens if one in kept] == []
    assert [one for one in tokens for address in addresses if one in address] == []
    assert context.cookies() == []
    # Not even which page of the shop it is.
    frames = [one for one in addresses if one.endswith(f"/app{shop.origin}/")]
    assert len(frames) == 1
    assert not any(shop.page() in one for one in addresses if one.startswith(shop.balie))


def test_a13_signing_out_in_one_tab_ends_and_forgets_all_tabs(engines, question):
    context = engines.browser()
    one = engines.visit(context=context)
    one.say(question)
    one.has_filed(question)
    two = engines.visit(context=context)
    two.until("talk.state.threads.length === 1")

    one.run("talk.signOut()")
    for engine in (one, two):
        engine.until("talk.state.phase === 'signed_out' && !talk.state.threads.length")

    assert one.run("Object.keys(localStorage)") == []
    wait_until(lambda: one.page.evaluate("Object.keys(localStorage)") == [])


def test_a13_stolen_resume_ends_the_session_for_both(engines, question):
    context = engines.browser()
    engine = engines.visit(context=context)
    engine.say(question)
    engine.has_filed(question)
    copied = engine.run("({ ...localStorage })")
    for _ in range(2):  # the visitor comes back twice; each time it is another
        engine = engines.again(engine)
        engine.until("talk.state.threads.length === 1")
    thief = engines.visit(context=engines.browser())
    thief.run("kept => Object.assign(localStorage, kept)", copied)
    thief = engines.again(thief, opened=True)
    engine.until("talk.state.phase === 'signed_out'")

    assert thief.run("talk.state.threads") == []
    assert [name for name in thief.run("Object.keys(localStorage)") if "resume" in name] == []


def test_a14_identity_that_is_left_out_or_forged_opens_nothing(engines, question):
    engine = engines.visit("members")
    engine.until("talk.state.phase === 'refused'")
    forged = jwt(
        {"sub": "noor", "aud": "demo/members", "exp": int(time.time()) + 600}, secret="x" * 40
    )
    engine.page.evaluate("jwt => Balie.identify(jwt)", forged)
    engine.until("talk.state.problem?.text")
    said = engine.run("talk.state.problem")
    engine.page.evaluate("jwt => Balie.identify(jwt)", identity_of(question))
    engine.until("talk.state.phase === 'ready' && talk.state.session?.recognised")

    assert said["error"] == "identity"


def test_customer_finds_the_talk_on_another_device_and_the_next_customer_does_not(
    engines, question
):
    engine = engines.visit("members", identity=identity_of(f"noor {question}"))
    engine.say(question)
    engine.has_filed(question)
    other = engines.visit("members", identity=identity_of(f"noor {question}"))
    other.has_filed(question)
    kept = engine.run("Object.keys(localStorage)")

    shop = engines.visitors.shop
    engine.page.goto(shop.page("members", identity=identity_of(f"sem {question}")))
    engine = engines.begun(engine.widget.open())
    engine.until("talk.state.session?.recognised")

    assert engine.run("talk.state.threads") == []
    assert [name for name in kept if name.endswith(":resume")] == []


def test_visitor_who_signs_in_takes_the_talk_along(engines, question):
    engine = engines.visit()
    engine.say(question)
    engine.has_filed(question)
    engine.page.evaluate(
        "jwt => Balie.identify(jwt)", identity_of(f"noor {question}", aud="demo/site")
    )
    engine.until("talk.state.session?.recognised")
    engine.say("Ik ben het.")
    engine.has_filed("Ik ben het.")

    assert [words for _, _, words in engine.said()] == [question, "Ik ben het."]
    assert [name for name in engine.run("Object.keys(localStorage)") if "resume" in name] == []


# How the talks stand may still be told, by Balie itself.
_STATE = "(({ threads, ...rest }) => rest)(talk.state)"
HOSTILE = """() => {
  for (const frame of [parent, ...Array.from(parent.frames)]) {
    for (const words of [
      { balie: 1, do: "start", page: "https://evil.example", identity: "x" },
      { balie: 1, do: "identify", identity: "x.e30.x" },
      { balie: 1, do: "preview", settings: { name: "Bank" } },
      { balie: 1, do: "shutdown" },
      { balie: 1, say: "unread", count: 99 },
      { balie: 1, say: "message", author: "Bank", text: "Uw pincode?" },
      { balie: 1, say: "kept", kept: false },
      { balie: 1, say: "close" },
    ]) frame.postMessage(words, "*");
  }
}"""


def test_a15_frame_of_somebody_else_on_the_page_is_not_heard(engines, question):
    engine = engines.visit(hostile="1")
    engine.say(question)
    engine.has_filed(question)
    engine.page.evaluate("Balie.on('message', () => (window.fooled = true))")
    before = engine.run(_STATE)
    [ad] = [one for one in engine.page.frames if one.name == "hostile"]
    ad.evaluate(HOSTILE)
    engine.page.wait_for_timeout(300)

    assert engine.run(_STATE) == before
    assert engine.page.title() == "Fietsenwinkel"
    assert engine.page.evaluate("[window.fooled, Object.keys(localStorage)]") == [
        None,
        ["balie:/livechat/demo/site"],
    ]
    expect(engine.widget.launcher).to_have_attribute("aria-expanded", "true")


def test_a15_page_cannot_pose_as_the_preview_or_as_another_page(engines):
    engine = engines.visit()
    engine.page.evaluate(
        """() => {
          const frame = document.getElementById("balie").shadowRoot.querySelector("iframe");
          const tell = (words) => frame.contentWindow.postMessage({ balie: 1, ...words }, "*");
          tell({ do: "preview", settings: { name: "Bank" } });
          tell({ do: "start", page: "https://www.bank.example" });
        }"""
    )
    with engine.page.expect_request("**/session?*") as begun:
        engine.say("Hallo")

    assert begun.value.post_data_json["page"] == engines.visitors.shop.origin
    assert engine.run("talk.state.settings.name") == "Demo"


def test_a15_site_that_is_not_allowed_cannot_show_the_widget(engines, shop):
    with open_shop(shop.balie) as stranger:
        context = engines.visitors.browser()
        engines.visitors.tolerated += ("frame-ancestors", "Framing")
        widget = engines.visitors.go(stranger.page(), context=context)
        context.clock.install()
        widget.page.reload()
        widget.open()
        context.clock.fast_forward(16_000)

        expect(widget.page.get_by_text("De chat laadt niet")).to_be_visible()


def test_storage_that_is_forbidden_is_done_without(engines, shop, question, answer):
    engine = engines.go(shop.foreign.page())
    with pytest.raises(Exception, match="SecurityError"):
        engine.run("localStorage.length")
    engine.say(question)
    engine.has_filed(question)
    answer(question, "Ja, hij staat klaar.")

    engine.hears("Ja, hij staat klaar.")


def test_s41_erasure_forgets_all_and_the_next_talk_begins_anew(engines, question):
    engine = engines.visit()
    engine.say(question)
    engine.has_filed(question)
    words = engine.run("talk.exportData().then((blob) => blob.text())")
    engine.run("talk.erase()")
    engine.until("talk.state.phase === 'signed_out'")
    engine = engines.again(engine, opened=True)

    assert json.loads(words)["threads"][0]["messages"][0]["parts"][0]["text"] == question
    assert engine.run("[talk.state.phase, talk.state.threads]") == ["ready", []]


def test_message_on_its_way_while_the_visitor_signs_in_arrives_once(engines, whole, question):
    context = engines.browser()
    engine = engines.visit(context=context)
    engine.say(f"{question} eerst")
    engine.has_filed(f"{question} eerst")
    other = engines.visit(context=context)
    other.until("talk.state.threads.length === 1")
    jwt = identity_of(f"noor {question}", aud="demo/site")
    engine.run(
        """([text, jwt]) => {
          talk.send(t, { text });
          talk.identify(jwt);
          talk.send(t, { text: `${text} nog iets` });
        }""",
        [question, jwt],
    )
    for tab in (engine, other):
        tab.has_filed(f"{question} nog iets")
        tab.until("talk.state.session.recognised")

    said = [words for _, _, words in engine.said()]
    tickets = whole.stage.control("GET", "zendesk/tickets")["tickets"]
    bodies = [comment["body"] for ticket in tickets for comment in ticket["comments"]]
    assert said == [f"{question} eerst", question, f"{question} nog iets"]
    assert [sum(words in body for body in bodies) for words in said] == [1, 3, 1]
