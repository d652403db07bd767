"""What is unsafe refuses to start, naming the variable."""

import pytest
from cryptography.fernet import Fernet

from balie.run.settings import Settings, SettingsInvalid
from balie.tenants.secrets import SAMPLE_KEYS

KEY = "a2V5" * 10 + "a2U="  # one that stays: tests are named after it


@pytest.mark.parametrize(
    "keys",
    [None, "", " , ", "short", "é" * 44, f"{KEY},short", *SAMPLE_KEYS, f"{KEY},{min(SAMPLE_KEYS)}"],
)
def test_missing_sample_or_malformed_key_is_refused_by_the_variables_name(keys):
    environment = {} if keys is None else {"BALIE_SECRET_KEYS": keys}

    with pytest.raises(SettingsInvalid, match=r"^BALIE_SECRET_KEYS: .* Make a key with: "):
        Settings.from_environment(environment)


@pytest.mark.parametrize("url", ["memory", "http://127.0.0.1", "nonsense", "file:///tmp/queue"])
def test_queue_that_is_none_is_refused_by_the_variables_name(url):
    environment = {"BALIE_SECRET_KEYS": KEY, "BALIE_QUEUE_URL": url}

    with pytest.raises(SettingsInvalid, match=r"^BALIE_QUEUE_URL: "):
        Settings.from_environment(environment)


def test_keys_are_read_in_their_order():
    other = Fernet.generate_key().decode()
    read = Settings.from_environment({"BALIE_SECRET_KEYS": f" {other} ,{KEY},"})

    assert read.secret_keys == (other, KEY)


def test_settings_show_no_secret():
    read = Settings.from_environment(
        {
            "BALIE_SECRET_KEYS": KEY,
            "BALIE_METRICS_TOKEN": "sesam",
            "BALIE_DATABASE_URL": "postgresql://balie:geheim@127.0.0.1/balie",
        }
    )

    assert not [secret for secret in (KEY, "sesam", "geheim") if secret in repr(read)]
