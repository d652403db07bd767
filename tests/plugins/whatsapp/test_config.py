"""Settings: what an admin may enter."""

import pytest
from marshmallow import ValidationError

from balie_whatsapp.config import Config

from .payloads import NUMBER_ID, SECRET, WABA_ID

GIVEN = {
    "phone_number_id": NUMBER_ID,
    "waba_id": WABA_ID,
    "access_token": "EAAx",
    "app_secret": SECRET,
    "verify_token": "any words",
}


def test_config_fills_in_metas_address():
    assert Config().load(GIVEN) == {
        **GIVEN,
        "graph_url": "https://graph.facebook.com",
        "api_version": "v24.0",
        "reconcile_seconds": 90.0,
    }


@pytest.mark.parametrize("name", sorted(GIVEN))
def test_config_needs_each_credential(name):
    with pytest.raises(ValidationError) as caught:
        Config().load({key: value for key, value in GIVEN.items() if key != name})
    assert list(caught.value.messages) == [name]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("phone_number_id", "+31 6 5550 0001"),
        ("phone_number_id", "../me"),
        ("phone_number_id", ""),
        ("waba_id", "a/b"),
        ("access_token", ""),
        ("access_token", "EAAx\nHost: elsewhere"),
        ("access_token", "EAA x"),
        ("app_secret", ""),
        ("verify_token", ""),
        ("graph_url", "http://graph.example"),
        ("graph_url", "https://user:x@graph.example"),
        ("api_version", "24"),
        ("api_version", "v24.0\n"),
        ("reconcile_seconds", 0),
        ("reconcile_seconds", -1),
        ("reconcile_seconds", "nan"),
        ("tokens", "x"),
    ],
)
def test_config_refuses_by_name(name, value):
    with pytest.raises(ValidationError) as caught:
        Config().load({**GIVEN, name: value})
    assert list(caught.value.messages) == [name]
    assert "elsewhere" not in str(caught.value.messages)


def test_config_describes_every_field():
    assert all(field.metadata["description"] for field in Config().fields.values())
