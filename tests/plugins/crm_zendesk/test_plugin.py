"""The plugin itself: its declaration, its limits and its check."""

from dataclasses import replace

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
        reconcile_seconds=3.0,
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


def test_budgets_of_one_connection_are_not_anothers(to_zendesk, ctx, zendesk, session):
    team = Answer(200, {"user": a_user(ME_ID, role="admin")}, {"X-Rate-Limit": "200"})
    zendesk.script("GET /users/me", team)
    plugin.connection_check(ctx)
    with requests.Session() as another:
        assert budgets(replace(ctx, http=another)) == [30, 100]
    assert budgets(ctx) == [30, 50]
