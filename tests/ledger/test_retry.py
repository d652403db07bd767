"""What an error means for an item: a table without a database."""

from datetime import timedelta

import pytest

from balie.api import (
    AuthFailed,
    OutcomeUnknown,
    PayloadInvalid,
    PermanentError,
    PluginCrashed,
    RateLimited,
    Rejected,
    SignatureInvalid,
    TransientError,
)
from balie.hooks import ConnectionDisabled, NotImplementedByPlugin, UnknownPlugin
from balie.ledger.retry import (
    CRASHES,
    GIVE_UP_AFTER,
    LAST_TRIES,
    LONGEST_WAIT_SECONDS,
    LONGEST_WISH_SECONDS,
    SIGNED_OUT_WAIT_SECONDS,
    Again,
    Park,
    decide,
    said,
)

NEW = timedelta(0)
OLD = GIVE_UP_AFTER + timedelta(seconds=1)
CRASH = PluginCrashed("paper", "event_parse", KeyError("x"))


class Mute(PermanentError):
    def __str__(self) -> str:
        raise RuntimeError("no words")


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (PermanentError("never"), "never"),
        (PermanentError(""), "PermanentError"),
        (Rejected("131026", "Not on WhatsApp"), "131026: Not on WhatsApp"),
        (PayloadInvalid("no shape"), "no shape"),
        (SignatureInvalid("forged"), "forged"),
        (NotImplementedByPlugin("no such hook"), "no such hook"),
        (Mute(), "Mute (its message cannot be read)"),
    ],
)
def test_what_will_never_work_is_parked_at_once(error, reason):
    assert decide(error, 1, NEW) == Park(reason)


@pytest.mark.parametrize(
    "error",
    [
        TransientError("later"),
        OutcomeUnknown("who knows"),
        RateLimited("slow down", retry_after=3),
        AuthFailed("signed out"),
        ConnectionDisabled("off"),
        UnknownPlugin("gone"),
    ],
)
def test_outage_is_waited_for_however_often_it_shows_until_a_week_is_over(error):
    assert isinstance(decide(error, 10_000, GIVE_UP_AFTER), Again)
    assert decide(error, LAST_TRIES, OLD) == Park(f"given up after 7 days; last: {error}")
    assert isinstance(decide(error, LAST_TRIES - 1, OLD), Again)


@pytest.mark.parametrize("error", [CRASH, RuntimeError("ours"), AssertionError("ours")])
def test_crash_is_tried_again_until_a_person_should_look(error):
    assert isinstance(decide(error, CRASHES - 1, NEW), Again)
    parked = decide(error, CRASHES, NEW)
    assert parked == Park(f"failed {CRASHES} times; last: {type(error).__name__}: {error}")


@pytest.mark.parametrize("attempts", [1, 2, 5, 12, 13, 1000])
def test_wait_grows_to_its_ceiling_with_jitter(attempts):
    ceiling = min(LONGEST_WAIT_SECONDS, 2.0 ** min(attempts, 12))
    waits = [decide(TransientError("later"), attempts, NEW).seconds for _ in range(200)]

    assert min(waits) >= 0.2
    assert max(waits) <= ceiling
    assert len(set(waits)) > 100


@pytest.mark.parametrize(
    ("wish", "wait"),
    [
        (3.0, 3.0),
        (0.0, 0.2),
        (-5.0, 0.2),
        (1e15, LONGEST_WISH_SECONDS),
        (float("inf"), LONGEST_WISH_SECONDS),
        (float("nan"), LONGEST_WISH_SECONDS),
    ],
)
def test_vendors_wish_is_heard_within_reason(wish, wait):
    seconds = decide(RateLimited("slow", retry_after=wish), 1, NEW).seconds

    assert wait <= seconds <= wait * 1.1


def test_signed_out_connection_is_tried_every_minute():
    assert decide(AuthFailed("no"), 3, NEW) == Again(SIGNED_OUT_WAIT_SECONDS)


def test_what_an_error_says_is_never_nothing():
    assert said(KeyError()) == "KeyError"
    assert said(Mute()) == "Mute (its message cannot be read)"


@pytest.mark.parametrize(
    ("attempts", "seconds"), [(1, 1.0), (2, 4.0), (3, 16.0), (5, 256.0), (6, 300.0), (90, 300.0)]
)
def test_waits_that_grow_as_the_vendor_says_are_kept_in_full(attempts, seconds):
    again = decide(RateLimited("pair", growth=4.0), attempts, NEW)

    assert isinstance(again, Again)
    assert seconds <= again.seconds <= seconds * 1.1


@pytest.mark.parametrize("growth", [float("inf"), float("nan"), 1e300, -4.0, 0.0])
def test_growth_that_is_none_still_ends_in_a_wait(growth):
    again = decide(RateLimited("odd", growth=growth), 13, NEW)

    assert isinstance(again, Again)
    assert 1.0 <= again.seconds <= LONGEST_WAIT_SECONDS * 1.1
