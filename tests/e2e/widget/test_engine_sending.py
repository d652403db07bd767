"""What a visitor writes arrives, once, whatever becomes of the network, the page and the tabs."""

from collections import Counter
from typing import Any

from playwright.sync_api import BrowserContext, Request, Route
from tests.e2e.chatting import ticket_with
from tests.e2e.whole import Whole

MESSAGES = "**/messages?*"


def posted(context: BrowserContext) -> list[dict[str, Any]]:
    """Return what is posted as messages from now on."""
    found: list[dict[str, Any]] = []

    def note(request: Request) -> None:
        if request.method == "POST" and "/messages?" in request.url:
            found.append(request.post_data_json)

    context.on("request", note)
    return found


def comments_with(whole: Whole, words: str) -> int:
    comments = [comment["body"] for comment in ticket_with(whole, words)["comments"]]
    return sum(words in one for one in comments)


def test_reload_while_sending_sends_all_in_order(engines, whole, question):
    engine = engines.visit()
    engine.page.route(MESSAGES, lambda route: route.abort())
    engine.say(question)
    engine.say("En nog iets.")
    engine.until("Object.values(talk.state.messages).flat().length === 2")

    engine.page.unroute(MESSAGES)
    engine = engines.again(engine)
    engine.has_filed("En nog iets.")

    assert [words for _, _, words in engine.said()] == [question, "En nog iets."]
    assert comments_with(whole, question) == 1


def test_t9_reload_before_the_first_answer_doubles_nothing(engines, whole, question):
    engine = engines.visit()

    def lose_answer(route: Route) -> None:
        route.fetch()
        route.abort("connectionreset")

    engine.page.route(MESSAGES, lose_answer)
    with engine.page.expect_event("requestfailed"):
        engine.say(question)
    engine.page.unroute(MESSAGES)
    engine = engines.again(engine)
    engine.has_filed(question)

    tickets = whole.stage.control("GET", "zendesk/tickets")["tickets"]
    bodies = [comment["body"] for ticket in tickets for comment in ticket["comments"]]
    assert sum(question in body for body in bodies) == 1
    assert [name for name in engine.run("Object.keys(localStorage)") if "seed" in name] == []


def test_file_is_kept_over_a_reload_while_sending(engines, whole, question):
    engine = engines.visit()
    engine.page.route("**/files?*", lambda route: route.abort())
    engine.run(
        """text => {
          const file = new File(["Bonnetje"], "bon.txt", { type: "text/plain" });
          talk.send(talk.newThread(), { text, files: [file] });
        }""",
        question,
    )
    engine.until("indexedDB.databases().then((all) => all.length === 1)")
    engine.until("Object.keys(localStorage).some((name) => name.includes(':out.'))")

    engine.page.unroute("**/files?*")
    engine = engines.again(engine)
    engine.has_filed(question)

    attached = [
        file["file_name"]
        for comment in ticket_with(whole, question)["comments"]
        for file in comment["attachments"]
    ]
    assert attached == ["bon.txt"]


def test_two_tabs_send_what_waits_once(engines, whole, question):
    context = engines.browser()
    sent = posted(context)
    context.route(MESSAGES, lambda route: route.abort())
    one, two = engines.visit(context=context), engines.visit(context=context)
    one.say(question)
    one.until("Object.values(talk.state.messages).flat().length === 1")
    two.run("talk.open(), dispatchEvent(new Event('online'))")
    one.page.wait_for_timeout(200)

    sent.clear()
    context.unroute(MESSAGES)
    for engine in (two, one):
        engine.run("dispatchEvent(new Event('online'))")
    one.has_filed(question)
    two.until("text => talk.state.threads[0]?.last?.parts[0].text === text", question)

    assert Counter(message["id"] for message in sent).most_common(1)[0][1] == 1
    assert comments_with(whole, question) == 1


def test_a18_throttled_visitor_is_told_why_and_is_sent_later(engines, question):
    engine = engines.visit()
    told = iter([{"error": "slow_down", "text": "Even wachten: nog 1 seconde."}])

    def refuse(route: Route) -> None:
        body = next(told, None)
        if body is None:
            return route.continue_()
        return route.fulfill(status=429, json=body, headers={"Retry-After": "1"})

    engine.page.route(MESSAGES, refuse)
    engine.say(question)
    engine.until("talk.state.messages[t]?.[0].problem")
    problem = engine.run("talk.state.messages[t][0].problem")
    engine.has_filed(question)

    assert (problem["error"], problem["text"]) == ("slow_down", "Even wachten: nog 1 seconde.")
    assert problem["retryAt"] > 0


def test_refused_message_fails_with_its_problems_and_the_next_one_goes(engines, question):
    engine = engines.visit("careful")
    engine.run("talk.agree()")
    engine.say("Zonder antwoorden")
    engine.until("talk.state.messages[t]?.[0].state === 'failed'")
    problem = engine.run("talk.state.messages[t][0].problem")
    engine.run("talk.discard(talk.state.messages[t][0].client_id)")
    engine.run("text => talk.send(t, { text, fields: { name: 'Noor' } })", question)
    engine.has_filed(question)

    assert (problem["error"], sorted(problem["problems"])) == ("invalid", ["name"])
    assert [words for _, _, words in engine.said()] == [f"Naam: Noor {question}"]
