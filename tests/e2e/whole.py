"""The whole system running on free ports, and short ways to act on it and to look into it."""

import hashlib
import hmac
import json
import re
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import requests
from sqlalchemy import select
from sqlalchemy.orm import Session

from balie.cli.demo.stage import Stage
from balie.desk.records.cursors import CursorRow
from balie.ledger import inspect
from balie.ledger.balance import Balance, balances
from balie.ledger.models import Item
from balie.store import Store

APP_SECRET = "sandbox-app-secret"
PHONE_NUMBER_ID = "106540352242922"
WABA_ID = "419561257915477"
OTHER_SECRET = "another-tenants-app-secret"
OTHER_NUMBER_ID = "206540352242922"
OTHER_TOOL = ("daan@example.com/token", "sandbox-only-not-a-token")
"""Another tool at the helpdesk's API, which writes in an agent's name."""
PATIENCE_SECONDS = 60.0
#: The sandbox's Zendesk works no minute at a request, as the real one may.
RECONCILED_SOON = {"reconcile_seconds": 3.0}
"""What does not happen in it will not: a slow machine with other work is no failure."""

_numbers = count(31655501300)


def wait_until(look: Callable[[], Any], seconds: float = PATIENCE_SECONDS) -> Any:
    """Return what ``look`` returns as soon as that is true; fail when it never is."""
    end = time.monotonic() + seconds
    while not (seen := look()):
        assert time.monotonic() < end, "It did not happen in time."
        time.sleep(0.02)
    return seen


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def new_customer() -> str:
    """Return the digits of a number that no other test writes from."""
    return str(next(_numbers))


@contextmanager
def database_of_its_own(uri: str) -> Iterator[str]:
    """Make a migrated PostgreSQL database, and drop it afterwards."""
    name = f"whole{uuid4().hex}"
    with psycopg.connect(uri, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template_balie")
    yield uri.replace("/postgres?", f"/{name}?")
    with psycopg.connect(uri, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def running(folder: Path, **settings: Any) -> Iterator["Whole"]:
    """Start the sandbox and Balie. At the end they are killed: nothing is left to be saved."""
    settings["helpdesk_settings"] = RECONCILED_SOON | settings.get("helpdesk_settings", {})
    stage = Stage(folder=folder / "stage", port=free_port(), sandbox_port=free_port(), **settings)
    with stage:
        # A test writes more, and faster, than a person and Meta's limits would let it.
        stage.control("POST", "whatsapp/settings", {"pair_limit": False})
        yield Whole(stage)
        stage.kill_balie()


def signature(body: bytes, secret: str = APP_SECRET) -> str:
    """Return the value of X-Hub-Signature-256 for these bytes."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def webhook(*messages: dict[str, Any], number_id: str = PHONE_NUMBER_ID, **more: Any) -> bytes:
    """Return the body of a webhook that brings these messages."""
    return envelope(change(*messages, number_id=number_id, **more))


def change(*messages: dict[str, Any], number_id: str = PHONE_NUMBER_ID, **more: Any) -> Any:
    """Return one change that brings these messages."""
    metadata = {"display_phone_number": "31855500100", "phone_number_id": number_id}
    value = {"messaging_product": "whatsapp", "metadata": metadata, "messages": messages} | more
    return {"field": "messages", "value": {key: part for key, part in value.items() if part}}


def envelope(*changes: Any) -> bytes:
    """Return changes as the body that Meta posts."""
    entry = {"id": WABA_ID, "changes": list(changes)}
    return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()


def text(number: str, words: str, **more: Any) -> dict[str, Any]:
    """Return one text message of a customer as it stands in a webhook."""
    message_id = f"wamid.{uuid4().hex}"
    now = str(int(time.time()))
    usual = {"from": number, "id": message_id, "timestamp": now, "type": "text"}
    return usual | {"text": {"body": words}} | more


@dataclass(frozen=True, slots=True)
class Whole:
    """Short ways for the tests."""

    stage: Stage

    def post(
        self,
        body: bytes,
        headers: dict[str, str] | None = None,
        address: str = "demo/whatsapp",
    ) -> requests.Response:
        """Post a webhook to Balie; signed rightly unless headers are given."""
        if headers is None:
            headers = {"X-Hub-Signature-256": signature(body)}
        return self.stage.http.post(
            f"{self.stage.url}/hooks/{address}", data=body, headers=headers, timeout=30
        )

    def get(self, path: str, **options: Any) -> requests.Response:
        """GET a path of Balie."""
        return self.stage.http.get(f"{self.stage.url}{path}", timeout=30, **options)

    def write(self, number: str, words: str, **more: Any) -> str:
        """Let a customer write on the phone; return the message's id."""
        message = {"from": number, "type": "text", "text": words} | more
        return str(self.stage.control("POST", "whatsapp/messages", message)["id"])

    def shown(self, number: str, direction: str = "in") -> list[dict[str, Any]]:
        """Return what a phone shows: "in" is what the business sent."""
        phone = self.stage.control("GET", f"whatsapp/phones/{number}")
        return [one for one in phone["messages"] if one["direction"] == direction]

    def tickets(self, number: str) -> list[dict[str, Any]]:
        """Return the tickets of a customer."""
        found = self.stage.control("GET", "zendesk/tickets")["tickets"]
        # The last eight digits are the same in every notation.
        return [
            ticket
            for ticket in found
            if re.sub(r"\D", "", ticket["requester"]["phone"] or "")[-8:] == number[-8:]
        ]

    def ticket(self, number: str) -> dict[str, Any]:
        """Wait for a customer's ticket and return it."""
        [ticket] = wait_until(lambda: self.tickets(number))
        return ticket

    def comments(self, number: str, *, public: bool = True) -> list[str]:
        """Return what stands in a customer's tickets."""
        return [
            comment["body"]
            for ticket in self.tickets(number)
            for comment in ticket["comments"]
            if comment["public"] is public
        ]

    def answer(self, ticket: dict[str, Any], words: str, *, public: bool = True) -> None:
        """Let an agent write in a ticket."""
        said = {"body": words, "public": public}
        self.stage.control("POST", f"zendesk/tickets/{ticket['id']}/comments", said)

    def zendesk(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """Call Zendesk's API as another tool does, in an agent's name."""
        answer = self.stage.http.request(
            method,
            f"{self.stage.sandbox_url}/zendesk/api/v2{path}",
            json=body,
            auth=OTHER_TOOL,
            timeout=30,
        )
        assert answer.ok, answer.text
        return answer.json() if answer.content else None

    def mail_of_the_same_customer(self, ticket: dict[str, Any]) -> dict[str, Any]:
        """Make another ticket of a ticket's customer, one that Balie knows nothing of."""
        customer = ticket["requester"]["id"]
        said = {"body": "Mijn mail", "author_id": customer}
        mail = {"subject": "Mail", "requester_id": customer, "comment": said}
        return self.zendesk("POST", "/tickets", {"ticket": mail})["ticket"]

    def merge(self, ticket: dict[str, Any], into: dict[str, Any]) -> None:
        """Let an agent merge a ticket into another."""
        self.stage.control("POST", f"zendesk/tickets/{ticket['id']}/merge", {"into": into["id"]})

    def set_status(self, ticket: dict[str, Any], status: str) -> None:
        """Let an agent change a ticket's status; closing is done by Zendesk's automation."""
        path = f"zendesk/tickets/{ticket['id']}/status"
        self.stage.control("POST", path, {"status": status})

    def fault(self, target: str, kind: str, **more: Any) -> None:
        """Make a vendor fail."""
        self.stage.control("POST", "faults", {"target": target, "kind": kind} | more)

    def struck(self) -> list[int]:
        """Return how often each fault has struck."""
        return [fault["fired"] for fault in self.stage.control("GET", "faults")["faults"]]

    def heal(self) -> None:
        """Let all vendors work again."""
        self.stage.control("DELETE", "faults")

    @contextmanager
    def database(self) -> Iterator[Session]:
        """Look into Balie's database."""
        store = Store(self.stage.settings.database_url, pool_size=1)
        with store.reading() as session:
            yield session
        store.close()

    def items(self) -> list[Item]:
        """Return the whole ledger, the newest first."""
        with self.database() as session:
            return list(inspect.items(session, None, None, 10_000))

    def balance(self) -> Balance:
        """Return the sums of all tenants and days."""
        with self.database() as session:
            lines = balances(session)
        total = Balance(0, lines[0].day) if lines else Balance(0, None)  # type: ignore[arg-type]
        for line in lines:
            assert line.difference == 0
            for name in ("accepted", "delivered", "refused", "parked", "in_flight"):
                setattr(total, name, getattr(total, name) + getattr(line, name))
        return total

    def reconcile(self) -> None:
        """Wait until Balie has asked once more what the helpdesk's webhooks lost."""
        since = datetime.now(UTC)

        def is_asked() -> bool:
            with self.database() as session:
                asked = session.scalars(select(CursorRow.asked_at)).all()
            return any(at is not None and at > since for at in asked)

        wait_until(is_asked)

    def settle(self, seconds: float = PATIENCE_SECONDS) -> Balance:
        """Wait until nothing is under way, at the vendors or in Balie; return the balance."""

        def rests() -> Balance | None:
            # Of no target, for the list of what was sent grows long.
            if any(self.stage.control("GET", "deliveries?target=none")["pending"].values()):
                return None
            found = self.balance()
            return None if found.in_flight else found

        return wait_until(rests, seconds)

    def log(self) -> str:
        """Return what Balie has logged."""
        return (self.stage.folder / "balie.log").read_text()
