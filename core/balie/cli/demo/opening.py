"""The demo's opening scene: a photo, a template, a list, a place and a voice note have gone by.

So whoever opens the demo sees at once what goes between a phone and a ticket, and can go on.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from balie.cli.demo.stage import CHANNEL, TENANT, DemoFailed, Stage

NUMBER = "31655501234"
REPLACED, WAITING = "parcel_replaced", "answer_waiting"
_AS_ZENDESK_HAS_IT = "06 5550 1234"
_PATIENCE_SECONDS = 20.0
_LOOK_SECONDS = 0.02

_TEMPLATES = {
    "nl": {
        REPLACED: (
            "Hoi {{1}}, wat vervelend! Een nieuw pakket (bestelling {{2}}) gaat vandaag weg.",
            "Bezorging wijzigen",
        ),
        WAITING: ("Hallo {{1}}, uw antwoord staat klaar.", "Lees het antwoord"),
    },
    "en": {
        REPLACED: (
            "Hi {{1}}, we are sorry! A new parcel (order {{2}}) leaves today.",
            "Change delivery",
        ),
        WAITING: ("Hello {{1}}, your answer is waiting.", "Read the answer"),
    },
}
_WORDS = {
    "nl": {
        "question": "Goedemorgen! Zo kwam mijn pakket vanochtend aan:",
        "list": "/list Waar mogen we het bezorgen? | Kies | Thuis: morgen 14-16 uur "
        "| Bij de buren: morgen 14-16 uur | Ergens anders: stuur ons de plek",
        "place": "Bouwmarkt Zuid",
        "answer": "Komt in orde: morgen tussen 14 en 16 uur bij Bouwmarkt Zuid.",
    },
    "en": {
        "question": "Good morning! This is how my parcel arrived:",
        "list": "/list Where may we deliver it? | Choose | At home: tomorrow 2-4 pm "
        "| At the neighbours: tomorrow 2-4 pm | Somewhere else: send us the place",
        "place": "Southside Hardware",
        "answer": "All set: tomorrow between 2 and 4 at Southside Hardware.",
    },
}
_PLACE = {"latitude": 52.0741, "longitude": 5.1086, "address": "Europalaan 1, Utrecht"}


@dataclass(frozen=True, slots=True)
class Opening:
    """Plays the scene through the stand-ins' phone and desk, as people would."""

    stage: Stage

    def play(self) -> None:
        """Play it. Raises DemoFailed where a step does not happen."""
        words = _WORDS[self.stage.locale]
        self._lay_ready()
        self._write("text", text=words["question"])
        self._write("image")
        self._until(lambda: self._files() == 1)
        self._agent({"body": f"/template {REPLACED} 1=Sanne 2=4712", "public": False})
        self._tap(shown=1, index=0)
        self._agent({"body": words["list"], "public": False})
        self._tap(shown=2, index=2)
        self._write("location", location=_PLACE | {"name": words["place"]})
        self._write("voice")
        self._until(lambda: self._files() == 2)
        self._agent({"body": words["answer"]})
        self._until(lambda: len(self._shown()) == 3)

    def _lay_ready(self) -> None:
        """Make the customer known to the helpdesk, and templates that Balie has read."""
        user = {"name": "S. de Wit", "phone": _AS_ZENDESK_HAS_IT}
        self.stage.control("POST", "zendesk/users", user)
        language = self.stage.locale
        for name, (body, button) in _TEMPLATES[language].items():
            template = {"name": name, "language": language, "body": body, "buttons": [button]}
            self.stage.control("POST", "whatsapp/templates", template)
        balie = self.stage.services()
        waiting = {"waiting_template": f"{WAITING}/{language}"}
        balie.directory.set_config(TENANT, CHANNEL, waiting)
        balie.templates.sync(balie.directory.connection(TENANT, CHANNEL).id)
        balie.store.close()

    def _write(self, kind: str, **more: Any) -> None:
        message = {"from": NUMBER, "name": "Sanne de Wit", "type": kind} | more
        self.stage.control("POST", "whatsapp/messages", message)

    def _agent(self, comment: dict[str, Any]) -> None:
        ticket = self._ticket()["id"]
        self.stage.control("POST", f"zendesk/tickets/{ticket}/comments", comment)

    def _tap(self, *, shown: int, index: int) -> None:
        """Wait until the phone shows so many of the business's messages, and tap on the last."""
        self._until(lambda: len(self._shown()) == shown)
        tapped = {"message_id": self._shown()[-1]["id"], "index": index}
        self.stage.control("POST", f"whatsapp/phones/{NUMBER}/tap", tapped)

    def _ticket(self) -> dict[str, Any]:
        found: list[dict[str, Any]] = self.stage.control("GET", "zendesk/tickets")["tickets"]
        return found[0] if found else {"comments": []}

    def _files(self) -> int:
        return sum(len(comment["attachments"]) for comment in self._ticket()["comments"])

    def _shown(self) -> list[dict[str, Any]]:
        phone = self.stage.control("GET", f"whatsapp/phones/{NUMBER}")
        return [one for one in phone["messages"] if one["direction"] == "in"]

    def _until(self, happened: Callable[[], bool]) -> None:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while not happened():
            if time.monotonic() > deadline:
                raise DemoFailed(f"the opening scene stopped; see the logs in {self.stage.folder}")
            time.sleep(_LOOK_SECONDS)
