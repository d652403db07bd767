"""What a person said in a talk of several goes from its comments, and others' words stay."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balie.api import (
    Address,
    AddressKind,
    Among,
    Concerned,
    Customer,
    Line,
    Media,
    MediaKind,
    RateLimited,
    Tenant,
    Text,
)
from balie_crm_zendesk.plugin import plugin
from balie_crm_zendesk.privacy import lines
from balie_crm_zendesk.privacy.redaction import MARK

from .facts import a_batch, a_line

GROUP = Address(kind=AddressKind.GROUP, value="Z3JvdXA=")
BAKER = Tenant(slug="bakker", name="Bakker", region="NL", locale="nl")
SECRET = "Anna: Mijn rekening is geheim & <van mij>\nen nog een regel"
HERS, HIS = a_line(SECRET), a_line("Ben: Ik zeg *niets* & <jij>?\n\nNee.", 2)
THEIRS = a_line("Chris: Hoi", 3)


@pytest.fixture
def filed(sandbox_ctx):
    """File lines as one comment of a group; return the ticket and the comment."""

    def file(*said, key="b1", ticket=None, customer=None, internal=False):
        done = plugin.ticket_file(
            sandbox_ctx,
            a_batch(
                key=key,
                lines=said,
                ticket_id=ticket,
                customer=Customer(id=customer) if customer else None,
                internal=internal,
                person_name="De buren",
                addresses=(GROUP,),
            ),
        )
        return done.ticket_id, done.comment_id, done.customer_id

    return file


def among(*said, hers=(HERS,), quoting=()):
    """The lines as Balie tells them: of what goes, the words are gone already."""
    return tuple(
        Among(
            line=replace(one, parts=(Text(text="[gewist]"),)) if one in hers else one,
            goes=one in hers,
            quote_goes=one in quoting,
        )
        for one in said
    )


def concerned(ticket, comment, said, **more):
    return Concerned(among={ticket: {comment: said}}, **more)


def bodies(sandbox, ticket):
    (found,) = [one for one in sandbox.tickets() if str(one["id"]) == ticket]
    return [one["body"] for one in found["comments"]]


def without_marks(body):
    return " ".join(body.replace(MARK, " ").split())


ORDERS = [
    (HERS, HIS, THEIRS),
    (HIS, HERS, THEIRS),
    (HIS, THEIRS, HERS),
]


@pytest.mark.parametrize("said", ORDERS, ids=["first", "between", "last"])
@pytest.mark.parametrize("older", [False, True], ids=["newer way", "older way"])
def test_only_the_persons_lines_go(sandbox_ctx, sandbox, filed, said, older):
    ticket, comment, _ = filed(*said)
    if older:
        fault = {"target": "zendesk", "kind": "status", "status": 403}
        sandbox.control("faults", {**fault, "path": "comment_redactions"})

    erased = plugin.person_erase(sandbox_ctx, concerned(ticket, comment, among(*said)))

    (body,) = bodies(sandbox, ticket)
    assert [one for one in ("geheim", "Anna", "regel", "<van") if one in body] == []
    assert without_marks(body).replace("[", "").count("Ben: Ik zeg *niets* & <jij>? Nee.") == 1
    assert "Chris: Hoi" in body
    assert erased.done == (
        (
            f"Ticket {ticket}, met anderen gedeeld: wat deze persoon zei is in 1 reacties "
            "onleesbaar gemaakt, met 0 bestanden."
        ),
    )
    assert (erased.left, erased.kept) == ((), ())


def test_erasing_again_finds_nothing_to_do(sandbox_ctx, sandbox, filed):
    ticket, comment, _ = filed(HIS, HERS)
    who = concerned(ticket, comment, among(HIS, HERS))
    plugin.person_erase(sandbox_ctx, who)
    (before,) = bodies(sandbox, ticket)

    again = plugin.person_erase(sandbox_ctx, who)

    assert "in 0 reacties" in again.done[0]
    assert (len(again.done), again.left, bodies(sandbox, ticket)) == (1, (), [before])


def test_two_members_are_erased_one_after_the_other(sandbox_ctx, sandbox, filed):
    ticket, comment, _ = filed(HERS, HIS, THEIRS)
    plugin.person_erase(sandbox_ctx, concerned(ticket, comment, among(HERS, HIS, THEIRS)))
    both = among(HERS, HIS, THEIRS, hers=(HERS, HIS))

    erased = plugin.person_erase(sandbox_ctx, concerned(ticket, comment, both))

    (body,) = bodies(sandbox, ticket)
    assert without_marks(body).endswith("Chris: Hoi")
    assert [one for one in ("Anna", "Ben", "niets", "Nee") if one in body] == []
    assert (len(erased.done), erased.left) == (1, ())


def test_rehearsal_changes_nothing(sandbox_ctx, sandbox, filed):
    ticket, comment, _ = filed(HIS, HERS)
    before = bodies(sandbox, ticket)

    told = plugin.person_erase(
        sandbox_ctx, concerned(ticket, comment, among(HIS, HERS), rehearsal=True)
    )

    assert bodies(sandbox, ticket) == before
    assert "wordt in 1 reacties onleesbaar gemaakt" in told.done[0]


def test_closed_ticket_is_redacted_too(sandbox_ctx, sandbox, filed):
    ticket, comment, _ = filed(HIS, HERS)
    sandbox.control(f"zendesk/tickets/{ticket}/status", {"status": "closed"})

    erased = plugin.person_erase(sandbox_ctx, concerned(ticket, comment, among(HIS, HERS)))

    (body,) = bodies(sandbox, ticket)
    assert ("geheim" in body, "Ben: Ik zeg" in body, erased.left) == (False, True, ())


def test_what_somebody_else_quotes_of_them_goes_and_the_answer_stays(sandbox_ctx, sandbox, filed):
    answer = Line(id="m5", at=HIS.at, parts=(Text(text="Ben: Nou, nou"),), about="Anna: Mijn gehei")
    ticket, comment, _ = filed(answer)
    assert "Mijn gehei" in bodies(sandbox, ticket)[0]
    told = replace(answer, about="[gewist]")

    erased = plugin.person_erase(
        sandbox_ctx, concerned(ticket, comment, among(told, hers=(), quoting=(told,)))
    )

    (body,) = bodies(sandbox, ticket)
    assert (without_marks(body), erased.left) == ("Ben: Nou, nou", ())


def test_comment_whose_lines_cannot_be_told_apart_goes_whole_and_is_told(
    sandbox_ctx, sandbox, filed
):
    ticket, comment, _ = filed(HIS, HERS)
    changed = replace(HIS, parts=(Text(text="Ben: anders bewaard"),))
    said = among(changed, HERS)

    told = plugin.person_erase(sandbox_ctx, concerned(ticket, comment, said, rehearsal=True))
    erased = plugin.person_erase(sandbox_ctx, concerned(ticket, comment, said))

    assert "wordt in zijn geheel onleesbaar gemaakt" in told.done[1]
    assert without_marks(bodies(sandbox, ticket)[0]) == ""
    assert erased.done[1].startswith(
        f"Ticket {ticket}: reactie {comment} is in zijn geheel onleesbaar gemaakt"
    )
    assert erased.left == ()


def test_older_way_takes_the_whole_comment_rather_than_bits_of_others_words(
    sandbox_ctx, sandbox, filed
):
    """It takes words out wherever they stand."""
    hers = a_line("Anna: kijk:\nniets")
    ticket, comment, _ = filed(hers, HIS)
    fault = {"target": "zendesk", "kind": "status", "status": 403, "path": "comment_redactions"}
    sandbox.control("faults", fault)

    erased = plugin.person_erase(
        sandbox_ctx, concerned(ticket, comment, among(hers, HIS, hers=(hers,)))
    )

    assert without_marks(bodies(sandbox, ticket)[0]) == ""
    assert ("in zijn geheel" in erased.done[1], erased.left) == (True, ())


def test_what_cannot_be_redacted_is_said(sandbox_ctx, sandbox, filed):
    ticket, comment, _ = filed(HIS, HERS)
    fault = {"target": "zendesk", "kind": "status", "status": 403, "path": "redact"}
    sandbox.control("faults", fault)

    erased = plugin.person_erase(sandbox_ctx, concerned(ticket, comment, among(HIS, HERS)))

    (left,) = erased.left
    assert left.startswith(f"Ticket {ticket}: reactie {comment} is nog leesbaar (")


def test_limit_in_the_middle_goes_on_where_it_stopped(sandbox_ctx, sandbox, filed):
    ticket, first, customer = filed(HERS)
    _, second, _ = filed(HIS, HERS, key="b2", ticket=ticket, customer=customer)
    who = Concerned(among={ticket: {first: among(HERS), second: among(HIS, HERS)}})
    fault = {"target": "zendesk", "kind": "status", "status": 429, "path": "comment_redactions"}
    sandbox.control("faults", {**fault, "count": 1})

    with pytest.raises(RateLimited):
        plugin.person_erase(sandbox_ctx, who)
    erased = plugin.person_erase(sandbox_ctx, who)

    assert "geheim" not in "".join(bodies(sandbox, ticket))
    assert erased.left == ()


def test_comment_that_was_cut_in_pieces_goes_with_all_of_them(sandbox_ctx, sandbox, filed):
    long = a_line("Anna: " + "geheim " * 12_000)
    ticket, comment, _ = filed(long)
    assert len(bodies(sandbox, ticket)) == 2

    plugin.person_erase(sandbox_ctx, concerned(ticket, comment, among(long, hers=(long,))))

    assert [without_marks(one) for one in bodies(sandbox, ticket)] == ["", ""]


def photo(ctx, line, name, content):
    kept = ctx.files.keep([content], most_bytes=1000)
    file = Media(
        kind=MediaKind.IMAGE, ref="", text=f"[{name}]", name=name, stored=kept.key, size=kept.size
    )
    return replace(line, parts=(*line.parts, file))


@pytest.mark.parametrize("closed", [False, True], ids=["open", "closed"])
def test_files_of_others_stay(sandbox_ctx, sandbox, filed, closed):
    hers = photo(sandbox_ctx, HERS, "foto.png", b"\x89PNG hers")
    his = photo(sandbox_ctx, HIS, "foto.png", b"\x89PNG of Ben")
    ticket, comment, _ = filed(hers, his)
    if closed:
        sandbox.control(f"zendesk/tickets/{ticket}/status", {"status": "closed"})

    erased = plugin.person_erase(
        sandbox_ctx, concerned(ticket, comment, among(hers, his, hers=(hers,)))
    )

    (found,) = [one for one in sandbox.tickets() if str(one["id"]) == ticket]
    files = [one["file_name"] for one in found["comments"][0]["attachments"]]
    assert files == ["redacted.txt", "foto.png"]
    assert ("met 1 bestanden" in erased.done[0], erased.left) == (True, ())


def test_ticket_that_is_gone_is_done(sandbox_ctx):
    erased = plugin.person_erase(sandbox_ctx, Concerned(among={"404404": {"1": among(HERS)}}))
    assert erased.done == ("Ticket 404404 is er niet meer.",)


def test_export_holds_their_words_and_nothing_of_others(sandbox_ctx, filed):
    ticket, comment, _ = filed(HIS, HERS, THEIRS)
    said = tuple(Among(line=one, goes=one is HERS) for one in (HIS, HERS, THEIRS))

    held = plugin.person_export(sandbox_ctx, concerned(ticket, comment, said)).data

    (one,) = held["among_others"]
    assert (one["ticket"], one["comment"]) == (int(ticket), int(comment))
    assert " ".join(one["words"]).endswith(
        "Anna: Mijn rekening is geheim & <van mij> en nog een regel"
    )
    assert held["tickets"] == []
    assert not [name for name in ("Ben", "niets", "Chris") if name in str(held)]


def test_group_that_was_merged_is_said(sandbox_ctx, sandbox, filed):
    ticket, comment, _ = filed(HERS, HIS)
    target, _, _ = filed(THEIRS, key="b2")
    sandbox.control(f"zendesk/tickets/{ticket}/merge", {"into": int(target), "public": False})

    erased = plugin.person_erase(sandbox_ctx, concerned(ticket, comment, among(HERS, HIS)))

    told = f"Ticket {ticket}, met anderen gedeeld, is samengevoegd met een ander ticket."
    assert [one for one in erased.kept if one.startswith(told)]


WORDS = st.text(alphabet="ab:\n <&[1]", min_size=1, max_size=8).filter(str.strip)


@given(st.lists(st.tuples(WORDS, st.sampled_from(["stays", "goes", "quotes"])), min_size=1))
def test_what_stays_visible_is_what_others_said_and_nothing_else(told):
    """Whatever people say, also words that look like another's line."""
    said = [
        Among(
            line=a_line(words, number + 1),
            goes=what == "goes",
            quote_goes=what == "quotes",
        )
        for number, (words, what) in enumerate(told)
    ]
    filed = [replace(one.line, about="ab: [1]") if one.quote_goes else one.line for one in said]
    shown = lines.bare("\n".join(lines.wording.lines(a_batch(lines=tuple(filed)), BAKER)))

    stays = lines.staying(said, BAKER)
    gaps = stays.gaps(shown)

    assert gaps is not None
    visible = "".join(one for at, one in enumerate(shown) if not any(a <= at < b for a, b in gaps))
    assert visible == "".join(block or "" for block in stays.blocks)
