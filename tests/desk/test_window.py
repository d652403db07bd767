"""Answers outside the service window: kept in order until the customer writes, or failed aloud."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import event, update
from tests.databases import ON_SQLITE
from tests.ledger.paper import BEN, NOON
from tests.ledger.test_portions import wait_for_waiting

from balie.api import (
    Later,
    MessageReceived,
    Rejected,
    ReplyOnce,
    ServiceWindow,
    Template,
    TemplateUse,
    Text,
)
from balie.desk.outbound.statuses import about
from balie.desk.records.models import ConversationRow
from balie.desk.templates.sync import TemplateSync
from balie.desk.trace import trace
from balie.desk.window.standing import Standing, closes_at, held_until, is_open, key, remind_at
from balie.store import exclusively

TICKET = "ticket-of-1"
DAY = timedelta(days=1)
RULES = ServiceWindow(
    hours=24, waiting_template=("wacht", "nl"), closed_codes=frozenset({"131047"})
)
WAITING = Template(
    id="t1",
    name="wacht",
    language="nl",
    category="UTILITY",
    status="APPROVED",
    text="Hoi {body.1}, er ligt een antwoord voor je klaar.",
    variables=(("body.1", "Noor"),),
)
ASKED = "Hoi Anna, er ligt een antwoord voor je klaar."
CLOSED = "Op Paper mag nu geen vrij antwoord worden gestuurd: dat kon tot dinsdag 3 maart om 13:00."


@pytest.fixture
def late(paper):
    """Anna wrote yesterday at noon, and the window has closed since."""
    paper.channel.abilities = {"window": RULES, "sends": frozenset({"TemplateUse"})}
    paper.channel.templates = [WAITING]
    read_templates(paper)
    paper.say("Hallo", name="Anna")
    paper.drain()
    paper.clock.at = NOON + DAY
    return paper


def read_templates(paper) -> None:
    services = paper.services
    sync = TemplateSync(services.store, services.hooks, services.contexts, services.clock)
    sync.sync(services.directory.connection("winkel", "chat").id)


def answer(paper, text: str = "Dag", comment: str = "c1", **more: object) -> None:
    paper.answer(TICKET, (comment, text), **more)
    paper.drain()


def texts(paper) -> list[str]:
    """What was sent, templates by their names."""
    return [
        f"[{part.name}]" if isinstance(part, TemplateUse) else part.text
        for reply in paper.channel.sent
        for part in reply.parts
    ]


def notes(paper) -> list[str]:
    return [line for comment in paper.filed(internal=True) for line in comment]


def test_agents_hear_that_what_was_kept_has_been_sent(late):
    answer(late, "Dag")
    late.clock.forward(3600)
    late.say("Ja, graag", name="Anna")
    late.settle()

    assert texts(late) == ["[wacht]", "Dag"]
    assert notes(late)[-1] == (
        "De klant heeft gereageerd; dit bewaarde antwoord is nu verstuurd: “Dag”"
    )
    assert late.desk.batches[-1].tags == ("answer_sent",)


# --- The window itself ---------------------------------------------------------------------


def test_window_is_open_from_the_message_until_its_end():
    stands = Standing(NOON)

    assert closes_at(stands, RULES) == NOON + DAY
    assert is_open(stands, RULES, NOON + DAY - timedelta(seconds=1))
    assert not is_open(stands, RULES, NOON + DAY)
    assert not is_open(Standing(NOON, shut_at=NOON), RULES, NOON)


def test_window_of_a_customer_who_never_wrote_is_closed():
    stands = Standing(None)

    assert (closes_at(stands, RULES), key(stands)) == (None, "never")
    assert not is_open(stands, RULES, NOON)
    assert remind_at(stands, ServiceWindow(hours=24, remind_before_hours=2)) is None


def test_reminder_and_keeping_count_from_what_the_tenant_set():
    rules = ServiceWindow(hours=24, remind_before_hours=2, hold_days=3)

    assert remind_at(Standing(NOON), rules) == NOON + timedelta(hours=22)
    assert remind_at(Standing(NOON), RULES) is None
    assert held_until(NOON, rules) == NOON + 3 * DAY


# --- Kept ----------------------------------------------------------------------------------


def test_answer_inside_the_window_is_sent(late):
    late.clock.at = NOON + DAY - timedelta(seconds=1)
    answer(late)

    assert texts(late) == ["Dag"]


def test_channel_without_a_window_takes_answers_at_any_time(late):
    late.channel.abilities = {}
    answer(late)

    assert texts(late) == ["Dag"]


def test_late_answer_is_kept_and_the_customer_is_asked_and_the_agent_told(late):
    answer(late)

    assert texts(late) == ["[wacht]"]
    (use,) = late.channel.sent[0].parts
    assert (use.language, dict(use.values), use.text) == ("nl", {"body.1": "Anna"}, ASKED)
    (note,) = notes(late)
    assert note == (
        f"Nog niet verstuurd: “Dag”\n{CLOSED} Het antwoord wordt bewaard en gaat weg zodra de "
        "klant reageert, tot dinsdag 10 maart om 13:00. De klant kreeg hiervoor dit bericht: "
        f"“{ASKED}”"
    )
    held = [row.status for row in late.messages("outbound") if row.note_key is None]
    assert held == ["queued"]
    assert late.differences() == [0, 0]


def test_kept_answers_follow_in_order_as_soon_as_the_customer_writes(late):
    for number in range(3):
        answer(late, str(number), f"c{number}", at=late.clock.now() + timedelta(seconds=number))
    late.say("Ja?")
    late.drain()

    assert texts(late) == ["[wacht]", "0", "1", "2"]
    assert {row.status for row in late.messages("outbound")} == {"accepted"}
    assert late.only(ConversationRow).shut_at is None


def test_each_kept_answer_is_told_and_the_customer_asked_once(late):
    for number in range(3):
        answer(late, str(number), f"c{number}", at=late.clock.now() + timedelta(seconds=number))

    assert [note.partition("\n")[0] for note in notes(late)] == [
        "Nog niet verstuurd: “0”",
        "Nog niet verstuurd: “1”",
        "Nog niet verstuurd: “2”",
    ]
    assert texts(late) == ["[wacht]"]


def test_window_that_closes_again_asks_again(late):
    answer(late)
    late.say("Ja?")
    late.drain()
    late.clock.at += DAY
    answer(late, "Nog iets", "c2", at=late.clock.now())

    assert texts(late) == ["[wacht]", "Dag", "[wacht]"]


def test_message_that_opens_no_window_lets_nothing_go(late):
    answer(late)
    event = late.message("👍", id="r1")
    late.channel.readings["r1"] = [
        MessageReceived(
            id="r1",
            sender=late.channel._sender(event),  # noqa: SLF001 -- the paper's own way of reading
            at=late.clock.now(),
            parts=(Text(text="👍"),),
            opens_window=False,
        )
    ]
    late.accept(event)
    late.drain()

    assert texts(late) == ["[wacht]"]


def test_message_that_comes_in_long_after_it_was_written_opens_what_is_left_of_its_window(late):
    answer(late)
    late.say("Van eergisteren", at=NOON + timedelta(hours=1))
    late.drain()

    assert texts(late) == ["[wacht]", "Dag"]
    late.clock.at = NOON + timedelta(hours=25)
    answer(late, "Te laat", "c2", at=late.clock.now())
    assert texts(late) == ["[wacht]", "Dag", "[wacht]"]


def test_other_conversations_do_not_wait_for_a_kept_answer(late):
    answer(late)
    late.say("Ik ben Ben", sender=BEN)
    late.drain()
    late.answer("ticket-of-2", ("b1", "Dag Ben"))
    late.drain()

    assert texts(late) == ["[wacht]", "Dag Ben"]


def test_answer_is_kept_through_a_restart_and_days(late):
    answer(late)
    late.services.leases.clear()
    for _ in range(6):
        late.clock.at += DAY
        late.drain()
    late.say("Sorry, vakantie")
    late.drain()

    assert texts(late) == ["[wacht]", "Dag"]


# --- Not kept ------------------------------------------------------------------------------


def failure(paper) -> tuple[str, str]:
    (message,) = [row for row in paper.messages("outbound") if row.note_key is None]
    return message.status, message.error


def test_without_a_template_the_answer_fails_at_once_and_says_what_to_do(late):
    late.channel.abilities["window"] = ServiceWindow(hours=24)
    answer(late)

    why = (
        f"{CLOSED} Er is geen sjabloon ingesteld dat de klant vraagt te reageren. Stuur er een met "
        "/template, of laat een beheerder waiting_template instellen."
    )
    assert failure(late) == ("failed", why)
    assert notes(late) == [f"Niet bezorgd bij de klant: {why}\nHet gaat om dit antwoord: “Dag”"]
    assert texts(late) == []
    assert late.items("send")[0].state == "refused"


@ON_SQLITE
@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"status": "PAUSED", "reason": "LOW_QUALITY"}, "noemt het PAUSED (LOW_QUALITY)"),
        ({"status": "REJECTED"}, "noemt het REJECTED"),
        ({"name": "wachten"}, "Er is geen sjabloon “wacht”. Bedoeld is misschien: wachten."),
        ({"language": "en"}, "is er niet in de taal “nl”, wel in: en."),
        ({"variables": (("body.1", ""), ("body.2", ""))}, "ontbreekt nog: body.1, body.2."),
    ],
    ids=["paused", "rejected", "missing", "other language", "needs more than a name"],
)
def test_template_that_cannot_be_sent_fails_the_answer_with_its_reason(late, change, says):
    late.channel.templates = [
        Template(
            **{
                field: change.get(field, getattr(WAITING, field))
                for field in ("id", "name", "language", "category", "status", "text", "variables")
            },
            reason=change.get("reason", ""),
        )
    ]
    read_templates(late)
    answer(late)

    status, error = failure(late)
    assert status == "failed"
    assert says in error
    assert texts(late) == []


def test_templates_that_were_never_read_are_tried(late):
    late.channel.abilities["window"] = ServiceWindow(hours=24, waiting_template=("x", "nl"))
    another = late.services.directory.add_connection(
        "winkel", "second", plugin="paper_channel", config={"secret": "c" * 20}, files_into="desk"
    )
    assert another.id
    late.accept(late.message("Hoi", sender=BEN, at=NOON), connection="second")
    late.drain()
    late.answer("ticket-of-2", ("b1", "Dag Ben"))
    late.drain()

    assert texts(late) == ["[x]"]
    assert "“sjabloon x”" in notes(late)[0]


def test_when_the_vendor_refuses_the_template_all_kept_answers_fail(late):
    late.channel.outcomes.append(Rejected("132015", "Sjabloon gepauzeerd"))
    answer(late, "een", "c1")
    answer(late, "twee", "c2", at=late.clock.now() + timedelta(seconds=1))

    failed = {row.note_key is None: row.status for row in late.messages("outbound")}
    assert failed == {True: "failed", False: "failed"}
    assert texts(late) == []
    assert [item.state for item in late.items("send")] == ["refused"] * 3


def test_when_the_template_does_not_arrive_all_kept_answers_fail(late):
    answer(late)
    late.report("failed", "paper-1", code="131026", text="Niet op WhatsApp")
    late.drain()

    status, error = failure(late)
    assert status == "failed"
    assert error.endswith("is niet aangekomen (131026: Niet op WhatsApp).")


def test_answer_that_is_kept_too_long_fails_with_a_note(late):
    answer(late)
    late.clock.at += 7 * DAY
    late.drain()

    status, error = failure(late)
    assert status == "failed"
    assert error.endswith(
        "De klant heeft in 7 dagen niet gereageerd, dus het antwoord is niet verstuurd. "
        "Probeer het langs een andere weg."
    )
    assert texts(late) == ["[wacht]"]
    assert set(late.differences()) == {0}


def test_what_was_to_be_said_by_itself_is_not_kept(paper):
    paper.services.directory.add_connection("winkel", "rules", plugin="paper_policy", config={})
    paper.channel.abilities = {"window": RULES}
    reply = ReplyOnce(key="back", text="Ben je er nog?")
    paper.policy.actions = [Later(key="back", at=NOON + 2 * DAY, action=reply)]
    paper.say("Hoi")
    paper.drain()
    paper.clock.at = NOON + 2 * DAY
    paper.drain()

    assert texts(paper) == []
    assert notes(paper) == [
        "Automatisch gestuurd aan de klant: Ben je er nog?",
        f"Niet bezorgd bij de klant: {CLOSED}\nHet gaat om dit antwoord: “Ben je er nog?”",
    ]


def test_trace_shows_what_a_kept_answer_waits_for(late):
    late.clock.at = NOON + timedelta(hours=1)
    answer(late)
    late.report("failed", "paper-1", code="131047", text="Te laat")
    late.drain()
    (row,) = [row for row in late.messages("outbound") if row.note_key is None]
    with late.services.store.reading() as session:
        (story,) = trace(session, None, str(row.id))

    assert (story["status"], story["channel_id"]) == ("queued", None)
    assert [
        (step["state"], step["reason"]) for step in story["ledger"] if step["kind"] == "send"
    ] == [("delivered", None), ("pending", "waits until the customer writes")]


# --- What the vendor says ------------------------------------------------------------------


def test_131047_on_sending_inside_our_window_keeps_the_answer(late):
    late.clock.at = NOON + timedelta(hours=1)
    late.channel.outcomes.append(Rejected("131047", "Te laat"))
    answer(late)

    assert texts(late) == ["[wacht]"]
    assert "Paper meldt dat de klant te lang geleden schreef" in notes(late)[0]
    late.say("Ja?")
    late.drain()
    assert texts(late) == ["[wacht]", "Dag"]


def test_131047_as_a_status_takes_the_answer_back_and_keeps_it(late):
    late.clock.at = NOON + timedelta(hours=1)
    answer(late)
    late.report("failed", "paper-1", code="131047", text="Te laat")
    late.drain()

    assert texts(late) == ["Dag", "[wacht]"]
    (row,) = [row for row in late.messages("outbound") if row.note_key is None]
    assert (row.status, row.channel_id, row.error) == ("queued", None, "")

    late.say("Ja?")
    late.drain()
    assert texts(late) == ["Dag", "[wacht]", "Dag"]
    assert {row.status for row in late.messages("outbound")} == {"accepted"}
    assert late.differences() == [0]


def test_what_is_told_of_the_refused_send_later_is_not_about_the_next_one(late):
    late.clock.at = NOON + timedelta(hours=1)
    answer(late)
    (row,) = late.messages("outbound")
    late.report("failed", "paper-1", code="131047", reference=str(row.id))
    late.drain()
    late.report("sent", "paper-1", reference=str(row.id))
    late.report("failed", "paper-1", id="again", code="131047", reference=str(row.id))
    late.drain()
    late.say("Ja?")
    late.drain()
    late.report("failed", "paper-1", id="once more", code="131047", reference=str(row.id))
    late.drain()

    assert texts(late) == ["Dag", "[wacht]", "Dag"]
    assert late.only(ConversationRow).shut_at is None


def test_131047_before_the_receipt_keeps_the_answer(late):
    late.clock.at = NOON + timedelta(hours=1)
    late.report("failed", "paper-1", code="131047", text="Te laat")
    late.drain()
    answer(late)

    assert texts(late) == ["Dag", "[wacht]"]
    late.say("Ja?")
    late.drain()
    assert texts(late) == ["Dag", "[wacht]", "Dag"]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_131047_and_the_receipt_that_is_written_meanwhile_do_not_wait_for_each_other(late):
    """The one has the message and wants the send's lane; the other has the lane."""
    late.clock.at = NOON + timedelta(hours=1)
    late.answer(TICKET, ("c1", "Dag"))
    late.services.drainer.drain(late.items("ticket")[-1].lane_id)
    (row,) = late.messages("outbound")
    late.report("failed", "paper-1", code="131047", reference=str(row.id))
    lanes = [late.items(kind)[-1].lane_id for kind in ("status", "send")]
    store, errors = late.services.store, []
    event.listen(store.engine, "handle_error", errors.append)
    threads = [threading.Thread(target=late.services.drainer.drain, args=[lane]) for lane in lanes]
    with store.writing() as session:
        exclusively(session, about(row.connection_id, "paper-1"))
        for number, thread in enumerate(threads, 1):
            thread.start()
            wait_for_waiting(store, number)
    for thread in threads:
        thread.join()

    assert errors == []
    late.drain()
    assert texts(late) == ["Dag", "[wacht]"]
    late.say("Ja?")
    late.drain()
    assert texts(late) == ["Dag", "[wacht]", "Dag"]
    assert late.differences() == [0]


def test_131047_of_a_template_is_a_failure_as_any_other(late):
    answer(late)
    late.report("failed", "paper-1", code="131047", text="Te laat")
    late.drain()

    assert {row.status for row in late.messages("outbound")} == {"failed"}


def test_customer_who_writes_while_an_answer_is_being_kept_is_not_missed(late):
    """The customer's message commits between the look at the window and the keeping of it."""
    drain = late.services.drainer.drain
    late.answer(TICKET, ("c1", "Dag"))
    drain(late.items("ticket")[0].lane_id)
    late.say("Ja?")
    (send,), message = late.items("send"), late.items("message")[-1]
    late.channel.before_stating.append(lambda: drain(message.lane_id))
    drain(send.lane_id)

    assert texts(late) == ["Dag"]


def test_conversation_that_the_customer_never_began_is_told_so(late):
    with late.services.store.writing() as session:
        session.execute(update(ConversationRow).values(last_inbound_at=None))
    answer(late)

    assert "deze klant heeft daar nog niet geschreven." in notes(late)[0]
    late.say("Hoi")
    late.drain()
    assert texts(late) == ["[wacht]", "Dag"]


def test_customer_agent_and_vendor_at_the_same_moment_lose_no_answer(late):
    """The customer writes, the agent answers, and the vendor refuses a send, each in its lane."""
    paper = late
    for number in range(6):
        paper.clock.at += 2 * DAY
        now = paper.clock.now()
        answer(paper, f"een {number}", f"a{number}", at=now)
        paper.answer(TICKET, (f"b{number}", f"twee {number}"), at=now + timedelta(seconds=1))
        paper.say(f"Ja {number}?", at=now + timedelta(seconds=2))
        held = paper.items("send")[-1].lane_id
        together(
            paper,
            paper.items("ticket")[-1].lane_id,
            paper.items("message")[-1].lane_id,
            paper.items("send")[0].lane_id,
            held,
        )
        paper.drain()

    said = [text for text in texts(paper) if text != "[wacht]"]
    assert said == [f"{word} {number}" for number in range(6) for word in ("een", "twee")]
    assert {row.status for row in paper.messages("outbound")} == {"accepted"}
    assert set(paper.differences()) == {0}


def together(paper, *lanes: int) -> None:
    """Drain these lanes at the same moment."""
    start = threading.Barrier(len(lanes))

    def work(lane_id: int) -> None:
        start.wait()
        paper.services.drainer.drain(lane_id)

    threads = [threading.Thread(target=work, args=[lane_id]) for lane_id in lanes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
