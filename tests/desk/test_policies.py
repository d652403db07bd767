"""What policies ask for is done once; one that fails is left out."""

import pytest
from tests.databases import ON_SQLITE
from tests.ledger.paper import ANNA, BEN

from balie.api import Address, AddressKind, EventKind, MessageReceived, Note, Reaction, ReplyOnce
from balie.ledger.models import Item


@pytest.fixture
def hours(paper):
    """The counter with a policy."""
    paper.services.directory.add_connection("winkel", "hours", plugin="paper_policy", config={})
    return paper


def say(paper, text: str, sender: str = ANNA) -> None:
    paper.say(text, sender=sender)
    paper.settle()


def test_note_is_told_once_per_key_and_conversation(hours):
    hours.policy.actions = [Note(key="vip", text="Dit is een vaste klant")]
    for text, sender in (("een", ANNA), ("twee", ANNA), ("drie", BEN)):
        say(hours, text, sender)

    assert hours.filed() == [["een"], ["twee"], ["drie"]]
    assert hours.filed(internal=True) == [["Dit is een vaste klant"]] * 2
    assert hours.sent() == []


def test_reply_is_sent_once_per_key_and_conversation_and_the_agent_sees_it(hours):
    hours.policy.actions = [ReplyOnce(key="closed", text="We zijn gesloten")]
    for text, sender in (("een", ANNA), ("twee", ANNA), ("drie", BEN)):
        say(hours, text, sender)

    assert hours.sent() == ["We zijn gesloten"] * 2
    assert [reply.author for reply in hours.channel.sent] == ["paper_policy"] * 2
    assert (
        hours.filed(internal=True) == [["Automatisch gestuurd aan de klant: We zijn gesloten"]] * 2
    )


def test_another_key_is_another_action_however_long_the_keys_are(hours):
    keys = ["k" * 200 + "1", "k" * 200 + "2", "k\0", "k"]
    hours.policy.actions = [Note(key=key, text=f"noot {number}") for number, key in enumerate(keys)]
    say(hours, "een")
    say(hours, "twee")

    assert hours.filed(internal=True) == [["noot 0", "noot 1", "noot 2", "noot 3"]]


@ON_SQLITE
@pytest.mark.parametrize("error", [RuntimeError("broken"), SystemExit(1)], ids=repr)
def test_policy_that_raises_is_left_out_and_the_message_goes_on(hours, error):
    hours.policy.error = error
    say(hours, "een")

    assert hours.filed() == [["een"]]
    assert {item.state for item in hours.rows(Item)} == {"delivered"}
    assert [item.attempts for item in hours.rows(Item)] == [0, 0]


def test_policy_of_another_tenant_is_not_asked(hours, another_tenant):
    another_tenant("bakker")
    hours.policy.actions = [Note(key="vip", text="Dit is een vaste klant")]
    hours.accept(hours.message("bij de bakker"), tenant="bakker")
    hours.settle()

    assert hours.filed(internal=True) == []


def test_actions_of_a_message_that_comes_twice_are_done_once(hours):
    hours.policy.actions = [ReplyOnce(key="closed", text="We zijn gesloten")]
    event = hours.message("een", id="wamid-1")
    hours.accept(event, event)
    hours.settle()
    hours.accept(event)
    hours.settle()

    assert hours.sent() == ["We zijn gesloten"]
    assert hours.differences() == [0]


def test_rule_answers_no_reaction_and_nothing_of_weeks_ago(hours):
    hours.policy.actions = [Note(key="n", text="Let op"), ReplyOnce(key="r", text="Hallo!")]
    event = MessageReceived(
        id="m-1",
        sender=(Address(kind=AddressKind.PHONE, value=ANNA),),
        at=hours.clock.now(),
        parts=(Reaction(text="[Reactie] 👍", emoji="👍"),),
        opens_window=False,
    )

    hours.happens(event, kind=EventKind.MESSAGE, lane=ANNA)
    hours.drain()

    assert (hours.channel.sent, hours.filed(internal=True)) == ([], [["Let op"]])
