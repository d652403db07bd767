"""``balie contact export`` and ``erase``, on a Balie that runs."""

import json
import zipfile

import pytest
from tests.e2e.whole import new_customer, running, wait_until

MARK = "▇"


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A running Balie of its own: what was erased is in the ledger for eight days more."""
    with running(tmp_path_factory.mktemp("privacy")) as started:
        yield started


@pytest.fixture
def customer(whole):
    """Somebody who wrote and was answered."""
    number = new_customer()
    whole.write(number, "Mijn geheim")
    ticket = wait_until(lambda: whole.tickets(number))[0]
    whole.answer(ticket, "Ons antwoord")
    wait_until(lambda: whole.shown(number))
    whole.settle()
    return number


def test_person_is_exported_with_what_the_helpdesk_holds(live, customer, tmp_path):
    file = tmp_path / "person.zip"
    told = live("contact", "export", "demo", f"+{customer}", "--to", str(file), "--json")

    assert told.code == 0
    assert file.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(file) as archive:
        facts = json.loads(archive.read("person.json"))
    said = [one["parts"][0]["text"] for one in facts["conversations"][0]["messages"]]
    assert said == ["Mijn geheim", "Ons antwoord"]
    comments = facts["elsewhere"]["zendesk"]["tickets"][0]["comments"]
    assert {"Mijn geheim", "Ons antwoord"} <= {one["body"] for one in comments}


def test_person_is_erased_after_a_rehearsal(live, whole, customer):
    ticket = whole.tickets(customer)[0]["id"]
    rehearsed = live("contact", "erase", "demo", f"+{customer}")
    assert rehearsed.code == 0
    assert "Nothing was erased" in rehearsed.out
    assert whole.tickets(customer)[0]["comments"][0]["body"] == "Mijn geheim"

    erased = live("contact", "erase", "demo", f"+{customer}", "--yes", "--json")

    assert (erased.code, erased.json["erased"]) == (0, True)
    done = {one["connection"]: one for one in erased.json["connections"]}
    assert done["zendesk"]["done"][0].startswith(f"Ticket {ticket}: 1 ")
    assert "telefoon" in done["whatsapp"]["kept"][0]
    bodies = [one["body"] for one in whole.tickets(customer)[0]["comments"]]
    assert bodies == [MARK * len("Mijn geheim"), "Ons antwoord"]
    assert whole.balance().difference == 0
    assert live("contact", "export", "demo", f"+{customer}", "--to", "x.json").code == 1
    again = live("contact", "erase", "demo", f"person:{erased.json['person']}", "--yes", "--json")
    assert (again.code, again.json["balie"]["addresses"]) == (0, 0)


def test_nobody_is_said_to_be_nobody(winkel):
    told = winkel("contact", "erase", "winkel", "0655509999", "--yes")
    assert told.code == 1
    assert "nobody is known by that" in told.err


def test_export_wants_a_file_it_can_write(winkel, tmp_path):
    told = winkel("contact", "export", "winkel", "0655509999", "--to", str(tmp_path / "x.doc"))
    assert told.code == 2
    assert "name it .zip or .json" in told.err
