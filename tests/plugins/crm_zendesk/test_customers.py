"""Who is this? By external id, then by number in any notation; never by a notation alone."""

from dataclasses import replace

import pytest

from balie.api import Address, AddressKind, Customer, RateLimited
from balie_crm_zendesk.plugin import plugin

from .facts import BSUID, PHONE, a_user

SEARCH = "GET /search"
LATER = "2026-09-30T10:00:00Z"
NOBODY = {"users": []}
KNOWN = "This Balie made or linked the user (external id)."


def found_by_search(zendesk, *users):
    zendesk.on("GET /users", NOBODY)
    zendesk.on(SEARCH, {"results": list(users), "next_page": None})


def test_customer_is_found_by_external_id_alone(ctx, zendesk):
    zendesk.on("GET /users", {"users": [a_user(501)]})
    found = plugin.customer_lookup(ctx, PHONE)
    assert found == Customer(id="501", name="Noor", evidence=KNOWN)
    assert zendesk.calls == ["GET /users"]
    assert zendesk.sent("GET /users").query == {"external_id": "wa:31655501234"}


def test_customer_without_number_is_found_by_user_id(ctx, zendesk):
    zendesk.on("GET /users", {"users": [a_user(501)]})
    assert plugin.customer_lookup(ctx, BSUID) == Customer(id="501", name="Noor", evidence=KNOWN)
    assert zendesk.sent("GET /users").query == {"external_id": "wa:NL.1001"}


def test_user_id_that_is_not_known_is_not_searched_for(ctx, zendesk):
    zendesk.on("GET /users", NOBODY)
    assert plugin.customer_lookup(ctx, BSUID) is None
    assert zendesk.calls == ["GET /users"]


def test_id_of_some_helpdesk_identifies_nobody(ctx, zendesk):
    address = Address(kind=AddressKind.HELPDESK_USER, value="501")
    assert plugin.customer_lookup(ctx, address) is None
    assert zendesk.seen == []


@pytest.mark.parametrize("unusable", [{"active": False}, {"role": "agent"}, {"role": "admin"}])
def test_user_who_is_no_usable_customer_is_passed_over(ctx, zendesk, unusable):
    user = a_user(501, phone=PHONE.value) | unusable
    zendesk.on("GET /users", {"users": [user]})
    zendesk.on(SEARCH, {"results": [user], "next_page": None})
    assert plugin.customer_lookup(ctx, PHONE) is None


@pytest.mark.parametrize(
    "written",
    [
        "+31655501234",
        "31655501234",
        "0655501234",
        "06-5550.1234",
        "06 55 50 12 34",
        "0031 6 5550 1234",
        "+31 (0)6 55501234",
        "(+31) 655501234",
    ],
)
def test_number_is_found_in_any_notation(ctx, zendesk, written):
    found_by_search(zendesk, a_user(502, phone=written))
    assert plugin.customer_lookup(ctx, PHONE) == Customer(
        id="502",
        name="Noor",
        evidence="The only user with this phone number (on the profile).",
    )
    assert zendesk.sent(SEARCH).query == {
        "query": "type:user role:end-user phone:*655501234",
        "per_page": "100",
        "page": "1",
    }


@pytest.mark.parametrize(
    "written", ["+32655501234", "+4420655501234", "1655501234", "call 0655501234", "", None]
)
def test_number_that_only_ends_alike_is_somebody_else(ctx, zendesk, written):
    found_by_search(zendesk, a_user(502, phone=written))
    zendesk.on("GET /users/502/identities", {"identities": []})
    assert plugin.customer_lookup(ctx, PHONE) is None


def test_number_newer_than_the_numbering_plan_is_compared_by_its_digits(ctx, zendesk):
    found_by_search(zendesk, a_user(502, phone="+1 (555) 123-4567"))
    address = Address(kind=AddressKind.PHONE, value="+15551234567")
    assert plugin.customer_lookup(ctx, address).id == "502"
    assert zendesk.sent(SEARCH).query["query"] == "type:user role:end-user phone:*5551234567"


def test_number_is_found_among_the_identities(ctx, zendesk):
    found_by_search(zendesk, a_user(502, phone="020 123 4567"))
    identities = [
        {"type": "email", "value": "noor@example.com"},
        {"type": "phone_number", "value": "06-55501234"},
    ]
    zendesk.on("GET /users/502/identities", {"identities": identities})
    found = plugin.customer_lookup(ctx, PHONE)
    assert (found.id, found.evidence) == (
        "502",
        "The only user with this phone number (as a direct line).",
    )


def test_direct_line_is_preferred_to_a_shared_number(ctx, zendesk):
    found_by_search(
        zendesk,
        a_user(502, phone="0655501234", shared_phone_number=True, updated_at=LATER),
        a_user(503, phone="0655501234", shared_phone_number=False),
    )
    found = plugin.customer_lookup(ctx, PHONE)
    assert (found.id, found.evidence) == (
        "503",
        "2 users have this phone number; the one with the direct line was chosen.",
    )


def test_user_updated_last_is_preferred_among_shared_numbers(ctx, zendesk):
    found_by_search(
        zendesk,
        a_user(502, phone="0655501234", updated_at=LATER),
        a_user(503, phone="06-55501234"),
        a_user(504, phone="+31655501234", updated_at=None),
    )
    found = plugin.customer_lookup(ctx, PHONE)
    assert (found.id, found.evidence) == (
        "502",
        "3 users have this phone number; the one updated last was chosen.",
    )


def test_search_is_read_to_its_last_page(ctx, zendesk):
    zendesk.on("GET /users", NOBODY)
    zendesk.on(SEARCH, {"results": [a_user(502, phone="+3227700001")], "next_page": "more"})
    zendesk.on(SEARCH, {"results": [a_user(503, phone="0655501234")], "next_page": None})
    assert plugin.customer_lookup(ctx, PHONE).id == "503"
    assert [one.query["page"] for one in zendesk.seen if one.call == SEARCH] == ["1", "2"]


def test_look_up_that_is_held_up_says_so(ctx, zendesk):
    zendesk.on("GET /users", NOBODY)
    zendesk.on(SEARCH, {}, 429, Retry_After="9")
    with pytest.raises(RateLimited) as limited:
        plugin.customer_lookup(ctx, PHONE)
    assert limited.value.retry_after == 9


# --- Several, suspended, and what else agents should know ---------------------------------------


def test_others_who_match_are_listed_for_the_agent(ctx, zendesk):
    found_by_search(
        zendesk,
        a_user(502, name="N. de Wit", phone="0655501234", shared_phone_number=True),
        a_user(503, name="Noor", phone="0655501234", shared_phone_number=False),
    )
    assert plugin.customer_lookup(ctx, PHONE).remark == (
        "2 klanten in Zendesk hebben dit nummer. Gekozen is Noor (#503);"
        " de anderen: N. de Wit (#502)."
    )


def test_many_who_match_are_not_all_listed(ctx, zendesk):
    found_by_search(zendesk, *[a_user(600 + one, phone="0655501234") for one in range(14)])
    remark = plugin.customer_lookup(ctx, PHONE).remark
    assert (remark.count("#"), remark[-6:]) == (11, " (+3).")


def test_suspended_user_is_found_last_and_told_of(ctx, zendesk):
    found_by_search(
        zendesk,
        a_user(502, phone="0655501234", suspended=True, shared_phone_number=False),
        a_user(503, phone="0655501234"),
    )
    assert plugin.customer_lookup(ctx, PHONE).id == "503"


def test_suspended_user_alone_is_the_customer(ctx, zendesk):
    zendesk.on("GET /users", {"users": [a_user(501, suspended=True)]})
    found = plugin.customer_lookup(ctx, PHONE)
    assert (found.id, found.remark) == ("501", "Deze klant is in Zendesk geblokkeerd.")


def test_number_in_a_user_field_is_found_too(to_zendesk, zendesk):
    ctx = to_zendesk(phone_fields="whatsapp, other")
    zendesk.on("GET /users", NOBODY)
    zendesk.on(SEARCH, {"results": [], "next_page": None})
    user = a_user(502, phone=None, user_fields={"whatsapp": "06 5550 1234", "other": None})
    zendesk.on(SEARCH, {"results": [user], "next_page": None})
    zendesk.on(SEARCH, {"results": [user], "next_page": None})
    assert plugin.customer_lookup(ctx, PHONE).id == "502"
    assert [one.query["query"].split()[-1] for one in zendesk.all(SEARCH)] == [
        "phone:*655501234",
        "whatsapp:*655501234",
        "other:*655501234",
    ]


CARD = a_user(
    501,
    organization_id=9,
    tags=["vip", "nl"],
    user_fields={"last_order": "A-1001\nyesterday", "empty": None, "off": False, "points": 12},
)
TICKETS = {
    "tickets": [
        {"id": 70 + one, "subject": f"Vraag {one}", "status": status}
        for one, status in enumerate(["open", "solved", "new", "hold", "pending", "open", "open"])
    ]
}


def test_customer_card_is_a_remark(to_zendesk, zendesk):
    ctx = to_zendesk(customer_card=True)
    zendesk.on("GET /users", {"users": [CARD]})
    zendesk.on("GET /organizations/9", {"organization": {"id": 9, "name": "Fietsen BV"}})
    zendesk.on("GET /users/501/tickets/requested", TICKETS)
    assert plugin.customer_lookup(ctx, PHONE).remark.split("\n") == [
        "Organisatie: Fietsen BV",
        "Labels: vip, nl",
        "Open tickets: #70 Vraag 0; #72 Vraag 2; #73 Vraag 3; #74 Vraag 4; #75 Vraag 5; …",
        "last_order: A-1001 yesterday",
        "points: 12",
    ]


def test_customer_card_that_cannot_be_had_holds_up_nothing(to_zendesk, zendesk):
    ctx = to_zendesk(customer_card=True)
    zendesk.on("GET /users", {"users": [CARD]})
    zendesk.on("GET /organizations/9", {}, 500)
    zendesk.on("GET /users/501/tickets/requested", {}, 429)
    assert plugin.customer_lookup(ctx, PHONE).remark.split("\n") == [
        "Labels: vip, nl",
        "last_order: A-1001 yesterday",
        "points: 12",
    ]


def test_customer_card_is_only_for_those_who_want_it(ctx, zendesk):
    zendesk.on("GET /users", {"users": [CARD]})
    assert plugin.customer_lookup(ctx, PHONE).remark == ""
    assert zendesk.calls == ["GET /users"]


def test_number_with_two_forms_is_looked_for_in_both(ctx, zendesk):
    """A Brazilian mobile, as WhatsApp tells it and as its owner writes it."""
    mobile = Address(kind=AddressKind.PHONE, value="+551198765432")
    zendesk.on("GET /users", NOBODY)
    zendesk.on(SEARCH, {"results": [], "next_page": None})
    zendesk.on(SEARCH, {"results": [a_user(502, phone="(11) 99876-5432")], "next_page": None})
    ctx = replace(ctx, tenant=replace(ctx.tenant, region="BR"))
    assert plugin.customer_lookup(ctx, mobile).id == "502"
    assert [one.query["external_id"] for one in zendesk.all("GET /users")] == [
        "wa:551198765432",
        "wa:5511998765432",
    ]
    assert [one.query["query"].split()[-1] for one in zendesk.all(SEARCH)] == [
        "phone:*1198765432",
        "phone:*11998765432",
    ]
