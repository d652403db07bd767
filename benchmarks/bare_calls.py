"""The limit to compare with: the HTTP calls of a new customer's message, and nothing else.

Run as ``python -m benchmarks.bare_calls SANDBOX_URL COUNT``: a pooled requests session, as many
calls at a time as Balie makes, no database. Prints the seconds it took.
"""

# ruff: noqa: E402 -- gevent must patch before anything else imports sockets
from gevent import monkey

monkey.patch_all()

import sys
import time

import requests
from gevent.pool import Pool
from requests.adapters import HTTPAdapter

from balie.cli.demo.stage import WHATSAPP, ZENDESK
from balie.ledger.drain import LANES_PER_CONNECTION


def main() -> None:
    """Make the calls for so many customers and print the seconds."""
    sandbox, count = sys.argv[1], int(sys.argv[2])
    url = f"{sandbox}/zendesk"
    session = requests.Session()
    session.trust_env = False
    session.mount("http://", HTTPAdapter(pool_maxsize=LANES_PER_CONNECTION))
    token = session.post(
        f"{url}/oauth/tokens",
        json={**ZENDESK, "grant_type": "client_credentials", "scope": "read write"},
        timeout=30,
    ).json()["access_token"]
    session.headers["Authorization"] = f"Bearer {token}"
    start = time.perf_counter()
    pool = Pool(LANES_PER_CONNECTION)
    for number in range(count):
        pool.spawn(_customer, session, sandbox, number)
    pool.join(raise_error=True)
    print(time.perf_counter() - start)


def _customer(session: requests.Session, sandbox: str, number: int) -> None:
    api = f"{sandbox}/zendesk/api/v2"
    phone = f"3165559{number:04d}"
    _done(session.get(f"{api}/users", params={"external_id": f"wa:{phone}"}, timeout=30))
    query = f"type:user role:end-user phone:*{phone[2:]}"
    found = {"query": query, "per_page": 100, "page": 1}
    _done(session.get(f"{api}/search", params=found, timeout=30))
    _done(session.get(f"{api}/users", params={"external_id": f"wa:NL.{phone}"}, timeout=30))
    user = {"name": "Sanne", "external_id": f"wa:{phone}", "phone": f"+{phone}"}
    made = session.post(f"{api}/users", json={"user": user}, timeout=30)
    user_id = _done(made)["user"]["id"]
    ticket = {
        "subject": f"WhatsApp: Sanne {phone}",
        "external_id": f"bare-{number}",
        "requester_id": user_id,
        "submitter_id": user_id,
        "comment": {"body": "Is mijn bestelling al onderweg?", "author_id": user_id},
        "tags": ["balie"],
    }
    headers = {"Idempotency-Key": f"bare-{number}"}
    _done(session.post(f"{api}/tickets", json={"ticket": ticket}, headers=headers, timeout=30))
    # The phone never sent it, so the sandbox refuses the mark: to Balie as to us.
    read = {"messaging_product": "whatsapp", "status": "read", "message_id": f"wamid.{number}"}
    graph = f"{sandbox}/graph/v24.0/{WHATSAPP['phone_number_id']}/messages"
    bearer = {"Authorization": f"Bearer {WHATSAPP['access_token']}"}
    session.post(graph, json=read, headers=bearer, timeout=30)


def _done(answer: requests.Response) -> dict[str, dict[str, int]]:
    answer.raise_for_status()
    found: dict[str, dict[str, int]] = answer.json()
    return found


if __name__ == "__main__":
    main()
