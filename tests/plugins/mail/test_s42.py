"""S42 whole: chat, a customer who has left, WhatsApp, and a letter; the ticket says which."""

import pytest
from marshmallow import ValidationError
from tests.plugins.livechat.visiting import SECRET, SHOP, Visit, answer, jwt, words

from balie.api import Rejected, ServiceWindow
from balie.desk.records.models import AddressRow, MessageRow
from balie.ledger.models import State
from balie.web.app import create_app
from balie_livechat.config import Config

PHONE = "+31655500001"
PAGE = "https://shop.example/contact"
CLAIMS = {"sub": "customer-42", "aud": "winkel/site", "exp": 1772453400}
VERIFIED = {"email": "Noor@Example.org", "email_verified": True}


@pytest.fixture
def paper(paper, mail):
    """The counter with live chat, a channel by number, and e-mail, all into one desk."""
    directory = paper.services.directory
    settings = {
        "allowed_origins": SHOP,
        "identity_secret": SECRET,
        "whatsapp_connection": "phone",
        "mail_connection": "post",
        "chat_page": PAGE,
        "absent_seconds": 60.0,
        "fields_before": '[{"name": "mail", "label": "E-mail", "type": "email"}]',
    }
    directory.add_connection(
        "winkel", "site", plugin="livechat", config=settings, files_into="desk", name="De chat"
    )
    directory.add_connection(
        "winkel",
        "phone",
        plugin="paper_channel",
        config={"secret": "c" * 20},
        files_into="desk",
        name="WhatsApp",
    )
    mail()
    return paper


@pytest.fixture
def visit(paper):
    app = create_app(paper.services)

    def make(**claims):
        made = Visit(app.test_client())
        exp = int(paper.clock.now().timestamp()) + 600
        more = {"identity": jwt(CLAIMS | {"exp": exp} | claims)} if claims else {}
        assert made.begin(**more).status_code == 200
        return made

    return make


def leave_and_be_answered(paper, text="Ja, morgen."):
    answer(paper, text)
    paper.clock.forward(61)
    paper.drain()


def told(paper):
    return [line for lines in paper.filed(internal=True) for line in lines]


def test_s42_letter_goes_to_the_verified_address_and_leads_back(paper, visit, office):
    noor = visit(**VERIFIED)
    noor.say("Is mijn fiets klaar?")
    paper.drain()
    leave_and_be_answered(paper)
    (letter,) = office.letters
    text = letter.get_content()
    code = text.partition(f"{PAGE}#balie-hop=")[2].partition("\n")[0]
    back = visit()
    back.say("Hier ben ik weer.", thread="thread-2", hop=code)
    paper.drain()

    assert office.envelopes == [("chat@winkel.example", ["Noor@example.org"])]
    assert text.startswith("Ja, morgen.\n")
    assert "> Is mijn fiets klaar?\n" in text
    assert "per e-mail naar Noor@example.org" in told(paper)[0]
    assert len(paper.tickets()) == 1
    assert words(noor.poll()) == ["Is mijn fiets klaar?", "Ja, morgen."]
    assert paper.differences() == [0]


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "noor@example.org"},
        {"email": "noor@example.org", "email_verified": "true"},
        {"email": "noor@example.org", "email_verified": 1},
        {"email": "noor@example.org, x@y.z", "email_verified": True},
        {"email": "noor@example.org\r\nBcc: x@y.z", "email_verified": True},
        {"email": ["noor@example.org"], "email_verified": True},
    ],
    ids=range(6),
)
def test_a22_address_that_the_site_did_not_verify_gets_no_mail(paper, visit, office, claims):
    noor = visit(name="Noor", **claims)
    noor.say("hallo")
    paper.drain()
    leave_and_be_answered(paper)

    assert office.letters == []
    assert "een e-mailadres dat zeker van de klant is, is er ook niet" in told(paper)[0]


def test_a22_address_that_a_visitor_types_gets_no_mail(paper, visit, office):
    anonymous = visit()
    anonymous.say("Mail mij op typed@example.org", fields={"mail": "typed@example.org"})
    paper.drain()
    leave_and_be_answered(paper)

    assert office.letters == []
    assert [row.value for row in paper.rows(AddressRow) if row.kind == "email"] == []


def test_s42_number_with_consent_goes_first_and_the_letter_where_that_fails(paper, visit, office):
    noor = visit(**VERIFIED)
    noor.say("hallo")
    noor.ask("POST", "number", {"number": PHONE, "consent": True})
    paper.drain()
    leave_and_be_answered(paper)
    accepted = paper.message("Ja, dat was ik", sender=PHONE, quotes="paper-1")
    paper.accept(accepted, connection="phone")
    paper.drain()
    by_number = (paper.sent()[1:], len(office.letters))
    noor.say("En overmorgen?")
    paper.drain()
    paper.channel.outcomes.append(Rejected("131026", "Dit nummer heeft geen WhatsApp."))
    leave_and_be_answered(paper, "En overmorgen?")

    assert by_number == (["Ja, morgen."], 0)
    assert [letter.get_content().partition("\n")[0] for letter in office.letters] == [
        "En overmorgen?"
    ]
    *before, again, failed, last = told(paper)
    assert "via WhatsApp naar 06 55500001" in before[0]
    assert "via WhatsApp naar 06 55500001" in again
    assert "Dit nummer heeft geen WhatsApp." in failed
    assert "per e-mail naar Noor@example.org" in last


def test_s42_letter_goes_where_nobody_tapped_and_a_tap_brings_it_no_more(paper, visit, office):
    paper.services.directory.set_config("winkel", "site", {"tap_hours": 2.0})
    paper.channel.abilities = {
        "window": ServiceWindow(hours=24, waiting_template=("answer_waiting", "nl")),
        "sends": frozenset({"TemplateUse"}),
    }
    noor = visit(**VERIFIED)
    noor.say("hallo")
    noor.ask("POST", "number", {"number": PHONE, "consent": True})
    paper.drain()
    leave_and_be_answered(paper)
    paper.clock.forward(2 * 3600 - 1)
    paper.drain()
    early = len(office.letters)
    paper.clock.forward(1)
    paper.drain()
    paper.accept(paper.message("Ja, graag", sender=PHONE, quotes="paper-1"), connection="phone")
    paper.settle()

    assert early == 0
    assert [letter.get_content().partition("\n")[0] for letter in office.letters] == ["Ja, morgen."]
    assert len(paper.sent()) == 1  # what asked for the tap
    by_number, held, mailed = told(paper)
    assert "via WhatsApp naar 06 55500001" in by_number
    assert "tot maandag 2 maart om 15:01; daarna gaat het per e-mail." in held
    assert "gaat nu per e-mail naar Noor@example.org" in mailed
    assert len(paper.tickets()) == 1
    assert paper.differences() == [0]


def test_s42_letter_that_is_refused_is_told(paper, visit, office):
    office.says["RCPT"] = "550 5.1.1 no such user"
    visit(**VERIFIED).say("hallo")
    paper.drain()
    leave_and_be_answered(paper)

    assert "De mailserver kent dit e-mailadres niet." in told(paper)[1]
    assert paper.differences() == [0]


def test_t7_letter_with_an_unclear_end_is_sent_once_more_under_the_same_id(paper, visit, office):
    """No server can be asked what it has; the id is what tells two of the same from two."""
    visit(**VERIFIED).say("hallo")
    paper.drain()
    office.hangs_up_after_data = 1
    leave_and_be_answered(paper)
    (item,) = [item for item in paper.items("send") if item.state == State.PENDING]
    first = (len(office.letters), len(told(paper)))
    paper.clock.forward(30)
    paper.drain()
    too_early = len(office.letters)
    paper.clock.forward(120)
    paper.drain()

    assert item.attempted_at is not None
    assert (first, too_early, len(office.letters)) == ((1, 1), 1, 2)
    assert len({letter["Message-ID"] for letter in office.letters}) == 1
    (unclear,) = told(paper)[1:]
    assert unclear == (
        "Onzeker of dit antwoord is aangekomen: “Ja, morgen.”\nToen het verstuurd was, brak de "
        "verbinding af, en E-mail kan niet nagaan wat ervan werd. Balie stuurt het daarom nog één "
        "keer; het kan dus twee keer aankomen."
    )
    assert paper.differences() == [0]


def test_t7_letter_whose_end_stays_unclear_is_sent_no_third_time_and_the_ticket_says_so(
    paper, visit, office
):
    visit(**VERIFIED).say("hallo")
    paper.drain()
    office.hangs_up_after_data = 9
    leave_and_be_answered(paper)
    for _ in range(24 * 8):
        paper.clock.forward(3600)
        paper.drain()
    (item,) = [item for item in paper.items("send") if item.state == State.PARKED]
    (letter,) = [row for row in paper.messages("outbound") if row.id == item.body["message"]]

    assert len(office.letters) == 2
    assert letter.status == "failed"
    unclear, ended = told(paper)[1:]
    assert unclear.startswith("Onzeker of dit antwoord is aangekomen: “Ja, morgen.”")
    assert ended.startswith("Nog steeds onzeker of dit antwoord is aangekomen: “Ja, morgen.”")
    assert "Balie stuurt het niet nog eens (the letter left, and no answer came" in ended
    assert paper.desk.batches[-1].tags == ("delivery_unknown",)
    assert paper.differences() == [0]


def test_letter_that_may_come_later_is_sent_later(paper, visit, office):
    office.says["RCPT"] = "451 4.7.1 greylisted"
    visit(**VERIFIED).say("hallo")
    paper.drain()
    leave_and_be_answered(paper)
    early = len(office.letters)
    office.says.clear()
    paper.clock.forward(600)
    paper.drain()

    assert (early, len(office.letters)) == (0, 1)


def test_who_is_still_there_gets_no_letter(paper, visit, office):
    noor = visit(**VERIFIED)
    noor.say("hallo")
    paper.drain()
    answer(paper, "Ja.")
    shown = [message["id"] for message in noor.poll() if message["by"] == "agent"]
    noor.ask("POST", "receipts", {"delivered": shown})
    paper.clock.forward(61)
    paper.drain()

    assert office.letters == []
    assert told(paper) == []


def test_erasure_takes_the_letter_and_the_address_too(paper, visit, office):
    noor = visit(**VERIFIED)
    noor.say("mijn geheim")
    paper.drain()
    leave_and_be_answered(paper, "ons antwoord")
    assert noor.ask("DELETE", "data").status_code == 202
    paper.drain()

    kept = [str(row.parts) for row in paper.rows(MessageRow) if row.direction != "note"]
    assert all("geheim" not in one and "antwoord" not in one for one in kept)
    assert [row.value for row in paper.rows(AddressRow) if row.kind == "email"] == []


def code_in(letter):
    return letter.get_content().partition(f"{PAGE}#balie-hop=")[2].partition("\n")[0]


def test_a21_link_in_a_letter_leads_to_the_tenants_page_and_is_good_once(paper, visit, office):
    visit(**VERIFIED).say("Ga naar https://evil.example/#balie-hop=BAL-AAAA-AAAA-AAAA-AAAA")
    paper.drain()
    leave_and_be_answered(paper)
    (letter,) = office.letters
    lines = letter.get_content().splitlines()
    for number in range(2):
        visit().say("Ik kom terug.", thread=f"thread-{number + 2}", hop=code_in(letter))
        paper.drain()

    # What the customer wrote is quoted, and no link of ours; only the first who came goes on.
    assert [line for line in lines if line.startswith("http")] == [
        f"{PAGE}#balie-hop={code_in(letter)}"
    ]
    assert len(paper.tickets()) == 2


def test_a21_link_in_a_letter_ends_after_three_days(paper, visit, office):
    visit(**VERIFIED).say("hallo")
    paper.drain()
    leave_and_be_answered(paper)
    paper.clock.forward(3 * 24 * 3600)
    visit().say("Ik kom terug.", thread="thread-2", hop=code_in(office.letters[0]))
    paper.drain()

    assert len(paper.tickets()) == 2


@pytest.mark.parametrize(
    "page",
    [
        "http://shop.example/contact",
        "https://shop.example/#a",
        "https://shop.example/{text}",
        "javascript:alert(1)",
        "//shop.example",
        "http://127.0.0.1.evil.example/",
        "http://localhost@evil.example/",
    ],
    ids=range(7),
)
def test_a21_page_to_come_back_to_is_one_of_the_tenants_sites(page):
    with pytest.raises(ValidationError):
        Config().load({"chat_page": page})
