"""Going on in WhatsApp and back, and being answered there after leaving."""

import io
from urllib.parse import parse_qs, urlsplit

import pytest
import segno
from sqlalchemy import select

from balie.api import Address, AddressKind
from balie.desk.elsewhere.hops import issue
from balie.desk.records.models import AddressRow, ConversationRow

from .visiting import answer, words

PHONE = "+31655500001"


@pytest.fixture
def paper(paper, settle):
    """The widget beside a channel by number, into the same desk."""
    paper.services.directory.add_connection(
        "winkel",
        "phone",
        plugin="paper_channel",
        config={"secret": "c" * 20},
        files_into="desk",
        name="WhatsApp",
    )
    settle(whatsapp_number="+31 6 55500100", whatsapp_connection="phone", absent_seconds=60.0)
    return paper


def text_from(paper, words, number=PHONE):
    paper.accept(paper.message(words, sender=number), connection="phone")
    paper.clock.forward(1)
    paper.drain()


def test_link_and_code_lead_where_a_sandbox_is(paper, visitor, settle):
    settle(whatsapp_link_url="http://127.0.0.1:8001/wa.me/")
    visitor.say("Is mijn fiets klaar?")
    paper.drain()
    hop = visitor.ask("POST", "hop", {"thread": "thread-1"}).json
    drawn = io.BytesIO()
    code = segno.make(hop["url"], micro=False, error="m")
    code.save(drawn, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=2)

    assert hop["url"].startswith("http://127.0.0.1:8001/wa.me/31655500100?text=")
    assert hop["qr"] == drawn.getvalue().decode()
    offered = visitor.ask("GET", "availability").json["whatsapp"]
    assert offered == "http://127.0.0.1:8001/wa.me/31655500100"


def test_s43_talk_goes_on_in_whatsapp_in_the_same_ticket_and_back(paper, visitor):
    visitor.say("Is mijn fiets klaar?")
    paper.drain()
    hop = visitor.ask("POST", "hop", {"thread": "thread-1"}).json
    text = parse_qs(urlsplit(hop["url"]).query)["text"][0]
    text_from(paper, text)
    answer(paper, "Ja, morgen.")
    elsewhere = visitor.ask("GET", "threads").json["threads"][0]["elsewhere"]
    visitor.say("Fijn, ik kijk hier weer.")
    paper.drain()
    answer(paper, "Tot morgen!")
    here = visitor.ask("GET", "threads").json["threads"][0]["elsewhere"]

    assert hop["url"].startswith("https://wa.me/31655500100?text=")
    assert text == f"Hallo! Ik ga graag hier verder. Mijn code is {hop['code']}"
    assert len(paper.tickets()) == 1
    assert paper.sent() == ["Ja, morgen."]
    assert (elsewhere, here) == ("phone", "")
    assert words(visitor.poll()) == [
        "Is mijn fiets klaar?",
        "Fijn, ik kijk hier weer.",
        "Tot morgen!",
    ]
    assert paper.differences() == [0]


def test_s43_pages_that_are_open_are_told_at_once_where_the_talk_goes_on(paper, visitor):
    visitor.say("Is mijn fiets klaar?")
    paper.drain()
    stream = visitor.stream()
    greeting = stream.next()[1]
    stream.next()
    code = visitor.ask("POST", "hop", {"thread": "thread-1"}).json["code"]
    text_from(paper, code)
    left = stream.next()
    text_from(paper, "Bent u er?")  # that it is there is known: nobody is told again
    visitor.say("Toch maar hier.")
    paper.drain()
    back = stream.next()

    assert [facts["threads"][0]["elsewhere"] for facts in (greeting, left[1], back[1])] == [
        "",
        "phone",
        "",
    ]
    assert (left[0], back[0]) == ("threads", "threads")
    assert words([stream.next()[1]]) == ["Toch maar hier."]
    stream.close()


@pytest.mark.parametrize("case", ["used", "expired", "other-tenant", "no-code-of-ours"])
def test_a21_code_is_good_once_for_half_an_hour_and_for_its_own_tenant(paper, visitor, case):
    visitor.say("Is mijn fiets klaar?")
    paper.drain()
    code = visitor.ask("POST", "hop", {"thread": "thread-1"}).json["code"]
    tenant, stranger = "winkel", "+31655500009"
    match case:
        case "used":
            text_from(paper, code)
        case "expired":
            paper.clock.forward(30 * 60)
        case "other-tenant":
            tenant = "buren"
            directory = paper.services.directory
            directory.add_tenant("buren", name="De Buren", region="NL", locale="nl")
            for slug, plugin, more in (
                ("desk", "paper_desk", {}),
                ("phone", "paper_channel", {"files_into": "desk"}),
            ):
                config = {"secret": "c" * 20}
                directory.add_connection("buren", slug, plugin=plugin, config=config, **more)
        case _:
            code = code[:-4] + ("AAAA" if code[-4:] != "AAAA" else "BBBB")
    before = len(paper.tickets())
    paper.accept(paper.message(code, sender=stranger), tenant=tenant, connection="phone")
    paper.clock.forward(1)
    paper.drain()
    theirs = [row for row in paper.conversations() if not row.thread][-1]

    assert theirs.files_with is None
    assert len(paper.tickets()) == before + 1
    if case == "other-tenant":  # and there it is not used up
        text_from(paper, code)
        assert len(paper.tickets()) == before + 1


def test_a21_code_of_going_on_is_no_token_and_a_token_is_no_code(paper, visitor, visit):
    visitor.say()
    paper.drain()
    code = visitor.ask("POST", "hop", {"thread": "thread-1"}).json["code"]
    text_from(paper, visitor.token)
    text_from(paper, visitor.resume)

    for wrong in (code, visitor.token):
        assert visit().begin(resume=wrong).json["error"] == "token"
    assert visit(token=code).ask("GET", "threads").json["error"] == "token"
    assert all(row.files_with is None for row in paper.conversations())


def test_qr_code_is_a_drawing_and_nothing_that_runs(visitor, paper):
    visitor.say()
    paper.drain()
    drawn = visitor.ask("POST", "hop", {"thread": "thread-1"}).json["qr"]

    assert drawn.startswith("<svg xmlns=")
    assert "viewBox" in drawn
    assert "script" not in drawn


def test_way_back_to_the_site_by_a_code(paper, visitor, visit):
    visitor.say()
    paper.drain()
    code = visitor.ask("POST", "hop", {"thread": "thread-1"}).json["code"]
    text_from(paper, code)
    phone = next(row for row in paper.conversations() if not row.thread)
    with paper.services.store.writing() as session:
        row = session.get_one(ConversationRow, phone.id)
        back = issue(session, paper.services.codes, row, paper.clock).code
    other = visit()
    other.begin()

    other.say("hier ben ik weer", thread="thread-9", hop=back)
    paper.drain()
    answer(paper, "welkom terug")

    assert words(other.poll()) == ["hier ben ik weer", "welkom terug"]
    assert len(paper.tickets()) == 1
    assert words(visitor.poll()) == ["hallo"]  # another browser sees what it began, no more


def test_a12_code_is_for_ones_own_thread(paper, visitor, visit):
    visitor.say()
    paper.drain()
    stranger = visit()
    stranger.begin()

    assert stranger.ask("POST", "hop", {"thread": "thread-1"}).status_code == 404
    assert visitor.ask("POST", "hop", {"thread": ["thread-1"]}).status_code == 404


def test_codes_are_not_given_without_end(paper, visitor):
    visitor.say()
    paper.drain()
    told = [visitor.ask("POST", "hop", {"thread": "thread-1"}).status_code for _ in range(6)]

    assert told == [200] * 5 + [429]


def test_without_a_number_of_the_tenant_there_is_no_going_on(visitor, settle, paper):
    settle(whatsapp_number="", whatsapp_connection="")
    visitor.say()
    paper.drain()

    assert visitor.ask("POST", "hop", {"thread": "thread-1"}).status_code == 404
    assert visitor.ask("POST", "number", {"number": PHONE, "consent": True}).status_code == 404


def test_s42_answer_to_who_has_left_goes_to_the_number_that_was_left(paper, visitor):
    visitor.say()
    paper.drain()
    told = visitor.ask("POST", "number", {"number": "06-5550 0001", "consent": True})
    paper.drain()
    answer(paper, "uw fiets is klaar")
    paper.clock.forward(61)
    paper.drain()

    assert told.status_code == 204
    assert [address.value for address in paper.channel.sent[0].to] == [PHONE]
    assert "fiets" not in paper.sent()[0]  # whose number it is, is asked first
    assert "gaat via WhatsApp naar 06 55500001" in paper.filed(internal=True)[0][0]
    # And it is there for who comes back.
    assert words(visitor.poll()) == ["hallo", "uw fiets is klaar"]


def test_s42_who_is_there_is_answered_there(paper, visitor):
    visitor.say()
    paper.drain()
    visitor.ask("POST", "number", {"number": PHONE, "consent": True})
    paper.drain()
    answer(paper, "uw fiets is klaar")
    shown = [message["id"] for message in visitor.poll() if message["by"] == "agent"]
    visitor.ask("POST", "receipts", {"delivered": shown})
    paper.clock.forward(61)
    paper.drain()

    assert paper.sent() == []
    assert paper.filed(internal=True) == []


def test_s19_number_that_is_typed_begins_the_talk_there_in_the_same_ticket(paper, visitor):
    visitor.say()
    paper.drain()
    for _ in range(2):
        visitor.ask("POST", "number", {"number": PHONE, "consent": True, "start": True})
    paper.drain()
    assert [one[:20] for one in paper.sent()] == ["In de chat van De Wi"]
    accepted = paper.message("Ja, hier graag.", sender=PHONE, quotes="paper-1")
    paper.accept(accepted, connection="phone")
    paper.drain()
    answer(paper, "Goed.")

    assert paper.sent()[1:] == [
        "U vroeg in de chat van De Winkel om hier verder te gaan. Schrijf gerust, we lezen mee.",
        "Goed.",
    ]
    assert paper.filed() == [["hallo"], ["Ja, hier graag."]]
    assert len(paper.tickets()) == 1
    assert "wil verder op WhatsApp, op 06 55500001" in paper.filed(internal=True)[0][0]
    assert paper.differences() == [0]


@pytest.mark.parametrize(
    ("language", "tone", "said"),
    [
        ("nl", "u", "U vroeg in de chat van De Winkel om hier verder te gaan."),
        ("nl", "je", "Je vroeg in de chat van De Winkel om hier verder te gaan."),
        ("en", "je", "You asked in the chat of De Winkel to go on here."),
    ],
)
def test_talk_that_begins_elsewhere_is_in_the_chats_tone_and_the_visitors_language(
    paper, visit, settle, language, tone, said
):
    settle(tone=tone)
    visitor = visit()
    visitor.begin()
    message = {"id": f"message-{language}-{tone}", "thread": "thread-1", "text": "hallo"}
    visitor.keep(visitor.ask("POST", f"messages?locale={language}", message))
    paper.drain()
    visitor.ask("POST", "number", {"number": PHONE, "consent": True, "start": True})
    paper.drain()
    accepted = paper.message("Ja, hier graag.", sender=PHONE, quotes="paper-1")
    paper.accept(accepted, connection="phone")
    paper.drain()

    asked, begun = paper.sent()
    assert asked.startswith("In de" if language == "nl" else "In the")
    assert begun.startswith(said)


def test_way_in_is_the_page_with_a_place_for_a_code(paper, settle):
    hooks = paper.services.hooks
    ctx = paper.services.contexts.find("winkel", "site").ctx
    none = hooks.ways_in(ctx)
    settle(chat_page="https://shop.example/contact")
    (way,) = hooks.ways_in(paper.services.contexts.find("winkel", "site").ctx)

    assert none == []
    assert way.url == "https://shop.example/contact"
    # A21: behind the #, so that it reaches no server, and no other address can be put there.
    assert way.text_url == "https://shop.example/contact#balie-hop={text}"


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"number": PHONE}, 403),
        ({"number": PHONE, "consent": "yes"}, 403),
        ({"number": "geen nummer", "consent": True}, 400),
        ({"consent": True}, 400),
        ({"number": "112", "consent": True}, 400),
    ],
    ids=["none", "text", "words", "missing", "emergency"],
)
def test_number_is_kept_with_consent_only(paper, visitor, given, status):
    visitor.say()
    paper.drain()

    assert visitor.ask("POST", "number", given).status_code == status
    paper.drain()
    with paper.services.store.reading() as session:
        scopes = session.scalars(select(AddressRow.scope)).all()
    assert not [scope for scope in scopes if scope.startswith("left")]


def test_a22_who_said_nothing_leaves_no_number(visitor):
    assert visitor.ask("POST", "number", {"number": PHONE, "consent": True}).status_code == 400


def test_a22_numbers_are_not_taken_without_end(paper, visitor):
    visitor.say()
    told = [
        visitor.ask("POST", "number", {"number": PHONE, "consent": True}).status_code
        for _ in range(4)
    ]

    assert told == [204] * 3 + [429]


def test_a22_one_number_is_not_typed_in_again_and_again_by_many(paper, visit):
    told = []
    for _ in range(4):
        visitor = visit()
        visitor.begin()
        visitor.say()
        given = {"number": PHONE, "consent": True, "start": True}
        told.append(visitor.ask("POST", "number", given).status_code)

    assert told == [204] * 3 + [429]


def test_left_number_is_no_way_to_read_what_its_owner_wrote(paper, visitor):
    text_from(paper, "mijn geheim")
    visitor.say()
    visitor.ask("POST", "number", {"number": PHONE, "consent": True})
    paper.drain()

    assert words(visitor.poll()) == ["hallo"]
    people = {row.value: row.person_id for row in paper.rows(AddressRow) if not row.scope}
    assert len(set(people.values())) == 2
    assert Address(kind=AddressKind.PHONE, value=PHONE).value in people
