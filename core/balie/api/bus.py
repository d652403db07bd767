"""Waking those who listen, in whichever process they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from balie.api.errors import BalieError


class Stopping(BalieError):
    """This process is about to stop: whoever listens is to hang up."""


@dataclass(frozen=True, slots=True)
class Wake:
    """Something happened in a topic. ``text`` says what, where that fits in a few words."""

    topic: str
    text: str = ""


class Subscription(Protocol):
    """A listener's ear, open between ``with`` and its end."""

    def __enter__(self) -> "Subscription":
        """Begin to listen. What is published from now on is heard."""

    def __exit__(self, *_: object) -> None:
        """Listen no more."""

    def wait(self) -> Sequence[Wake]:
        """Return what came, as soon as something has; nothing after a silence.

        The same twice is one. Raises Stopping.
        """


class Bus(Protocol):
    """Carries wake-ups within one connection, between all processes.

    A wake-up may get lost, and several may become one: they say where to look, and what must not
    be lost stands in the database.
    """

    def publish(self, topic: str, text: str = "", /) -> None:
        """Wake all who listen to this topic. Never waits, never raises.

        ``topic`` and ``text`` together are 1,000 bytes at most; what is longer loses its text.
        """

    def subscribe(self, topics: Sequence[str], /, *, seconds: float) -> Subscription:
        """Return an ear for these topics, to which so many seconds without news are a silence."""
