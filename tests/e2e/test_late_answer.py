"""An answer after the window reaches the customer who taps on; agents' commands are obeyed."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from click.testing import CliRunner
from tests.e2e.whole import Whole, new_customer, running, wait_until

from balie.cli.root import balie

WAITING = {
    "name": "antwoord_klaar",
    "language": "nl",
    "category": "UTILITY",
    "body": "Hoi {{1}}, er ligt een antwoord voor je klaar.",
    "buttons": ["Lees antwoord"],
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    """The running system, with a template that asks late customers to respond."""
    settings = {"waiting_template": "antwoord_klaar/nl"}
    with running(tmp_path_factory.mktemp("late"), channel_settings=settings) as started:
        started.stage.control("POST", "whatsapp/templates", WAITING)
        command(started, "template", "sync", "demo/whatsapp")
        yield started


def command(whole: Whole, *words: str) -> Any:
    """Run a command of balie on the running system; return what it says as JSON."""
    done = CliRunner().invoke(balie, [*words, "--json"], env=whole.stage.environment())
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def shown(whole: Whole, number: str, kind: str) -> dict[str, Any]:
    """Wait until a phone shows a message of this type; return it."""
    [found] = wait_until(
        lambda: [one for one in whole.shown(number) if one["type"] == kind],
    )
    return dict(found)


def test_late_answer_arrives_when_the_customer_taps_the_template(whole):
    number = new_customer()
    whole.write(number, "Hallo?", name="Noor")
    ticket = whole.ticket(number)
    whole.stage.control("POST", "clock", {"advance": 25 * 3600})
    whole.answer(ticket, "Sorry, hier is het antwoord.")

    template = shown(whole, number, "template")
    assert template["message"]["body"] == "Hoi Noor, er ligt een antwoord voor je klaar."
    (note,) = wait_until(lambda: whole.comments(number, public=False))
    assert "Nog niet verstuurd: “Sorry, hier is het antwoord.”" in note
    tap = {"message_id": template["id"], "index": 0}
    whole.stage.control("POST", f"whatsapp/phones/{number}/tap", tap)

    assert shown(whole, number, "text")["text"] == "Sorry, hier is het antwoord."
    wait_until(lambda: any("Lees antwoord" in comment for comment in whole.comments(number)))


def test_agent_asks_with_buttons_and_the_message_is_read_and_counted(whole):
    number = new_customer()
    sent = whole.write(number, "Is mijn pakket er?", name="Sam")
    ticket = whole.ticket(number)
    whole.answer(ticket, "/buttons Is dit uw adres? | Ja | Nee", public=False)

    asked = shown(whole, number, "interactive")
    whole.stage.control(
        "POST", f"whatsapp/phones/{number}/tap", {"message_id": asked["id"], "index": 0}
    )
    wait_until(lambda: any("Ja" in comment for comment in whole.comments(number)))
    (note,) = wait_until(
        lambda: [one for one in whole.comments(number, public=False) if "Wordt verstuurd" in one]
    )
    assert note.endswith("Wordt verstuurd: “Is dit uw adres?” met de keuzes Ja, Nee")
    wait_until(
        lambda: [
            one["status"]
            for one in whole.shown(number, "out")
            if one["id"] == sent and one["status"] == "read"
        ]
    )
    (counted,) = command(whole, "costs", "demo")["connections"]
    assert counted["charged"] + counted["free"] > 0
