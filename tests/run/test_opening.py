"""Settings that nobody can open are told, also where nothing but webhooks ever comes."""

import pytest
from tests.ledger.paper import Paper

from balie.run.health import ConnectionHealth
from balie.run.opening import Opening
from balie.tenants.models import ConnectionRow, State

BROKEN = (
    "the settings of chat cannot be used: none of BALIE_SECRET_KEYS opens it; "
    "see: balie connection set winkel chat"
)


@pytest.fixture
def opening(paper: Paper) -> Opening:
    services = paper.services
    health = ConnectionHealth(services.directory, services.contexts)
    return Opening(services.store, services.contexts, health)


def chat(paper: Paper) -> ConnectionRow:
    return paper.services.directory.connection("winkel", "chat")


def seal(paper: Paper, sealed: bytes) -> bytes:
    """Put other settings in the place of the channel's; return those that were there."""
    with paper.services.store.writing() as session:
        row = session.merge(chat(paper))
        kept, row.sealed = row.sealed, sealed
    paper.services.contexts.forget(row.id)
    return kept


def test_connection_whose_settings_cannot_be_opened_is_signed_out_and_in_again(paper, opening):
    kept = seal(paper, b"sealed with a key that is gone")
    opening.look()
    assert (chat(paper).state, chat(paper).state_reason) == (State.SIGNED_OUT, BROKEN)

    opening.look()
    seal(paper, kept)
    opening.look()
    assert (chat(paper).state, chat(paper).state_reason) == (State.CONNECTED, "")


def test_connection_that_its_vendor_signed_out_stays_so(paper, opening):
    paper.services.directory.set_state(chat(paper).id, State.SIGNED_OUT, "Meta says 401")
    opening.look()

    assert chat(paper).state_reason == "Meta says 401"


def test_connection_that_is_off_or_of_no_plugin_is_left_alone(paper, opening):
    seal(paper, b"sealed with a key that is gone")
    paper.services.directory.set_state(chat(paper).id, State.OFF)
    with paper.services.store.writing() as session:
        session.merge(paper.services.directory.connection("winkel", "desk")).plugin = "gone"
    opening.look()

    assert chat(paper).state == State.OFF
    assert paper.services.directory.connection("winkel", "desk").state == State.CONNECTED
