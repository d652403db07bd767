"""What a merge copied of a person's ticket is erased too, wherever it stands."""

import pytest

from balie.api import Address, AddressKind, Concerned, Text
from balie_crm_zendesk.client import Client
from balie_crm_zendesk.plugin import plugin
from balie_crm_zendesk.privacy.redaction import MARK

from .test_sandbox_desk import Talk, a_file

SECRET = "Mijn rekening is geheim"
PIET = Address(kind=AddressKind.PHONE, value="+31655505678")
OF_PIET = b"%PDF-1.7 de bon van Piet"


class Person:
    """Somebody who talks, in one conversation or more; each has a ticket."""

    def __init__(self, ctx, sandbox, name, address=None):
        self.ctx, self.sandbox = ctx, sandbox
        self.facts = {"person_name": name} | ({"addresses": (address,)} if address else {})
        self.customer = None
        self.talks = {}

    def says(self, conversation, *parts):
        """File a message; return the ticket's number."""
        talk = self.talks.setdefault(conversation, Talk(self.ctx, self.sandbox))
        talk.customer = self.customer
        key = f"{conversation}-{talk.count}"
        talk.says(*parts, key=key, conversation_id=conversation, **self.facts)
        self.customer = talk.customer
        return talk.ticket_id

    def concerned(self, **more):
        """Tell of all that was filed, before anything is merged."""
        tickets = {
            one.ticket_id: tuple(str(said["id"]) for said in one.ticket()["comments"])
            for one in self.talks.values()
        }
        facts = {"users": (self.customer.id,), "conversations": tuple(self.talks)}
        return Concerned(**{"tickets": tickets} | facts | more)


@pytest.fixture
def noor(sandbox_ctx, sandbox):
    return Person(sandbox_ctx, sandbox, "Noor")


@pytest.fixture
def piet(sandbox_ctx, sandbox):
    return Person(sandbox_ctx, sandbox, "Piet", PIET)


@pytest.fixture
def desk(sandbox):
    return Desk(sandbox)


class Desk:
    """What agents do and see."""

    def __init__(self, sandbox):
        self.sandbox = sandbox

    def merge(self, source, into):
        path = f"zendesk/tickets/{source}/merge"
        self.sandbox.control(path, {"into": int(into), "public": False})

    def ticket(self, number):
        return next(one for one in self.sandbox.tickets() if str(one["id"]) == str(number))

    def readable(self, *numbers):
        return [
            one["body"]
            for number in numbers
            for one in self.ticket(number)["comments"]
            if one["body"].replace(MARK, "").strip()
        ]

    def files(self, number):
        return [
            file["file_name"]
            for one in self.ticket(number)["comments"]
            for file in one["attachments"]
        ]


def test_quote_in_another_ticket_of_the_person_goes_with_its_files(noor, desk):
    source = noor.says("31", a_file(noor.ctx), Text(text=SECRET))
    target = noor.says("32", Text(text="Iets anders"))
    who = noor.concerned()
    desk.merge(source, target)

    erased = plugin.person_erase(noor.ctx, who)

    assert desk.readable(source, target) == []
    assert (desk.files(source), desk.files(target)) == (["redacted.txt"], ["redacted.txt"])
    told = f"Ticket {target}: 1 reacties van een samenvoeging onleesbaar gemaakt, met 1 gekopieerde"
    assert [one for one in erased.done if one.startswith(told)]
    assert erased.left == ()


@pytest.mark.parametrize("closed", [False, True], ids=["open", "closed"])
def test_quote_in_a_ticket_of_nobody_known_goes_and_the_rest_of_it_stays(noor, desk, closed):
    source = noor.says("31", a_file(noor.ctx), Text(text=SECRET))
    ticket = {"subject": "Klacht", "comment": {"body": "Per telefoon gemeld"}}
    target = Client(noor.ctx).write("POST", "/tickets", {"ticket": ticket})["ticket"]["id"]
    who = noor.concerned()
    desk.merge(source, target)
    if closed:
        desk.sandbox.control(f"zendesk/tickets/{target}/status", {"status": "closed"})

    erased = plugin.person_erase(noor.ctx, who)

    pointer = f'This request was closed and merged into request #{target} "Klacht".'
    assert desk.readable(source, target) == [pointer, "Per telefoon gemeld"]
    assert desk.files(target) == ["redacted.txt"]
    assert erased.left == ()


def test_quote_goes_on_with_the_ticket_that_took_it_over(noor, piet, desk):
    """Noor's ticket went into Piet's, and that one into another of his."""
    source = noor.says("31", a_file(noor.ctx), Text(text=SECRET))
    first = piet.says("41", a_file(piet.ctx, OF_PIET, "bon.pdf", "application/pdf"))
    last = piet.says("42", Text(text="Tweede van Piet"))
    who = noor.concerned()
    desk.merge(source, first)
    desk.merge(first, last)

    erased = plugin.person_erase(noor.ctx, who)

    said = " ".join(desk.readable(source, first, last))
    assert SECRET not in said
    assert "Noor" not in said
    assert "Tweede van Piet" in said
    assert sorted(desk.files(last)) == ["bon.pdf", "redacted.txt"]
    assert sorted(desk.files(first)) == ["bon.pdf", "redacted.txt"]
    assert erased.left == ()


def test_comment_that_quotes_others_too_goes_whole_and_is_named(noor, piet, desk):
    hers = noor.says("31", a_file(noor.ctx), Text(text=SECRET))
    his = piet.says("41", a_file(piet.ctx, OF_PIET, "bon.pdf", "application/pdf"))
    target = piet.says("42", Text(text="Tweede van Piet"))
    who = noor.concerned()
    merge = {"ids": [int(his), int(hers)]}
    Client(noor.ctx).write("POST", f"/tickets/{target}/merge", merge)
    quote = desk.ticket(target)["comments"][-1]["id"]

    rehearsed = plugin.person_erase(noor.ctx, noor.concerned(rehearsal=True))
    assert SECRET in " ".join(desk.readable(target))
    erased = plugin.person_erase(noor.ctx, who)

    would = f"Ticket {target}: reactie {quote} wordt in zijn geheel onleesbaar"
    named = f"Ticket {target}: reactie {quote} is in zijn geheel onleesbaar gemaakt"
    assert [one for one in rehearsed.done if one.startswith(would)]
    assert [one for one in erased.done if one.startswith(named)]
    assert SECRET not in " ".join(desk.readable(target))
    assert sorted(desk.files(target)) == ["bon.pdf", "redacted.txt"]


def test_quote_of_somebody_elses_ticket_stays(noor, piet, desk):
    mine = noor.says("31", Text(text=SECRET))
    his = piet.says("41", Text(text="Woorden van Piet"))
    who = noor.concerned()
    desk.merge(his, mine)

    plugin.person_erase(noor.ctx, who)

    (quote,) = desk.readable(mine)
    assert "Woorden van Piet" in quote
    assert "Noor" not in " ".join(desk.readable(his, mine))


def test_quote_that_cannot_be_redacted_is_said(noor, desk):
    source = noor.says("31", a_file(noor.ctx), Text(text=SECRET))
    ticket = {"subject": "Klacht", "comment": {"body": "Per telefoon gemeld"}}
    target = Client(noor.ctx).write("POST", "/tickets", {"ticket": ticket})["ticket"]["id"]
    who = noor.concerned()
    desk.merge(source, target)
    fault = {"target": "zendesk", "kind": "status", "status": 403, "path": "redact"}
    desk.sandbox.control("faults", fault)

    erased = plugin.person_erase(noor.ctx, who)

    there = [one.split(" (")[0] for one in erased.left if one.startswith(f"Ticket {target}:")]
    quote = desk.ticket(target)["comments"][-1]["id"]
    assert there == [
        f"Ticket {target}: reactie {quote} is nog leesbaar",
        f"Ticket {target}: een bestand bij reactie {quote} is er nog",
    ]


def test_erasing_again_finds_nothing_to_do(noor, desk):
    source = noor.says("31", Text(text=SECRET))
    target = noor.says("32", Text(text="Iets anders"))
    who = noor.concerned()
    desk.merge(source, target)
    plugin.person_erase(noor.ctx, who)

    again = plugin.person_erase(noor.ctx, who)

    assert again.done == tuple(
        f"Ticket {one}: 0 reacties en 0 bestanden onleesbaar gemaakt." for one in (source, target)
    )
    assert again.left == ()


def test_merge_of_a_ticket_shared_with_others_is_said(noor, desk):
    """Whose words the merge copied cannot be told, so that a person looks."""
    source = noor.says("31", Text(text=SECRET))
    target = noor.says("32", Text(text="Iets anders"))
    noor.says("31", Text(text="Van een ander"))
    *mine, other = (str(one["id"]) for one in desk.ticket(source)["comments"])
    desk.merge(source, target)
    who = Concerned(
        users=(noor.customer.id,),
        tickets={source: tuple(mine)},
        conversations=("31",),
        others=frozenset({other}),
    )

    erased = plugin.person_erase(noor.ctx, who)

    told = f"Ticket {source}, met anderen gedeeld, is samengevoegd met een ander ticket."
    assert [one for one in erased.kept if one.startswith(told)]
    assert "Van een ander" in " ".join(desk.readable(source))
