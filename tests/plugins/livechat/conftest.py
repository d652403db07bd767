"""A shop whose site has the widget, on paper."""

from collections.abc import Callable
from typing import Any

import pytest
from tests.ledger.paper import clock, services
from tests.ledger.paper import paper as paper_counter

from balie.web.app import create_app

from .visiting import SHOP, Visit

__all__ = ["clock", "paper_counter", "services"]


@pytest.fixture
def settle(paper_counter: Any) -> Callable[..., None]:
    """Change settings of the widget."""

    def change(**settings: Any) -> None:
        paper_counter.services.directory.set_config("winkel", "site", settings)
        row = paper_counter.services.directory.connection("winkel", "site")
        paper_counter.services.contexts.forget(row.id)

    return change


@pytest.fixture
def paper(paper_counter: Any) -> Any:
    """The counter with a widget on the shop's site, filing into its desk."""
    paper_counter.services.directory.add_connection(
        "winkel",
        "site",
        plugin="livechat",
        config={"allowed_origins": SHOP},
        files_into="desk",
        name="De chat",
    )
    return paper_counter


@pytest.fixture
def app(paper: Any) -> Any:
    return create_app(paper.services)


@pytest.fixture
def visit(app: Any) -> Callable[..., Visit]:
    """Let somebody open the site in a browser of their own."""

    def make(**more: Any) -> Visit:
        return Visit(app.test_client(), **more)

    return make


@pytest.fixture
def visitor(visit: Callable[..., Visit]) -> Visit:
    """A visitor who has opened the widget."""
    made = visit()
    assert made.begin().status_code == 200
    return made
