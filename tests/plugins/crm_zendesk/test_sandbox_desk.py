"""A desk as agents use it, in the sandbox's Zendesk: files, commands, merges, suspending."""

import base64
import time
from dataclasses import replace
from datetime import timedelta

import pytest

from balie.api import (
    Address,
    AddressKind,
    AgentCommanded,
    AgentReplied,
    Customer,
    Line,
    Media,
    MediaKind,
    PermanentError,
    Rejected,
    TicketChanged,
    TicketState,
    TransientError,
)
from balie_crm_zendesk.auth import header as auth
from balie_crm_zendesk.plugin import plugin

from .conftest import NOW
from .facts import PHONE, a_batch, a_line, an_event

JPEG = b"\xff\xd8\xff\xe0" + b"cat" * 1000
PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 500


class Talk:
    """One customer's conversation."""

    def __init__(self, ctx, sandbox):
        self.ctx, self.sandbox = ctx, sandbox
        self.ticket_id = None
        self.customer = None
        self.count = 0

    def says(self, *parts, **changes):
        """File a message; return the ticket as it is then."""
        self.count += 1
        lines = (Line(id=f"m{self.count}", at=NOW, parts=parts),) if parts else (a_line("Hallo"),)
        facts = {
            "key": f"batch-{self.count}",
            "ticket_id": self.ticket_id,
            "customer": self.customer,
            "lines": lines,
        }
        filed = plugin.ticket_file(self.ctx, a_batch(**facts | changes))
        self.ticket_id, self.customer = filed.ticket_id, Customer(id=filed.customer_id)
        return self.ticket()

    def ticket(self, ticket_id=None):
        wanted = str(ticket_id or self.ticket_id)
        return next(one for one in self.sandbox.tickets() if str(one["id"]) == wanted)

    def hears(self):
        return plugin.event_parse(self.ctx, replace(an_event(int(self.ticket_id)), at=NOW))

    def desk(self, what, **body):
        return self.sandbox.control(f"zendesk/tickets/{self.ticket_id}/{what}", body)


@pytest.fixture
def talk(sandbox_ctx, sandbox):
    return Talk(sandbox_ctx, sandbox)


def a_file(ctx, data=JPEG, name="kat.jpg", mime="image/jpeg"):
    kept = ctx.files.keep([data], most_bytes=10**9)
    return Media(
        kind=MediaKind.IMAGE, ref="1", text="[Foto]", type=mime, name=name, stored=kept.key
    )


# --- Files ------------------------------------------------------------------------------------


def test_customers_file_is_on_the_comment(talk):
    first = talk.says(a_file(talk.ctx))
    second = talk.says(a_file(talk.ctx, b"%PDF-1.7", "b.pdf", "application/pdf"), a_file(talk.ctx))
    shown = [
        (file["file_name"], file["content_type"], file["size"])
        for comment in second["comments"]
        for file in comment["attachments"]
    ]
    assert len(first["comments"][0]["attachments"]) == 1
    assert shown == [
        ("kat.jpg", "image/jpeg", len(JPEG)),
        ("b.pdf", "application/pdf", 8),
        ("kat.jpg", "image/jpeg", len(JPEG)),
    ]


def test_comment_with_a_file_whose_answer_was_lost_is_there_once(talk, sandbox):
    talk.says()
    fault = {"target": "zendesk", "kind": "lost", "path": r"/tickets/\d+$", "method": "PUT"}
    sandbox.control("faults", fault | {"count": 1})
    file = a_file(talk.ctx)
    with pytest.raises(Exception, match="did not arrive"):
        talk.says(file)
    ticket = talk.says(file, key="batch-2", uncertain=True)
    assert [len(one["attachments"]) for one in ticket["comments"]] == [0, 1]


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"max_upload_bytes": 100}, "is te groot voor Zendesk"),
        ({"refused_content_types": "image/jpeg"}, "Zendesk weigert dit bestand"),
    ],
    ids=["too large", "refused type"],
)
def test_file_that_zendesk_does_not_take_is_told_of(talk, sandbox, settings, words):
    sandbox.control("zendesk/settings", settings)
    (comment,) = talk.says(a_file(talk.ctx))["comments"]
    assert comment["attachments"] == []
    assert words in comment["body"]


def test_film_of_60_mb_is_told_of_and_not_sent(talk):
    film = a_file(talk.ctx, bytes(60 * 1024 * 1024), "film.mp4", "video/mp4")
    (comment,) = talk.says(film)["comments"]
    assert comment["body"] == (
        "[Foto]\n[film.mp4 (60 MB) staat niet in dit ticket: het is te groot voor Zendesk. Met"
        " BALIE_PUBLIC_URL ingesteld komt hier een link te staan.]"
    )


def test_film_of_60_mb_has_a_link_where_balie_can_be_reached(talk):
    film = a_file(talk.ctx, bytes(60 * 1024 * 1024), "film.mp4", "video/mp4")
    talk.ctx.files.place.link = lambda *facts: f"https://balie.example/files/{facts[2]}-{facts[4]}"
    (comment,) = talk.says(film)["comments"]
    assert comment["body"] == (
        "[Foto]\n[film.mp4 (60 MB) is te groot voor Zendesk. Op te halen tot 2026-10-31:"
        " https://balie.example/files/film.mp4-30.0 ]"
    )


@pytest.mark.parametrize("inline", [False, True])
@pytest.mark.parametrize("private", [False, True])
def test_agents_file_reaches_us(talk, sandbox, inline, private):
    settings = {"private_attachments": private, "malware_scan_seconds": 0}
    sandbox.control("zendesk/settings", settings)
    talk.says()
    file = {
        "name": "kat.png",
        "content_type": "image/png",
        "base64": base64.b64encode(PNG).decode(),
        "inline": inline,
    }
    talk.desk("comments", body="Zie de foto", files=[file])
    (answer,) = talk.hears()
    words, photo = answer.parts
    assert (words.text, photo.kind, photo.name, photo.type) == (
        "Zie de foto",
        MediaKind.IMAGE,
        "kat.png",
        "image/png",
    )
    stream = plugin.media_fetch(talk.ctx, photo)
    assert b"".join(stream.chunks) == PNG


def test_agents_infected_file_stays(talk, sandbox):
    sandbox.control(
        "zendesk/settings", {"malware_verdict": "malware_found", "malware_scan_seconds": 0}
    )
    talk.says()
    talk.desk("comments", body="Zie", files=[{"name": "x.exe", "text": "virus"}])
    (answer,) = talk.hears()
    with pytest.raises(PermanentError, match=r"^Zendesk vond er een virus in\.$"):
        plugin.media_fetch(talk.ctx, answer.parts[1])
    unseen = replace(answer.parts[1], failed="")  # as where the scan ended after we looked
    with pytest.raises(PermanentError, match=r"^Zendesk vond er een virus in\.$"):
        plugin.media_fetch(talk.ctx, unseen)


@pytest.mark.parametrize("told_trust", [False, True])
def test_agents_file_waits_for_its_scan_and_stays_if_infected(talk, sandbox, told_trust):
    """Zendesk scans a file after its comment is there; we are there before."""
    settings = {"malware_verdict": "malware_found", "malware_scan_seconds": 1}
    sandbox.control("zendesk/settings", settings)
    talk.says()
    talk.desk("comments", body="Zie", files=[{"name": "x.exe", "text": "virus"}])
    (answer,) = talk.hears()
    file = answer.parts[1]
    with pytest.raises(TransientError) as awaited:
        plugin.media_fetch(talk.ctx, file)
    assert (str(awaited.value), awaited.value.retry_after) == (
        "Zendesk onderzoekt het nog op virussen.",
        3.0,
    )
    (seen,) = talk.ticket()["comments"][-1]["attachments"]
    time.sleep(1.1)
    if told_trust:
        talk.ctx.http.put(
            f"{sandbox.url}/zendesk/api/v2/attachments/{seen['id']}",
            json={"attachment": {"malware_access_override": True}},
            headers={"Authorization": auth.authorization(talk.ctx)},
        ).raise_for_status()
        assert b"".join(plugin.media_fetch(talk.ctx, file).chunks) == b"virus"
    else:
        with pytest.raises(PermanentError, match=r"^Zendesk vond er een virus in\.$"):
            plugin.media_fetch(talk.ctx, file)


def test_agents_file_that_was_found_clean_goes_without_a_word(talk, sandbox):
    sandbox.control("zendesk/settings", {"malware_scan_seconds": 0.5})
    talk.says()
    talk.desk("comments", body="Zie", files=[{"name": "x.txt", "text": "schoon"}])
    (answer,) = talk.hears()
    time.sleep(0.6)
    stream = plugin.media_fetch(talk.ctx, answer.parts[1])
    assert (b"".join(stream.chunks), stream.remark) == (b"schoon", "")


@pytest.mark.parametrize(
    ("verdict", "passes"), [("not_scanned", timedelta(minutes=2)), ("failed_to_scan", timedelta(0))]
)
def test_agents_file_that_is_not_scanned_goes_in_the_end_and_that_is_said(
    talk, sandbox, clock, verdict, passes
):
    settings = {"malware_verdict": verdict, "malware_scan_seconds": 0}
    sandbox.control("zendesk/settings", settings)
    talk.says()
    talk.desk("comments", body="Zie", files=[{"name": "x.txt", "text": "wie weet"}])
    (answer,) = talk.hears()
    clock.time += passes - timedelta(seconds=1)
    if passes:
        with pytest.raises(TransientError):
            plugin.media_fetch(talk.ctx, answer.parts[1])
    clock.time += timedelta(seconds=1)
    stream = plugin.media_fetch(talk.ctx, answer.parts[1])
    assert b"".join(stream.chunks) == b"wie weet"
    assert stream.remark == (
        "Zendesk heeft het niet op virussen onderzocht; Balie stuurt het toch."
    )


def test_agents_file_that_is_gone_before_its_scan_is_told(talk, sandbox):
    talk.says()
    talk.desk("comments", body="Zie", files=[{"name": "x.txt", "text": "x"}])
    (answer,) = talk.hears()
    sandbox.control("reset")
    with pytest.raises(PermanentError, match=r"^Het bestand is in Zendesk gewist\.$"):
        plugin.media_fetch(talk.ctx, answer.parts[1])


def test_agents_file_at_a_planted_address_is_not_fetched(talk, sandbox):
    """A5: the session of these tests goes anywhere, the core's does not; see test_fetch."""
    sandbox.control("zendesk/settings", {"malware_scan_seconds": 0})
    talk.says()
    planted = {"name": "x.png", "text": "x", "content_url": "http://127.0.0.1:1/secret"}
    talk.desk("comments", body="Zie", files=[planted])
    (answer,) = talk.hears()
    assert answer.parts[1].ref == "http://127.0.0.1:1/secret"


# --- Agents -----------------------------------------------------------------------------------


def test_command_in_an_internal_note_is_heard(talk):
    talk.says()
    talk.desk("comments", body="/template welkom 1=Noor", public=False)
    talk.desk("comments", body="gewone notitie", public=False)
    (command,) = talk.hears()
    assert isinstance(command, AgentCommanded)
    assert command.text == "/template welkom 1=Noor"


def test_side_conversation_and_cc_never_leave(talk, sandbox):
    """A29"""
    talk.says()
    talk.desk("side_conversations", subject="Leverancier", body="geheim")
    other = sandbox.control("zendesk/users", {"name": "In copy", "email": "cc@example.com"})["user"]
    talk.desk("mail", body="Ik ook", user_id=other["id"])
    talk.desk("mail", body="Van de klant")
    assert [type(one).__name__ for one in talk.hears()] == ["Refused"]


@pytest.mark.parametrize("status", ["solved", "closed"])
def test_state_of_the_ticket_is_heard(talk, status):
    talk.says()
    talk.desk("status", status=status)
    (changed,) = talk.hears()
    assert isinstance(changed, TicketChanged)
    assert changed.state == TicketState(status)


def test_merged_ticket_is_followed(talk, sandbox):
    """Into another ticket of the same customer; what the merge wrote is nobody's answer."""
    talk.says()
    first = talk.ticket_id
    other = Talk(talk.ctx, sandbox)
    other.customer = talk.customer
    other.says(conversation_id="32", key="other")
    talk.desk("merge", into=int(other.ticket_id), public=True)
    (changed,) = talk.hears()
    assert (changed.state, changed.into) == (TicketState.MERGED, other.ticket_id)
    assert [type(one).__name__ for one in other.hears()] == ["Refused"]
    talk.says()
    assert (talk.ticket_id, first) == (other.ticket_id, first)


def test_deleted_ticket_is_heard_and_replaced(talk, sandbox):
    talk.says()
    old = talk.ticket_id
    sandbox.control(f"zendesk/tickets/{old}", method="DELETE")
    assert [one.state for one in talk.hears()] == [TicketState.GONE]
    talk.says()
    assert talk.ticket_id != old


def test_full_ticket_is_continued(talk, sandbox):
    sandbox.control("zendesk/settings", {"max_comments": 2})
    talk.says()
    talk.says()
    old = talk.ticket_id
    ticket = talk.says()
    assert ticket["comments"][0]["body"] == (
        f"(Vervolg van ticket #{old}, dat geen berichten meer aanneemt.)\nHallo"
    )


def test_answer_with_marks_keeps_them(talk):
    talk.says()
    talk.desk("comments", html_body="<p>Tot <b>zes</b> uur</p><ul><li>ma</li><li>di</li></ul>")
    (answer,) = talk.hears()
    assert isinstance(answer, AgentReplied)
    assert answer.parts[0].text == "Tot **zes** uur\n\n- ma\n- di"


# --- The requester, changed by an agent -------------------------------------------------------


@pytest.fixture
def eva(sandbox):
    return sandbox.control("zendesk/users", {"name": "Eva", "email": "eva@example.com"})["user"]


def test_answer_in_a_ticket_of_another_says_whose_it_is(talk, eva):
    talk.says()
    talk.desk("comments", body="Ja")
    assert [one.other_requester for one in talk.hears()] == [""]
    talk.desk("fields", requester_id=eva["id"])
    talk.desk("comments", body="Voor Eva")
    assert [(one.parts[0].text, one.other_requester) for one in talk.hears()] == [
        ("Ja", str(eva["id"])),
        ("Voor Eva", str(eva["id"])),
    ]
    filed = plugin.ticket_file(
        talk.ctx, a_batch(key="next", ticket_id=talk.ticket_id, customer=talk.customer)
    )
    assert (filed.other_requester, filed.customer_id) == (str(eva["id"]), talk.customer.id)
    assert talk.ticket()["comments"][-1]["author"]["name"] == "Noor"


def test_ticket_whose_customer_was_merged_into_its_requester_is_nobody_elses(talk, sandbox, eva):
    talk.says()
    sandbox.control(f"zendesk/users/{talk.customer.id}/merge", {"into": eva["id"]})
    talk.desk("comments", body="Ja")
    assert talk.ticket()["requester"]["name"] == "Eva"
    assert [one.other_requester for one in talk.hears()] == [""]


def test_ticket_of_two_who_write_there_is_neither_ones_more(talk):
    """The first went on as another user: a talk in the chat, and then by telephone."""
    talk.says()
    other = Address(kind=AddressKind.PHONE, value="+31655509999")
    second = a_batch(
        key="second", ticket_id=talk.ticket_id, customer=None, addresses=(other,), person_name="S"
    )
    filed = plugin.ticket_file(talk.ctx, second)
    assert (filed.customer_id != talk.customer.id, filed.other_requester) == (True, "")
    talk.desk("comments", body="Ja")
    assert [one.other_requester for one in talk.hears()] == [""]


# --- Customers --------------------------------------------------------------------------------


def test_merged_customer_goes_on_as_the_other(talk, sandbox):
    talk.says()
    eva = sandbox.control("zendesk/users", {"name": "Noor de Wit"})["user"]
    sandbox.control(f"zendesk/users/{talk.customer.id}/merge", {"into": eva["id"]})
    ticket = talk.says()
    assert talk.customer.id == str(eva["id"])
    assert ticket["comments"][-1]["author"]["name"] == "Noor de Wit"


def test_suspended_customers_message_waits_for_a_person(talk, sandbox):
    talk.says()
    sandbox.control(f"zendesk/users/{talk.customer.id}", {"suspended": True})
    with pytest.raises(Rejected) as parked:
        talk.says()
    assert parked.value.code == "CustomerSuspended"
    sandbox.control(f"zendesk/users/{talk.customer.id}", {"suspended": False})
    assert len(talk.says()["comments"]) == 2


def test_agent_who_writes_as_a_customer_stays_an_agent(talk, sandbox):
    users = sandbox.control("zendesk/users", method="GET")["users"]
    daan = next(one for one in users if one["name"] == "Daan")
    sandbox.control(f"zendesk/users/{daan['id']}", {"external_id": "wa:31655501234"})
    assert plugin.customer_lookup(talk.ctx, PHONE) is None
    ticket = talk.says()
    assert (ticket["requester"]["role"], ticket["requester"]["external_id"]) == (
        "end-user",
        "wa:31655501234:customer",
    )
    users = sandbox.control("zendesk/users", method="GET")["users"]
    assert next(one for one in users if one["id"] == daan["id"])["name"] == "Daan"
    assert plugin.customer_lookup(talk.ctx, PHONE).id == talk.customer.id


def test_customer_card_shows_what_zendesk_knows(connect, sandbox, sandbox_ctx):
    fields = {"user_fields": {"last_order": "A-1001"}, "tags": ["vip"], "phone": "0655501234"}
    sandbox.control("zendesk/users", {"name": "Noor", **fields})
    ctx = replace(sandbox_ctx, config=dict(sandbox_ctx.config) | {"customer_card": True})
    card = plugin.customer_lookup(ctx, PHONE).remark.split("\n")
    assert card[0] == "Labels: vip"
