import pytest

from balie.api import (
    AuthFailed,
    BalieError,
    ConfigInvalid,
    OutcomeUnknown,
    PayloadInvalid,
    PermanentError,
    PhoneInvalid,
    PluginCrashed,
    PluginError,
    RateLimited,
    Rejected,
    SignatureInvalid,
    TransientError,
)

PARENTS = {
    PhoneInvalid: BalieError,
    ConfigInvalid: BalieError,
    PluginError: BalieError,
    SignatureInvalid: PluginError,
    PayloadInvalid: PluginError,
    AuthFailed: PluginError,
    TransientError: PluginError,
    RateLimited: TransientError,
    OutcomeUnknown: TransientError,
    PluginCrashed: TransientError,
    PermanentError: PluginError,
    Rejected: PermanentError,
}


@pytest.mark.parametrize(("error", "parent"), PARENTS.items(), ids=lambda error: error.__name__)
def test_error_is_where_the_protocol_puts_it(error, parent):
    assert error.__base__ is parent


def test_config_invalid_tells_each_field():
    problems = {"token": "is empty.", "api_url": "is no base address."}

    error = ConfigInvalid(problems)

    assert str(error) == "token: is empty.; api_url: is no base address."
    assert error.problems == problems


def test_transient_error_carries_the_vendors_wish():
    assert RateLimited("slower", retry_after=2.5).retry_after == 2.5
    assert OutcomeUnknown("no answer").retry_after is None


def test_rejected_carries_code_and_text():
    error = Rejected("131047", "The customer wrote more than 24 hours ago.")

    assert (error.code, error.text) == ("131047", "The customer wrote more than 24 hours ago.")
    assert str(error) == "131047: The customer wrote more than 24 hours ago."


def test_plugin_crashed_names_plugin_hook_and_cause():
    error = PluginCrashed("parrot", "event_parse", KeyError("entry"))

    assert str(error) == "plugin parrot failed in event_parse: KeyError: 'entry'"
    assert (error.plugin, error.hook, error.retry_after) == ("parrot", "event_parse", None)


def test_plugin_crashed_survives_a_cause_that_cannot_be_printed():
    class Unprintable(Exception):
        def __str__(self):
            raise RuntimeError

    assert str(PluginCrashed("parrot", "event_parse", Unprintable())) == (
        "plugin parrot failed in event_parse: Unprintable (its message cannot be read)"
    )
