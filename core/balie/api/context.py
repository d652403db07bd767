"""What a hook gets beside its event: the connection it works for, and its means."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO, Protocol

import requests

from balie.api.acceptance import Accept
from balie.api.bus import Bus
from balie.api.capabilities import Capabilities
from balie.api.hops import Hops
from balie.api.threads import Threads
from balie.api.workload import Workload


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenant:
    """The organisation. ``region`` is an ISO 3166 country, ``locale`` is ``nl`` or ``en``."""

    slug: str
    name: str
    region: str
    locale: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """The tenant's configured use of one plugin. ``name`` is what people call it."""

    id: int
    slug: str
    plugin: str
    name: str


class Clock(Protocol):
    """The time, so that tests may say what it is."""

    def now(self) -> datetime:
        """Return the present as an aware UTC datetime."""


class Log(Protocol):
    """Structured logging, bound to tenant and connection; numbers and secrets are masked."""

    def info(self, event: str, **facts: object) -> object:
        """Log something ordinary."""

    def warning(self, event: str, **facts: object) -> object:
        """Log something an admin may want to see."""


class KeyValue(Protocol):
    """A small store of a connection's own, encrypted at rest, shared by all processes."""

    def get(self, key: str, *, fresh: bool = False) -> str | None:
        """Return the value, or None where there is none or its time has passed.

        What another process has just set may be missed for two seconds, unless ``fresh``.
        """

    def set(self, key: str, value: str, *, seconds: float) -> None:
        """Keep the value for so long."""

    def add(self, key: str, value: str, *, seconds: float) -> bool:
        """Keep the value for so long unless one is there; return whether it is ours.

        Of all who ask at once, in all processes, one gets True: a lock that ends by itself.
        Whoever got True reads what others have set, and nothing older.
        """

    def delete(self, key: str) -> None:
        """Forget the value, if it is there."""


class Files(Protocol):
    """The tenant's media store. A key of another tenant names nothing here."""

    def open(self, key: str) -> BinaryIO:
        """Open a stored file for reading. Raises KeyError where there is none."""

    def size(self, key: str) -> int:
        """Return a stored file's size in bytes. Raises KeyError where there is none."""

    def delete(self, key: str) -> None:
        """Delete a stored file, if it is there."""

    def keep(
        self, chunks: Iterable[bytes], *, most_bytes: int, seconds: float | None = None
    ) -> "Kept":
        """Store what comes, up to a limit. Raises TooLarge; then nothing is kept.

        With ``seconds`` it is deleted after that, unless :meth:`use` was called for it.
        """

    def use(self, keys: Sequence[str]) -> None:
        """Keep these files for good."""

    @property
    def gives_links(self) -> bool:
        """Whether :meth:`link` gives any."""

    def link(self, key: str, *, name: str, type: str, days: float) -> str:  # noqa: A002 -- a file's
        """Return an address by which anybody may fetch a stored file for so many days.

        It ends with the file. '' where this installation has no address that the world reaches.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A file that was stored. ``type`` is the MIME type that its first bytes show, or ''."""

    key: str
    size: int
    sha256: str
    type: str


class _Absent:
    """Stands where a context was made without Balie behind it, as in a plugin's own tests."""

    def __call__(self, *_: object, **__: object) -> Any:
        raise NotImplementedError("there is no Balie behind this context")

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # what copies and compares objects asks for these
            raise AttributeError(name)
        return self


_ABSENT: Any = _Absent()


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """One connection's context.

    ``config`` holds the validated settings, secrets included: never log it. ``http`` is a
    requests session with time-outs, which speaks only to the hosts that the settings name
    and follows no redirects. ``files`` is the media store. ``hook_url`` is where the vendor
    reaches this connection, empty while BALIE_PUBLIC_URL is not set.

    For a channel that Balie itself serves to customers: ``accept`` is the door, ``bus`` wakes
    those who listen, ``threads`` is what was said, ``hops`` makes codes to go on elsewhere,
    ``workload`` tells how busy the agents are, ``helpdesk`` what the helpdesk that it files into
    can do: the defaults while that cannot be asked.

    For a helpdesk: ``typing`` tells customers who read with us that an agent types in a ticket,
    by its id in the helpdesk. It may get lost, waits for nobody and raises nothing.
    """

    tenant: Tenant
    connection: Connection
    config: Mapping[str, Any]
    http: requests.Session
    files: Files
    kv: KeyValue
    clock: Clock
    log: Log
    hook_url: str = ""
    accept: Accept = _ABSENT
    bus: Bus = _ABSENT
    threads: Threads = _ABSENT
    hops: Hops = _ABSENT
    workload: Workload = _ABSENT
    helpdesk: Callable[[], Capabilities] = _ABSENT
    typing: Callable[[str], None] = _ABSENT
