"""A visitor of a site with the widget, as far as the server sees one."""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from flask.testing import FlaskClient
from tests.ledger.paper import Paper
from werkzeug.test import TestResponse

SHOP = "https://shop.example"
SECRET = "identity-secret-of-these-tests-only"
BASE = "/livechat/winkel/site"

_numbers = count(1)


def jwt(claims: dict[str, Any], *, secret: str = SECRET, **header: Any) -> str:
    """Return a JWT as a site's own backend makes it."""

    def plain(data: bytes) -> str:
        return base64.urlsafe_b64encode(data).rstrip(b"=").decode()

    head = {"alg": "HS256", "typ": "JWT"} | header
    signed = f"{plain(json.dumps(head).encode())}.{plain(json.dumps(claims).encode())}"
    mark = hmac.digest(secret.encode(), signed.encode(), hashlib.sha256)
    return f"{signed}.{plain(mark)}"


@dataclass
class Visit:
    """One browser."""

    client: FlaskClient
    base: str = BASE
    origin: str = ""
    token: str = ""
    resume: str | None = None
    address: str = "203.0.113.7"
    cursor: str = ""
    answers: list[TestResponse] = field(default_factory=list)

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> TestResponse:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token and "Authorization" not in given:
            given["Authorization"] = f"Bearer {self.token}"
        if self.origin:
            given["Origin"] = self.origin
        answer = self.client.open(
            f"{self.base}/{path}",
            method=method,
            json=body,
            headers=given,
            environ_base={"REMOTE_ADDR": self.address},
        )
        self.answers.append(answer)
        return answer

    def begin(self, **given: Any) -> TestResponse:
        headers = {name: given.pop(name) for name in ("User_Agent",) if name in given}
        answer = self.ask("POST", "session", {"page": SHOP} | given, Authorization="", **headers)
        self.keep(answer)
        return answer

    def say(self, text: str = "hallo", *, thread: str = "thread-1", **more: Any) -> TestResponse:
        message = {"id": f"message-{next(_numbers)}", "thread": thread, "text": text} | more
        answer = self.ask("POST", "messages", message)
        self.keep(answer)
        return answer

    def poll(self) -> list[dict[str, Any]]:
        """Return what is new since the last time."""
        found: list[dict[str, Any]] = []
        while True:
            more = {"Last_Event_ID": self.cursor} if self.cursor else {}
            answer = self.ask("GET", "poll", **more).json
            self.cursor = answer["cursor"]
            found += answer["messages"]
            if not answer["more"]:
                return found

    def stream(self, last: str = "") -> "Stream":
        more = {"Last_Event_ID": last} if last else {}
        return Stream(self.ask("GET", "stream", **more))

    def keep(self, answer: TestResponse) -> None:
        if answer.is_json and "token" in answer.json:
            self.token = answer.json["token"]
            self.resume = answer.json["resume"] or self.resume


class Stream:
    """A stream, read event by event."""

    def __init__(self, answer: TestResponse) -> None:
        assert answer.status_code == 200, answer.text
        self.answer = answer
        self._pieces = iter(answer.response)
        self.last = ""
        self._waiting: list[str] = []

    def next(self) -> tuple[str, Any]:
        """Return the next event: its name and data; heartbeats as ('', None)."""
        if not self._waiting:
            self._waiting = next(self._pieces).decode().removesuffix("\n\n").split("\n\n")
        event = self._waiting.pop(0).split("\n")
        lines = dict(line.split(": ", 1) for line in event if ": " in line)
        self.last = lines.get("id", self.last)
        if "event" not in lines:
            return "", None
        return lines["event"], json.loads(lines["data"])

    def close(self) -> None:
        self.answer.close()


def words(messages: list[dict[str, Any]]) -> list[str]:
    """Return what messages say."""
    return [" ".join(part["text"] for part in message["parts"]) for message in messages]


def answer(paper: Paper, text: str, *, ticket: str = "ticket-of-1") -> None:
    """Let an agent answer."""
    paper.clock.forward(1)
    paper.answer(ticket, (f"comment-of-agent-{next(_numbers)}", text))
    paper.drain()
