"""The scripted story: a customer writes, is recognised, an agent answers, the phone shows it."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from balie.cli.demo.stage import Stage
from balie.desk.trace import trace
from balie.ledger.balance import balances

NUMBER = "31655501234"
_AS_ZENDESK_HAS_IT = "06 5550 1234"
_QUESTION = "Goedemorgen, is mijn bestelling al onderweg?"
_ANSWER = "Ja, je pakket komt vandaag tussen 14 en 16 uur."
_PATIENCE_SECONDS = 20.0


class StoryFailed(Exception):
    """A step did not happen in time."""


@dataclass(slots=True)
class Story:
    """Plays the story on a stage and keeps the time of each step."""

    stage: Stage
    steps: list[dict[str, Any]] = field(default_factory=list)
    failed: str = ""

    def play(self) -> dict[str, Any]:
        """Return the story as JSON: each step with its milliseconds, and whether all happened."""
        try:
            found = self._play()
        except StoryFailed as failure:
            self.failed, found = str(failure), {}
        return {"ok": not self.failed, "failed": self.failed or None, "steps": self.steps, **found}

    def _play(self) -> dict[str, Any]:
        stage = self.stage
        customer = stage.control(
            "POST", "zendesk/users", {"name": "S. de Wit", "phone": _AS_ZENDESK_HAS_IT}
        )["user"]
        sent = stage.control(
            "POST",
            "whatsapp/messages",
            {"from": NUMBER, "name": "Sanne de Wit", "type": "text", "text": _QUESTION},
        )
        ticket = self._step("a ticket is made of the customer's message", self._ticket)
        self._step(
            "the customer is recognised by number",
            lambda: ticket["requester"]["id"] == customer["id"],
        )
        self._step("the message is in the ticket", lambda: _said(ticket, _QUESTION))
        stage.control("POST", f"zendesk/tickets/{ticket['id']}/comments", {"body": _ANSWER})
        answer = self._step("the agent's answer is on the phone", self._answer)
        for status in ("delivered", "read"):
            if status == "read":
                stage.control("POST", f"whatsapp/phones/{NUMBER}/read")
            self._step(f"Balie knows that it is {status}", partial(self._has, answer, status))
        self._step("the ledger balances", self._balances)
        return {"ticket": ticket["id"], "question": sent, "answer": answer["id"]}

    def _step(self, name: str, happened: Callable[[], Any]) -> Any:
        start = time.perf_counter()
        while not (found := happened()):
            if time.perf_counter() - start > _PATIENCE_SECONDS:
                raise StoryFailed(f"{name}: not within {_PATIENCE_SECONDS:.0f} s")
            time.sleep(0.005)
        milliseconds = round((time.perf_counter() - start) * 1000, 1)
        self.steps.append({"step": name, "milliseconds": milliseconds})
        return found

    def _ticket(self) -> Any:
        return next(iter(self.stage.control("GET", "zendesk/tickets")["tickets"]), None)

    def _answer(self) -> Any:
        shown = self.stage.control("GET", f"whatsapp/phones/{NUMBER}")["messages"]
        return next((m for m in shown if m["direction"] == "in" and m["text"] == _ANSWER), None)

    def _has(self, answer: dict[str, Any], status: str) -> bool:
        balie = self.stage.services()
        with balie.store.reading() as session:
            stories = trace(session, None, answer["id"])
        balie.store.close()
        return any(s["status"] == status for story in stories for s in story.get("statuses", ()))

    def _balances(self) -> bool:
        balie = self.stage.services()
        with balie.store.reading() as session:
            found = balances(session)
        balie.store.close()
        return bool(found) and not any(line.difference or line.in_flight for line in found)


def _said(ticket: dict[str, Any], text: str) -> bool:
    return any(text in comment["body"] and comment["public"] for comment in ticket["comments"])
