"""``balie contact export`` and ``erase``, on a Balie that runs."""

import json
import zipfile

import pytest
from tests.e2e.whole import new_customer, running, wait_until

MARK = "▇"
FILING = ("file", "pending")


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


def of_group(whole, words):
    """Return the comments of the ticket in which somebody said this, oldest first."""
    found = whole.stage.control("GET", "zendesk/tickets")["tickets"]
    return next(
        (
            [one["body"] for one in ticket["comments"]]
            for ticket in found
            if any(words in one["body"] for one in ticket["comments"])
        ),
        [],
    )


def without_marks(body):
    return " ".join(body.replace(MARK, " ").split())


def test_member_of_a_group_is_exported_and_erased_and_what_others_said_stays(live, whole, tmp_path):
    anna, ben = new_customer(), new_customer()
    made = {"subject": "Rit naar Texel", "participants": [ben]}
    group = whole.stage.control("POST", "whatsapp/groups", made)["id"]
    whole.write(ben, "Wie rijdt?", group=group)
    wait_until(lambda: of_group(whole, "Wie rijdt?"))
    whole.stage.control("POST", f"whatsapp/groups/{group}/join", {"from": anna})
    wait_until(lambda: anna in "".join(of_group(whole, "Wie rijdt?")))
    # Zendesk is away while both write, so that they share a comment.
    whole.fault("zendesk", "status", status=503)
    quoted = whole.write(anna, "Mijn geheim", group=group)
    whole.write(ben, "Ik zeg niets", group=group)
    wait_until(lambda: sum(whole.struck()))
    whole.heal()
    wait_until(lambda: of_group(whole, "Ik zeg niets"))
    whole.write(ben, "Echt?", group=group, reply_to=quoted)
    comments = wait_until(lambda: of_group(whole, "Echt?"))
    wait_until(lambda: not [one for one in whole.items() if (one.kind, one.state) == FILING])
    assert all(one in comments[2] for one in ("Mijn geheim", "Ik zeg niets"))
    assert all(one in comments[3] for one in ("In antwoord op", "Mijn geheim", "Echt?"))

    file = tmp_path / "anna.json"
    assert live("contact", "export", "demo", f"+{anna}", "--to", str(file)).code == 0
    told = json.loads(file.read_text())
    (talk,) = told["groups"]
    assert "Mijn geheim" in "".join(one["parts"][0]["text"] for one in talk["messages"])
    assert "Mijn geheim" in str(told["elsewhere"]["zendesk"]["among_others"])
    assert not [one for one in (ben, "Ik zeg niets", "Wie rijdt?") if one in str(told)]

    rehearsed = live("contact", "erase", "demo", f"+{anna}")
    assert "of what was said in groups: 2 messages" in rehearsed.out
    erased = live("contact", "erase", "demo", f"+{anna}", "--yes", "--json")

    assert (erased.code, erased.json["balie"]["in_groups"]) == (0, 2)
    left = of_group(whole, "Wie rijdt?")
    assert not [one for one in (anna, "Mijn geheim") if one in "".join(left)]
    assert [without_marks(one).partition(": ")[2] for one in left] == [
        "Wie rijdt?",
        "",
        "Ik zeg niets",
        "Echt?",
    ]
    assert whole.balance().difference == 0
