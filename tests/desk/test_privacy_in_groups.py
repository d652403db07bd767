"""What a person said in a group is given and erased with them, and what others said there stays."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update
from tests.ledger.paper import ANNA, BEN, NOON

from balie.api import (
    Address,
    AddressKind,
    Among,
    CustomerNotice,
    Erased,
    EventKind,
    Line,
    Media,
    MediaKind,
    MessageReceived,
    Note,
    OutcomeUnknown,
    PermanentError,
    Text,
    TransientError,
    Unknown,
)
from balie.desk.privacy.export import Exporting
from balie.desk.records import parts
from balie.desk.records.models import MessageRow
from balie.ledger.models import Item, State

from .test_privacy import erase, everything, person, row

GROUP = "Z3JvdXAtb2YtbmVpZ2hib3Vycw=="
HERS, HIS = "wamid.HBgLMzE2NTU1MDAwMDE=", "wamid.HBgLMzE2NTU1MDAwMDI="
DIGITS = ANNA.removeprefix("+")
SECRETS = (DIGITS, HERS, "Mijn geheim", "Anna")
GONE = (Unknown(type="erased", text="[gewist]"),)


def in_group(paper, words, *, by=ANNA, name="Anna", **more):
    """Let a member of the group say something; the payload is as telling as a vendor's."""
    event = paper.message(
        f"{name}: {words}",
        sender=GROUP,
        speaker=[["phone", by]],
        speaker_name=name,
        name="De buren",
        **{"from": by.removeprefix("+"), **more},
    )
    return paper.accept(replace(event, body={**event.body, "sender": [["group", GROUP]]}))


@pytest.fixture
def neighbours(paper):
    """Anna and Ben talk in a group; Ben quotes Anna, and an agent answers them."""
    in_group(paper, "Mijn geheim", id=HERS)
    paper.drain()
    context = {"from": DIGITS, "id": HERS}
    in_group(paper, "Ik zeg niets", by=BEN, name="Ben", id=HIS, quotes=HERS, context=context)
    paper.drain()
    paper.answer("ticket-of-1", ("c1", "Dag allebei"))
    paper.drain()
    reached = {"reference": paper.messages("outbound")[0].channel_id}
    paper.report("read", "paper-1", id=f"paper-1:read:{DIGITS}", lane=GROUP, **reached)
    paper.drain()
    return paper


def texts(paper):
    return [parts.text_of(parts.load(one.parts)) for one in paper.rows(MessageRow)]


def eight_days_later(paper):
    paper.clock.forward(timedelta(days=8, minutes=1).total_seconds())
    paper.drain()


def test_member_of_a_group_is_erased_there_and_what_others_said_stays(neighbours):
    assert all(one in everything(neighbours) for one in SECRETS)

    counts = erase(neighbours)
    neighbours.drain()
    assert texts(neighbours) == [GONE[0].text, "Ben: Ik zeg niets", "Dag allebei"]
    assert (counts.conversations, counts.in_groups, counts.unattributed) == (0, 1, 0)
    # Until nothing can come again, the id is what makes a second delivery fall away.
    left = everything(neighbours)
    assert [one for one in SECRETS if one in left] == [DIGITS, HERS]
    assert (in_group(neighbours, "Mijn geheim", id=HERS).duplicates) == 1

    eight_days_later(neighbours)

    left = everything(neighbours)
    assert [one for one in SECRETS if one in left] == []
    assert all(one in left for one in (HIS, BEN, "Dag allebei", "De buren"))
    assert set(neighbours.differences()) == {0}


def test_helpdesk_is_told_the_lines_that_go_and_the_quotes_of_them(neighbours):
    erase(neighbours)
    neighbours.drain()

    (who,) = neighbours.desk.forgotten
    hers = Among(line=Line(id="1", at=NOON, parts=GONE), goes=True)
    his = Among(
        line=Line(id="2", at=NOON, parts=(Text(text="Ben: Ik zeg niets"),), about=GONE[0].text),
        quote_goes=True,
    )
    assert who.among == {"ticket-of-1": {"comment-1": (hers,), "comment-2": (his,)}}
    assert (who.tickets, who.conversations, who.users) == ({}, (), ())


def test_helpdesk_that_knows_of_no_groups_is_not_believed_to_have_erased_there(neighbours):
    neighbours.desk.erasures += [Erased(done=("alles",)), Erased(done=("alles",))]
    (rehearsed,) = [
        one
        for one in neighbours.services.erasures.rehearse(person(neighbours))
        if one.connection == "desk"
    ]
    erase(neighbours)
    neighbours.drain()

    report = neighbours.items("erase")[0].body["report"]
    assert report["kept"] == list(rehearsed.kept)
    assert "ticket-of-1" in report["kept"][0]


def test_comment_of_several_is_told_line_by_line_and_those_erased_before_go_too(paper):
    paper.desk.outcomes.append(TransientError("down"))
    in_group(paper, "Mijn geheim", id=HERS)
    paper.drain()
    in_group(paper, "Niets", by=BEN, name="Ben")
    in_group(paper, "Hoi", by="+31655500003", name="Chris")
    paper.settle()
    assert paper.filed() == [["Anna: Mijn geheim", "Ben: Niets", "Chris: Hoi"]]

    erase(paper)
    paper.drain()
    erase(paper, BEN)
    paper.drain()

    told = [who.among["ticket-of-1"]["comment-1"] for who in paper.desk.forgotten]
    assert [[line.goes for line in one] for one in told] == [
        [True, False, False],
        [True, True, False],
    ]
    assert told[0][1].line.parts == (Text(text="Ben: Niets"),)
    assert texts(paper) == [GONE[0].text, GONE[0].text, "Chris: Hoi"]


def test_member_who_also_writes_alone_is_one_person(neighbours):
    neighbours.say("Alleen voor u", name="Anna")
    neighbours.drain()

    counts = erase(neighbours)
    neighbours.drain()

    assert (counts.conversations, counts.messages, counts.in_groups) == (1, 1, 1)
    (who,) = neighbours.desk.forgotten
    alone = who.conversations[0].partition("-")[0]
    assert (list(who.tickets), list(who.among)) == ([f"ticket-of-{alone}"], ["ticket-of-1"])
    assert (len(who.conversations), alone != "1") == (1, True)


def test_files_that_a_member_sent_are_deleted_and_others_files_stay(paper):
    paper.channel.files |= {"hers": [b"\x89PNG hers"], "his": [b"\x89PNG his"]}
    for name, number in (("hers", ANNA), ("his", BEN)):
        photo = Media(kind=MediaKind.IMAGE, ref=name, text="[Foto]")
        event = MessageReceived(
            id=name,
            sender=(Address(kind=AddressKind.GROUP, value=GROUP),),
            at=paper.clock.now(),
            parts=(photo,),
            speaker=(Address(kind=AddressKind.PHONE, value=number),),
        )
        paper.happens(event, kind=EventKind.MESSAGE, lane=GROUP)
    paper.drain()
    hers, his = (parts.load(one.parts)[0].stored for one in paper.messages("inbound"))

    counts = erase(paper)

    files = paper.services.erasures.files.of_tenant(1)
    assert counts.files == 1
    assert files.open(his).read() == b"\x89PNG his"
    with pytest.raises(KeyError):
        files.open(hers)


def test_what_waits_or_is_parked_of_a_member_is_cancelled_and_others_work_goes_on(paper):
    in_group(paper, "Eerst")
    paper.drain()
    paper.channel.parse_errors.append(PermanentError("cannot be read"))
    in_group(paper, "Geparkeerd")
    paper.drain()
    # Ben gives Anna's number away: that is what Ben said.
    in_group(paper, f"Bel {DIGITS}", by=BEN, name="Ben")
    in_group(paper, "Nog niet gelezen", id=HERS)
    left = CustomerNotice(
        id="left",
        sender=(Address(kind=AddressKind.GROUP, value=GROUP),),
        at=paper.clock.now(),
        text=f"Uit de groep gegaan: {DIGITS}",
    )
    raw = paper.message(id="left", lane=GROUP, participant=DIGITS)
    paper.channel.readings["left"] = [left]
    paper.accept(raw)
    paper.say("Alleen voor u")
    assert {item.state for item in paper.rows(Item)} >= {State.PENDING, State.PARKED}

    counts = erase(paper)
    paper.drain()

    cancelled = paper.rows(Item, Item.reason.like("cancelled%"))
    assert (counts.waiting, [item.body for item in cancelled]) == (4, [None] * 4)
    assert texts(paper)[0] == GONE[0].text
    assert texts(paper)[-1] == f"Ben: Bel {DIGITS}"
    assert not [
        one for one in ("Geparkeerd", "Nog niet", "Alleen", "Uit de") if one in everything(paper)
    ]
    assert set(paper.differences()) == {0}

    eight_days_later(paper)
    assert HERS not in everything(paper)
    assert texts(paper)[-1] == f"Ben: Bel {DIGITS}"


def test_what_was_said_long_ago_is_forgotten_with_its_ids(neighbours):
    neighbours.clock.forward(timedelta(days=200).total_seconds())
    erase(neighbours)
    neighbours.drain()
    eight_days_later(neighbours)

    left = everything(neighbours)
    assert [one for one in SECRETS if one in left] == []


def test_filing_under_way_is_followed_to_its_end_and_its_comment_told(paper):
    """The comment may be in the ticket with her words: only the helpdesk can tell."""
    in_group(paper, "Niets", by=BEN, name="Ben")
    paper.drain()
    paper.desk.outcomes.append(TransientError("down"))
    in_group(paper, "Mijn geheim", id=HERS)
    paper.drain()
    in_group(paper, "Ik ook", by=BEN, name="Ben")
    paper.desk.reconcile_seconds = 300.0
    paper.desk.lost.append(OutcomeUnknown("no answer"))
    paper.clock.forward(5)
    paper.drain()
    assert paper.filed()[-1] == ["Anna: Mijn geheim", "Ben: Ik ook"]

    erase(paper)
    paper.clock.forward(61)
    paper.drain()
    assert paper.desk.forgotten == []
    (waiting,) = paper.items("erase")
    assert (waiting.state, "a filing under way" in waiting.reason) == (State.PENDING, True)
    paper.clock.forward(300)
    paper.drain()

    (who,) = paper.desk.forgotten
    lines = who.among["ticket-of-1"]["comment-2"]
    assert [line.goes for line in lines] == [True, False]
    assert len(paper.filed()) == 2
    assert "Mijn geheim" not in everything(paper)


def test_filing_that_was_given_up_halfway_is_said_not_to_be_known(paper):
    in_group(paper, "Mijn geheim", id=HERS)
    paper.desk.lost.append(OutcomeUnknown("no answer"))
    paper.drain()
    (filing,) = paper.items("file")
    with paper.services.store.writing() as session:
        session.execute(update(Item).where(Item.id == filing.id).values(state=State.PARKED))

    erase(paper)
    paper.clock.forward(61)
    paper.drain()

    (work,) = paper.items("erase")
    assert (work.state, f"({filing.id})" in work.reason) == (State.PARKED, True)
    assert "Mijn geheim" not in everything(paper)


def test_notes_that_quote_a_member_or_name_the_number_go_too(paper):
    in_group(paper, "Dag", by=BEN, name="Ben")
    paper.drain()
    joined = CustomerNotice(
        id="joined",
        sender=(Address(kind=AddressKind.GROUP, value=GROUP),),
        at=paper.clock.now(),
        text=f"In de groep gekomen: {DIGITS}",
    )
    paper.happens(joined, kind=EventKind.MESSAGE, lane=GROUP)
    paper.drain()
    paper.desk.outcomes.append(PermanentError("refused"))
    in_group(paper, "Mijn geheim", id=HERS)
    paper.drain()
    told = [lines[0] for lines in paper.filed(internal=True)]
    assert (len(told), "Mijn geheim" in told[1]) == (2, True)

    counts = erase(paper)
    paper.drain()

    assert counts.in_groups == 3
    assert texts(paper) == ["Ben: Dag", *[GONE[0].text] * 3]
    (who,) = paper.desk.forgotten
    assert [one.goes for said in who.among["ticket-of-1"].values() for one in said] == [True, True]


def test_note_of_a_policy_about_what_a_member_said_goes_too(paper):
    paper.services.directory.add_connection("winkel", "rules", plugin="paper_policy", config={})
    paper.policy.actions = [Note(key="angry", text="Anna is boos")]
    in_group(paper, "Mijn geheim")
    paper.drain()

    erase(paper)
    paper.drain()

    assert "Anna" not in "\n".join(texts(paper))


def test_what_nobody_knows_who_said_is_counted(neighbours):
    """It was stored before Balie wrote down who speaks."""
    with neighbours.services.store.writing() as session:
        session.execute(update(MessageRow).where(MessageRow.id == 2).values(speaker_id=None))

    assert neighbours.services.erasures.counts(person(neighbours)).unattributed == 1
    assert erase(neighbours).unattributed == 1


def test_late_quote_of_an_erased_message_is_forgotten_in_time(neighbours):
    erase(neighbours)
    neighbours.drain()
    neighbours.clock.forward(60)
    context = {"from": DIGITS, "id": HERS}
    in_group(neighbours, "Wie was dat?", by=BEN, name="Ben", quotes=HERS, context=context)
    neighbours.drain()
    assert HERS in everything(neighbours)

    eight_days_later(neighbours)

    left = everything(neighbours)
    assert [one for one in (DIGITS, HERS) if one in left] == []
    assert "Ben: Wie was dat?" in left


def test_member_who_speaks_again_is_a_new_person_and_is_not_forgotten_with_the_old(neighbours):
    erase(neighbours)
    neighbours.drain()
    neighbours.clock.forward(60)
    in_group(neighbours, "Daar ben ik weer", id="wamid.again")
    neighbours.drain()
    eight_days_later(neighbours)

    assert "Anna: Daar ben ik weer" in texts(neighbours)
    assert person(neighbours).name == "Anna"
    again = neighbours.rows(Item, Item.dedupe == "message:wamid.again")
    assert again[0].body["from"] == DIGITS


def test_group_can_be_erased_whole(neighbours):
    erase(neighbours, GROUP)
    neighbours.drain()

    assert {one.parts[0]["text"] for one in neighbours.rows(MessageRow)} == {GONE[0].text}
    assert person(neighbours).name == "Anna"


def test_export_holds_what_a_member_said_and_nothing_of_others(neighbours):
    services = neighbours.services
    exporting = Exporting(services.store, services.hooks, services.contexts)
    facts = exporting.of(person(neighbours), NOON).facts

    (group,) = facts["groups"]
    assert (group["group"], facts["conversations"]) == ("De buren", [])
    said = [(one["parts"][0]["text"], one["comment"]) for one in group["messages"]]
    assert said == [("Anna: Mijn geheim", "comment-1")]
    assert facts["unattributed_in_groups"] == 0
    assert not [one for one in ("Ben", "Ik zeg niets", "Dag allebei") if one in str(facts)]


def test_tenants_do_not_touch(neighbours, another_tenant):
    another_tenant("bakker")
    event = neighbours.message("Anna: Bij de bakker", sender=GROUP, speaker=[["phone", ANNA]])
    event = replace(event, body={**event.body, "sender": [["group", GROUP]]})
    neighbours.accept(event, tenant="bakker")
    neighbours.drain()

    erase(neighbours)
    eight_days_later(neighbours)

    assert "Anna: Bij de bakker" in texts(neighbours)


def test_erasing_twice_changes_nothing_more(neighbours):
    erase(neighbours)
    neighbours.drain()
    before = everything(neighbours)

    again = neighbours.services.erasures.erase(row(neighbours, 2))
    neighbours.drain()

    assert (again.addresses, again.waiting, len(neighbours.desk.forgotten)) == (0, 0, 1)
    assert everything(neighbours) == before
