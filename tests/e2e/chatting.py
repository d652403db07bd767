"""A browser with the widget, over the wire: what it asks, and the stream that it listens to."""

import json
import threading
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import requests
from tests.e2e.whole import Whole, wait_until

SHOP = "https://shop.example"


def add_widget(whole: Whole, **settings: Any) -> None:
    """Put the widget on the demo's site, filing into its helpdesk."""
    balie = whole.stage.services()
    config = {"allowed_origins": SHOP, "whatsapp_number": "+31855500100"} | settings
    balie.directory.add_connection(
        "demo", "site", plugin="livechat", config=config, files_into="zendesk", name="De chat"
    )
    balie.store.close()


@dataclass
class Browser:
    """One browser of a visitor."""

    url: str
    token: str = ""
    resume: str | None = None
    heard: list[tuple[str, Any]] = field(default_factory=list)
    last: str = ""
    http: requests.Session = field(default_factory=requests.Session)
    _stream: requests.Response | None = None

    @classmethod
    def of(cls, whole: Whole) -> "Browser":
        made = cls(f"{whole.stage.url}/livechat/demo/site")
        made.http.trust_env = False
        made.keep(made.ask("POST", "session", {"page": SHOP}))
        return made

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> requests.Response:
        given = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return self.http.request(
            method, f"{self.url}/{path}", json=body, headers=given | headers, timeout=30
        )

    def say(self, text: str, *, thread: str = "thread-1", **more: Any) -> requests.Response:
        message = {"id": uuid4().hex, "thread": thread, "text": text} | more
        answer = self.ask("POST", "messages", message)
        self.keep(answer)
        return answer

    def keep(self, answer: requests.Response) -> None:
        facts = answer.json()
        if "token" in facts:
            self.token, self.resume = facts["token"], facts["resume"] or self.resume

    def listen(self) -> None:
        """Open a stream, from where the last one ended, and read it in a thread."""
        headers = {"Authorization": f"Bearer {self.token}"}
        if self.last:
            headers["Last-Event-ID"] = self.last
        # A connection of its own, which can be cut.
        stream = requests.get(f"{self.url}/stream", headers=headers, stream=True, timeout=60)
        assert stream.status_code == 200, stream.text
        self._stream = stream
        threading.Thread(target=self._read, args=[stream], daemon=True).start()

    def cut(self) -> None:
        """Lose the network."""
        assert self._stream is not None
        self._stream.raw._fp.fp.raw._sock.shutdown(2)  # noqa: SLF001 -- nothing gentler cuts
        self._stream = None

    def messages(self) -> list[str]:
        """Return what was heard, each message once, as it is now, in order."""
        by_id = {data["id"]: data for name, data in self.heard if name == "message"}
        shown = sorted(by_id.values(), key=lambda one: (one["at"], int(one["id"])))
        return [" ".join(part["text"] for part in one["parts"]) for one in shown]

    def hears(self, *expected: str) -> None:
        """Wait until just this was heard."""
        wait_until(lambda: self.messages() == list(expected))

    def _read(self, stream: requests.Response) -> None:
        event: dict[str, str] = {}
        try:
            for raw in stream.iter_lines():
                line = raw.decode()
                name, _, value = line.partition(": ")
                if line:
                    event[name] = value
                elif event:
                    self.last = event.get("id", self.last)
                    if "event" in event:
                        self.heard.append((event["event"], json.loads(event["data"])))
                    event = {}
        except (requests.RequestException, OSError, AttributeError):
            return  # the network was cut


def ticket_with(whole: Whole, words: str) -> Any:
    """Wait for the ticket in which this was said."""

    # Of all tickets the list grows long, and it is asked for again and again.
    path = f"zendesk/tickets?{urlencode({'said': words})}"
    return wait_until(lambda: whole.stage.control("GET", path)["tickets"])[0]
