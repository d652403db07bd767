"""Claim: 1,000 updates in one payload cost under 100 ms of CPU, and are acknowledged in 250 ms."""

import hashlib
import hmac
import http.client
import json
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

from cryptography.fernet import Fernet

from balie.api import WebRequest
from balie.cli.demo.stage import CHANNEL, TENANT
from balie.run.services import Services
from balie.run.settings import Settings
from benchmarks.claim import Claim, say
from benchmarks.ingress import install, serving
from benchmarks.payloads import APP_SECRET, PATH

UPDATES = 1_000
ROUNDS = 9
CPU_MS = 100.0
ACKNOWLEDGED_MS = 250.0


def claims() -> Iterator[Claim]:
    """Read the payload in this process, then post such payloads to a running Balie."""
    say(f"{UPDATES} updates in one payload")
    with tempfile.TemporaryDirectory(prefix="balie-bench-") as folder:
        cpu = _cpu_ms(f"sqlite:///{Path(folder) / 'cpu.db'}")
        times = _acknowledged_ms(f"sqlite:///{Path(folder) / 'served.db'}")
    yield Claim(
        name="1,000 updates in one payload: ingress and parse, CPU",
        value=median(cpu),
        unit="ms",
        at_most=CPU_MS,
        detail=f"worst of {ROUNDS}: {max(cpu):.0f} ms",
    )
    yield Claim(
        name="1,000 updates in one payload: acknowledged",
        value=median(times),
        unit="ms",
        at_most=ACKNOWLEDGED_MS,
        detail=f"worst of {ROUNDS}: {max(times):.0f} ms",
    )


def _cpu_ms(url: str) -> list[float]:
    settings = Settings(database_url=url, secret_keys=(Fernet.generate_key().decode(),))
    install(settings)
    services = Services(settings)
    live = services.contexts.find(TENANT, CHANNEL)
    assert live is not None
    spent = []
    for number in range(ROUNDS):
        body = _payload(f"cpu{number}")
        headers = {"x-hub-signature-256": _signature(body)}
        request = WebRequest(method="POST", headers=headers, query={}, body=body)
        start = time.process_time()
        events = services.hooks.channel_ingress(live.ctx, request).events
        read = [one for raw in events for one in services.hooks.event_parse(live.ctx, raw)]
        spent.append((time.process_time() - start) * 1000)
        if len(events) != UPDATES or len(read) < UPDATES:
            raise RuntimeError(f"{len(events)} events, {len(read)} readings of {UPDATES} updates")
    services.store.close()
    return spent


def _acknowledged_ms(url: str) -> list[float]:
    times = []
    with serving(url) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        for number in range(-1, ROUNDS):  # the first one only warms up
            body = _payload(f"ack{number}")
            headers = {"X-Hub-Signature-256": _signature(body)}
            start = time.perf_counter()
            connection.request("POST", PATH, body, headers)
            answer = connection.getresponse()
            answer.read()
            if answer.status != 200:
                raise RuntimeError(f"the payload was answered with {answer.status}")
            times.append((time.perf_counter() - start) * 1000)
        connection.close()
    return times[1:]


def _signature(body: bytes) -> str:
    return "sha256=" + hmac.new(APP_SECRET.encode(), body, hashlib.sha256).hexdigest()


def _payload(run: str) -> bytes:
    """Return as many messages of several types as statuses, of a hundred customers."""
    messages = [_message(run, number) for number in range(UPDATES // 2)]
    statuses = [_status(run, number) for number in range(UPDATES - len(messages))]
    senders = sorted({message["from"] for message in messages})
    contacts = [
        {"profile": {"name": "Sanne"}, "wa_id": sender, "user_id": f"NL.{sender}000111"}
        for sender in senders
    ]
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "31855500100", "phone_number_id": "106540352242922"},
        "contacts": contacts,
        "messages": messages,
        "statuses": statuses,
    }
    entry = {"id": "419561257915477", "changes": [{"field": "messages", "value": value}]}
    return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()


def _message(run: str, number: int) -> dict[str, Any]:
    sender = f"3165550{number % 100:04d}"
    kinds: list[dict[str, Any]] = [
        {"type": "text", "text": {"body": "Is mijn bestelling al onderweg?"}},
        {
            "type": "image",
            "image": {"id": f"17{number}", "mime_type": "image/jpeg", "caption": "Kijk"},
        },
        {"type": "location", "location": {"latitude": 52.09, "longitude": 5.12, "name": "Thuis"}},
        {
            "type": "interactive",
            "interactive": {"type": "button_reply", "button_reply": {"id": "1", "title": "Ja"}},
            "context": {"from": "31855500100", "id": f"wamid.asked{number}"},
        },
    ]
    return {
        "from": sender,
        "from_user_id": f"NL.{sender}000111",
        "id": f"wamid.{run}{number:06d}",
        "timestamp": "1763740800",
        **kinds[number % len(kinds)],
    }


def _status(run: str, number: int) -> dict[str, Any]:
    return {
        "id": f"wamid.out{run}{number:06d}",
        "status": ("sent", "delivered", "read")[number % 3],
        "timestamp": "1763740800",
        "recipient_id": f"3165550{number % 100:04d}",
        "pricing": {
            "billable": False,
            "pricing_model": "PMP",
            "type": "free_customer_service",
            "category": "service",
        },
    }
