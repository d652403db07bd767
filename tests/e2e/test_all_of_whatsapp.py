"""What else happens on WhatsApp, through the real processes: templates, calls, names, groups."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.e2e.on_time import OnTime, balie
from tests.e2e.whole import PHONE_NUMBER_ID, new_customer, wait_until

SHIPPED = "order_shipped"


@pytest.fixture
def whole(shared: OnTime) -> Iterator[OnTime]:
    yield shared
    shared.settle()


@pytest.fixture(scope="module")
def shipped(shared: OnTime) -> str:
    """A template with a button, which Balie has read; its id."""
    asked = {
        "name": SHIPPED,
        "body": "Hoi {{1}}, uw bestelling is onderweg.",
        "buttons": ["Volg mijn pakket"],
    }
    template = shared.stage.control("POST", "whatsapp/templates", asked)
    assert balie(shared, "template", "sync", "demo/whatsapp")[0] == 0
    return str(template["id"])


def happens(whole: OnTime, what: str, **body: Any) -> Any:
    return whole.stage.control("POST", f"whatsapp/{what}", body)


def opened(whole: OnTime, **more: Any) -> tuple[str, dict[str, Any]]:
    """A customer who has just written, and the ticket."""
    number = new_customer()
    whole.write(number, "Hallo", **more)
    return number, whole.ticket(number)


def lines(whole: OnTime, number: str, *, public: bool) -> Callable[[], list[str]]:
    """Look at what stands in a customer's ticket."""
    return lambda: whole.comments(number, public=public)


# --- Templates ------------------------------------------------------------------------------------


def test_template_goes_to_the_phone_by_a_note_and_its_tap_comes_back(whole, shipped):
    number, ticket = opened(whole)

    whole.answer(ticket, f"/template {SHIPPED} 1=Noor", public=False)
    [shown] = wait_until(lambda: whole.shown(number))
    happens(whole, f"phones/{number}/tap", message_id=shown["id"], index=0)
    wait_until(lambda: len(whole.comments(number)) == 2)
    whole.settle()

    words = "Hoi Noor, uw bestelling is onderweg."
    assert (shown["type"], shown["message"]["body"]) == ("template", words)
    assert whole.comments(number)[1].splitlines() == [
        f"> In antwoord op: {words} [Volg mijn pakket]",
        "[Knop] Volg mijn pakket",
    ]
    assert whole.comments(number, public=False)[1].startswith(
        f"Wordt verstuurd als sjabloon {SHIPPED} (nl): “{words}"
    )


def test_template_that_is_paused_or_missing_is_said_in_the_note(whole, shipped):
    number, ticket = opened(whole)
    happens(whole, f"templates/{shipped}", status="PAUSED")
    whole.settle()

    for name in (SHIPPED, "order_shiped"):
        whole.answer(ticket, f"/template {name} 1=Noor", public=False)
    whole.settle()

    said = "\n".join(whole.comments(number, public=False)[2:])
    assert f"Niet verstuurd. Het sjabloon “{SHIPPED}” (nl) kan nu niet worden gebruikt" in said
    assert f"Er is geen sjabloon “order_shiped”. Bedoeld is misschien: {SHIPPED}." in said
    assert whole.shown(number) == []
    happens(whole, f"templates/{shipped}", status="APPROVED")


# --- Calls ----------------------------------------------------------------------------------------

REJECTED = (
    "U belde ons via WhatsApp. Dit nummer neemt geen oproepen aan. Stuur ons hier een bericht, "
    "dan helpen wij u graag."
)


@pytest.mark.parametrize(
    ("calls", "state", "told", "note"),
    [
        ("reject", "ended", [REJECTED], f"Automatisch gestuurd aan de klant: {REJECTED}"),
        ("callback", "ended", [], "Terugbellen: Noor belde via WhatsApp, 06 5550"),
        ("ignore", "ringing", [], None),
    ],
)
def test_call_is_answered_as_the_tenant_wants(whole, calls, state, told, note):
    code, _ = balie(whole, "connection", "set", "demo", "whatsapp", "--set", f"calls={calls}")
    number = new_customer()

    call = happens(whole, "calls", **{"from": number}, name="Noor")["id"]
    [line] = wait_until(lines(whole, number, public=True))
    whole.settle()

    assert code == 0
    assert line.startswith("[Oproep] de klant belde via WhatsApp")
    assert whole.stage.control("GET", f"whatsapp/calls/{call}")["state"] == state
    assert [one["text"] for one in whole.shown(number)] == told
    notes = whole.comments(number, public=False)
    assert [one.startswith(note or "") for one in notes] == [True] * (note is not None)


# --- Who is this? ---------------------------------------------------------------------------------


def test_customer_with_a_new_number_stays_in_the_ticket(whole):
    number, ticket = opened(whole, name="Noor")
    moved = new_customer()

    happens(whole, f"phones/{number}/change_number", number=moved)
    wait_until(lines(whole, moved, public=False))  # the user's number follows too
    whole.write(moved, "Dit is mijn nieuwe nummer")
    wait_until(lambda: len(whole.comments(moved)) == 2)
    whole.answer(ticket, "Genoteerd.")
    wait_until(lambda: whole.shown(moved))

    assert whole.comments(moved)[:2] == ["Hallo", "Dit is mijn nieuwe nummer"]
    [note] = whole.comments(moved, public=False)
    assert note.startswith("[De klant heeft een nieuw nummer]")
    assert moved in note
    assert [one["text"] for one in whole.shown(moved)] == ["Genoteerd."]
    assert len(whole.tickets(number) + whole.tickets(moved)) == 1


def test_customer_without_a_number_is_answered_and_known_once_it_is_shared(whole):
    number = new_customer()
    happens(whole, f"phones/{number}", persona="bsuid_only", name="Naamloos")
    whole.write(number, "Raad eens wie ik ben")

    def tickets() -> list[dict[str, Any]]:
        found = whole.stage.control("GET", "zendesk/tickets")["tickets"]
        return [one for one in found if one["requester"]["name"] == "Naamloos"]

    [ticket] = wait_until(tickets)
    assert ticket["requester"]["phone"] is None
    whole.answer(ticket, "Geen idee.")
    wait_until(lambda: len(whole.shown(number)) == 1)
    whole.answer(ticket, "/ask phone Op welk nummer bereiken we u?", public=False)
    asked = wait_until(lambda: whole.shown(number)[1:])[0]
    happens(whole, f"phones/{number}/tap", message_id=asked["id"])
    wait_until(lambda: len(whole.tickets(number)) == 1)
    whole.settle()

    assert [one["text"] for one in whole.shown(number)] == ["Geen idee.", None]
    [known] = tickets()
    assert (known["id"], known["requester"]["phone"]) == (ticket["id"], f"+{number}")
    assert f"[De klant deelde zijn nummer] +{number}" in whole.comments(number, public=False)


def test_group_is_one_ticket_with_the_speakers_names_and_hears_the_answer(whole):
    anna, bert = new_customer(), new_customer()
    people = [f"+{anna}", f"+{bert}"]
    group = happens(whole, "groups", subject="Rit naar Texel", participants=people)["id"]

    def ticket() -> dict[str, Any] | None:
        found = whole.stage.control("GET", "zendesk/tickets")["tickets"]
        here = [one for one in found if one["requester"]["external_id"] == f"group:{group}"]
        return here[0] if here else None

    whole.write(anna, "Wanneer vertrekt de bus?", name="Anna", group=group)
    wait_until(ticket)
    whole.write(bert, "En mag de hond mee?", name="Bert", group=group)
    wait_until(lambda: len(ticket()["comments"]) == 2)
    whole.answer(ticket(), "Om negen uur, en de hond mag mee.")
    wait_until(lambda: whole.shown(bert))

    assert [one["body"] for one in ticket()["comments"] if one["public"]] == [
        "Anna: Wanneer vertrekt de bus?",
        "Bert: En mag de hond mee?",
        "Om negen uur, en de hond mag mee.",
    ]
    for number in (anna, bert):
        [shown] = whole.shown(number)
        assert (shown["text"], shown["group_id"]) == ("Om negen uur, en de hond mag mee.", group)
        assert whole.tickets(number) == []


# --- A number that is in the app as well ----------------------------------------------------------


@pytest.fixture
def in_the_app(whole) -> Iterator[None]:
    happens(whole, f"numbers/{PHONE_NUMBER_ID}", coexists=True)
    yield
    happens(whole, f"numbers/{PHONE_NUMBER_ID}", coexists=False)


def test_what_a_colleague_sends_from_the_app_is_a_note(whole, in_the_app):
    number, _ = opened(whole)

    happens(whole, "echoes", **{"from": number}, type="text", text="Ja hoor, kom maar langs.")
    wait_until(lines(whole, number, public=False))
    whole.settle()

    assert whole.comments(number, public=False) == [
        "[Gestuurd vanaf de telefoon, buiten de helpdesk om]\nJa hoor, kom maar langs."
    ]
    assert whole.comments(number) == ["Hallo"]
    assert len(whole.shown(number)) == 1


def test_message_that_is_changed_or_taken_back_is_shown_as_such(whole, in_the_app):
    number = new_customer()
    first = whole.write(number, "Morgen om tien uur")
    whole.ticket(number)

    changed = {"original_message_id": first, "text": "Morgen om elf uur"}
    happens(whole, "messages", **{"from": number}, type="edit", edit=changed)
    wait_until(lambda: len(whole.comments(number)) == 2)
    taken_back = {"original_message_id": first}
    happens(whole, "messages", **{"from": number}, type="revoke", revoke=taken_back)
    wait_until(lambda: len(whole.comments(number)) == 3)

    assert [one.splitlines()[-1] for one in whole.comments(number)] == [
        "Morgen om tien uur",
        "[Bericht aangepast] Morgen om elf uur",
        "[Bericht ingetrokken door de klant]",
    ]
