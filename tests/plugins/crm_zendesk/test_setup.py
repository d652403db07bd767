"""Setting up: made once, put right afterwards, verified; against the sandbox's Zendesk."""

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from balie.api import SetUp, WebRequest
from balie_crm_zendesk.auth import consent
from balie_crm_zendesk.client import Client
from balie_crm_zendesk.plugin import plugin
from balie_crm_zendesk.setup import webhooks

from .conftest import HOOK_URL
from .facts import ME_ID, a_user
from .receiver import receiving
from .scripted_zendesk import TOKEN_CALL, Answer

NAMES = [
    "Balie bakker/desk: answers",
    "Balie bakker/desk: commands",
    "Balie bakker/desk: status",
]


@pytest.fixture
def reachable(sandbox_ctx):
    """A connection whose hook Zendesk reaches, as Balie answers before it knows the secret."""
    with receiving(status=401) as (url, got):
        yield replace(sandbox_ctx, hook_url=url), got


def outcome(found: SetUp) -> dict[str, bool]:
    return {step.name: step.ok for step in found.steps}


WELL = dict.fromkeys(
    (
        "sign in",
        "permissions",
        "webhook",
        "triggers",
        "field",
        "trace field",
        "test call",
        "other triggers",
    ),
    True,
)


def texts(found: SetUp) -> dict[str, str]:
    return {step.name: step.text for step in found.steps}


def there(ctx) -> tuple[list[Any], list[Any], list[Any]]:
    """Return the account's webhooks, triggers of ours, and field."""
    client = Client(ctx)
    triggers = client.get("/triggers")["triggers"]
    fields = client.get("/ticket_fields")["ticket_fields"]
    return (
        client.get("/webhooks")["webhooks"],
        [one for one in triggers if one["title"].startswith("Balie bakker")],
        [one for one in fields if one["title"] == "balie_delivery"],
    )


def the_trace_field(ctx) -> dict[str, Any]:
    fields = Client(ctx).get("/ticket_fields")["ticket_fields"]
    return next(one for one in fields if one["title"] == "balie_trace")


def test_trace_field_of_another_kind_is_told_of(reachable):
    ctx, _ = reachable
    field = {"type": "checkbox", "title": "balie_trace"}
    Client(ctx).write("POST", "/ticket_fields", {"ticket_field": field})
    found = plugin.connection_setup(ctx)
    assert outcome(found) == WELL | {"trace field": False}
    assert "geen tekstveld" in texts(found)["trace field"]
    assert "trace_field_id" not in found.learned


def test_setting_up_makes_what_is_needed(reachable):
    ctx, got = reachable
    found = plugin.connection_setup(ctx)
    assert outcome(found) == WELL
    (hook,), triggers, (field,) = there(ctx)
    assert (hook["name"], hook["endpoint"], hook["status"], hook["subscriptions"]) == (
        "Balie bakker/desk",
        ctx.hook_url,
        "active",
        ["conditional_ticket_events"],
    )
    assert [one["title"] for one in triggers] == NAMES
    assert found.learned == {
        "webhook_secret": Client(ctx).get(f"/webhooks/{hook['id']}/signing_secret")[
            "signing_secret"
        ]["secret"],
        "delivery_field_id": field["id"],
        "trace_field_id": the_trace_field(ctx)["id"],
    }
    assert the_trace_field(ctx)["type"] == "text"
    assert [one.body for one in got] == [b'{"balie":"ping"}']


def test_setting_up_again_changes_nothing(reachable):
    ctx, _ = reachable
    first = plugin.connection_setup(ctx)
    before = there(ctx)
    again = plugin.connection_setup(ctx)
    assert (outcome(again), again.learned) == (WELL, first.learned)
    assert there(ctx) == before
    assert texts(again)["webhook"].startswith("Stond al goed: Balie bakker/desk.")


def test_what_somebody_changed_is_put_right(reachable):
    ctx, _ = reachable
    first = plugin.connection_setup(ctx)
    (hook,), (answers, commands, _status), (field,) = there(ctx)
    client = Client(ctx)
    client.write("PATCH", f"/webhooks/{hook['id']}", {"webhook": {"status": "inactive"}})
    client.write("PUT", f"/triggers/{answers['id']}", {"trigger": {"active": False}})
    conditions = {"all": commands["conditions"]["all"][:1], "any": []}
    client.write("PUT", f"/triggers/{commands['id']}", {"trigger": {"conditions": conditions}})
    options = {"custom_field_options": field["custom_field_options"][:2]}
    client.write("PUT", f"/ticket_fields/{field['id']}", {"ticket_field": options})
    again = plugin.connection_setup(ctx)
    assert (outcome(again), again.learned) == (WELL, first.learned)
    (hook,), triggers, (field,) = there(ctx)
    assert hook["status"] == "active"
    assert [one["active"] for one in triggers] == [True] * 3
    assert len(triggers[1]["conditions"]["all"]) == 4
    assert len(field["custom_field_options"]) == 8
    assert texts(again)["triggers"] == (
        f"Goedgezet: {NAMES[0]}. Goedgezet: {NAMES[1]}. Stond al goed: {NAMES[2]}."
    )


def after(ctx, found: SetUp, **settings):
    """Return the connection as it goes on with what it has learned."""
    return replace(ctx, config=dict(ctx.config) | dict(found.learned) | settings)


def test_another_address_moves_the_webhook(reachable):
    ctx, _ = reachable
    ctx = after(ctx, plugin.connection_setup(ctx))
    with receiving() as (url, _):
        found = plugin.connection_setup(replace(ctx, hook_url=url))
        (hook,), _triggers, _field = there(ctx)
        assert hook["endpoint"] == url
    assert outcome(found) == WELL


def test_another_address_moves_also_what_is_heard_another_way_since(reachable):
    ctx, _ = reachable
    ctx = after(ctx, plugin.connection_setup(ctx), heard_by="events")
    ctx = after(ctx, plugin.connection_setup(ctx))
    with receiving() as (url, _):
        moved = replace(ctx, hook_url=url)
        found = plugin.connection_setup(moved)
        assert [step.name for step in found.steps if not step.ok] == []
        again = plugin.connection_setup(moved)
        back = plugin.connection_setup(after(moved, found, heard_by="triggers"))
    assert (outcome(again), outcome(back)) == (outcome(found), WELL)
    hooks, triggers, _ = there(ctx)
    assert [one["endpoint"] for one in hooks] == [url, url]
    assert [one["active"] for one in triggers] == [True] * 3


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("nl", ("Zendesk heeft al een webhook “Balie bakker/desk”", "geef deze verbinding een")),
        (
            "en",
            ("Zendesk has a webhook “Balie bakker/desk” already", "give this connection another"),
        ),
    ],
)
@pytest.mark.parametrize("heard_by", ["triggers", "events"])
@pytest.mark.parametrize("knows", [{}, {"webhook_secret": ""}], ids=["another's", "no secret"])
def test_webhook_of_another_balie_is_left_alone(reachable, locale, words, heard_by, knows):
    """A staging Balie with the same names, on the same Zendesk."""
    ctx, _ = reachable
    plugin.connection_setup(ctx)
    before = there(ctx)
    with receiving() as (url, _):
        staging = replace(
            ctx,
            hook_url=url,
            tenant=replace(ctx.tenant, locale=locale),
            config=dict(ctx.config) | {"heard_by": heard_by} | knows,
        )
        found = plugin.connection_setup(staging)
    assert outcome(found) == {"sign in": True, "permissions": True, "webhook": False}
    assert all(one in texts(found)["webhook"] for one in (ctx.hook_url, *words))
    assert there(ctx) == before
    assert found.learned == {}


@pytest.mark.parametrize("heard_by", ["triggers", "events"])
def test_triggers_of_another_balie_are_left_alone(reachable, heard_by):
    """Whose webhook agents gave another name, so that a new one is made."""
    ctx, _ = reachable
    plugin.connection_setup(ctx)
    (hook,), triggers, _ = there(ctx)
    renamed = {"webhook": {"name": "Balie in productie"}}
    Client(ctx).write("PATCH", f"/webhooks/{hook['id']}", renamed)
    with receiving() as (url, _):
        config = dict(ctx.config) | {"heard_by": heard_by}
        found = plugin.connection_setup(replace(ctx, hook_url=url, config=config))
    assert outcome(found)["triggers"] is False
    assert f"“{NAMES[0]}”, en die roept {ctx.hook_url} aan" in texts(found)["triggers"]
    assert there(ctx)[1] == triggers


def test_other_way_of_hearing_switches_the_first_one_off(reachable, connect):
    ctx, _ = reachable
    plugin.connection_setup(ctx)
    by_events = replace(ctx, config=dict(ctx.config) | {"heard_by": "events"})
    assert outcome(plugin.connection_setup(by_events)) == WELL
    hooks, triggers, _ = there(ctx)
    assert {one["status"]: one["subscriptions"] for one in hooks} == {
        "inactive": ["conditional_ticket_events"],
        "active": [
            "zen:event-type:ticket.comment_added",
            "zen:event-type:ticket.merged",
            "zen:event-type:ticket.permanently_deleted",
            "zen:event-type:ticket.soft_deleted",
            "zen:event-type:ticket.status_changed",
            "zen:event-type:ticket.undeleted",
        ],
    }
    assert [one["active"] for one in triggers] == [False] * 3
    assert outcome(plugin.connection_setup(ctx)) == WELL  # and back again
    hooks, triggers, _ = there(ctx)
    assert [one["status"] for one in hooks] == ["active", "inactive"]
    assert [one["active"] for one in triggers] == [True] * 3


def test_answers_of_other_tools_are_heard_where_wanted(reachable):
    ctx, _ = reachable
    plugin.connection_setup(replace(ctx, config=dict(ctx.config) | {"api_answers": True}))
    answers, commands, _status = there(ctx)[1]
    fields = [[row["field"] for row in one["conditions"]["all"]] for one in (answers, commands)]
    assert ["current_via_id" in one for one in fields] == [False, True]


def test_status_is_heard_of_whoever_changed_it_but_for_what_balie_opens(reachable):
    ctx, _ = reachable
    plugin.connection_setup(ctx)
    conditions = there(ctx)[1][2]["conditions"]
    assert "current_via_id" not in [row["field"] for row in conditions["all"]]
    assert [(row["field"], row["operator"], row["value"]) for row in conditions["any"]] == [
        ("role", "is_not", str(Client(ctx).my_id())),
        ("status", "is", "solved"),
    ]


def test_triggers_that_mail_the_customer_too_are_named(reachable):
    ctx, _ = reachable
    mailing = texts(plugin.connection_setup(ctx))["other triggers"]
    assert mailing.startswith("Deze triggers mailen de klant ook: “")


def test_zendesk_that_does_not_reach_balie_is_told(sandbox_ctx):
    with receiving(status=500) as (url, _):
        found = plugin.connection_setup(replace(sandbox_ctx, hook_url=url))
    assert outcome(found) == WELL | {"test call": False}
    assert url in texts(found)["test call"]


def test_proxy_that_wants_a_password_is_not_taken_for_balie(sandbox_ctx):
    with receiving(status=401, said="401 Authorization Required") as (url, _):
        found = plugin.connection_setup(replace(sandbox_ctx, hook_url=url))
    assert outcome(found) == WELL | {"test call": False}
    assert "(HTTP 401)" in texts(found)["test call"]


@pytest.mark.parametrize("answer", [{}, {"response": None}, {"response": {"status_code": 401}}])
def test_test_call_that_says_nothing_of_balie_is_no_success(ctx, zendesk, answer):
    zendesk.on("POST /webhooks/test", answer | {"more": True})
    well, why = webhooks.reached(Client(ctx), webhooks.Hook("01ABC", ""))
    assert not well
    assert why == ("HTTP 401" if answer.get("response") else "?")


def test_without_a_public_address_nothing_is_made(sandbox_ctx):
    found = plugin.connection_setup(replace(sandbox_ctx, hook_url="/hooks/bakker/desk"))
    assert outcome(found) == {"sign in": True, "permissions": True, "address": False}
    assert there(sandbox_ctx)[0] == []


NARROW = " ".join(
    f"{one}:{kind}"
    for one in ("tickets", "users", "triggers", "webhooks")
    for kind in ("read", "write")
)
FORBIDDEN = Answer(403, {"error": "Forbidden", "description": "You do not have access."})


def granting(zendesk, scope):
    """Zendesk gives so much, whatever is asked for, to an admin's client."""
    token = {"access_token": "token-1", "token_type": "bearer", "expires_in": 1800}
    zendesk.scripts[TOKEN_CALL] = [Answer(200, token | ({"scope": scope} if scope else {}))]
    zendesk.on("GET /users/me", {"user": a_user(ME_ID, role="admin")})


@pytest.mark.parametrize(
    ("scope", "missing"),
    [
        ("read", "write"),
        ("write", "read"),
        ("impersonate", "read, write"),
        ("write tickets:read users:read", "triggers:read, webhooks:read"),
        ("read tickets:write users:write", "triggers:write, webhooks:write"),
        (NARROW.replace("users:write ", ""), "users:write"),
    ],
)
@pytest.mark.parametrize("asked", [False, True])
def test_scope_that_is_too_small_is_told(to_zendesk, zendesk, scope, missing, asked):
    """Where little was asked for, and where little of much was granted."""
    granting(zendesk, "" if asked else scope)
    zendesk.on("GET /search", {"results": []})
    ctx = to_zendesk(scope=scope) if asked else to_zendesk()
    found = plugin.connection_setup(ctx)
    assert outcome(found) == {"sign in": True, "permissions": False}
    assert f": {missing} ontbreekt" in texts(found)["permissions"]


@pytest.mark.parametrize("wide", [True, False])
def test_scope_that_is_enough_is_told_as_it_was_granted(to_zendesk, zendesk, wide):
    granting(zendesk, "read write" if wide else NARROW)
    zendesk.on("GET /search", {"results": []})
    zendesk.on("POST /uploads", {"upload": {"token": "t"}}, 201)
    found = plugin.connection_setup(to_zendesk(scope="read write" if wide else NARROW))
    assert outcome(found)["permissions"]
    assert texts(found)["permissions"].endswith("(read write)." if wide else f"({NARROW}).")
    assert ("POST /uploads" in zendesk.calls) is not wide


@pytest.mark.parametrize(("call", "missing"), [("GET /search", "read"), ("POST /uploads", "write")])
def test_narrow_scopes_that_do_not_reach_far_enough_are_told(to_zendesk, zendesk, call, missing):
    granting(zendesk, NARROW)
    zendesk.on("GET /search", {"results": []})
    zendesk.on("POST /uploads", {"upload": {"token": "t"}}, 201)
    zendesk.scripts[call] = [FORBIDDEN]
    found = plugin.connection_setup(to_zendesk(scope=NARROW))
    assert outcome(found) == {"sign in": True, "permissions": False}
    assert f": {missing} ontbreekt" in texts(found)["permissions"]


def test_narrow_scopes_are_judged_by_zendesk_itself(sandbox_ctx):
    """The sandbox's lets no files in by them, as its list of scopes names none."""
    ctx = replace(sandbox_ctx, config=dict(sandbox_ctx.config) | {"scope": NARROW + " read"})
    found = plugin.connection_setup(ctx)
    assert ": write ontbreekt" in texts(found)["permissions"]


def test_client_that_was_allowed_more_meanwhile_may_go_on(to_zendesk, zendesk):
    granting(zendesk, "read")
    ctx = to_zendesk()
    assert not outcome(plugin.connection_setup(ctx))["permissions"]
    granting(zendesk, "read write")
    assert outcome(plugin.connection_setup(ctx))["permissions"]


def test_consent_to_too_little_is_asked_for_again(to_zendesk, zendesk):
    granting(zendesk, "read")
    ctx = to_zendesk(sign_in="authorization_code")
    asked = dict(parse_qsl(urlsplit(consent.link(ctx)).query))
    query = {"code": "code-of-the-admin", "state": asked["state"]}
    plugin.channel_ingress(ctx, WebRequest(method="GET", headers={}, query=query, body=b""))
    found = plugin.connection_setup(ctx)
    assert outcome(found) == {"sign in": True, "permissions": False}
    assert ": write ontbreekt" in texts(found)["permissions"]
    assert f"{zendesk.url}/oauth/authorizations/new?" in texts(found)["permissions"]


def test_agent_may_not_set_up(ctx, zendesk):
    zendesk.on("GET /users/me", {"user": a_user(ME_ID, role="agent", name="Daan")})
    found = plugin.connection_setup(ctx)
    assert texts(found)["permissions"].startswith("Daan is geen admin")


def test_refused_credentials_end_it_at_once(ctx, zendesk):
    zendesk.on("GET /users/me", {}, 401)
    assert outcome(plugin.connection_setup(ctx)) == {"sign in": False}


def test_admins_consent_is_asked_for(to_zendesk, zendesk):
    (step,) = plugin.connection_setup(to_zendesk(sign_in="authorization_code")).steps
    assert (step.name, step.ok, zendesk.seen) == ("sign in", False, [])
    assert f"{zendesk.url}/oauth/authorizations/new?" in step.text


@pytest.mark.parametrize("call", ["GET /webhooks", "POST /webhooks"])
def test_webhook_that_cannot_be_made_ends_it(ctx, zendesk, call):
    zendesk.on("GET /users/me", {"user": a_user(ME_ID, role="admin")})
    zendesk.on("GET /webhooks", {"webhooks": [], "meta": {}})
    zendesk.scripts[call] = [Answer(403, {"error": "Forbidden"})]
    found = plugin.connection_setup(replace(ctx, hook_url=HOOK_URL))
    assert outcome(found) == {"sign in": True, "permissions": True, "webhook": False}
    assert found.learned == {}
