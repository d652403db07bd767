"""What agents answer with: files that Zendesk has still to scan."""

from collections.abc import Iterator

import pytest
from tests.e2e.whole import Whole, new_customer, running, wait_until

SCAN_SECONDS = 4


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    """A Balie that hears by webhook alone."""
    settings = {"helpdesk_settings": {"reconcile_every": 3600}}
    with running(tmp_path_factory.mktemp("answers"), **settings) as made:
        scanning = {"malware_scan_seconds": SCAN_SECONDS, "search_lag_seconds": 0}
        made.stage.control("POST", "zendesk/settings", scanning)
        yield made


def opened(whole: Whole) -> tuple[str, dict]:
    number = new_customer()
    whole.write(number, "Hallo")
    ticket = whole.ticket(number)
    whole.settle()
    return number, ticket


def answer(whole: Whole, ticket: dict, **said: object) -> None:
    whole.stage.control("POST", f"zendesk/tickets/{ticket['id']}/comments", said)


def test_file_in_which_zendesk_finds_malware_never_reaches_the_phone(whole):
    """The scan ends seconds after the answer came; the words before the file do not wait for it."""
    number, ticket = opened(whole)
    whole.stage.control("POST", "zendesk/settings", {"malware_verdict": "malware_found"})
    file = {"name": "x.pdf", "content_type": "application/pdf", "text": "%PDF-1.7 virus"}
    html = "<p>Zie <b>bijlage</b>.</p>"

    answer(whole, ticket, html_body=html, files=[file])
    whole.stage.control("POST", "zendesk/settings", {"malware_verdict": "malware_not_found"})
    wait_until(lambda: whole.shown(number))
    whole.settle()

    assert [(one["type"], one["text"]) for one in whole.shown(number)] == [
        ("text", "Zie *bijlage*.")
    ]
    [note] = whole.comments(number, public=False)
    assert note.startswith("Niet bezorgd bij de klant: x.pdf")
    assert "Zendesk vond er een virus in." in note
