"""What agents answer is heard once, in every tab, over streams that end and networks that drop."""

import time

import pytest
from playwright.sync_api import APIResponse, BrowserContext, Request, Route
from tests.e2e.chatting import ticket_with
from tests.e2e.whole import wait_until

STREAM = "**/stream?*"
HURRY = "dispatchEvent(new Event('online'))"


def asked(context: BrowserContext, path: str) -> list[Request]:
    """Return the requests of this path from now on."""
    found: list[Request] = []
    context.on("request", lambda one: found.append(one) if f"/{path}?" in one.url else None)
    return found


def test_stream_that_ends_goes_on_where_it_was(engines, whole, question, answer):
    engine = engines.visit()
    streams = asked(engine.page.context, "stream")
    engine.say(question)
    engine.has_filed(question)
    engine.run("talk.open()")
    whole.stage.stop_balie()
    engine.until("talk.state.connection === 'reconnecting'")
    whole.stage.start_balie()
    engine.run(HURRY)
    answer(question, "Ja, hij staat klaar.")
    engine.hears("Ja, hij staat klaar.")

    assert engine.run("talk.state.connection") == "live"
    assert "last-event-id" not in streams[0].headers
    assert streams[-1].headers["last-event-id"]
    assert len(engine.said()) == 2


def test_full_server_is_polled_and_the_stream_comes_back(engines, question, answer):
    engine = engines.visit()
    full = {"error": "streams_full", "text": "", "poll_seconds": 1}
    refusals = iter([503])

    def refuse(route: Route) -> None:
        if next(refusals, None):
            route.fulfill(status=503, json=full, headers={"Retry-After": "1"})
        else:
            route.continue_()

    engine.page.route(STREAM, refuse)
    engine.say(question)
    engine.until("talk.state.connection === 'polling'")
    answer(question, "Ja, hij staat klaar.")
    engine.hears("Ja, hij staat klaar.")
    engine.until("talk.state.connection === 'live'")


def test_silent_stream_is_opened_again(engines, question, answer):
    context = engines.browser()
    context.clock.install()
    engine = engines.visit(context=context)
    streams = asked(context, "stream")
    engine.say(question)
    engine.has_filed(question)
    engine.until("talk.state.connection === 'live'")
    opened = len(streams)

    context.clock.fast_forward(50_000)  # twice the heartbeat, in which nothing was heard
    for _ in range(20):
        context.clock.fast_forward(1_000)
        if len(streams) > opened:
            break
        engine.page.wait_for_timeout(20)
    answer(question, "Ja, hij staat klaar.")

    engine.hears("Ja, hij staat klaar.")
    assert len(streams) == opened + 1


def test_answer_that_is_overtaken_by_news_changes_nothing(engines, whole, question):
    engine = engines.visit()
    late: list[tuple[Route, APIResponse]] = []
    engine.page.route("**/threads?*", lambda route: late.append((route, route.fetch())))
    engine.say(question)
    engine.has_filed(question)
    while not late:
        engine.page.wait_for_timeout(50)
    ticket = ticket_with(whole, question)["id"]
    whole.stage.control("POST", f"zendesk/tickets/{ticket}/status", {"status": "solved"})
    engine.until("talk.state.threads[0].isOver")
    [(route, response)] = late
    with engine.page.expect_response("**/threads?*"):
        route.fulfill(response=response)
    engine.page.wait_for_timeout(300)

    assert response.json()["threads"][0]["is_over"] is False
    assert engine.run("talk.state.threads[0].isOver")


def test_token_is_renewed_before_it_ends(engines, question):
    context = engines.browser()
    context.clock.install()
    engine = engines.visit(context=context)
    renewals, sessions = asked(context, "renew"), asked(context, "session")
    engine.say(question)
    engine.has_filed(question)

    context.clock.fast_forward(601_000)  # of 900 seconds, less than a third is left
    engine.say("En nog iets.")
    engine.has_filed("En nog iets.")

    assert (len(renewals), len(sessions)) == (1, 1)


def test_a30_clock_that_is_wrong_changes_no_order_and_no_time(engines, question, answer):
    context = engines.browser()
    context.clock.install(time="2020-02-29T12:00:00")
    engine = engines.visit(context=context)
    engine.say(question)
    engine.has_filed(question)
    answer(question, "Ja, hij staat klaar.")
    engine.hears("Ja, hij staat klaar.")
    engine.say("Dank u!")
    engine.has_filed("Dank u!")

    words = [said for _, _, said in engine.said()]
    assert words == [question, "Ja, hij staat klaar.", "Dank u!"]
    assert engine.run("talk.now()") / 1_000 == pytest.approx(time.time(), abs=60)


def test_tabs_share_one_stream_and_one_takes_over(engines, question, answer):
    context = engines.browser()
    streams = asked(context, "stream")
    one = engines.visit(context=context)
    one.say(question)
    one.has_filed(question)
    two = engines.visit(context=context)
    two.until("talk.state.threads.length === 1")
    answer(question, "Ja, hij staat klaar.")
    for engine in (one, two):
        engine.hears("Ja, hij staat klaar.")
    shared = len(streams)

    one.page.close()
    two.until("talk.state.connection === 'live'")
    answer(question, "Tot morgen!")
    two.hears("Tot morgen!")

    assert shared == 1
    assert len(streams) == 2
    assert streams[1].headers["last-event-id"]


def test_answer_is_delivered_at_once_and_read_when_it_was_seen(engines, question, answer):
    context = engines.browser()
    context.clock.install()
    engine = engines.visit(context=context)
    told = asked(engine.page.context, "receipts")
    engine.say(question)
    engine.has_filed(question)
    engine.page.keyboard.press("Escape")
    engine.run("bridge.close()")
    answer(question, "Ja, hij staat klaar.")
    engine.until("talk.state.unread === 1")
    engine.run("talk.seen(t)")  # yet the panel is closed
    context.clock.fast_forward(1_000)  # what comes within a second is told together
    wait_until(lambda: engine.page.title() == "(1) Fietsenwinkel" and told)
    delivered = [one.post_data_json for one in told]
    engine.widget.launcher.click()
    engine.run("talk.seen(t)")
    engine.until("talk.state.unread === 0")
    engine.until("talk.state.messages[t].at(-1).state === 'read'")
    context.clock.fast_forward(1_000)
    wait_until(lambda: engine.page.title() == "Fietsenwinkel" and len(told) == 2)

    [answered] = [one["id"] for one in engine.run("talk.state.messages[t]") if one["by"] == "agent"]
    assert delivered == [{"delivered": [answered], "read": []}]
    assert told[1].post_data_json == {"delivered": [], "read": [answered]}


BECOME = """Object.defineProperty(document, "visibilityState", { value: "%s", configurable: true });
document.dispatchEvent(new Event("visibilitychange"));"""
AWAY = {
    "hidden for long": (BECOME % "hidden", BECOME % "visible"),
    "put away": (
        "dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))",
        "dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))",
    ),
}


@pytest.mark.parametrize("how", AWAY)
def test_page_that_nobody_looks_at_rests_and_hears_later_what_it_missed(
    engines, question, answer, how
):
    away, back = AWAY[how]
    context = engines.browser()
    context.clock.install()
    engine = engines.visit(context=context)
    streams = asked(context, "stream")
    engine.say(question)
    engine.has_filed(question)
    engine.until("talk.state.connection === 'live'")
    with engine.page.expect_event("requestfailed", lambda one: "/stream?" in one.url):
        engine.run(away)
        context.clock.fast_forward(7_000_000)  # nearly two hours
    answer(question, "Ja, hij staat klaar.")
    engine.run(back)
    engine.hears("Ja, hij staat klaar.")

    assert [bool(one.headers.get("last-event-id")) for one in streams] == [False, True]


def test_hidden_page_listens_on_while_a_talk_is_fresh(engines, question, answer):
    context = engines.browser()
    context.clock.install()
    engine = engines.visit(context=context)
    engine.say(question)
    engine.has_filed(question)
    engine.run("bridge.close()")
    engine.run(BECOME % "hidden")
    context.clock.fast_forward(601_000)
    answer(question, "Ja, hij staat klaar.")

    wait_until(lambda: engine.page.title() == "(1) Fietsenwinkel")


def test_token_that_ended_is_followed_by_a_new_one_for_the_same_talk(engines, question):
    context = engines.browser()
    context.clock.install()
    engine = engines.visit(context=context)
    sessions = asked(context, "session")
    engine.say(question)
    engine.has_filed(question)
    context.clock.fast_forward(1_000_000)  # the laptop slept
    engine.say("En nog iets.")
    engine.has_filed("En nog iets.")

    assert [sorted(one.post_data_json) for one in sessions] == [
        ["consent", "page", "seed"],
        ["consent", "page", "resume"],
    ]
    assert engine.run("talk.state.threads.length") == 1
