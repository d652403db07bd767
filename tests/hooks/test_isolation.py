import pytest
from prometheus_client import REGISTRY, CollectorRegistry

from balie.api import (
    AuthFailed,
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
from balie.hooks import hook_metrics
from balie.hooks.isolation import guarded


def raising(error: BaseException):
    def call():
        raise error

    return call


class Own(TransientError):
    """A plugin's own subclass."""


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (SignatureInvalid(), "signature_invalid"),
        (PayloadInvalid(), "payload_invalid"),
        (AuthFailed(), "auth_failed"),
        (TransientError("later"), "transient"),
        (RateLimited("slower", retry_after=3), "rate_limited"),
        (OutcomeUnknown("perhaps"), "outcome_unknown"),
        (PermanentError(), "permanent"),
        (Rejected("131026", "not on WhatsApp"), "rejected"),
        (PluginError(), "error"),
        (Own("later"), "transient"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_plugin_error_passes_with_a_note_and_is_counted(collectors, calls_of, error, outcome):
    with pytest.raises(PluginError) as caught:
        guarded("parrot", "event_parse", raising(error), metrics=hook_metrics(collectors))

    assert caught.value is error
    assert error.__notes__ == ["in plugin parrot, hook event_parse"]
    assert calls_of("parrot", "event_parse", outcome) == 1


@pytest.mark.parametrize(
    "error",
    [
        ValueError("no such sort"),
        PhoneInvalid("none"),
        ExceptionGroup("two", [OSError()]),
        SystemExit(3),
    ],
)
def test_foreign_error_becomes_plugin_crashed(collectors, calls_of, error):
    with pytest.raises(PluginCrashed) as caught:
        guarded("parrot", "event_parse", raising(error), metrics=hook_metrics(collectors))

    assert caught.value.__cause__ is error
    assert (caught.value.plugin, caught.value.hook) == ("parrot", "event_parse")
    assert (
        str(caught.value) == f"plugin parrot failed in event_parse: {type(error).__name__}: {error}"
    )
    assert calls_of("parrot", "event_parse", "crashed") == 1


def test_result_passes_and_is_counted_and_timed(collectors, calls_of):
    assert guarded("parrot", "capabilities", lambda: 42, metrics=hook_metrics(collectors)) == 42

    labels = {"plugin": "parrot", "hook": "capabilities"}
    assert calls_of("parrot", "capabilities", "ok") == 1
    assert collectors.get_sample_value("balie_hook_seconds_count", labels) == 1


@pytest.mark.parametrize("error", [KeyboardInterrupt(), GeneratorExit()])
def test_interrupt_is_not_the_plugins_and_passes(collectors, calls_of, error):
    with pytest.raises(type(error)) as caught:
        guarded("parrot", "event_parse", raising(error), metrics=hook_metrics(collectors))

    assert caught.value is error
    assert calls_of("parrot", "event_parse", "interrupted") == 1


def test_error_object_raised_again_is_noted_once(collectors):
    error = TransientError("the same one")

    for _ in range(3):
        with pytest.raises(TransientError):
            guarded("parrot", "event_parse", raising(error), metrics=hook_metrics(collectors))

    assert error.__notes__ == ["in plugin parrot, hook event_parse"]


def test_metrics_are_one_per_collector_registry(collectors):
    assert hook_metrics(collectors) is hook_metrics(collectors)
    assert hook_metrics(collectors) is not hook_metrics(CollectorRegistry())
    assert hook_metrics() is hook_metrics(REGISTRY)


def test_metrics_never_name_a_tenant(collectors):
    guarded("parrot", "event_parse", lambda: 1, metrics=hook_metrics(collectors))

    labels = {name for metric in collectors.collect() for s in metric.samples for name in s.labels}
    assert labels == {"plugin", "hook", "outcome", "le"}
