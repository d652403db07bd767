"""What is too old goes, and what somebody may still need stays."""

from datetime import timedelta

import pytest
from tests.ledger.paper import ANNA

from balie.api import PermanentError
from balie.desk.privacy.retention import Retention
from balie.desk.records.models import MessageRow
from balie.ledger.models import State
from balie.store.files import FileStore


@pytest.fixture
def keep(paper):
    """Look for what is older than so many days."""

    def make(payloads=None, messages=None):
        store, clock = paper.services.store, paper.services.clock
        files = FileStore(paper.services.settings.media_url, clock)
        return Retention(store, clock, files, payloads, messages)

    return make


def days(paper, count):
    paper.clock.forward(timedelta(days=count).total_seconds())


def test_payloads_go_when_they_are_old_and_not_before(paper, keep):
    retention = keep(payloads=30)
    paper.say("Oud", id="old")
    paper.drain()
    days(paper, 20)
    paper.say("Nieuw", id="new")
    paper.drain()

    retention.look()
    assert [item.body is None for item in paper.items("message")] == [False, False]
    days(paper, 11)
    retention.look()
    assert [item.body is None for item in paper.items("message")] == [True, False]
    assert paper.say("Oud", id="old").duplicates == 1
    days(paper, 20)
    retention.look()
    assert [item.body is None for item in paper.items("message")] == [True, True]
    assert set(paper.differences()) == {0}


def test_parked_payload_stays_to_be_replayed(paper, keep):
    paper.channel.parse_errors.append(PermanentError("cannot be read"))
    paper.say("Nog te lezen")
    paper.drain()
    days(paper, 90)
    keep(payloads=30).look()

    (item,) = paper.items("message")
    assert (item.state, item.body["say"]) == (State.PARKED, "Nog te lezen")


def test_messages_go_where_that_is_set(paper, keep):
    paper.say("Oud")
    paper.drain()
    days(paper, 40)
    keep(payloads=30).look()
    assert paper.rows(MessageRow)[0].parts[0]["text"] == "Oud"

    keep(messages=30).look()

    (message,) = paper.rows(MessageRow)
    assert message.parts == [{"is": "unknown", "type": "expired", "text": "[niet meer bewaard]"}]
    assert (message.author, message.channel_id) == ("", "erased:1")
    paper.say("Weer", sender=ANNA)
    paper.drain()
    assert len(paper.conversations()) == 1


def test_nothing_goes_where_all_is_kept(paper, keep):
    paper.say("Oud")
    paper.drain()
    days(paper, 4000)
    keep().look()
    assert paper.items("message")[0].body["say"] == "Oud"
