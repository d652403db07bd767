"""An e-mail connection, and the office that its letters go to."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.ledger.paper import clock, paper, services
from tests.plugins.livechat.on_sqlite import database_url

from balie.api import Address, AddressKind, Context, Reply, Text

from .post_office import PostOffice, opened

__all__ = ["clock", "database_url", "paper", "services"]

NOOR = Address(kind=AddressKind.EMAIL, value="noor@example.org")


@pytest.fixture
def office() -> Iterator[PostOffice]:
    made = PostOffice()
    controller = opened(made)
    yield made
    controller.stop()


@pytest.fixture
def mail(paper: Any, office: PostOffice) -> Callable[..., Context]:
    """Connect e-mail, with these settings."""

    def connect(**more: Any) -> Context:
        config = {
            "host": "127.0.0.1",
            "port": office.port,
            "security": "none",
            "from_address": "chat@winkel.example",
        }
        paper.services.directory.add_connection(
            "winkel", "post", plugin="mail", config=config | more, files_into="desk", name="E-mail"
        )
        live = paper.services.contexts.find("winkel", "post")
        assert live is not None
        context: Context = live.ctx
        return context

    return connect


@pytest.fixture
def reply() -> Callable[..., Reply]:
    """An agent's answer."""

    def make(*parts: Any, **more: Any) -> Reply:
        return Reply(
            id=more.pop("id", "42"),
            to=more.pop("to", (NOOR,)),
            parts=parts or (Text(text="Uw fiets is klaar."),),
            **more,
        )

    return make
