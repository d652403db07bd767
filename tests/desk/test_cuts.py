"""T2: the way to the database is cut at each commit and anywhere, before it took effect and after.

After a cut nobody can know whether what was committed is there. It is neither lost nor doubled.
"""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from itertools import count

import pytest
from sqlalchemy import make_url
from tests.ledger.paper import HandClock, Paper

from balie.api import Accepted, RawEvent
from balie.ledger.door import Submission
from balie.ledger.leases import LEASE_SECONDS
from balie.run.services import Services
from balie.store import StoreUnavailable

FEWEST_COMMITS = 12
_COMMIT = b"COMMIT\0"


@dataclass
class Way:
    """Carries bytes between Balie and PostgreSQL, until it cuts a connection at a commit."""

    server: str
    listener: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))
    #: So many commits, or messages of any kind, have gone by.
    gone: int = 0
    cut_at: int = 0
    #: Whether Balie is at work, and not the test.
    is_watched: bool = False
    at_commits: bool = True
    takes_effect: bool = False

    def __post_init__(self) -> None:
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def port(self) -> int:
        return int(self.listener.getsockname()[1])

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self.listener.accept()
                far = socket.socket(socket.AF_UNIX)
                far.connect(self.server)
                lost = threading.Event()
                for carry in (self._there, self._back):
                    threading.Thread(target=carry, args=[near, far, lost], daemon=True).start()

    def _there(self, near: socket.socket, far: socket.socket, lost: threading.Event) -> None:
        with near, far, suppress(OSError):
            while data := near.recv(65536):
                if self.is_watched and (not self.at_commits or data.endswith(_COMMIT)):
                    self.gone += 1
                    if self.gone == self.cut_at:
                        if not self.takes_effect:
                            break
                        lost.set()
                far.sendall(data)
            _end(near, far)

    def _back(self, near: socket.socket, far: socket.socket, lost: threading.Event) -> None:
        with suppress(OSError):
            while data := far.recv(65536):
                if lost.is_set():
                    break
                near.sendall(data)
            _end(near, far)

    @contextmanager
    def watched(self) -> Iterator[None]:
        self.is_watched = True
        try:
            yield
        finally:
            self.is_watched = False


def _end(*both: socket.socket) -> None:
    for one in both:
        with suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def database_url(databases) -> Iterator[str]:
    """PostgreSQL only: to SQLite there is no way that could be cut."""
    url = databases.take()
    yield url
    databases.give_back(url)


@pytest.fixture
def way(database_url: str) -> Iterator[Way]:
    folder = make_url(database_url).query["host"]
    made = Way(f"{folder}/.s.PGSQL.5432")
    yield made
    made.listener.close()


@pytest.fixture
def services(settings, clock: HandClock, way: Way, monkeypatch) -> Iterator[Services]:
    url = make_url(settings.database_url).set(host="127.0.0.1", port=way.port, query={})
    made = Services(
        replace(settings, database_url=url.render_as_string(hide_password=False)), clock=clock
    )
    drain, accept = made.drainer.drain, made.door.accept

    def drained(lane_id: int) -> None:
        with way.watched():
            drain(lane_id)

    def accepted(submission: Submission) -> Accepted:
        with way.watched():
            return accept(submission)

    monkeypatch.setattr(made.drainer, "drain", drained)
    monkeypatch.setattr(made.door, "accept", accepted)
    yield made
    made.store.close()


def come(paper: Paper, event: RawEvent, connection: str = "chat") -> None:
    """Let an event come in, sent again by its sender where it got no 200."""
    for _ in range(3):
        try:
            accepted = paper.accept(event, connection=connection)
        except StoreUnavailable:
            continue
        assert accepted in (Accepted(1, 0), Accepted(0, 1))
        return
    raise AssertionError("it never got in")


def rest(paper: Paper) -> None:
    """Let all come to rest, the lanes too whose lease nobody could give back."""
    paper.drain()
    paper.clock.forward(LEASE_SECONDS + 1)
    paper.settle()


def story(paper: Paper, number: int) -> str:
    """A customer writes and gets an answer, and the channel reports what became of it."""
    sender = f"+3165550{number:04}"
    come(paper, paper.message(f"Vraag {number}", sender=sender))
    rest(paper)
    conversation = paper.conversations()[-1]
    ticket = f"ticket-of-{conversation.id}"
    come(paper, paper.answered(ticket, (f"c{number}", f"Antwoord {number}")), "desk")
    paper.drain()
    if len(paper.sent()) <= number:  # a lane was closed by the cut
        rest(paper)
    message = paper.messages("outbound")[-1]
    receipt = message.channel_id or f"paper-{len(paper.channel.sent)}"
    come(paper, paper.status("sent", receipt, reference=str(message.id)))
    rest(paper)
    return str(paper.messages("outbound")[-1].status)


@pytest.mark.parametrize(
    ("at_commits", "takes_effect", "step"),
    [(True, False, 1), (True, True, 1), (False, False, 11), (False, True, 13)],
    ids=["before commits", "after commits", "before messages", "after messages"],
)
def test_t2_way_that_is_cut_loses_and_doubles_nothing(paper, way, at_commits, takes_effect, step):
    way.at_commits, way.takes_effect = at_commits, takes_effect
    for told in count():
        way.cut_at = way.gone + told * step  # the first story is not cut
        assert story(paper, told) == "sent"
        if way.gone < way.cut_at:  # it had no so many
            break

    assert told > (FEWEST_COMMITS if at_commits else 6)
    assert paper.filed() == [[f"Vraag {number}"] for number in range(told + 1)]
    assert paper.sent() == [f"Antwoord {number}" for number in range(told + 1)]
    ended = {item.state for kind in ("message", "file", "send") for item in paper.items(kind)}
    assert ended == {"delivered"}
    assert paper.differences() == [0]
