"""Clients of the sandbox's Zendesk account."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from tests.sandbox.zendesk.openapi import hold
from zenpy import Zenpy

CREDENTIALS = {
    "grant_type": "client_credentials",
    "client_id": "balie",
    "client_secret": "sandbox-only-not-a-secret",
    "scope": "read write",
}


@dataclass
class ZendeskClient:
    """Bare calls of the API with a token of the default client."""

    base: str
    session: requests.Session
    token: str

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> requests.Response:
        """One call; header names are given with underscores."""
        sent = {"Authorization": f"Bearer {self.token}"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        return self.session.request(
            method, f"{self.base}/api/v2{path}", json=body, headers=sent, timeout=15
        )

    def call(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Status and JSON of one call."""
        answer = self.ask(method, path, body)
        return answer.status_code, answer.json() if answer.content else None

    def done(self, method: str, path: str, body: Any = None) -> Any:
        """The JSON of a call that must succeed."""
        status, found = self.call(method, path, body)
        assert status < 300, found
        return found

    def user(self, name: str = "Sanne de Wit", **fields: Any) -> dict[str, Any]:
        return self.done("POST", "/users", {"user": {"name": name} | fields})["user"]

    def ticket(self, **fields: Any) -> dict[str, Any]:
        """A ticket of a new customer, unless fields say otherwise."""
        requester = fields.pop("requester_id", None) or self.user()["id"]
        usual = {
            "subject": "WhatsApp: Sanne",
            "requester_id": requester,
            "comment": {"body": "Goedemiddag", "author_id": requester},
        }
        return self.done("POST", "/tickets", {"ticket": usual | fields})["ticket"]

    def update(self, ticket_id: int, **fields: Any) -> tuple[int, Any]:
        return self.call("PUT", f"/tickets/{ticket_id}", {"ticket": fields})


def check(answer: requests.Response, *_: Any, **__: Any) -> None:
    """Hold an answer against the vendor's file; called by requests for each there is."""
    path, kind = urlsplit(answer.request.url).path, answer.headers.get("Content-Type", "")
    hold(answer.request.method, path, answer.status_code, kind, answer.content)


@pytest.fixture(scope="session")
def sandbox_process(sandbox_process: Any) -> Any:
    """The sandbox, each of whose Zendesk's answers is held against the vendor's OpenAPI file."""
    sandbox_process.session.hooks["response"].append(check)
    return sandbox_process


@pytest.fixture(scope="session")
def make_client():
    """A client of a running sandbox, with a fresh token; asks for other than the usual if told."""

    def make(sandbox, **changes: str) -> ZendeskClient:
        sent = CREDENTIALS | changes
        answer = sandbox.session.post(f"{sandbox.url}/zendesk/oauth/tokens", json=sent)
        token = answer.json()["access_token"]
        return ZendeskClient(f"{sandbox.url}/zendesk", sandbox.session, token)

    return make


@pytest.fixture
def zendesk(sandbox, make_client) -> ZendeskClient:
    return make_client(sandbox)


@pytest.fixture
def settings(sandbox):
    """Change the account's settings."""
    return lambda **changes: sandbox.control("zendesk/settings", changes)


@pytest.fixture
def credentials() -> dict[str, str]:
    return dict(CREDENTIALS)


@pytest.fixture
def zenpy_client(zendesk, monkeypatch) -> Iterator[Zenpy]:
    """A client nobody here wrote, told where the sandbox is."""
    monkeypatch.setenv("ZENPY_FORCE_SCHEME", "http")
    monkeypatch.setenv("ZENPY_FORCE_NETLOC", zendesk.base.removeprefix("http://"))
    with requests.Session() as session:
        session.hooks["response"].append(check)
        yield Zenpy(
            subdomain="balie-demo",
            oauth_token=zendesk.token,
            session=session,
            disable_cache=True,
            ratelimit_budget=1,
        )
