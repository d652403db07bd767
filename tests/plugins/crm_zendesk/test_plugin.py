"""The plugin itself: its declaration, its limits and its check."""

import pytest

from balie.api import BudgetScope, Capabilities, Health, Kind, Manifest, WriteBudget
from balie_crm_zendesk.config import ZendeskConfig
from balie_crm_zendesk.plugin import plugin

from .facts import ME_ID, a_user


def test_manifest_names_the_plugin():
    assert plugin.manifest == Manifest(
        id="crm_zendesk", name="Zendesk", kind=Kind.HELPDESK, config=ZendeskConfig
    )


def test_capabilities_are_zendesks_limits(ctx):
    assert plugin.capabilities(ctx) == Capabilities(
        text_limit=62_000,
        reconcile_seconds=3.0,
        lines_per_comment=50,
        write_budgets=(
            WriteBudget(scope=BudgetScope.TICKET, writes=30, seconds=600),
            WriteBudget(scope=BudgetScope.CONNECTION, writes=100, seconds=60),
        ),
    )


@pytest.mark.parametrize("role", ["admin", "agent"])
def test_check_says_who_we_are(ctx, zendesk, role):
    zendesk.on("GET /users/me", {"user": a_user(ME_ID, name="Bridge", role=role)})
    assert plugin.connection_check(ctx) == Health(
        ok=True, text=f"Signed in to Zendesk as Bridge ({role})."
    )
    assert zendesk.calls == ["GET /users/me"]


def test_check_of_an_end_user_says_what_to_do(ctx, zendesk):
    zendesk.on("GET /users/me", {"user": a_user(ME_ID)})
    assert plugin.connection_check(ctx) == Health(
        ok=False,
        text="Zendesk lets Balie in as somebody who is neither agent nor admin:"
        " let an admin make the OAuth client.",
    )


def test_check_with_refused_credentials_says_what_to_do(ctx, zendesk):
    zendesk.on("GET /users/me", {"error": "Couldn't authenticate you"}, 401)
    assert plugin.connection_check(ctx) == Health(
        ok=False,
        text="Zendesk refuses the credentials: check client_id and client_secret (or email and"
        " api_token) and whether they were revoked in Admin Center.",
    )
