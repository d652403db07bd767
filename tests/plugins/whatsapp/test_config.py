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


def test_config_needs_the_credentials_only():
    loaded = Config().load(GIVEN)
    assert {name: loaded[name] for name in GIVEN} == GIVEN
    assert loaded["graph_url"] == "https://graph.facebook.com"
    assert loaded["media_url"] == "https://lookaside.fbsbx.com"
    assert loaded["api_version"] == "v24.0"
    assert (loaded["calls"], loaded["mark_read"], loaded["typing"]) == ("ignore", True, False)


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
        ("media_url", "http://lookaside.example"),
        ("link_url", "http://wa.example"),
        ("link_url", "javascript:alert(1)"),
        ("link_url", "https://wa.me/?x=1"),
        ("calls", "perhaps"),
        ("remind_before_hours", 24),
        ("hold_days", 0),
        ("hold_days", 31),
        ("waiting_template", "answer_waiting"),
        ("waiting_template", "Answer Waiting/nl"),
        ("about", "x" * 140),
        ("vertical", "BANK"),
        ("websites", "https://a.nl, https://b.nl, https://c.nl"),
        ("websites", "javascript:alert(1)"),
        ("questions", "a\nb\nc\nd\ne"),
        ("questions", "x" * 81),
        ("call_hours", "always"),
        ("call_hours", "mon-fri 1700-0900"),
        ("call_hours", "fri-mon 0900-1700"),
        ("call_hours", "mon 0800-0900; mon 1000-1100; mon 1200-1300"),
        ("timezone", "Amsterdam time"),
        ("commands", "no description"),
        ("commands", "x" * 33 + ": too long"),
        ("entry_points", "x" * 141),
        ("messages_per_second", 0),
    ],
)
def test_config_refuses_by_name(name, value):
    with pytest.raises(ValidationError) as caught:
        Config().load({**GIVEN, name: value})
    assert list(caught.value.messages) == [name]
    assert "elsewhere" not in str(caught.value.messages)


def test_config_describes_every_field():
    assert all(field.metadata["description"] for field in Config().fields.values())
