"""What an error code means: what is to be done about it, and what the agent reads."""

from dataclasses import dataclass
from enum import Enum


class Handling(Enum):
    """What is to be done about an error that answers a request."""

    RETRY = "retry"  # may work later as it is
    SLOW_DOWN = "slow_down"  # too much in too short a time
    SIGN_OUT = "sign_out"  # our credentials, or the whole account, are refused
    REJECT = "reject"  # no for this message


@dataclass(frozen=True, slots=True)
class Known:
    """One code's meaning, in Dutch and English. ``wait_seconds`` is Meta's advice, or ``growth``
    from one wait to the next.

    ``alarm`` is the topic of a notice for the admin, where the matter is the whole number's.
    """

    handling: Handling
    nl: str
    en: str
    wait_seconds: float | None = None
    show_details: bool = False
    alarm: str = ""
    growth: float | None = None


def retry(nl: str, en: str, wait_seconds: float | None = None, alarm: str = "") -> Known:
    """Return a trouble that passes."""
    return Known(Handling.RETRY, nl, en, wait_seconds, alarm=alarm)


def slow_down(nl: str, en: str, growth: float | None = None) -> Known:
    """Return a limit that was passed."""
    return Known(Handling.SLOW_DOWN, nl, en, growth=growth)


def sign_out(nl: str, en: str, alarm: str = "") -> Known:
    """Return a refusal of all that we do, until an admin has done something."""
    return Known(Handling.SIGN_OUT, nl, en, alarm=alarm)


def reject(nl: str, en: str, alarm: str = "") -> Known:
    """Return a no to one message, which the sentence explains."""
    return Known(Handling.REJECT, nl, en, alarm=alarm)


def misbuilt(nl: str, en: str) -> Known:
    """Return a no that only Meta's own words explain."""
    return Known(Handling.REJECT, nl, en, show_details=True)
