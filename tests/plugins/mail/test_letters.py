"""Letters: what stands in them, and what cannot."""

import pytest
from marshmallow import ValidationError

from balie.api import (
    Address,
    AddressKind,
    Earlier,
    Link,
    Markup,
    Media,
    MediaKind,
    Option,
    Options,
    Refused,
    Rejected,
    SignatureInvalid,
    Text,
)
from balie_mail.config import Config
from balie_mail.plugin import plugin

BACK = "https://shop.example/contact#balie-hop=BAL-AAAA-BBBB-CCCC-DDDD"


def test_letter_holds_the_answer_what_was_asked_and_the_way_back(mail, office, reply):
    ctx = mail()
    parts = (
        Text(text="Ja, hij is klaar."),
        Earlier(text="Is mijn fiets klaar?\nEn wat kost het?"),
        Link(text="Verder", label="Verder", url=BACK),
    )
    receipt = plugin.reply_dispatch(ctx, reply(*parts, author="Sanne", thread="7"))
    (letter,) = office.letters

    assert letter.get_content() == (
        "Ja, hij is klaar.\n\nSanne, De Winkel\n\n"
        "U vroeg in onze chat:\n> Is mijn fiets klaar?\n> En wat kost het?\n\n"
        f"Verder praten? Open de chat met deze link; hij is enkele dagen geldig:\n{BACK}\n\n"
        "-- \nU krijgt deze e-mail omdat u onze chat had verlaten toen het antwoord kwam. "
        "Antwoorden op deze e-mail worden niet gelezen.\n"
    )
    assert letter["Subject"] == "Antwoord van De Winkel"
    assert letter["From"] == "De Winkel <chat@winkel.example>"
    assert letter["To"] == "noor@example.org"
    assert letter["Message-ID"] == receipt.message_id
    assert receipt.message_id == f"<balie.{ctx.connection.id}.42@winkel.example>"
    assert letter["References"] == f"<balie.{ctx.connection.id}.talk-7@winkel.example>"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter.get_content_type() == "text/plain"
    assert office.envelopes == [("chat@winkel.example", ["noor@example.org"])]


def test_letter_speaks_the_language_and_tone_of_the_settings(mail, office, reply):
    ctx = mail(tone="je", from_name="Fietsenmaker", reply_to="hulp@winkel.example")
    plugin.reply_dispatch(ctx, reply())
    (letter,) = office.letters

    assert "omdat je onze chat had verlaten" in letter.get_content()
    assert "Je kunt ook op deze e-mail antwoorden." in letter.get_content()
    assert letter["From"] == "Fietsenmaker <chat@winkel.example>"
    assert letter["Reply-To"] == "hulp@winkel.example"


def test_english_letter(mail, office, reply):
    plugin.reply_dispatch(mail(locale="en"), reply())

    assert office.letters[0]["Subject"] == "An answer from De Winkel"


def test_file_of_the_agent_is_enclosed(mail, office, reply):
    ctx = mail()
    kept = ctx.files.keep([b"%PDF-1.7"], most_bytes=100)
    file = Media(
        kind=MediaKind.DOCUMENT,
        ref="1",
        text="[Bestand]",
        name="rekening\r\nBcc: x@y.z.pdf",
        type="application/pdf",
        stored=kept.key,
    )
    plugin.reply_dispatch(ctx, reply(Text(text="Uw rekening."), file))
    (letter,) = office.letters
    (enclosed,) = letter.iter_attachments()

    assert enclosed.get_content() == b"%PDF-1.7"
    assert enclosed.get_content_type() == "application/pdf"
    assert enclosed.get_filename() == "rekening Bcc: x@y.z.pdf"
    assert letter["Bcc"] is None
    assert letter.get_body().get_content().startswith("Uw rekening.\n")


def test_options_and_links_read_as_lines(mail, office, reply):
    options = Options(
        text="Wanneer?", options=(Option(id="1", title="Ma"), Option(id="2", title="Di"))
    )
    text = Text(text="Zie [de site](https://shop.example/a).", markup=Markup.MARKDOWN)
    plugin.reply_dispatch(mail(), reply(text, options))

    assert (
        office.letters[0]
        .get_content()
        .startswith("Zie de site: https://shop.example/a.\n\nWanneer?\n- Ma\n- Di\n\n")
    )


def test_line_with_a_dot_is_not_the_end_of_a_letter(mail, office, reply):
    plugin.reply_dispatch(mail(), reply(Text(text="Een\n.\nRCPT TO:<x@y.z>\n..twee")))

    assert office.letters[0].get_content().startswith("Een\n.\nRCPT TO:<x@y.z>\n..twee\n")
    assert office.envelopes[0][1] == ["noor@example.org"]


@pytest.mark.parametrize(
    "author",
    ["Sanne\r\nBcc: x@y.z", "Sanne\u2028x", "\u202eennaS", "Sanne\0", "\ud800x"],
    ids=range(5),
)
def test_no_name_makes_a_header(mail, office, reply, author):
    plugin.reply_dispatch(mail(), reply(author=author))
    (letter,) = office.letters

    assert letter["Bcc"] is None
    assert len(office.envelopes[0][1]) == 1


def test_a22_nothing_that_the_customer_wrote_stands_in_a_header(mail, office, reply):
    asked = "Koop nu\r\nSubject: goedkoop\r\n\r\nhttps://evil.example"
    plugin.reply_dispatch(mail(), reply(Text(text="Nee."), Earlier(text=asked)))
    (letter,) = office.letters

    assert not [value for value in letter.values() if "Koop" in value or "goedkoop" in value]
    assert letter.get_all("Subject") == ["Antwoord van De Winkel"]
    assert "> Subject: goedkoop" in letter.get_content()


@pytest.mark.parametrize(
    "value",
    [
        "noor@example.org\r\nBcc: x@y.z",
        "noor@example.org, x@y.z",
        "<noor@example.org>",
        "noor",
        "noor@localhost",
        "nóór@example.org",
        "a" * 65 + "@example.org",
        "",
    ],
    ids=range(8),
)
def test_address_that_is_none_gets_no_letter(mail, office, reply, value):
    with pytest.raises(Rejected, match="geen e-mailadres"):
        plugin.reply_dispatch(mail(), reply(to=(Address(kind=AddressKind.EMAIL, value=value),)))
    assert office.letters == []


def test_letter_goes_to_the_address_that_was_shown_last(mail, office, reply):
    to = tuple(
        Address(kind=kind, value=value)
        for kind, value in [
            (AddressKind.EMAIL, "old@example.org"),
            (AddressKind.PHONE, "+31655500001"),
            (AddressKind.EMAIL, "new@example.org"),
        ]
    )
    plugin.reply_dispatch(mail(), reply(to=to))

    assert office.envelopes[0][1] == ["new@example.org"]


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({"security": "none", "host": "smtp.example.nl"}, "security"),
        ({"host": "smtp.example.nl\r\n"}, "host"),
        ({"from_address": "chat"}, "from_address"),
        ({"from_address": "Chat <chat@example.nl>"}, "from_address"),
        ({"reply_to": "a@b.nl\nBcc: c@d.nl"}, "reply_to"),
        ({"from_name": "a\nb"}, "from_name"),
        ({"user": "balie"}, "password"),
        ({"password": "secret"}, "password"),
        ({"port": 70_000}, "port"),
    ],
    ids=range(9),
)
def test_settings_that_cannot_be_are_refused(settings, field):
    right = {"host": "smtp.example.nl", "from_address": "chat@example.nl"}

    assert Config().load(right)["security"] == "starttls"
    with pytest.raises(ValidationError) as refused:
        Config().load(right | settings)
    assert list(refused.value.messages) == [field]


def test_nothing_comes_in():
    assert plugin.event_parse() == [Refused(reason="nothing comes in by e-mail")]
    with pytest.raises(SignatureInvalid):
        plugin.channel_ingress()
