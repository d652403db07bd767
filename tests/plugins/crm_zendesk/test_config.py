"""The settings: one way to sign in, and no webhook without its secret."""

import pytest
from marshmallow import ValidationError

from balie_crm_zendesk.config import ZendeskConfig

BASE = {"base_url": "https://company.zendesk.com", "webhook_secret": "s" * 32}
OAUTH = {"client_id": "balie", "client_secret": "hidden"}
LEGACY = {"email": "bridge@example.com", "api_token": "hidden"}
MISSING = (
    "is missing: sign in with client_id and client_secret (or, legacy, with email and api_token)."
)
BOTH = (
    "is a second way to sign in: give client_id and client_secret,"
    " or email and api_token, not both."
)


def test_config_with_an_oauth_client_gets_its_defaults():
    assert ZendeskConfig().load(BASE | OAUTH) == BASE | OAUTH | {
        "scope": "read write",
        "tag": "balie",
        "subject": "{channel}: {name} {phone}",
        "tags": "",
        "custom_fields": "",
        "follow_up": True,
        "customer_card": False,
        "phone_fields": "",
        "file_hosts": "*.zdusercontent.com",
        "reconcile_every": 90.0,
        "file_link_days": 30.0,
        "reconcile_seconds": 60.0,
        "erase": "comments",
        "erase_on_request": False,
        "ask_rating": False,
        "rating_tone": "u",
        "rating_question": "",
        "sign_in": "client_credentials",
        "heard_by": "triggers",
        "api_answers": False,
    }


@pytest.mark.parametrize("client", [OAUTH, {"client_id": "balie"}], ids=["secret", "public"])
def test_config_with_an_admins_consent_is_taken(client):
    consent = {"sign_in": "authorization_code"}
    assert ZendeskConfig().load(BASE | client | consent)["sign_in"] == "authorization_code"


def test_config_with_an_api_token_is_taken():
    assert ZendeskConfig().load(BASE | LEGACY)["api_token"] == "hidden"


@pytest.mark.parametrize(
    ("given", "problems"),
    [
        pytest.param({}, {"client_secret": [MISSING]}, id="no way"),
        pytest.param({"client_id": "balie"}, {"client_secret": [MISSING]}, id="half a client"),
        pytest.param({"client_secret": "hidden"}, {"client_id": [MISSING]}, id="other half"),
        pytest.param({"email": "bridge@example.com"}, {"api_token": [MISSING]}, id="half a token"),
        pytest.param(OAUTH | LEGACY, {"api_token": [BOTH]}, id="both ways"),
        pytest.param(
            OAUTH | {"email": "bridge@example.com"}, {"email": [BOTH]}, id="one and a half"
        ),
        pytest.param(
            OAUTH | {"webhook_secret": ""},
            {"webhook_secret": ["is empty; an empty secret is no secret."]},
            id="empty webhook secret",
        ),
        pytest.param(
            OAUTH | {"sign_in": "password"},
            {"sign_in": ["is neither client_credentials nor authorization_code."]},
            id="a third way",
        ),
        pytest.param(
            OAUTH | {"tag": "Two words"},
            {"tag": ["holds more than a-z, 0-9, _ and -, or is too long."]},
            id="a tag Zendesk would split",
        ),
        pytest.param(
            OAUTH | {"base_url": "http://company.zendesk.com"},
            {"base_url": ["must start with https:// (http:// only to 127.0.0.1)."]},
            id="no TLS",
        ),
    ],
)
def test_config_that_cannot_work_is_refused_by_field(given, problems):
    with pytest.raises(ValidationError) as refused:
        ZendeskConfig().load(BASE | given)
    assert refused.value.messages == problems


def test_config_without_webhook_secret_waits_for_setting_up():
    assert "webhook_secret" not in ZendeskConfig().load({"base_url": BASE["base_url"]} | OAUTH)


def test_config_describes_every_field():
    assert [
        name for name, one in ZendeskConfig().fields.items() if not one.metadata.get("description")
    ] == []
