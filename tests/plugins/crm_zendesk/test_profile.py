"""A profile kept current: what Balie wrote follows the customer, what people wrote stays."""

from dataclasses import replace
from datetime import timedelta

import pytest
import requests

from balie.api import Address, AddressKind, Concerned, Customer
from balie_crm_zendesk.plugin import plugin

from .facts import BSUID, CUSTOMER_ID, PHONE, a_batch, a_user, written
from .scripted_zendesk import RESET, Answer

SHOW = f"GET /users/{CUSTOMER_ID}"
CHANGE = f"PUT /users/{CUSTOMER_ID}"
OTHER_PHONE = Address(kind=AddressKind.PHONE, value="+31655509999")


@pytest.fixture(autouse=True)
def ticket_made(zendesk):
    zendesk.on("POST /tickets", written(), 201)
    zendesk.on("GET /search", {"results": [], "next_page": None})
    zendesk.on(f"GET /users/{CUSTOMER_ID}/identities", {"identities": []})
    zendesk.on(f"POST /users/{CUSTOMER_ID}/identities", {"identity": {}}, 201)


def user_is(zendesk, **facts):
    """What the profile shows from now on."""
    zendesk.scripts[SHOW] = [Answer(200, {"user": a_user(**{"phone": PHONE.value} | facts)})]


def changed(zendesk):
    return [one.json["user"] for one in zendesk.all(CHANGE)]


# --- What Zendesk could not take just then ----------------------------------------------------


@pytest.mark.parametrize(
    ("failure", "wait"),
    [
        (Answer(503, b"", {"Retry-After": "20"}), 20),
        (Answer(429, b"You have exceeded the rate limit for updating a single unique user."), 60),
        (Answer(500), 60),
        (Answer(instead=RESET), 60),
    ],
    ids=["503", "429", "500", "reset"],
)
def test_change_that_failed_for_now_is_tried_again_later(ctx, zendesk, clock, failure, wait):
    user_is(zendesk, phone=None)
    zendesk.script(CHANGE, failure)
    zendesk.on(CHANGE, {"user": a_user()})
    counts = []
    for number, seconds in enumerate((0, wait - 1, 1, 3600)):
        clock.time += timedelta(seconds=seconds)
        plugin.ticket_file(ctx, a_batch(key=f"b{number}"))
        counts.append(len(changed(zendesk)))
    assert counts == [1, 1, 2, 2]


NO_NUMBER = {"phone": [{"description": "Phone: is not properly formatted"}]}
TAKEN = {"external_id": [{"description": "External: has already been taken"}]}


@pytest.mark.parametrize(
    ("refusals", "last"),
    [
        ([NO_NUMBER], {"external_id": "wa:31655501234", "name": "Noor"}),
        ([TAKEN], {"phone": PHONE.value, "name": "Noor"}),
        ([NO_NUMBER | TAKEN], {"name": "Noor"}),
        ([NO_NUMBER, TAKEN], {"name": "Noor"}),
    ],
    ids=["number", "external id", "both at once", "one after the other"],
)
def test_field_that_is_refused_takes_no_other_with_it(ctx, zendesk, refusals, last):
    user_is(zendesk, name="Klant via WhatsApp", external_id="", phone=None)
    for details in refusals:
        zendesk.on(CHANGE, {"error": "RecordInvalid", "details": details}, 422)
    zendesk.on(CHANGE, {"user": a_user()})
    for key in ("b1", "b2"):
        plugin.ticket_file(ctx, a_batch(key=key))
    assert changed(zendesk)[-1] == last
    assert len(changed(zendesk)) == len(refusals) + 1


def test_refusal_of_nothing_that_was_sent_is_given_up(ctx, zendesk):
    user_is(zendesk, external_id="", phone=None)
    zendesk.on(CHANGE, {"error": "RecordInvalid", "details": {"base": [{"description": "x"}]}}, 422)
    for key in ("b1", "b2"):
        plugin.ticket_file(ctx, a_batch(key=key))
    assert len(changed(zendesk)) == 1


# --- What Balie wrote, and what others did ----------------------------------------------------


@pytest.fixture
def made(ctx, zendesk):
    """Balie made the user, as Noor with the usual number."""
    zendesk.on("POST /users", {"user": a_user(phone=PHONE.value)}, 201)
    zendesk.on(CHANGE, {"user": a_user()})
    plugin.ticket_file(ctx, a_batch(key="first", customer=None))
    user_is(zendesk)
    return ctx


NEW_NAME = {"person_name": "Noor de Vries"}
NEW_PHONE = {"addresses": (BSUID, OTHER_PHONE)}


@pytest.mark.parametrize(
    ("news", "change"),
    [
        (NEW_NAME, {"name": "Noor de Vries"}),
        (NEW_PHONE, {"phone": OTHER_PHONE.value}),
        (NEW_NAME | NEW_PHONE, {"name": "Noor de Vries", "phone": OTHER_PHONE.value}),
        ({"person_name": ""}, None),
        ({"addresses": (BSUID,)}, None),
    ],
    ids=["name", "number", "both", "no name any more", "no number any more"],
)
@pytest.mark.parametrize("restarted", [False, True])
def test_what_balie_wrote_is_kept_current(made, zendesk, news, change, restarted):
    with requests.Session() as another:
        ctx = replace(made, http=another) if restarted else made
        plugin.ticket_file(ctx, a_batch(key="second", **news))
    assert changed(zendesk) == ([change] if change else [])


def test_what_balie_changed_is_kept_current_too(made, zendesk):
    plugin.ticket_file(made, a_batch(key="second", **NEW_NAME))
    user_is(zendesk, name="Noor de Vries")
    plugin.ticket_file(made, a_batch(key="third", person_name="Noor Smit"))
    assert changed(zendesk) == [{"name": "Noor de Vries"}, {"name": "Noor Smit"}]


@pytest.mark.parametrize(
    ("shown", "change"),
    [
        ({"name": "Mw. N. de Wit"}, {"phone": OTHER_PHONE.value}),
        ({"phone": "020 123 4567"}, {"name": "Noor de Vries"}),
        ({"name": "Mw. N. de Wit", "phone": "020 123 4567"}, None),
    ],
    ids=["name", "number", "both"],
)
def test_what_an_agent_changed_since_stays(made, zendesk, shown, change):
    user_is(zendesk, **shown)
    plugin.ticket_file(made, a_batch(key="second", **NEW_NAME, **NEW_PHONE))
    assert changed(zendesk) == ([change] if change else [])


def test_name_that_balie_did_not_write_stays_though_it_is_the_same(ctx, zendesk):
    """The profile said Noor before Balie knew her."""
    user_is(zendesk)
    zendesk.on(CHANGE, {"user": a_user()})
    for key, name in (("b1", "Noor"), ("b2", "Noor de Vries")):
        plugin.ticket_file(ctx, a_batch(key=key, person_name=name))
    assert changed(zendesk) == []


def test_two_people_of_one_user_do_not_overwrite_each_other(made, zendesk):
    """Agents merged two users; each has a conversation of their own, with its own number."""
    for number in range(2):
        plugin.ticket_file(
            made, a_batch(key=f"a{number}", conversation_id="32", **NEW_NAME, **NEW_PHONE)
        )
        plugin.ticket_file(made, a_batch(key=f"b{number}"))
    assert changed(zendesk) == []


def test_new_number_of_somebody_elses_is_not_written(made, zendesk):
    eva = a_user(601, name="Eva", phone=OTHER_PHONE.value)
    zendesk.scripts["GET /search"] = [Answer(200, {"results": [eva], "next_page": None})]
    filed = plugin.ticket_file(made, a_batch(key="second", **NEW_PHONE))
    assert "Eva (#601)" in filed.remark
    assert changed(zendesk) == []


def test_nothing_of_the_profile_is_remembered_in_words_nor_after_erasing(made):
    (kept,) = [value for key, (value, _) in made.kv.values.items() if key.startswith("wrote:")]
    assert "Noor" not in kept
    assert "55501234" not in kept
    plugin.person_erase(made, Concerned(users=(str(CUSTOMER_ID),), rehearsal=True))
    assert made.kv.get(f"wrote:{CUSTOMER_ID}") == kept
    plugin.person_erase(made, Concerned(users=(str(CUSTOMER_ID),)))
    assert made.kv.get(f"wrote:{CUSTOMER_ID}") is None


def test_profile_follows_in_the_sandbox_until_an_agent_takes_it_over(sandbox_ctx, sandbox):
    def says(key, **changes):
        filed = plugin.ticket_file(sandbox_ctx, a_batch(key=key, **changes))
        users = sandbox.control("zendesk/users", method="GET")["users"]
        user = next(one for one in users if str(one["id"]) == filed.customer_id)
        return filed.customer_id, user["name"], user["phone"]

    whose, *shown = says("b1", customer=None)
    assert shown == ["Noor", PHONE.value]
    where = {"customer": Customer(id=whose)}
    assert says("b2", **where, **NEW_NAME, **NEW_PHONE) == (
        whose,
        "Noor de Vries",
        OTHER_PHONE.value,
    )
    sandbox.control(f"zendesk/users/{whose}", {"name": "Mw. De Vries"})
    assert says("b3", **where, person_name="Nora", addresses=(BSUID, PHONE)) == (
        whose,
        "Mw. De Vries",
        PHONE.value,
    )
