"""Files on their way into tickets, and out of them."""

import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.databases import ON_SQLITE
from tests.ledger.paper import ANNA

from balie.api import (
    Address,
    AddressKind,
    AgentReplied,
    AuthFailed,
    EventKind,
    Media,
    MediaKind,
    MediaRule,
    MessageReceived,
    OutcomeUnknown,
    PermanentError,
    RawEvent,
    Rejected,
    Text,
    TransientError,
)
from balie.desk.records import parts
from balie.desk.records.models import MessageRow

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + b"\x00" * 2000
PDF = b"%PDF-1.7\n" + b"x" * 2000
PAGE = b"<html><script>alert(1)</script></html>"
IMAGE = Media(kind=MediaKind.IMAGE, ref="file-1", text="[Afbeelding] Kijk", caption="Kijk")
SENDS = {
    "sends": frozenset({"Media"}),
    "media": (
        MediaRule(kind=MediaKind.IMAGE, types=("image/jpeg",), most_bytes=5_000),
        MediaRule(kind=MediaKind.DOCUMENT, types=("application/pdf",), most_bytes=10_000),
    ),
    "caption_limit": 1024,
}


def send(paper, *media, text=""):
    said = (*media, *([Text(text=text)] if text else []))
    event = MessageReceived(
        id=f"m-{next(paper.numbers)}",
        sender=(Address(kind=AddressKind.PHONE, value=ANNA),),
        at=paper.clock.now(),
        parts=said,
    )
    paper.happens(event, kind=EventKind.MESSAGE, lane=ANNA)


def filed(paper):
    """The parts of all that was filed from the customer, in order."""
    return [
        part
        for batch in paper.desk.batches
        if not batch.internal
        for line in batch.lines
        for part in line.parts
    ]


def kept(paper, media):
    files = paper.services.contexts.find("winkel", "desk").ctx.files
    with files.open(media.stored) as file:
        return file.read()


def test_image_is_in_the_store_when_its_message_is_filed(paper):
    paper.channel.files["file-1"] = [JPEG[:100], JPEG[100:]]
    send(paper, replace(IMAGE, sha256=hashlib.sha256(JPEG).hexdigest()))

    paper.drain()

    [image] = filed(paper)
    assert (image.type, image.size) == ("image/jpeg", len(JPEG))
    assert image.name == "image-20260302-120000.jpg"
    assert kept(paper, image) == JPEG


def test_file_of_one_tenant_is_nothing_to_another(paper):
    paper.channel.files["file-1"] = [JPEG]
    send(paper, IMAGE)
    paper.drain()
    [image] = filed(paper)
    paper.services.directory.add_tenant("bakker", name="Bakker", region="NL", locale="nl")
    paper.services.directory.add_connection(
        "bakker", "desk", plugin="paper_desk", config={"secret": "b" * 20}
    )
    others = paper.services.contexts.find("bakker", "desk").ctx.files

    for key in (image.stored, f"../{image.stored}", "t1/2026/03/../../../balie.db", ""):
        with pytest.raises(KeyError):
            others.open(key)


def test_album_of_ten_is_filed_in_order_with_its_files(paper):
    for number in range(10):
        paper.channel.files[f"file-{number}"] = [JPEG + bytes([number])]
        send(paper, replace(IMAGE, ref=f"file-{number}"))

    paper.drain()

    assert [kept(paper, image) for image in filed(paper)] == [
        JPEG + bytes([number]) for number in range(10)
    ]
    assert len({batch.conversation_id for batch in paper.desk.batches}) == 1


@pytest.mark.parametrize("error", [TransientError("away"), AuthFailed("token"), OSError("cut")])
def test_file_that_is_away_for_a_moment_delays_its_message(paper, error):
    paper.channel.files["file-1"] = [JPEG[:10], error]
    send(paper, IMAGE)
    paper.drain()
    assert filed(paper) == []

    paper.channel.files["file-1"] = [JPEG]
    paper.settle()

    assert [kept(paper, image) for image in filed(paper)] == [JPEG]


def test_file_that_stays_away_is_told_and_added_later(paper):
    paper.channel.files["file-1"] = [TransientError("away")]
    send(paper, IMAGE)
    for _ in range(12):
        paper.drain()
        paper.clock.forward(3)
    send(paper, text="Zie je het?")
    paper.drain()
    [image, words] = filed(paper)
    assert (image.stored, words) == ("", Text(text="Zie je het?"))
    assert image.failed == (
        "Het bestand is er nog niet: away. Balie blijft het proberen en zet het er later bij."
    )

    paper.channel.files["file-1"] = [JPEG]
    paper.settle()

    late = paper.desk.batches[-1].lines[0]
    assert late.about == "[Afbeelding] Kijk"
    assert late.parts[0].text == "[Bestand bij een eerder bericht]"
    assert kept(paper, late.parts[1]) == JPEG
    assert set(paper.differences()) == {0}


def test_file_that_never_comes_is_told_at_once(paper):
    paper.channel.files["file-1"] = [PermanentError("WhatsApp has deleted it")]
    send(paper, IMAGE)

    paper.drain()

    [image] = filed(paper)
    assert (image.stored, image.failed) == ("", "WhatsApp has deleted it")
    assert paper.desk.batches[0].tags == ("file_missing",)


def test_file_larger_than_may_be_kept_is_told_and_not_kept(paper, monkeypatch, tmp_path):
    monkeypatch.setattr("balie.desk.files.fetching.MOST_BYTES", 1_000)
    paper.channel.files["file-1"] = [b"x" * 600] * 1000
    send(paper, IMAGE)

    paper.drain()

    [image] = filed(paper)
    assert image.failed == "Het bestand is groter dan 1 kB."
    assert [path for path in (tmp_path / "media").rglob("*") if path.is_file()] == []


def test_file_that_comes_too_slowly_is_told_and_added_later(paper, monkeypatch):
    """A11: one byte now and then keeps no message from its ticket."""
    monkeypatch.setattr("balie.desk.files.fetching.PATIENCE", timedelta(0))
    paper.channel.files["file-1"] = [JPEG[:100], JPEG[100:]]
    send(paper, IMAGE)
    paper.drain()

    [image, label, late] = [part for batch in paper.desk.batches for part in batch.lines[0].parts]
    assert image.failed == (
        "Het bestand is er nog niet: Het bestand komt te langzaam binnen. Balie blijft het "
        "proberen en zet het er later bij."
    )
    assert label.text == "[Bestand bij een eerder bericht]"
    assert kept(paper, late) == JPEG


def test_damaged_file_is_fetched_again(paper):
    paper.channel.files["file-1"] = [JPEG[:-1]]
    send(paper, replace(IMAGE, sha256=hashlib.sha256(JPEG).hexdigest()))
    paper.drain()
    assert filed(paper) == []

    paper.channel.files["file-1"] = [JPEG]
    paper.settle()

    assert [kept(paper, image) for image in filed(paper)] == [JPEG]


@ON_SQLITE
@pytest.mark.parametrize(
    ("content", "told", "seen"),
    [
        (PAGE, "image/jpeg", "text/html"),
        (b"MZ\x00\x00 nothing known", "image/png", "application/octet-stream"),
        (JPEG, "", "image/jpeg"),
        (b"Just words.", "text/plain", "text/plain"),
        (JPEG, "application/pdf", "image/jpeg"),
    ],
)
def test_type_is_what_the_bytes_show(paper, content, told, seen):
    paper.channel.files["file-1"] = [content]
    send(paper, replace(IMAGE, type=told))

    paper.drain()

    assert filed(paper)[0].type == seen


@ON_SQLITE
@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("../../etc/passwd", "passwd"),
        ("a\u202egpj.exe", "agpj.exe"),
        ("C:\\x\\y.jpg", "y.jpg"),
        ("\x00\n", "image-20260302-120000.jpg"),
        ("n" * 300 + ".jpg", "n" * 100 + ".jpg"),
    ],
)
def test_hostile_file_name_is_made_harmless(paper, given, name):
    paper.channel.files["file-1"] = [JPEG]
    send(paper, replace(IMAGE, name=given))

    paper.drain()

    assert filed(paper)[0].name == name


# --- Out ------------------------------------------------------------------------------------------


def answered(paper, *said):
    paper.say()
    paper.drain()
    ticket = paper.desk.filed[paper.desk.batches[0].key].ticket_id
    event = AgentReplied(
        ticket_id=ticket, comment_id="c-1", at=paper.clock.now(), parts=said, author="Piet"
    )
    paper.happens(event, kind=EventKind.TICKET, lane=ticket, plugin=paper.desk)
    paper.drain()


def enclosed(name, mime, size=None, kind=MediaKind.IMAGE):
    return Media(kind=kind, ref=name, text=name, name=name, type=mime, size=size)


def told(paper):
    return [
        part.text
        for batch in paper.desk.batches
        if batch.internal
        for line in batch.lines
        for part in line.parts
    ]


def test_agents_file_is_fetched_and_sent_with_few_words_as_caption(paper):
    paper.channel.abilities = SENDS
    paper.desk.files["foto.jpg"] = JPEG

    answered(paper, Text(text="Zo ziet het eruit."), enclosed("foto.jpg", "image/jpeg"))

    [reply] = paper.channel.sent
    [image] = reply.parts
    assert (image.caption, image.name) == ("Zo ziet het eruit.", "foto.jpg")
    assert kept(paper, image) == JPEG


def test_two_files_and_words_are_three_messages_in_order(paper):
    paper.channel.abilities = SENDS
    paper.desk.files |= {"a.jpg": JPEG, "b.pdf": PDF}

    answered(
        paper,
        Text(text="Hierbij:"),
        enclosed("a.jpg", "image/jpeg"),
        enclosed("b.pdf", "application/pdf", kind=MediaKind.DOCUMENT),
    )

    assert [reply.parts[0].text for reply in paper.channel.sent] == ["Hierbij:", "a.jpg", "b.pdf"]


def test_file_that_the_channel_does_not_take_is_told_before_anything_is_sent(paper):
    paper.channel.abilities = SENDS

    answered(
        paper,
        enclosed("film.avi", "video/x-msvideo", kind=MediaKind.VIDEO),
        enclosed("groot.jpg", "image/jpeg", size=6_000),
        Text(text="Kijk maar."),
    )

    assert [reply.parts[0].text for reply in paper.channel.sent] == ["Kijk maar."]
    assert told(paper) == [
        (
            "Dit is niet naar de klant gestuurd:\n"
            "- film.avi: dit kanaal neemt geen bestand van het type video/x-msvideo\n"
            "- groot.jpg: het bestand is groter dan 5 kB, meer neemt het kanaal niet"
        )
    ]


def test_file_that_turns_out_too_large_fails_its_message_and_says_so(paper):
    paper.channel.abilities = SENDS
    paper.desk.files["foto.jpg"] = JPEG * 4

    answered(paper, enclosed("foto.jpg", "image/jpeg"))

    assert paper.channel.sent == []
    assert len(told(paper)) == 1
    assert told(paper)[0].startswith("Niet bezorgd bij de klant: foto.jpg: het bestand is groter")


BY_LINK = (
    "foto.jpg is te groot voor dit kanaal en is als link naar de klant gestuurd. De link werkt tot "
    "2026-04-01."
)


@pytest.fixture
def linking(paper):
    """The counter, where a file that is too large for the channel has a link."""
    files = paper.services.files
    files.link = lambda *facts: f"https://balie.example/files/{facts[2]}"
    files.gives_links = True
    paper.channel.abilities = {**SENDS, "media": SENDS["media"][:1]}
    paper.desk.files["foto.jpg"] = JPEG * 4
    return paper


def test_link_is_not_told_of_before_it_has_gone_and_then_once(linking):
    linking.channel.outcomes += [TransientError("busy"), TransientError("busy")]
    answered(linking, enclosed("foto.jpg", "image/jpeg"))
    assert (linking.channel.sent, told(linking)) == ([], [])

    linking.settle()

    assert len(linking.channel.sent) == 1
    assert told(linking) == [BY_LINK]


def test_link_whose_sending_is_proven_by_a_status_is_told_of_once(linking):
    """The process died, or the answer was lost, after the channel had taken the message."""
    linking.channel.outcomes.append(OutcomeUnknown("no answer"))
    answered(linking, enclosed("foto.jpg", "image/jpeg"))
    assert told(linking) == []

    [message] = linking.messages("outbound")
    linking.report("delivered", "taken-1", reference=str(message.id))
    linking.settle()

    assert linking.channel.sent == []
    assert told(linking) == [BY_LINK]


def test_link_that_the_channel_refuses_is_not_said_to_have_gone(linking):
    linking.channel.outcomes.append(Rejected("131026", "kan niet worden bezorgd"))

    answered(linking, enclosed("foto.jpg", "image/jpeg"))

    [note] = told(linking)
    assert note.startswith("Niet bezorgd bij de klant: kan niet worden bezorgd")


def test_links_of_one_letter_are_told_of_in_one_note_in_the_tenants_language(
    linking, another_tenant
):
    another_tenant("baker", locale="en")
    linking.accept(linking.message(), tenant="baker")
    linking.drain()
    linking.channel.abilities |= {"stands_alone": True}
    linking.desk.files["film.jpg"] = JPEG * 5
    ticket = linking.desk.filed[linking.desk.batches[0].key].ticket_id
    raw = RawEvent(
        id="two-files", kind=EventKind.TICKET, lane=ticket, at=linking.clock.now(), body={}
    )
    files = (enclosed("foto.jpg", "image/jpeg"), enclosed("film.jpg", "image/jpeg"))
    linking.desk.readings[raw.id] = [
        AgentReplied(ticket_id=ticket, comment_id="c-1", at=linking.clock.now(), parts=files)
    ]
    linking.accept(raw, tenant="baker", connection="desk")
    linking.drain()

    assert told(linking) == [
        (
            "foto.jpg is too large for this channel and was sent to the customer as a link. The "
            "link works until 2026-04-01.\n"
            "film.jpg is too large for this channel and was sent to the customer as a link. The "
            "link works until 2026-04-01."
        )
    ]


@pytest.mark.parametrize("size", [None, 8000], ids=["told later", "told before"])
def test_file_that_is_too_large_goes_by_a_link_where_there_are_links(linking, size):
    paper = linking
    answered(paper, replace(enclosed("foto.jpg", "image/jpeg"), size=size))

    (reply,) = paper.channel.sent
    assert reply.parts == (
        Text(
            text="foto.jpg is te groot om hier te sturen. Op te halen tot 2026-04-01: "
            "https://balie.example/files/foto.jpg"
        ),
    )
    assert told(paper) == [BY_LINK]


def test_file_that_the_helpdesk_does_not_give_yet_is_waited_for(paper):
    paper.channel.abilities = SENDS
    paper.desk.files["foto.jpg"] = TransientError("being scanned")
    answered(paper, enclosed("foto.jpg", "image/jpeg"))
    assert (paper.channel.sent, told(paper)) == ([], [])

    paper.desk.files["foto.jpg"] = JPEG
    paper.settle()

    assert [reply.parts[0].stored != "" for reply in paper.channel.sent] == [True]


@pytest.mark.parametrize(("wish", "seconds"), [(3.0, 3), (600.0, 15), (None, 15)])
def test_helpdesk_says_how_soon_a_file_may_be_there(paper, wish, seconds):
    """Sooner than usual, and never later."""
    paper.channel.abilities = SENDS
    paper.desk.files["foto.jpg"] = TransientError("being scanned", retry_after=wish)
    answered(paper, enclosed("foto.jpg", "image/jpeg"))
    paper.desk.files["foto.jpg"] = JPEG

    paper.clock.forward(seconds - 0.5)
    paper.drain()
    assert paper.channel.sent == []
    paper.clock.forward(1)
    paper.drain()

    assert len(paper.channel.sent) == 1


def test_helpdesks_remark_on_a_file_that_goes_out_is_a_note(paper):
    paper.channel.abilities = SENDS
    paper.desk.files["foto.jpg"] = JPEG
    paper.desk.remarks["foto.jpg"] = "Niemand heeft het bekeken."

    answered(paper, enclosed("foto.jpg", "image/jpeg"))

    assert len(paper.channel.sent) == 1
    assert told(paper) == [
        "Over het bestand foto.jpg in een antwoord aan de klant: Niemand heeft het bekeken."
    ]


def test_file_that_the_helpdesk_never_gives_fails_its_message(paper):
    paper.channel.abilities = SENDS
    paper.desk.files["foto.jpg"] = TransientError("being scanned")

    answered(paper, enclosed("foto.jpg", "image/jpeg"))
    paper.clock.forward(4_000)
    paper.settle()

    assert paper.channel.sent == []
    assert told(paper)[0].startswith(
        "Niet bezorgd bij de klant: foto.jpg: het bestand kon niet uit de helpdesk worden gehaald"
    )
    assert paper.desk.batches[-1].tags == ("delivery_failed",)


def test_message_row_keeps_all_of_a_part(paper):
    paper.channel.files["file-1"] = [JPEG]
    send(paper, IMAGE)
    paper.drain()

    row = paper.rows(MessageRow)[0]

    assert parts.load(row.parts) == tuple(filed(paper))
