"""The plugin itself: its declaration, its limits and its check."""

from dataclasses import replace
from datetime import timedelta

import pytest
import requests

from balie.api import BudgetScope, Capabilities, Health, Kind, Manifest, WriteBudget
from balie_crm_zendesk.config import ZendeskConfig
from balie_crm_zendesk.plugin import plugin

from .facts import ME_ID, a_user
from .scripted_zendesk import Answer


def test_manifest_names_the_plugin():
    assert plugin.manifest == Manifest(
        id="crm_zendesk", name="Zendesk", kind=Kind.HELPDESK, config=ZendeskConfig
    )


def test_capabilities_are_zendesks_limits(ctx):
    assert plugin.capabilities(ctx) == Capabilities(
        text_limit=62_000,
        reconcile_seconds=60.0,
        lines_per_comment=50,
        solves=True,
        write_budgets=(
            WriteBudget(scope=BudgetScope.TICKET, writes=30, seconds=600),
            WriteBudget(scope=BudgetScope.CONNECTION, writes=100, seconds=60),
        ),
    )


@pytest.mark.parametrize("role", ["admin", "agent"])
def test_check_says_who_we_are(ctx, zendesk, role):
    zendesk.on("GET /users/me", {"user": a_user(ME_ID, name="Bridge", role=role)})
    assert plugin.connection_check(ctx) == Health(
        ok=True, text=f"Aangemeld bij Zendesk als Bridge ({role})."
    )
    assert zendesk.calls == ["GET /users/me"]


def test_check_of_an_end_user_says_what_to_do(ctx, zendesk):
    zendesk.on("GET /users/me", {"user": a_user(ME_ID)})
    assert plugin.connection_check(ctx) == Health(
        ok=False,
        text="Zendesk laat Balie binnen als iemand die geen agent of admin is: laat een admin de"
        " OAuth-client maken.",
    )


def test_check_with_refused_credentials_says_what_to_do(ctx, zendesk):
    zendesk.on("GET /users/me", {"error": "Couldn't authenticate you"}, 401)
    assert plugin.connection_check(ctx) == Health(
        ok=False,
        text="Zendesk refuses the credentials: check client_id and client_secret (or email and"
        " api_token) and whether they were revoked in Admin Center.",
    )


def test_check_with_an_api_token_names_its_end(connect, zendesk):
    zendesk.on("GET /users/me", {"user": a_user(ME_ID, name="Bridge", role="admin")})
    ctx = connect(base_url=zendesk.url, email="bridge@example.com", api_token="secret")
    english = replace(ctx, tenant=replace(ctx.tenant, locale="en"))
    assert plugin.connection_check(english) == Health(
        ok=True,
        text="Signed in to Zendesk as Bridge (admin). API tokens end on 2027-04-30: move to an"
        " OAuth client before that day.",
    )


# --- Limits -----------------------------------------------------------------------------------


def budgets(ctx):
    return [one.writes for one in plugin.capabilities(ctx).write_budgets]


@pytest.mark.parametrize(
    ("headers", "writes"),
    [
        pytest.param({}, [30, 100], id="none"),
        pytest.param({"X-Rate-Limit": "700"}, [30, 100], id="enterprise"),
        pytest.param({"X-Rate-Limit": "2500"}, [30, 100], id="high volume"),
        pytest.param({"X-Rate-Limit": "200"}, [30, 50], id="team"),
        pytest.param({"ratelimit-limit": "200"}, [30, 50], id="team, newer spelling"),
        pytest.param({"rate-limit": "200"}, [30, 50], id="team, older spelling"),
        pytest.param({"X-Rate-Limit": "10"}, [30, 2], id="essential"),
        pytest.param({"X-Rate-Limit": "1"}, [30, 1], id="next to nothing"),
        pytest.param({"X-Rate-Limit": "0"}, [30, 100], id="nothing"),
        pytest.param({"X-Rate-Limit": "many"}, [30, 100], id="no number"),
        pytest.param(
            {"zendesk-ratelimit-per-ticket-updates": "total=20; remaining=19; resets=468"},
            [20, 100],
            id="fewer updates of a ticket",
        ),
        pytest.param(
            {"zendesk-rate-limit-tickets-update": "total=20; remaining=19; resets=40"},
            [20, 100],
            id="fewer updates, in 2023's spelling",
        ),
        pytest.param(
            {"Zendesk-RateLimit-Per-Ticket-Updates": "total=90; remaining=1"},
            [30, 100],
            id="more updates of a ticket than is documented",
        ),
        pytest.param(
            {"zendesk-ratelimit-tickets-index": "total=5; remaining=4"}, [30, 100], id="another"
        ),
        pytest.param(
            {"zendesk-ratelimit-per-ticket-updates": "total=0"}, [30, 100], id="no updates"
        ),
    ],
)
def test_budgets_follow_what_headers_tell(ctx, zendesk, headers, writes):
    zendesk.script("GET /users/me", Answer(200, {"user": a_user(ME_ID, role="admin")}, headers))
    plugin.connection_check(ctx)
    assert budgets(ctx) == writes


APP = ("bridge@example.com/token", "sandbox-only-not-a-token")
FEW = {"X-Rate-Limit": "200", "X-Rate-Limit-Remaining": "20", "ratelimit-reset": "30"}


@pytest.mark.parametrize(
    ("headers", "held"),
    [
        pytest.param(FEW, (5, 30), id="a tenth of the plan is left"),
        pytest.param(FEW | {"X-Rate-Limit-Remaining": "21"}, None, id="more than that is left"),
        pytest.param(FEW | {"X-Rate-Limit-Remaining": "3"}, (0, 30), id="too few for a message"),
        pytest.param(FEW | {"X-Rate-Limit-Remaining": "none"}, None, id="no number"),
        pytest.param(FEW | {"X-Rate-Limit": "0"}, None, id="a limit of nothing"),
        pytest.param(FEW | {"ratelimit-reset": "0"}, None, id="begins anew just now"),
        pytest.param(FEW | {"ratelimit-reset": "999999999"}, (5, 600), id="a broken reset"),
        pytest.param(
            {"X-Rate-Limit": "200", "X-Rate-Limit-Remaining": "8"}, (2, 60), id="no reset"
        ),
        pytest.param(
            {"ratelimit-limit": "200", "ratelimit-remaining": "8", "ratelimit-reset": "9"},
            (2, 9),
            id="newer spelling",
        ),
        pytest.param(
            {"rate-limit": "200", "rate-limit-remaining": "8", "rate-limit-reset": "9"},
            (2, 9),
            id="older spelling",
        ),
        pytest.param(
            {"zendesk-rate-limit-tickets-update": "total=20; remaining=2; resets=40"},
            (2, 40),
            id="updates, in 2023's spelling",
        ),
        pytest.param(
            {"zendesk-ratelimit-per-ticket-updates": "total=30; remaining=0; resets=40"},
            None,
            id="of one ticket, which holds up no other",
        ),
        pytest.param(
            {"zendesk-ratelimit-tickets-index": "total=100; remaining=0; resets=40"},
            None,
            id="of something else",
        ),
    ],
)
def test_pace_is_held_while_others_have_used_up_nearly_all(ctx, zendesk, clock, headers, held):
    me = {"user": a_user(ME_ID, role="admin")}
    zendesk.script("GET /users/me", Answer(200, me, headers))
    plugin.connection_check(ctx)
    found = plugin.capabilities(ctx).write_budgets[2:]
    assert [(one.scope, one.writes, one.seconds) for one in found] == (
        [(BudgetScope.CONNECTION, *held)] if held else []
    )
    clock.time += timedelta(seconds=held[1] if held else 0)
    assert plugin.capabilities(ctx).write_budgets[2:] == ()


def test_pace_is_held_no_longer_once_zendesk_says_that_there_is_more(ctx, zendesk):
    me = {"user": a_user(ME_ID, role="admin")}
    for left in ("0", "150"):
        headers = FEW | {"X-Rate-Limit-Remaining": left}
        zendesk.script("GET /users/me", Answer(200, me, headers))
    plugin.connection_check(ctx)
    assert len(budgets(ctx)) == 3
    plugin.connection_check(ctx)
    assert len(budgets(ctx)) == 2


def test_requests_of_others_slow_us_down(sandbox_ctx, sandbox):
    """Another app of the same account takes nearly all of what the plan allows in a minute."""
    sandbox.control("zendesk/settings", {"plan_limit": 40})
    plugin.connection_check(sandbox_ctx)
    assert budgets(sandbox_ctx) == [30, 10]
    for _ in range(36):
        requests.get(f"{sandbox.url}/zendesk/api/v2/users/me", auth=APP, timeout=10)
    plugin.connection_check(sandbox_ctx)
    assert budgets(sandbox_ctx) == [30, 10, 0]


def test_budgets_of_one_connection_are_not_anothers(to_zendesk, ctx, zendesk, session):
    team = Answer(200, {"user": a_user(ME_ID, role="admin")}, {"X-Rate-Limit": "200"})
    zendesk.script("GET /users/me", team)
    plugin.connection_check(ctx)
    with requests.Session() as another:
        assert budgets(replace(ctx, http=another)) == [30, 100]
    assert budgets(ctx) == [30, 50]
