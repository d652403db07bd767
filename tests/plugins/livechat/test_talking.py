"""A talk from the first word to the last: kept, filed, answered, seen."""

import pytest
from sqlalchemy import select

from balie.api import Address, AddressKind
from balie.desk.records.models import AddressRow, ConversationRow, MessageRow, PersonRow
from balie.ledger.models import Item
from balie.store.files import TenantFiles
from balie.tenants.models import State, ValueRow

from .visiting import SHOP, answer, words


def test_message_becomes_a_ticket_and_the_answer_comes_back(paper, visitor):
    told = visitor.say("Is mijn fiets klaar?")
    paper.drain()
    answer(paper, "Ja, u kunt hem halen.")

    assert told.status_code == 202
    assert paper.filed() == [["Is mijn fiets klaar?"]]
    assert words(visitor.poll()) == ["Is mijn fiets klaar?", "Ja, u kunt hem halen."]
    assert [reply.status for reply in paper.messages("outbound")] == ["accepted"]


def test_same_message_again_is_one(paper, visitor):
    first = visitor.say("hallo", id="message-a")
    second = visitor.say("hallo", id="message-a")
    paper.drain()

    assert first.json["id"] == second.json["id"]
    assert paper.filed() == [["hallo"]]
    assert paper.differences() == [0]


def test_own_message_shows_when_it_stands_in_the_helpdesk(paper, visitor):
    visitor.say("hallo", id="message-a")
    paper.drain()

    (message,) = visitor.poll()
    assert (message["client_id"], message["state"], message["by"]) == (
        "message-a",
        "filed",
        "customer",
    )


def test_delivered_and_read_climb_as_the_visitor_says(paper, visitor):
    visitor.say()
    paper.drain()
    answer(paper, "dag")
    shown = [message for message in visitor.poll() if message["by"] == "agent"]
    ids = [message["id"] for message in shown]

    statuses = []
    for given in ({"delivered": ids}, {"delivered": ids, "read": ids}, {"read": ids}):
        assert visitor.ask("POST", "receipts", given).status_code == 204
        paper.drain()
        statuses.append(paper.messages("outbound")[0].status)

    assert statuses == ["delivered", "read", "read"]
    assert paper.differences() == [0]


def test_a12_nobody_confirms_or_reads_what_is_anothers(paper, visitor, visit):
    visitor.say("geheim")
    paper.drain()
    answer(paper, "ook geheim")
    ours = paper.messages("outbound")[0].id
    stranger = visit()
    stranger.begin()
    stranger.say("ik ben een ander", thread="thread-2")
    paper.drain()

    stranger.ask("POST", "receipts", {"read": [str(ours), "0", "1 OR 1=1", "x"]})
    paper.drain()

    assert paper.messages("outbound")[0].status == "accepted"
    assert words(stranger.poll()) == ["ik ben een ander"]
    for path in (
        "threads/thread-1/messages",
        f"threads/thread-2/messages?before={ours}",
    ):
        assert stranger.ask("GET", path).json["messages"] == []
    assert stranger.ask("GET", "threads/thread-1/transcript").status_code == 404
    assert stranger.ask("GET", f"messages/{ours}/files/0").status_code == 404
    assert "geheim" not in stranger.ask("GET", "export").text


def test_a12_thread_of_another_cannot_be_written_in(paper, visitor, visit):
    visitor.say("mijn gesprek", thread="thread-1")
    paper.drain()
    stranger = visit()
    stranger.begin()
    stranger.say("ik dring binnen", thread="thread-1")
    paper.drain()

    assert len(paper.conversations()) == 2
    assert words(visitor.poll()) == ["mijn gesprek"]


def test_several_threads_are_listed_and_paged(paper, visitor):
    for number in range(5):
        visitor.say(f"bericht {number}", thread="thread-1")
        paper.drain()
        paper.clock.forward(3)
    visitor.say("iets anders", thread="thread-2")
    paper.drain()

    listed = visitor.ask("GET", "threads").json["threads"]
    last = visitor.ask("GET", "threads/thread-1/messages?limit=2").json
    before = last["messages"][0]["id"]
    earlier = visitor.ask("GET", f"threads/thread-1/messages?limit=9&before={before}").json

    assert [thread["id"] for thread in listed] == ["thread-1", "thread-2"]
    assert (words(last["messages"]), last["more"]) == (["bericht 3", "bericht 4"], True)
    assert words(earlier["messages"]) == ["bericht 0", "bericht 1", "bericht 2"]
    assert earlier["more"] is False


def test_visit_without_a_word_leaves_nothing(paper, visit):
    """No row is made at page view, at opening, or at looking around."""
    for _ in range(3):
        opened = visit()
        opened.ask("GET", "settings")
        opened.ask("GET", "availability")
        opened.begin()
        opened.ask("GET", "threads")
        opened.ask("POST", "session/renew")
        opened.poll()

    assert [paper.rows(model) for model in (PersonRow, AddressRow, ConversationRow, Item)] == [
        [],
        [],
        [],
        [],
    ]
    with paper.services.store.reading() as session:
        assert [row.key for row in session.query(ValueRow)] == ["signing_key"]


def test_consent_is_asked_first_and_kept_with_the_first_message(paper, visit, settle):
    settle(consent_text="Wij bewaren dit gesprek.", consent_version="3")
    stranger = visit()

    refused = [stranger.begin(), stranger.begin(consent="2")]
    agreed = stranger.begin(consent="3")
    stranger.say()
    paper.drain()

    assert [(one.status_code, one.json["error"]) for one in refused] == [(403, "consent")] * 2
    assert agreed.status_code == 200
    (row,) = paper.rows(AddressRow, AddressRow.kind == AddressKind.VISITOR)
    assert row.evidence.endswith("agreed to text '3' (ca604a359d20) at 2026-03-02T12:00:00Z")
    (item,) = paper.items("message")
    assert (item.body["by"]["consent"], item.body["by"]["consent_at"]) == (
        "3",
        "2026-03-02T12:00:00Z",
    )


def test_words_that_were_agreed_to_are_kept_though_they_change(paper, visit, settle):
    settle(consent_text="Wij bewaren dit gesprek.", consent_version="3")
    early = visit()
    early.begin(consent="3")
    early.say()
    settle(consent_text="Wij bewaren dit gesprek een jaar.")
    late = visit()
    late.begin(consent="3")
    late.say()
    paper.drain()
    told = [one.ask("GET", "export").json for one in (early, late)]

    assert [one["agreed_to"] for one in told] == ["3", "3"]
    assert [one["agreed_words"] for one in told] == [
        "Wij bewaren dit gesprek.",
        "Wij bewaren dit gesprek een jaar.",
    ]


def test_words_of_the_language_that_was_shown_are_kept(paper, visit, settle):
    settle(consent_text='{"nl": "Wij bewaren dit.", "en": "We keep this."}', consent_version="3")
    told = []
    # The widget says which it showed; whoever does not say it is taken to read their language.
    for given, asked in (
        ({"consent_language": "nl"}, "en"),
        ({"consent_language": "en"}, "nl"),
        ({}, "en"),
        ({"consent_language": "fr"}, "nl"),
    ):
        visitor = visit()
        body = {"page": SHOP, "consent": "3", **given}
        visitor.keep(visitor.ask("POST", f"session?locale={asked}", body, Authorization=""))
        visitor.say()
        paper.drain()
        told.append(visitor.ask("GET", "export").json)

    assert [(one["agreed_words"], one["agreed_language"]) for one in told] == [
        ("Wij bewaren dit.", "nl"),
        ("We keep this.", "en"),
        ("We keep this.", "en"),
        ("Wij bewaren dit.", "nl"),
    ]
    evidence = {row.evidence for row in paper.rows(AddressRow) if "agreed" in row.evidence}
    assert sorted(one.split("(")[1].split(")")[0].split(", ")[1] for one in evidence) == [
        "en",
        "nl",
    ]


def test_agents_read_a_choice_and_a_topic_in_their_own_language(paper, visit, settle):
    settle(
        topics='{"nl": "Bestelling, Retour", "en": "Order, Return"}',
        fields_before='[{"name": "kind", "label": {"nl": "Soort", "en": "Kind"}, "type": "choice", '
        '"options": [{"nl": "Ruilen", "en": "Exchange"}, "Anders"]}]',
    )
    visitor = visit()
    visitor.begin()
    refused = visitor.say(fields={"kind": "Umtausch"})
    visitor.say("hi", fields={"kind": "Exchange"}, topic="Return")
    visitor.say("more", topic="my bike")
    paper.drain()

    assert refused.json["problems"].keys() == {"kind"}
    said = [line for comment in paper.filed() for line in comment]
    assert "Onderwerp: Retour Soort: Ruilen hi" in said[0]
    assert "Onderwerp: my bike" in said[1]


def test_session_that_only_renews_is_asked_for_a_newer_consent_too(visit, settle):
    settle(consent_text="Wij bewaren dit gesprek.", consent_version="3")
    visitor = visit()
    visitor.begin(consent="3")
    before = visitor.ask("POST", "session/renew")
    settle(consent_text="Wij bewaren dit gesprek een jaar.", consent_version="4")
    after = visitor.ask("POST", "session/renew")
    again = visitor.begin(consent="4")

    assert before.status_code == 200
    assert (after.status_code, after.json["error"]) == (403, "consent")
    assert again.status_code == 200
    assert visitor.ask("POST", "session/renew").status_code == 200


def test_export_holds_the_number_that_was_left_and_the_words_that_were_agreed_to(
    paper, visitor, visit, settle
):
    settle(whatsapp_connection="phone")
    visitor.say()
    paper.drain()
    words = "U mag mij op dit nummer antwoorden via WhatsApp."
    given = {"number": "+31655500001", "consent": True}
    told = [
        visitor.ask("POST", "number", given | {"words": wrong}).status_code
        for wrong in (7, "x" * 301)
    ]
    visitor.ask("POST", "number", given | {"words": words})
    paper.drain()
    stranger = visit()
    stranger.begin()

    assert told == [400, 400]
    assert visitor.ask("GET", "export").json["numbers_left"] == [
        {
            "number": "+31655500001",
            "agreed_to": "left in the chat at 2026-03-02T12:00:00Z, agreeing to be answered there: "
            f"“{words}”",
            "at": "2026-03-02T12:00:00Z",
        }
    ]
    assert stranger.ask("GET", "export").json["numbers_left"] == []


def test_consent_is_on_disk_before_the_first_byte_of_a_file(paper, visit, settle, tmp_path):
    settle(consent_text="Wij bewaren dit gesprek.", consent_version="3")
    visitor = visit()
    visitor.begin(consent="3")
    before = _keys(paper)
    seen = []
    keep = TenantFiles.keep

    def look(files, chunks, **more):
        seen.append(_keys(paper))
        return keep(files, chunks, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TenantFiles, "keep", look)
        visitor.client.post(
            f"{visitor.base}/files",
            data=b"Mijn bon.",
            headers={
                "Authorization": f"Bearer {visitor.token}",
                "X-File-Name": "bon.txt",
                "Content-Type": "text/plain",
            },
        )

    assert not [key for key in before if key.startswith("agreed:")]
    assert len([key for key in seen[0] if key.startswith("agreed:")]) == 1


def _keys(paper):
    with paper.services.store.reading() as session:
        return list(session.scalars(select(ValueRow.key)))


def test_export_is_not_asked_for_without_end(paper, visitor):
    visitor.say()
    paper.drain()
    told = [visitor.ask("GET", "export") for _ in range(11)]

    assert [one.status_code for one in told] == [200] * 10 + [429]
    assert told[-1].json["text"] == (
        "U vraagt dit vaak achter elkaar. Probeer het over 6 minuten opnieuw."
    )


def test_form_is_asked_once_and_told_in_the_ticket(paper, visitor, settle):
    settle(
        fields_before='[{"name": "name", "label": "Naam", "required": true},'
        ' {"name": "mail", "label": {"nl": "E-mail"}, "type": "email"}]'
    )
    missing = visitor.say()
    wrong = visitor.say(fields={"name": "Noor", "mail": "geen adres"})
    right = visitor.say(fields={"name": "Noor", "mail": "noor@example.nl"}, topic="Retour")
    second = visitor.say("nog iets")
    paper.drain()

    assert [one.status_code for one in (missing, wrong, right, second)] == [400, 400, 202, 202]
    assert list(missing.json["problems"]) == ["name"]
    assert list(wrong.json["problems"]) == ["mail"]
    assert paper.filed() == [
        ["Onderwerp: Retour Naam: Noor\nE-mail: noor@example.nl hallo", "nog iets"]
    ]
    assert paper.people()[0].name == "Noor"


def test_a22_address_that_a_visitor_types_gets_no_mail(paper, visitor, settle):
    """An address that is typed is words for the agent: it recognises nobody and gets nothing."""
    settle(fields_before='[{"name": "mail", "label": "Mail", "type": "email"}]')
    visitor.say(fields={"mail": "victim@example.org"})
    paper.drain()
    answer(paper, "dag")
    paper.settle()

    assert {row.kind for row in paper.rows(AddressRow)} == {"visitor", "helpdesk_user"}
    assert [address.value for address in paper.desk.lookups] == [paper.rows(AddressRow)[0].value]


def test_choice_and_quote_reach_the_agent(paper, visitor):
    visitor.say("welke?")
    paper.drain()
    visitor.say("", choice={"id": "a", "title": "De rode"}, quotes="1")
    paper.drain()

    assert paper.filed()[-1] == ["De rode"]
    assert paper.messages("inbound")[-1].parts == [
        {"is": "choice", "text": "De rode", "id": "a", "title": "De rode"}
    ]


@pytest.mark.parametrize(
    ("message", "problem"),
    [
        ({"text": ""}, "text"),
        ({"text": "   "}, "text"),
        ({"text": "x" * 4_001}, "text"),
        ({"text": ["a"]}, "text"),
        ({"id": "short"}, "id"),
        ({"id": "has space in it"}, "id"),
        ({"id": 12345678}, "id"),
        ({"id": "x" * 41}, "id"),
        ({"thread": "../../etc"}, "thread"),
        ({"thread": None}, "thread"),
        ({"quotes": "1abc"}, "quotes"),
        ({"quotes": ["1"]}, "quotes"),
        ({"choice": "a"}, "choice"),
        ({"choice": {"id": "a"}}, "choice"),
        ({"files": "a"}, "files"),
        ({"files": ["nonsense"]}, "files"),
        ({"files": ["x.y"] * 11}, "files"),
        ({"hop": "'; DROP TABLE"}, "hop"),
        ({"topic": {"a": 1}}, "topic"),
    ],
    ids=lambda value: str(value)[:30] if isinstance(value, dict) else None,
)
def test_a12_message_that_is_none_is_refused_by_field(paper, visitor, message, problem):
    told = visitor.say(**({"text": "hallo"} | message))

    assert (told.status_code, list(told.json["problems"])) == (400, [problem])
    assert paper.rows(Item) == []


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"{", b'"x"', b"\xff", b"[" * 5_000])
def test_body_that_is_no_object_is_refused(visitor, body):
    told = visitor.client.post(
        f"{visitor.base}/messages",
        data=body,
        headers={"Authorization": f"Bearer {visitor.token}"},
    )

    assert (told.status_code, told.json["error"]) == (400, "invalid")


def test_a8_words_stay_words(paper, visitor):
    hostile = "<img src=x onerror=alert(1)> {{7*7}} \u202egnp.exe \x00\x08 =cmd|' /C calc'!A0"
    visitor.say(hostile)
    paper.drain()

    (message,) = visitor.poll()
    assert words([message]) == [hostile.replace("\x00", "").replace("\x08", "")]
    told = visitor.ask("GET", "threads/thread-1/transcript")
    assert told.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert told.headers["Content-Disposition"] == "attachment; filename=chat.txt"
    assert "<img src=x onerror=alert(1)>" in told.text


def test_transcript_is_the_talk_in_words(paper, visitor):
    visitor.say("Is mijn fiets klaar?")
    paper.drain()
    answer(paper, "Ja.")

    told = visitor.ask("GET", "threads/thread-1/transcript?locale=nl")

    assert told.text == (
        "Gesprek met De Winkel, begonnen op 2026-03-02\n\n"
        "[2026-03-02 13:00] U: Is mijn fiets klaar?\n"
        "[2026-03-02 13:00] Medewerker: Ja.\n"
    )


def test_transcript_puts_an_answer_of_the_same_second_after_its_question(paper, visitor):
    paper.clock.forward(0.9)
    visitor.say("Is mijn fiets klaar?")
    paper.drain()
    paper.clock.forward(-0.9)  # as a helpdesk tells it, which knows whole seconds only
    paper.answer("ticket-of-1", ("comment-of-agent", "Ja."))
    paper.drain()

    told = visitor.ask("GET", "threads/thread-1/transcript?locale=nl").text
    assert told.index("Is mijn fiets klaar?") < told.index("Ja.")


def test_export_holds_all_and_erasure_leaves_nothing(paper, visitor):
    visitor.say("mijn geheim")
    paper.drain()
    answer(paper, "ons antwoord")
    exported = visitor.ask("GET", "export").json
    erased = visitor.ask("DELETE", "data")
    paper.drain()

    said = [words(thread["messages"]) for thread in exported["threads"]]
    assert said == [["mijn geheim", "ons antwoord"]]
    assert erased.status_code == 202
    assert visitor.ask("GET", "threads").status_code == 401
    assert visitor.begin(resume=visitor.resume).json["error"] == "signed_out"
    kept = [str(row.parts) for row in paper.rows(MessageRow) if row.direction != "note"]
    assert all("geheim" not in one and "antwoord" not in one for one in kept)
    assert paper.items("message")[0].body is None
    assert "wis ze ook in dit ticket" in paper.filed(internal=True)[-1][0]
    live = paper.services.contexts.find("winkel", "site")
    gone = Address(kind=AddressKind.VISITOR, value=exported["visitor"])
    assert live.ctx.threads.begun_by(gone) == ()


def test_typing_is_heard_by_other_pages_and_not_too_often(paper, visitor, visit):
    visitor.say()
    paper.drain()
    other = visit(token=visitor.token)
    stream = other.stream()
    assert [stream.next()[0], stream.next()[0]] == ["hello", "message"]

    for _ in range(3):
        assert visitor.ask("POST", "typing", {"thread": "thread-1"}).status_code == 204
    answer(paper, "dag")

    # What came together is told together: what is to be kept first.
    assert stream.next()[0] == "message"
    assert stream.next() == ("typing", {"thread": "thread-1", "by": "customer", "own": True})
    stream.close()


def test_agents_typing_is_shown_to_who_reads_that_ticket_and_kept_nowhere(paper, visitor, visit):
    visitor.say()
    paper.drain()
    stranger = visit()
    stranger.begin()
    stranger.say("iets anders", thread="thread-2")
    paper.drain()
    streams = [visitor.stream(), stranger.stream()]
    for stream in streams:
        assert [stream.next()[0], stream.next()[0]] == ["hello", "message"]
    desk = paper.services.contexts.find("winkel", "desk").ctx
    for ticket in ("ticket-of-1", "no-such-ticket"):
        desk.typing(ticket)
    # The same id in another tenant's helpdesk is another ticket.
    paper.services.contexts.find("winkel", "site").ctx.typing("ticket-of-2")
    answer(paper, "dag", ticket="ticket-of-2")

    typed = {"thread": "thread-1", "by": "agent", "own": False}
    assert streams[0].next() == ("typing", typed)
    assert streams[1].next()[0] == "message"
    for stream in streams:
        stream.close()


def test_typing_is_to_be_told_only_where_agents_can_see_it(paper, visitor):
    assert visitor.ask("GET", "settings").json["typing"] is False
    paper.desk.shows_typing = True
    assert visitor.ask("GET", "settings").json["typing"] is True


def test_address_of_a_webhook_is_refused(app, paper):
    assert paper.services.contexts.find("winkel", "site") is not None
    told = app.test_client().post("/hooks/winkel/site", json={})

    assert told.status_code == 401


def test_visitors_are_told_whether_their_ticket_is_erased_too(paper, visitor):
    assert visitor.ask("GET", "settings").json["erases_tickets"] is False
    paper.desk.erases_on_request = True
    assert visitor.ask("GET", "settings").json["erases_tickets"] is True
    # A helpdesk that is switched off cannot be asked: then nothing is promised.
    desk = paper.services.directory.connection("winkel", "desk")
    paper.services.directory.set_state(desk.id, State.OFF)
    paper.services.contexts.forget(desk.id)
    assert visitor.ask("GET", "settings").json["erases_tickets"] is False


def test_erasure_reaches_the_helpdesk_where_the_tenant_allows_it(paper, visitor):
    paper.desk.erases_on_request = True
    visitor.say("mijn geheim")
    paper.drain()
    visitor.ask("DELETE", "data")
    paper.drain()

    assert "wist ze ook in dit ticket" in paper.filed(internal=True)[-1][0]
    assert paper.desk.forgotten == []  # what is under way at this moment is waited for
    paper.clock.forward(61)
    paper.drain()
    (who,) = paper.desk.forgotten
    assert (who.users, who.whole) == ((), False)
    assert list(who.tickets) == ["ticket-of-1"]
