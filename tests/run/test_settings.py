"""What is unsafe refuses to start, naming the variable."""

import pytest
from cryptography.fernet import Fernet

from balie.run.roles import Role
from balie.run.settings import CONNECTIONS, Settings, SettingsInvalid
from balie.tenants.secrets import SAMPLE_KEYS

KEY = "a2V5" * 10 + "a2U="  # one that stays: tests are named after it


@pytest.mark.parametrize(
    "keys",
    [None, "", " , ", "short", "é" * 44, f"{KEY},short", *SAMPLE_KEYS, f"{KEY},{min(SAMPLE_KEYS)}"],
)
def test_a26_missing_sample_or_malformed_key_is_refused_by_the_variables_name(keys):
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


@pytest.mark.parametrize("given", ["0", "-1", "many", "1001", "8.5", "²"])
def test_number_of_connections_that_is_none_is_refused_by_the_variables_name(given):
    environment = {"BALIE_SECRET_KEYS": KEY, "BALIE_DATABASE_CONNECTIONS": given}

    with pytest.raises(SettingsInvalid, match=r"^BALIE_DATABASE_CONNECTIONS: "):
        Settings.from_environment(environment)


@pytest.mark.parametrize("role", list(Role))
def test_number_of_connections_is_the_one_given_or_the_roles(role):
    environment = {
        "BALIE_SECRET_KEYS": KEY,
        "BALIE_DATABASE_URL": "postgresql://balie@127.0.0.1/balie",
    }

    unset = Settings.from_environment(environment, role)
    given = Settings.from_environment(environment | {"BALIE_DATABASE_CONNECTIONS": "3"}, role)

    assert (unset.database_connections, given.database_connections) == (CONNECTIONS[role], 3)


def test_usual_deployment_stays_within_what_postgresql_takes():
    wake_ups, aside, mortals = 2, 1, 97
    processes = {Role.WEB: 4, Role.WORKER: 2, Role.SCHEDULER: 2}

    taken = sum(count * (CONNECTIONS[role] + aside + wake_ups) for role, count in processes.items())

    assert taken < mortals


@pytest.mark.parametrize("given", ["2", "3601", "soon", "5.5"])
def test_lease_that_is_none_is_refused_by_the_variables_name(given):
    environment = {"BALIE_SECRET_KEYS": KEY, "BALIE_LEASE_SECONDS": given}

    with pytest.raises(SettingsInvalid, match=r"^BALIE_LEASE_SECONDS: "):
        Settings.from_environment(environment)


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("BALIE_KEEP_PAYLOAD_DAYS", "0"),
        ("BALIE_KEEP_PAYLOAD_DAYS", "a week"),
        ("BALIE_KEEP_MESSAGE_DAYS", "29"),
        ("BALIE_KEEP_MESSAGE_DAYS", "-30"),
        ("BALIE_KEEP_MESSAGE_DAYS", "99999999999"),
    ],
)
def test_days_that_are_none_are_refused_by_the_variables_name(name, given):
    with pytest.raises(SettingsInvalid, match=rf"^{name}: "):
        Settings.from_environment({"BALIE_SECRET_KEYS": KEY, name: given})


def test_payloads_are_kept_for_thirty_days_and_messages_for_ever_unless_told_otherwise():
    usual = Settings.from_environment({"BALIE_SECRET_KEYS": KEY})
    told = Settings.from_environment(
        {
            "BALIE_SECRET_KEYS": KEY,
            "BALIE_KEEP_PAYLOAD_DAYS": "forever",
            "BALIE_KEEP_MESSAGE_DAYS": "365",
        }
    )

    assert (usual.keep_payload_days, usual.keep_message_days) == (30, None)
    assert (told.keep_payload_days, told.keep_message_days) == (None, 365)


def test_files_have_links_only_where_an_address_was_set():
    usual = Settings.from_environment({"BALIE_SECRET_KEYS": KEY})
    told = Settings.from_environment(
        {"BALIE_SECRET_KEYS": KEY, "BALIE_PUBLIC_URL": "https://balie.example/"}
    )

    assert (usual.file_url, told.file_url) == ("", "https://balie.example")
