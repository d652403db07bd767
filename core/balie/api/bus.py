"""Waking those who listen, in whichever process they are."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Wake:
    """Something happened in a topic. ``text`` says what, where that fits in a few words."""

    topic: str
    text: str = ""


class Subscription(Protocol):
    """A listener's ear. Whoever has it opens it with ``with`` and goes through it.

    It gives wake-ups as they come, None when nothing came for a while, and ends when the process
    is about to stop.
    """

    def __enter__(self) -> "Subscription":
        """Begin to listen. What is published from now on is heard."""

    def __exit__(self, *_: object) -> None:
        """Listen no more."""

    def __iter__(self) -> Iterator[Wake | None]:
        """Go through wake-ups and silences until the process is about to stop."""


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
        """Return an ear for these topics, which gives None after so many silent seconds."""
