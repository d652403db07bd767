"""In whose name a ticket is: made without harm to others, kept current, followed where it moved."""

import pytest

from balie.api import AuthFailed, Customer, RateLimited
from balie_crm_zendesk.errors import Refusal
from balie_crm_zendesk.plugin import plugin

from .facts import BSUID, CUSTOMER_ID, PHONE, a_batch, a_ticket, a_user, acquainted, written
from .scripted_zendesk import Answer

MAKE = "POST /users"
FIND = "GET /users"
SEARCH = "GET /search"
CREATE = "POST /tickets"
SHOW_USER = f"GET /users/{CUSTOMER_ID}"
CHANGE = f"PUT /users/{CUSTOMER_ID}"
IDENTITIES = f"GET /users/{CUSTOMER_ID}/identities"
ADD_IDENTITY = f"POST /users/{CUSTOMER_ID}/identities"
TAKEN = {
    "error": "RecordInvalid",
    "details": {"external_id": [{"description": "External: has already been taken"}]},
}


@pytest.fixture(autouse=True)
def ticket_made(zendesk):
    zendesk.on(CREATE, written(), 201)


def filed_for(ctx, **changes):
    return plugin.ticket_file(ctx, a_batch(**changes)).customer_id


def user_is(zendesk, **facts):
    zendesk.on(SHOW_USER, {"user": a_user(**{"phone": PHONE.value} | facts)})


# --- Made -------------------------------------------------------------------------------------


def test_user_who_was_made_just_now_is_found_by_external_id(ctx, zendesk):
    """As after an answer that was lost: the external id is one user's only."""
    zendesk.on(MAKE, TAKEN, 422)
    zendesk.on(FIND, {"users": [a_user(502)]})
    assert filed_for(ctx, customer=None) == "502"
    assert zendesk.calls == [MAKE, FIND, CREATE]


def test_agent_who_writes_as_a_customer_is_a_customer_beside(ctx, zendesk):
    """Nothing of the agent's own user is changed."""
    zendesk.on(MAKE, TAKEN, 422)
    zendesk.on(MAKE, {"user": a_user(502)}, 201)
    zendesk.on(FIND, {"users": [a_user(601, role="agent")]})
    zendesk.on(FIND, {"users": []})
    assert filed_for(ctx, customer=None) == "502"
    assert [one.json["user"]["external_id"] for one in zendesk.all(MAKE)] == [
        "wa:31655501234",
        "wa:31655501234:customer",
    ]


def test_customer_beside_an_agent_is_found_again(ctx, zendesk):
    zendesk.on(FIND, {"users": [a_user(601, role="agent")]})
    zendesk.on(FIND, {"users": [a_user(502)]})
    assert plugin.customer_lookup(ctx, PHONE).id == "502"
    assert [one.query["external_id"] for one in zendesk.all(FIND)] == [
        "wa:31655501234",
        "wa:31655501234:customer",
    ]


# --- Kept current -----------------------------------------------------------------------------


def test_profile_that_holds_all_is_looked_at_once(ctx, zendesk):
    user_is(zendesk)
    for key in ("batch-1", "batch-2"):
        filed_for(ctx, key=key)
    assert zendesk.calls == [SHOW_USER, CREATE, CREATE]


@pytest.mark.parametrize(
    ("profile", "changes", "written_to_it"),
    [
        pytest.param({"external_id": ""}, {}, {"external_id": "wa:31655501234"}, id="no key"),
        pytest.param({"external_id": "crm-7"}, {}, None, id="another tool's key"),
        pytest.param({"phone": None}, {}, {"phone": PHONE.value}, id="no number"),
        pytest.param({"name": "06 55501234"}, {}, {"name": "Noor"}, id="a number for a name"),
        pytest.param({"name": "Klant via WhatsApp"}, {}, {"name": "Noor"}, id="a name of ours"),
        pytest.param({"name": "Mw. N. de Wit"}, {}, None, id="a name of theirs"),
        pytest.param({"name": "06 55501234"}, {"person_name": ""}, None, id="no name to give"),
        pytest.param(
            {"external_id": "wa:NL.1001", "phone": None},
            {"addresses": (BSUID, PHONE)},
            {"phone": PHONE.value},
            id="a user id gets its number later",
        ),
    ],
)
def test_profile_gets_what_it_lacks(ctx, zendesk, profile, changes, written_to_it):
    user_is(zendesk, **profile)
    zendesk.on(CHANGE, {"user": a_user()})
    zendesk.on(SEARCH, {"results": []})
    filed_for(ctx, **changes)
    assert [one.json for one in zendesk.all(CHANGE)] == (
        [{"user": written_to_it}] if written_to_it else []
    )


SHARED = (
    "Het nummer dat deze klant deelde, 06 55501234, staat in Zendesk al bij: Eva (#601). Is het"
    " dezelfde persoon, voeg de gebruikers dan samen; Balie doet dat niet vanzelf."
)


@pytest.mark.parametrize("phone", [None, "+31655509999"], ids=["no number", "another number"])
def test_number_shared_later_that_others_have_is_told_and_not_written(ctx, zendesk, phone):
    """A customer who hid the number shares one that stands with somebody else already."""
    user_is(zendesk, external_id="wa:NL.1001", phone=phone)
    zendesk.on(IDENTITIES, {"identities": []})
    others = [a_user(601, name="Eva", phone="06 5550 1234"), a_user(CUSTOMER_ID)]
    zendesk.on(SEARCH, {"results": others})
    for key in ("batch-1", "batch-2"):
        filed = plugin.ticket_file(ctx, a_batch(key=key, addresses=(BSUID, PHONE)))
        if key == "batch-1":
            assert filed.remark == SHARED
    assert filed.remark == ""
    assert (zendesk.all(CHANGE), zendesk.all(ADD_IDENTITY)) == ([], [])


def test_user_who_was_made_is_found_however_zendesk_words_it(ctx, zendesk):
    zendesk.on(MAKE, {"error": "RecordInvalid", "details": {"base": [{"description": "x"}]}}, 422)
    zendesk.on(FIND, {"users": [a_user(502)]})
    assert filed_for(ctx, customer=None) == "502"


@pytest.mark.parametrize("known", [False, True])
def test_another_number_is_added_and_replaces_none(ctx, zendesk, known):
    user_is(zendesk, phone="020 123 4567")
    has = [{"type": "phone_number", "value": "06-55501234"}] if known else []
    zendesk.on(IDENTITIES, {"identities": has})
    zendesk.on(ADD_IDENTITY, {"identity": {}}, 201)
    filed_for(ctx)
    assert [one.json["identity"] for one in zendesk.all(ADD_IDENTITY)] == (
        [] if known else [{"type": "phone_number", "value": PHONE.value}]
    )
    assert CHANGE not in zendesk.calls


@pytest.mark.parametrize(
    "refusal",
    [
        Answer(429, b"You have exceeded the rate limit for updating a single unique user."),
        Answer(422, TAKEN),
        Answer(500),
    ],
    ids=["429", "422", "500"],
)
def test_profile_that_cannot_be_changed_holds_up_no_message(ctx, zendesk, refusal):
    user_is(zendesk, phone=None)
    zendesk.script(CHANGE, refusal)
    assert filed_for(ctx) == "501"
    assert filed_for(ctx, key="batch-2") == "501"
    assert zendesk.calls.count(CHANGE) == 1


def test_profile_is_looked_at_again_when_more_is_known(ctx, zendesk):
    user_is(zendesk, phone=None)
    zendesk.on(CHANGE, {"user": a_user()})
    filed_for(ctx, addresses=(BSUID,))
    filed_for(ctx, key="batch-2", addresses=(BSUID, PHONE))
    assert zendesk.calls == [SHOW_USER, CREATE, SHOW_USER, CHANGE, CREATE]


def test_credentials_that_end_meanwhile_are_told(ctx, zendesk):
    user_is(zendesk, phone=None)
    zendesk.on(CHANGE, {}, 401)
    with pytest.raises(AuthFailed):
        filed_for(ctx)


def test_profile_that_cannot_be_read_now_is_waited_for(ctx, zendesk):
    zendesk.on(SHOW_USER, {}, 429)
    with pytest.raises(RateLimited):
        filed_for(ctx)


# --- Moved ------------------------------------------------------------------------------------

GONE = [Answer(404, {"error": "RecordNotFound"}), Answer(200, {"user": a_user(active=False)})]
NOBODY = {"users": []}


@pytest.mark.parametrize("gone", GONE, ids=["404", "inactive"])
def test_merged_user_is_followed_by_external_id(ctx, zendesk, gone):
    zendesk.script(SHOW_USER, gone)
    zendesk.on(FIND, {"users": [a_user(502)]})
    assert filed_for(ctx) == "502"


def test_merged_user_is_followed_by_its_tickets(ctx, zendesk):
    zendesk.script(SHOW_USER, GONE[1])
    zendesk.on(FIND, NOBODY)
    zendesk.on("GET /tickets/77", {"ticket": a_ticket(requester_id=503)})
    zendesk.on("GET /users/503", {"user": a_user(503)})
    zendesk.on("PUT /tickets/77", written())
    assert filed_for(ctx, ticket_id="77") == "503"


@pytest.mark.parametrize(
    "requester", [{"phone": "+31655509999"}, {"role": "agent"}, {"active": False}], ids=str
)
def test_requester_who_is_somebody_else_is_not_taken_for_the_customer(ctx, zendesk, requester):
    zendesk.script(SHOW_USER, GONE[1])
    zendesk.on(FIND, NOBODY)
    zendesk.on("GET /tickets/77", {"ticket": a_ticket(requester_id=503)})
    zendesk.on("GET /users/503", {"user": a_user(503, **requester)})
    zendesk.on(SEARCH, {"results": [], "next_page": None})
    zendesk.on(MAKE, {"user": a_user(504)}, 201)
    zendesk.on("PUT /tickets/77", written())
    assert filed_for(ctx, ticket_id="77") == "504"


def test_merged_user_is_followed_by_the_number(ctx, zendesk):
    zendesk.script(SHOW_USER, GONE[0])
    zendesk.on(FIND, NOBODY)
    zendesk.on(SEARCH, {"results": [a_user(505, phone="06-55501234")], "next_page": None})
    assert filed_for(ctx) == "505"


SEVERAL = "2 klanten in Zendesk hebben dit nummer. Gekozen is Noor (#505); de anderen: Bas (#506)."


def two_have_the_number(zendesk):
    zendesk.on(FIND, NOBODY)
    found = [
        a_user(506, name="Bas", phone="06-55501234", updated_at="2026-08-01T10:00:00Z"),
        a_user(505, phone="06-55501234"),
        a_user(CUSTOMER_ID, phone="06-55501234"),  # search lags: the one that is gone
    ]
    zendesk.on(SEARCH, {"results": found, "next_page": None})


def test_choice_of_several_with_the_number_is_told(ctx, zendesk):
    zendesk.script(SHOW_USER, GONE[0])
    two_have_the_number(zendesk)
    filed = plugin.ticket_file(ctx, a_batch())
    assert (filed.customer_id, filed.remark) == ("505", SEVERAL)


@pytest.mark.parametrize("ticket_id", [None, "77"])
def test_choice_after_zendesk_refused_the_customer_is_told(ctx, zendesk, ticket_id):
    """The profile was current, so that the user's end only shows when the comment is refused."""
    acquainted(ctx)
    two_have_the_number(zendesk)
    refused = {"error": "RecordInvalid", "details": {"requester": [{"description": "x"}]}}
    write = "POST /tickets" if ticket_id is None else "PUT /tickets/77"
    zendesk.scripts[write] = [Answer(422, refused), Answer(201, written())]
    zendesk.on("GET /tickets/77", {"ticket": a_ticket(requester_id=None)})
    zendesk.script(SHOW_USER, GONE[0])
    filed = plugin.ticket_file(ctx, a_batch(ticket_id=ticket_id))
    assert (filed.customer_id, filed.remark) == ("505", SEVERAL)


def test_only_one_with_the_number_is_no_choice(ctx, zendesk):
    zendesk.script(SHOW_USER, GONE[0])
    zendesk.on(FIND, NOBODY)
    zendesk.on(SEARCH, {"results": [a_user(505, phone="06-55501234")], "next_page": None})
    assert plugin.ticket_file(ctx, a_batch()).remark == ""


def test_customer_who_became_an_agent_is_made_beside(ctx, zendesk):
    user_is(zendesk, role="agent")
    zendesk.on(FIND, {"users": [a_user(role="agent")]})
    zendesk.on(FIND, NOBODY)
    zendesk.on(SEARCH, {"results": [], "next_page": None})
    zendesk.on(MAKE, TAKEN, 422)
    zendesk.on(MAKE, {"user": a_user(506)}, 201)
    assert filed_for(ctx, customer=Customer(id=str(CUSTOMER_ID))) == "506"


def test_suspended_customer_is_not_made_twice(ctx, zendesk):
    user_is(zendesk, suspended=True)
    assert filed_for(ctx) == "501"
    assert zendesk.calls == [SHOW_USER, CREATE]


def test_user_that_cannot_be_made_is_parked_with_its_reason(ctx, zendesk):
    zendesk.on(MAKE, {"error": "RecordInvalid", "details": {"name": [{"description": "No"}]}}, 422)
    zendesk.on(FIND, NOBODY)
    with pytest.raises(Refusal):
        filed_for(ctx, customer=None)
