"""A person is told of and erased in Zendesk, in the sandbox, as far as the settings say."""

import pytest

from balie.api import Address, AddressKind, Concerned, Customer, Media, MediaKind, RateLimited, Text
from balie_crm_zendesk.client import Client
from balie_crm_zendesk.plugin import plugin
from balie_crm_zendesk.privacy.redaction import MARK, marked

from .facts import a_batch, a_line

SECRET = "Mijn rekening is geheim & <van mij>"


@pytest.fixture
def open_up(connect, sandbox, session, sandbox_ctx):
    """Make a connection to the sandbox's Zendesk with further settings."""

    def make(**settings):
        return connect(
            base_url=f"{sandbox.url}/zendesk",
            client_id="balie",
            client_secret="sandbox-only-not-a-secret",
            **settings,
        )

    return make


def talked(ctx, sandbox):
    """A customer wrote with a file, an agent answered, Balie noted; return whom it is about."""
    kept = ctx.files.keep([b"%PDF-1.7 geheim"], most_bytes=1000)
    file = Media(kind=MediaKind.DOCUMENT, ref="", text="[doc]", name="doc.pdf", stored=kept.key)
    first = a_batch(customer=None, lines=(a_line(SECRET), a_line("En nog iets", 2)))
    filed = plugin.ticket_file(ctx, first)
    customer = Customer(id=filed.customer_id)
    lines = (a_line("zie bijlage", 3),)
    lines = (type(lines[0])(id="m3", at=lines[0].at, parts=(Text(text="zie bijlage"), file)),)
    second = plugin.ticket_file(
        ctx, a_batch(key="b2", customer=customer, ticket_id=filed.ticket_id, lines=lines)
    )
    answer = sandbox.agent_says(filed.ticket_id, "Ons antwoord")
    note = plugin.ticket_file(
        ctx,
        a_batch(
            key="b3",
            customer=customer,
            ticket_id=filed.ticket_id,
            internal=True,
            lines=(a_line("Niet bezorgd op 06 5550 1234", 4),),
        ),
    )
    listed = (filed.comment_id, second.comment_id, note.comment_id, str(answer))
    return Concerned(
        users=(filed.customer_id,), tickets={filed.ticket_id: listed}, conversations=("31",)
    )


def the_ticket(sandbox, who):
    (number,) = who.tickets
    return next(one for one in sandbox.tickets() if str(one["id"]) == number)


def readable(ticket):
    return [one["body"] for one in ticket["comments"] if one["body"].replace(MARK, "").strip()]


def test_comments_and_files_are_redacted_and_agents_words_stay(sandbox_ctx, sandbox):
    who = talked(sandbox_ctx, sandbox)
    (ticket,) = who.tickets

    erased = plugin.person_erase(sandbox_ctx, who)

    shown = the_ticket(sandbox, who)
    assert readable(shown) == ["Ons antwoord"]
    files = [file for one in shown["comments"] for file in one["attachments"]]
    assert [file["file_name"] for file in files] == ["redacted.txt"]
    assert shown["subject"] == "[gewist]"
    assert erased.done == (f"Ticket {ticket}: 3 reacties en 1 bestanden onleesbaar gemaakt.",)
    assert erased.left == ()
    assert erased.kept == (
        f"Gebruiker {who.users[0]} blijft, met naam en nummer (instelling erase=comments).",
    )


def test_words_in_the_subject_of_somebody_without_a_name_are_erased(sandbox_ctx, sandbox):
    visitor = Address(kind=AddressKind.VISITOR, value="v1")
    batch = a_batch(customer=None, person_name="", addresses=(visitor,))
    filed = plugin.ticket_file(sandbox_ctx, batch)
    who = Concerned(
        users=(filed.customer_id,),
        tickets={filed.ticket_id: (filed.comment_id,)},
        conversations=(batch.conversation_id,),
    )
    assert the_ticket(sandbox, who)["subject"] == "WhatsApp: Is de winkel open?"
    plugin.person_erase(sandbox_ctx, who)

    assert the_ticket(sandbox, who)["subject"] == "[gewist]"


def test_erasing_again_finds_nothing_to_do(sandbox_ctx, sandbox):
    who = talked(sandbox_ctx, sandbox)
    plugin.person_erase(sandbox_ctx, who)
    (ticket,) = who.tickets

    again = plugin.person_erase(sandbox_ctx, who)

    assert again.done == (f"Ticket {ticket}: 0 reacties en 0 bestanden onleesbaar gemaakt.",)
    assert again.left == ()


def test_rehearsal_changes_nothing(open_up, sandbox):
    ctx = open_up(erase="user")
    who = talked(ctx, sandbox)
    before = the_ticket(sandbox, who)
    rehearsal = Concerned(
        users=who.users, tickets=who.tickets, conversations=who.conversations, rehearsal=True
    )

    told = plugin.person_erase(ctx, rehearsal)

    assert the_ticket(sandbox, who) == before
    assert "3 reacties en 1 bestanden worden onleesbaar" in told.done[0]
    assert "wordt definitief verwijderd" in told.done[1]


def test_closed_ticket_is_redacted_too_and_its_subject_is_told_of(sandbox_ctx, sandbox):
    who = talked(sandbox_ctx, sandbox)
    (ticket,) = who.tickets
    sandbox.control(f"zendesk/tickets/{ticket}/status", {"status": "closed"})

    erased = plugin.person_erase(sandbox_ctx, who)

    shown = the_ticket(sandbox, who)
    assert readable(shown) == ["Ons antwoord"]
    files = [file for one in shown["comments"] for file in one["attachments"]]
    assert [file["file_name"] for file in files] == ["redacted.txt"]
    assert f"Ticket {ticket} is gesloten" in erased.kept[0]


@pytest.mark.parametrize(
    ("template", "stay"),
    [
        ("VIP, klant {name}, {phone}, kanaal {channel}", ["kanaal_whatsapp", "vip"]),
        ("{name}, van {tenant}", ["van_bakker"]),
        ("{phone}{name}", []),
        ("{tenant} VIP", ["bakker_vip"]),
    ],
)
def test_tags_of_name_and_number_go_and_others_stay(open_up, sandbox, template, stay):
    ctx = open_up(tags=template, subject="{channel}")
    made = {"conversation_id": "31", "person_name": "Noor, de buurvrouw"}
    filed = plugin.ticket_file(ctx, a_batch(customer=None, **made))
    by_agents = {"tags": ["klant_boos", "noor"]}
    Client(ctx).write("PUT", f"/tickets/{filed.ticket_id}/tags", by_agents)
    who = Concerned(tickets={filed.ticket_id: (filed.comment_id,)}, conversations=("31",))

    erased = plugin.person_erase(ctx, who)

    left = the_ticket(sandbox, who)["tags"]
    assert sorted(left) == sorted(["balie", "klant_boos", "noor", *stay])
    assert erased.left == ()


def test_tags_of_a_closed_ticket_and_tags_refused_are_said(open_up, sandbox):
    ctx = open_up(tags="klant_{name}", subject="{channel}")
    filed = plugin.ticket_file(ctx, a_batch(customer=None))
    who = Concerned(tickets={filed.ticket_id: (filed.comment_id,)}, conversations=("31",))
    fault = {"target": "zendesk", "kind": "status", "status": 403, "path": "/tags"}
    sandbox.control("faults", {**fault, "count": 1})

    (left,) = plugin.person_erase(ctx, who).left
    sandbox.control(f"zendesk/tickets/{filed.ticket_id}/status", {"status": "closed"})
    kept, _ = plugin.person_erase(ctx, who).kept

    told = f"Ticket {filed.ticket_id}: tags met naam of nummer konden niet worden weggehaald"
    assert left.startswith(told)
    assert kept.startswith(f"Ticket {filed.ticket_id} is gesloten: ")


def test_user_is_deleted_for_good_where_the_settings_say_so(open_up, sandbox):
    ctx = open_up(erase="user")
    who = talked(ctx, sandbox)

    erased = plugin.person_erase(ctx, who)

    assert erased.done[-1] == f"Gebruiker {who.users[0]} is definitief verwijderd."
    assert (erased.kept, erased.left) == ((), ())
    users = {str(one["id"]): one for one in sandbox.control("zendesk/users", method="GET")["users"]}
    gone = users.get(who.users[0], {"phone": None, "name": "Permanently Deleted User"})
    assert (gone["phone"], gone["name"]) == (None, "Permanently Deleted User")
    assert plugin.person_erase(ctx, who).left == ()


def test_user_who_asks_elsewhere_is_left_and_said_so(open_up, sandbox):
    ctx = open_up(erase="user")
    who = talked(ctx, sandbox)
    other = plugin.ticket_file(
        ctx, a_batch(key="b9", conversation_id="99", customer=Customer(id=who.users[0]))
    )

    erased = plugin.person_erase(ctx, who)
    assert "kon niet worden verwijderd" in erased.left[0]

    sandbox.control(f"zendesk/tickets/{other.ticket_id}/status", {"status": "closed"})
    assert plugin.person_erase(ctx, who).left == ()


def test_agent_who_wrote_as_a_customer_is_never_deleted(open_up, sandbox):
    ctx = open_up(erase="user")
    agents = sandbox.control("zendesk/users", method="GET")["users"]
    agent = next(one for one in agents if one["role"] == "agent")

    erased = plugin.person_erase(ctx, Concerned(users=(str(agent["id"]),)))

    assert erased.kept == (f"Gebruiker {agent['id']} is een medewerker en blijft.",)
    assert erased.done == ()


def test_ticket_that_is_gone_is_done(sandbox_ctx):
    erased = plugin.person_erase(sandbox_ctx, Concerned(tickets={"404404": ()}))
    assert erased.done == ("Ticket 404404 is er niet meer.",)


def test_one_talk_alone_is_redacted_by_its_comments(sandbox_ctx, sandbox):
    """Another customer's ticket, which a visitor shared: only what is theirs in it goes."""
    who = talked(sandbox_ctx, sandbox)
    (ticket,) = who.tickets
    first = who.tickets[ticket][0]

    plugin.person_erase(
        sandbox_ctx, Concerned(tickets={ticket: (first,)}, conversations=("44",), whole=False)
    )

    shown = the_ticket(sandbox, who)
    assert len(readable(shown)) == 3
    assert shown["subject"] != "[gewist]"


def test_words_of_somebody_who_shares_the_ticket_stay(sandbox_ctx, sandbox):
    who = talked(sandbox_ctx, sandbox)
    (ticket,) = who.tickets
    first, second, note, _ = who.tickets[ticket]

    plugin.person_erase(
        sandbox_ctx,
        Concerned(
            tickets={ticket: (first, note)}, conversations=("31",), others=frozenset({second})
        ),
    )

    left = readable(the_ticket(sandbox, who))
    assert [one.splitlines()[0] for one in left] == ["zie bijlage", "Ons antwoord"]


def test_limit_in_the_middle_goes_on_where_it_stopped(sandbox_ctx, sandbox):
    who = talked(sandbox_ctx, sandbox)
    fault = {"target": "zendesk", "kind": "status", "status": 429, "path": "comment_redactions"}
    sandbox.control("faults", {**fault, "count": 1})

    with pytest.raises(RateLimited):
        plugin.person_erase(sandbox_ctx, who)
    erased = plugin.person_erase(sandbox_ctx, who)

    assert readable(the_ticket(sandbox, who)) == ["Ons antwoord"]
    assert erased.left == ()


def test_account_without_the_newer_redaction_takes_the_older(sandbox_ctx, sandbox):
    who = talked(sandbox_ctx, sandbox)
    fault = {"target": "zendesk", "kind": "status", "status": 403, "path": "comment_redactions"}
    sandbox.control("faults", fault)

    erased = plugin.person_erase(sandbox_ctx, who)

    assert readable(the_ticket(sandbox, who)) == ["Ons antwoord"]
    assert erased.left == ()


def test_what_cannot_be_redacted_is_said(sandbox_ctx, sandbox):
    who = talked(sandbox_ctx, sandbox)
    fault = {"target": "zendesk", "kind": "status", "status": 403, "path": "redact"}
    sandbox.control("faults", fault)

    erased = plugin.person_erase(sandbox_ctx, who)

    assert len(erased.left) == 4  # three comments, one file
    assert all("nog" in one for one in erased.left)


def test_export_holds_user_tickets_and_comments(sandbox_ctx, sandbox):
    who = talked(sandbox_ctx, sandbox)

    held = plugin.person_export(sandbox_ctx, who).data

    assert [str(one["id"]) for one in held["users"]] == list(who.users)
    (ticket,) = held["tickets"]
    said = [(one["body"], one["public"]) for one in ticket["comments"]]
    assert [public for _, public in said] == [True, True, True, False]
    assert SECRET in said[0][0]


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ("<p>hoi <b>daar</b></p>", "<p><redact>hoi </redact><b><redact>daar</redact></b></p>"),
        ("<a href='tel:1'>bel</a>", "<a redact href='tel:1'><redact>bel</redact></a>"),
        ("<img src='x'>", "<img redact src='x'>"),
        ("&nbsp;<br> ", "&nbsp;<br> "),
    ],
    ids=["nested", "link", "image", "nothing"],
)
def test_every_word_is_marked(shown, expected):
    assert marked(shown) == expected
