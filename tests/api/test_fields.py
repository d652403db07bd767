import pytest
from marshmallow import ValidationError, fields, validate

from balie.api import AllowedHosts, BaseUrl, ConfigSchema, Secret
from balie.api.fields import hosts, masked


class Config(ConfigSchema):
    api_url = BaseUrl()
    other_url = BaseUrl()
    token = Secret()
    pin = Secret(validate=validate.Length(max=4, error="is too long."))
    label = fields.String()
    file_hosts = AllowedHosts()


def problems(**config: object) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as caught:
        Config().load(config)
    return caught.value.normalized_messages()


# --- Secrets ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("secret", "shown"),
    [
        ("short", "••••"),
        ("fifteen-letters", "••••"),
        ("sixteen-letters!", "••••s!"),
        ("a" * 200 + "yz", "••••yz"),
    ],
)
def test_secret_is_masked(secret, shown):
    assert masked(Config(), {"token": secret, "label": "Service"}) == {
        "token": shown,
        "label": "Service",
    }


def test_setting_that_the_schema_does_not_know_is_masked():
    assert masked(Config(), {"former_token": "was-a-secret-of-old"}) == {"former_token": "••••ld"}


def test_secret_that_is_empty_is_refused():
    assert problems(token="") == {"token": ["is empty; an empty secret is no secret."]}
    assert problems(token=None) == {"token": ["Field may not be null."]}


def test_secret_takes_a_validator_of_the_plugins_own():
    assert problems(pin="12345") == {"pin": ["is too long."]}
    assert problems(pin="") == {"pin": ["is empty; an empty secret is no secret."]}
    assert Config().load({"pin": "1234"}) == {"pin": "1234"}


def test_unknown_setting_is_refused_by_name():
    assert problems(tokn="x") == {"tokn": ["Unknown field."]}


# --- Base addresses -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "kept", "host"),
    [
        ("https://api.example", "https://api.example", "api.example:443"),
        ("https://api.example/", "https://api.example", "api.example:443"),
        ("https://api.example/v1//", "https://api.example/v1", "api.example:443"),
        ("https://API.Example", "https://API.Example", "api.example:443"),
        ("https://api.example:8443/v1", "https://api.example:8443/v1", "api.example:8443"),
        ("http://127.0.0.1:8001/graph", "http://127.0.0.1:8001/graph", "127.0.0.1:8001"),
        ("http://localhost", "http://localhost", "localhost:80"),
        ("http://[::1]:8001", "http://[::1]:8001", "::1:8001"),
    ],
)
def test_base_address_is_kept_without_its_slash_and_names_its_host(written, kept, host):
    config = Config().load({"api_url": written})

    assert config == {"api_url": kept}
    assert hosts(Config(), config) == {host}


@pytest.mark.parametrize(
    "written",
    [
        "",
        "api.example",
        "//api.example",
        "https://",
        "https:///path",
        "https://user@api.example",
        "https://:password@api.example",
        "https://api.example@evil.example",
        "https://api.example?x=1",
        "https://api.example/?",
        "https://api.example#",
        "https://api.example\\.evil.example",
        "https://api.example\n.evil.example",
        "https://api.example/a b",
        "https://api.example%2eevil.example",
        "https://[api.example",
        "https://[::1",
        "https://api.example:port",
        "https://api.example:0",
        "https://api.example:65536",
        "https://api.example\x00",
        "javascript:alert(1)",
    ],
    ids=ascii,
)
def test_base_address_in_doubt_is_refused(written):
    assert problems(api_url=written) == {
        "api_url": ["is no base address; write it as https://host/path."]
    }


@pytest.mark.parametrize(
    "written",
    [
        "http://api.example",
        "ftp://api.example",
        "file://localhost/etc",
        "http://localhost.evil.example",
        "http://127.0.0.1.evil.example",
        "http://10.0.0.1",
    ],
)
def test_base_address_without_tls_is_refused_except_to_this_machine(written):
    assert problems(api_url=written) == {
        "api_url": ["must start with https:// (http:// only to 127.0.0.1)."]
    }


@pytest.mark.parametrize("value", [5, True, ["https://api.example"], {}])
def test_base_address_that_is_no_text_is_refused(value):
    assert problems(api_url=value) == {"api_url": ["Not a valid string."]}


def test_hosts_are_those_of_base_addresses_only():
    config = {
        "api_url": "https://a.example",
        "other_url": "https://b.example:444",
        "label": "https://c.example",
        "former_url": "https://d.example",
    }

    assert hosts(Config(), config) == {"a.example:443", "b.example:444"}
    assert hosts(Config(), {"api_url": ""}) == frozenset()


# --- Further hosts ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "read", "found"),
    [
        ("*.example.com", "*.example.com", {"*.example.com:443"}),
        (
            " Files.example.com , *.b.example.com,",
            "files.example.com, *.b.example.com",
            {"files.example.com:443", "*.b.example.com:443"},
        ),
        ("127.0.0.1:8001", "127.0.0.1:8001", {"127.0.0.1:8001"}),
        ("", "", set()),
    ],
)
def test_allowed_hosts_join_the_list(written, read, found):
    config = Config().load({"file_hosts": written})

    assert config == {"file_hosts": read}
    assert hosts(Config(), config) == found


@pytest.mark.parametrize(
    "written",
    [
        "*",
        "*.com",
        "*example.com",
        "a.*.com",
        "https://example.com",
        "example.com/x",
        "example.com:8443",
        "user@example.com",
        "exa mple.com",
        "-a.example.com",
    ],
)
def test_host_that_is_none_is_refused(written):
    assert list(problems(file_hosts=written)) == ["file_hosts"]
